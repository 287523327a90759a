"""The tables of the archive's files but messages: told apart once, then each can be read when its turn comes,
as often as need be, without being in memory."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import orjson

from appliance.actions.import_zulip import scanner
from appliance.actions.import_zulip.row import BadArchive, Row

# Those that are read. The others of Zulip's have no place here, or follow from these.
_NAMES = (
    "zerver_realm zerver_realmuserdefault zerver_realmdomain zerver_realmemoji zerver_realmfilter"
    " zerver_realmplayground zerver_client zerver_userprofile zerver_userprofile_mirrordummy"
    " zerver_userprofile_crossrealm zerver_userpresence zerver_useractivity zerver_userstatus"
    " zerver_muteduser zerver_usertopic zerver_mutedtopic zerver_alertword zerver_savedsnippet"
    " zerver_draft zerver_scheduledmessage zerver_service zerver_botstoragedata"
    " zerver_customprofilefield zerver_customprofilefieldvalue zerver_usergroup zerver_namedusergroup"
    " zerver_usergroupmembership zerver_groupgroupmembership zerver_stream zerver_defaultstream"
    " zerver_huddle zerver_recipient zerver_subscription zerver_reaction zerver_submessage"
    " zerver_preregistrationuser zerver_multiuseinvite zerver_attachment zerver_imageattachment"
)
KNOWN = frozenset(_NAMES.split())


class Tables:
    """Each is kept as a file of lines in `folder`, which is there and empty."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._origins: dict[str, str] = {}  # the archive's file, by table

    def load(self, path: Path, name: str) -> None:
        """All tables of a file. Raises BadArchive."""
        open_now: tuple[str, BinaryIO] | None = None
        try:
            for table, row in scanner.tables(path, name):
                if table not in KNOWN:
                    continue
                if open_now is None or open_now[0] != table:
                    if open_now is not None:
                        open_now[1].close()
                    self._origins[table] = name
                    open_now = table, (self._folder / table).open("ab")
                open_now[1].write(_line(row))
        finally:
            if open_now is not None:
                open_now[1].close()

    def rows(self, table: str) -> Iterator[Row]:
        """None if the archive does not have the table."""
        assert table in KNOWN
        if table not in self._origins:
            return
        place = f"{self._origins[table]}: {table}"
        with (self._folder / table).open("rb") as file:
            for number, line in enumerate(file, 1):
                yield Row(f"{place}, row {number}", orjson.loads(line))


def _line(row: Row) -> bytes:
    try:
        return orjson.dumps(row.values, option=orjson.OPT_APPEND_NEWLINE)
    except (TypeError, ValueError) as error:
        raise BadArchive(f"{row.place} cannot be kept: {error}") from None
