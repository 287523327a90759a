"""Writes an export, file by file: no more of the messages than one file holds is ever in memory."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from appliance import ZULIP_VERSION
from appliance.actions.export import archive, channels, messages, organization, people
from appliance.actions.export.archive import Building
from appliance.actions.export.groups import Groups
from appliance.actions.export.source import Source
from appliance.model.export import Kind
from appliance.store import export as everything
from appliance.store.store import Store

Row = dict[str, Any]
Step = Callable[[int, int], None]  # messages written, and of how many; may raise to end it
Counts = dict[str, int]

# Nothing of these is here yet, or ever.
EMPTY = (
    "zerver_alertword", "zerver_botconfigdata", "zerver_botstoragedata", "zerver_customprofilefield",
    "zerver_customprofilefieldvalue", "zerver_onboardingstep", "zerver_onboardingusermessage",
    "zerver_realmdomain", "zerver_realmemoji", "zerver_realmexport", "zerver_realmfilter",
    "zerver_realmplayground", "zerver_savedsnippet", "zerver_scheduledmessage",
    "zerver_useractivityinterval", "zerver_userprofile_crossrealm", "zerver_userstatus",
)  # fmt: skip
ANALYTICS = ("analytics_realmcount", "analytics_streamcount", "analytics_usercount")
FOLDERS = ("avatars", "emoji", "realm_icons", "uploads")


def write(store: Store, target: Path, kind: Kind, time: float, step: Step) -> int:
    """Its size in bytes. `time`: now. Raises OSError, and what `step` raises; then there is no file.

    All of it is as it was when this began. Until it ends, the database's log keeps what is written meanwhile.
    """
    with store.read() as reader, archive.building(target, time) as building:
        reader.begin()
        source = Source(reader, kind)
        stats: dict[str, Any] = {"realm": _add(building, "realm.json", _realm_tables(source))}
        stats["analytics"] = _add(building, "analytics.json", _empty(ANALYTICS))
        stats["attachment"] = _add(building, "attachment.json", _empty(("zerver_attachment",)))
        for folder in FOLDERS:
            building.add(f"{folder}/records.json", partial(_dump, []))
            stats[f"{folder}_records"] = 0
        stats |= _messages(building, source, step)
        building.add("migration_status.json", partial(_dump, MIGRATIONS))
        building.add("stats.json", partial(_dump, stats))
    return target.stat().st_size


# Zulip imports what its own major version has exported. It warns of parts of its program that the exporting
# server did not have, which here are all.
MIGRATIONS = {"migrations_by_app": {}, "zulip_version": ZULIP_VERSION}


def _realm_tables(source: Source) -> Iterator[tuple[str, Iterable[Row]]]:
    """Without zerver_realmauditlog: Zulip's importer then makes one of who is in which channel."""
    groups = Groups(source)
    yield "zerver_realm", organization.realm(source)
    yield "zerver_realmuserdefault", organization.settings_of_newcomers(source)
    yield "zerver_realmauthenticationmethod", organization.authentication(source)
    yield "zerver_presencesequence", organization.presence_sequence(source)
    yield "zerver_client", organization.clients(source)
    yield "zerver_userprofile", people.accounts(source)
    yield "zerver_userprofile_mirrordummy", people.dummies(source)
    yield "zerver_userpresence", people.presences(source)
    yield "zerver_useractivity", people.activity(source)
    yield "zerver_muteduser", people.muted(source)
    yield "zerver_usertopic", people.topics(source)
    yield "zerver_service", people.services(source)
    yield "zerver_usergroup", groups.all()
    yield "zerver_namedusergroup", groups.named()
    yield "zerver_usergroupmembership", groups.members()
    yield "zerver_groupgroupmembership", groups.subgroups()
    yield "zerver_stream", channels.channels(source)
    yield "zerver_defaultstream", channels.default_channels(source)
    yield "zerver_huddle", channels.groups(source)
    yield "zerver_recipient", channels.recipients(source)
    yield "zerver_subscription", channels.subscriptions(source)
    yield "zerver_reaction", messages.reactions(source)
    yield from _empty(EMPTY)


def _empty(tables: Iterable[str]) -> Iterator[tuple[str, Iterable[Row]]]:
    yield from ((table, ()) for table in tables)


def _messages(building: Building, source: Source, step: Step) -> dict[str, Counts]:
    total, done, ids = everything.count_messages(source.reader, source.selection), 0, count(1)
    stats = {}
    step(done, total)
    for number, chunk in enumerate(messages.chunks(source), 1):
        tables = [
            ("zerver_message", chunk.messages()),
            ("zerver_usermessage", chunk.user_messages(ids)),
        ]
        name = f"messages-{number:06}"
        stats[name] = _add(building, f"{name}.json", tables)
        done += stats[name]["zerver_message"]
        step(done, total)
    return stats


def _add(building: Building, name: str, tables: Iterable[tuple[str, Iterable[Row]]]) -> Counts:
    """How many rows each table has."""
    return building.add(name, partial(write_tables, tables))


def write_tables(tables: Iterable[tuple[str, Iterable[Row]]], file: BinaryIO) -> Counts:
    """One object, a row a line. Rows of tables in which we have no ids are numbered."""
    counts = {}
    for number, (name, rows) in enumerate(tables):
        file.write(b",\n" if number else b"{\n")
        file.write(b'"%b": [' % name.encode())
        counts[name] = _write_rows(rows, file)
        file.write(b"]")
    file.write(b"\n}\n")
    return counts


def _write_rows(rows: Iterable[Row], file: BinaryIO) -> int:
    number = 0
    for number, row in enumerate(rows, 1):
        file.write(b",\n" if number > 1 else b"\n")
        file.write(orjson.dumps(row if "id" in row else {"id": number, **row}))
    return number


def _dump(value: Any, file: BinaryIO) -> None:
    file.write(orjson.dumps(value, option=orjson.OPT_INDENT_2))
