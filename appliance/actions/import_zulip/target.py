"""Where the rows of an import go, and what all of its parts need to know of one another."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson

from appliance.actions.import_zulip.notes import Notes
from appliance.actions.import_zulip.row import BadArchive, Row
from appliance.actions.import_zulip.tables import Tables
from appliance.model.group_setting import Value
from appliance.model.markdown import sanitizer
from appliance.store import imported
from appliance.store.imported import Refused
from appliance.store.transaction import Transaction

MAX_CLIENT = 100  # characters of a program's name

CARD = "message_embed"

Values = dict[str, Any]
Made = Values | None  # of a row; None: it is left out


@dataclass
class Target:
    """The sets and maps grow as tables are read: `people` and `channels` are ids, as are `other_bots`, which
    are Zulip's own and not ours; `groups` says what theirs are here, `paths` which addresses have changed."""

    transaction: Transaction
    tables: Tables
    notes: Notes
    people: set[int] = field(default_factory=set)
    other_bots: set[int] = field(default_factory=set)
    groups: dict[int, Value] = field(default_factory=dict)
    channels: set[int] = field(default_factory=set)
    paths: dict[str, str] = field(default_factory=dict)

    def copy(self, source: str, table: str, make: Callable[[Row], Made]) -> None:
        """Each row of the archive's table becomes one of ours. Raises BadArchive."""
        self.put(table, self.made(source, make))

    def made(self, source: str, make: Callable[[Row], Made]) -> Iterator[tuple[Row, Values]]:
        for row in self.tables.rows(source):
            values = make(row)
            if values is not None:
                yield row, values

    def put(self, table: str, rows: Iterable[tuple[Row, Values]]) -> None:
        """Raises BadArchive that names the row."""
        last: list[Row] = []

        def values() -> Iterator[Values]:
            for row, made in rows:
                last[:] = [row]
                yield made

        try:
            imported.put(self.transaction, table, values())
        except Refused as error:
            raise BadArchive(f"{last[0].place}: there is another with the same {error}") from None

    @cached_property
    def clients(self) -> dict[int, str]:
        """Names of programs, by id."""
        rows = self.tables.rows("zerver_client")
        return {row.id("id"): row.text("name", most=MAX_CLIENT) for row in rows}

    @staticmethod
    def json(value: Any) -> str:
        return orjson.dumps(value).decode()

    @staticmethod
    def clean(html: str) -> str:
        """What is left of the archive's HTML when all that messages here do not have is taken away."""
        return sanitizer.clean(html, cards=CARD in html)

    def person(self, row: Row, name: str) -> int:
        """Somebody who is there. Raises BadArchive."""
        return _known(row, name, self.people, "person")

    def maybe_person(self, row: Row, name: str) -> int | None:
        """None: nobody, or somebody who is not there."""
        found = row.maybe_id(name)
        return found if found in self.people else None

    def channel(self, row: Row, name: str) -> int:
        return _known(row, name, self.channels, "channel")


def _known(row: Row, name: str, known: set[int], what: str) -> int:
    found = row.id(name)
    if found not in known:
        raise row.wrong(name, f"is {found}, and there is no such {what}")
    return found
