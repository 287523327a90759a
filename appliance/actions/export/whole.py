"""Writes an export, file by file: no more of the messages than one file holds is ever in memory."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from appliance import ZULIP_VERSION
from appliance.actions.export import (
    administration,
    archive,
    channels,
    messages,
    organization,
    people,
    personal,
)
from appliance.actions.export.archive import Building
from appliance.actions.export.files import FOLDERS, Files
from appliance.actions.export.groups import Groups
from appliance.actions.export.source import Source
from appliance.model.export import Kind
from appliance.store import export as everything
from appliance.store.store import Store

Row = dict[str, Any]
Step = Callable[[int, int], None]  # messages written, and of how many; may raise to end it
Counts = dict[str, int]

# Nothing of these is here.
EMPTY = (
    "zerver_botconfigdata", "zerver_onboardingstep", "zerver_onboardingusermessage", "zerver_realmexport",
    "zerver_useractivityinterval",
)  # fmt: skip
ANALYTICS = ("analytics_realmcount", "analytics_streamcount", "analytics_usercount")


def write(store: Store, target: Path, kind: Kind, time: float, step: Step) -> int:
    """Its size in bytes. `time`: now. Raises OSError, and what `step` raises; then there is no file.

    All of it is as it was when this began. Until it ends, the database's log keeps what is written meanwhile.
    """
    with store.read() as reader, archive.building(target, time) as building:
        reader.begin()
        source = Source(reader, kind, time)
        files = Files(source, store.uploads)
        stats: dict[str, Any] = {"realm": _add(building, "realm.json", _realm_tables(source, files))}
        stats["analytics"] = _add(building, "analytics.json", _empty(ANALYTICS))
        stats["attachment"] = _add(building, "attachment.json", _attachment_tables(files))
        for folder in FOLDERS:
            records = files.copy(building, folder)
            building.add(f"{folder}/records.json", partial(_dump, records))
            stats[f"{folder}_records"] = len(records)
        stats |= _messages(building, source, step)
        building.add("migration_status.json", partial(_dump, MIGRATIONS))
        building.add("stats.json", partial(_dump, stats))
    return target.stat().st_size


# Zulip imports what its own major version has exported. It warns of parts of its program that the exporting
# server did not have, which here are all.
MIGRATIONS = {"migrations_by_app": {}, "zulip_version": ZULIP_VERSION}


def _realm_tables(source: Source, files: Files) -> Iterator[tuple[str, Iterable[Row]]]:
    """Without zerver_realmauditlog: Zulip's importer then makes one of who is in which channel."""
    groups = Groups(source)
    yield "zerver_realm", organization.realm(source, groups)
    yield "zerver_realmuserdefault", organization.settings_of_newcomers(source)
    yield "zerver_realmauthenticationmethod", organization.authentication(source)
    yield "zerver_presencesequence", organization.presence_sequence(source)
    yield "zerver_realmdomain", administration.domains(source)
    yield "zerver_realmfilter", administration.linkifiers(source)
    yield "zerver_realmplayground", administration.playgrounds(source)
    yield "zerver_realmemoji", files.emoji()
    yield "zerver_customprofilefield", administration.fields(source)
    yield "zerver_customprofilefieldvalue", administration.values_of_fields(source)
    yield "zerver_preregistrationuser", administration.invited(source)
    yield "zerver_multiuseinvite", administration.links(source)
    yield "zerver_client", organization.clients(source)
    yield "zerver_userprofile", people.accounts(source)
    yield "zerver_userprofile_mirrordummy", people.dummies(source)
    yield "zerver_userprofile_crossrealm", people.system_bots(source)
    yield "zerver_userpresence", people.presences(source)
    yield "zerver_useractivity", personal.activity(source)
    yield "zerver_userstatus", personal.statuses(source)
    yield "zerver_muteduser", personal.muted(source)
    yield "zerver_usertopic", personal.topics(source)
    yield "zerver_alertword", personal.alert_words(source)
    yield "zerver_savedsnippet", personal.snippets(source)
    yield "zerver_draft", personal.draft_rows(source)
    yield "zerver_scheduledmessage", personal.scheduled(source)
    yield "zerver_service", personal.services(source)
    yield "zerver_botstoragedata", personal.bot_data(source)
    yield "zerver_usergroup", groups.all()
    yield "zerver_namedusergroup", groups.named()
    yield "zerver_usergroupmembership", groups.members()
    yield "zerver_groupgroupmembership", groups.subgroups()
    yield "zerver_stream", channels.channels(source, groups)
    yield "zerver_defaultstream", channels.default_channels(source)
    yield "zerver_huddle", channels.groups(source)
    yield "zerver_recipient", channels.recipients(source)
    yield "zerver_subscription", channels.subscriptions(source)
    yield "zerver_reaction", messages.reactions(source)
    yield "zerver_submessage", messages.submessages(source)
    yield from _empty(EMPTY)


def _attachment_tables(files: Files) -> Iterator[tuple[str, Iterable[Row]]]:
    yield "zerver_attachment", files.attachments()
    yield "zerver_imageattachment", files.images()


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
