"""Reads an export, and checks it against itself as an importer would."""

import tarfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import orjson

Row = dict[str, Any]
PEOPLE = ("zerver_userprofile", "zerver_userprofile_mirrordummy", "zerver_userprofile_crossrealm")
Targets = dict[str, tuple[str, ...]]
_USER: Targets = {"user_profile": PEOPLE}
_GROUP = ("zerver_usergroup",)
_PERMISSIONS = {f"can_{deed}_group": _GROUP for deed in ("add_members", "join", "leave", "manage", "mention")}

# Fields that name a row of one of these tables, or nothing.
REFERENCES: dict[str, Targets] = {
    "zerver_realm": {
        "create_multiuse_invite_group": _GROUP,
        "can_access_all_users_group": _GROUP,
        "new_stream_announcements_stream": ("zerver_stream",),
        "signup_announcements_stream": ("zerver_stream",),
    },
    "zerver_userprofile": {
        "realm": ("zerver_realm",),
        "recipient": ("zerver_recipient",),
        "bot_owner": PEOPLE,
    },
    "zerver_userprofile_mirrordummy": {"recipient": ("zerver_recipient",), "bot_owner": PEOPLE},
    "zerver_stream": {
        "realm": ("zerver_realm",),
        "recipient": ("zerver_recipient",),
        "creator": PEOPLE,
        "can_send_message_group": _GROUP,
        "can_administer_channel_group": _GROUP,
        "first_message_id": ("zerver_message",),
    },
    "zerver_defaultstream": {"stream": ("zerver_stream",)},
    "zerver_huddle": {"recipient": ("zerver_recipient",)},
    "zerver_subscription": {**_USER, "recipient": ("zerver_recipient",)},
    "zerver_usergroup": {"realm": ("zerver_realm",)},
    "zerver_namedusergroup": {"usergroup_ptr": _GROUP, "creator": PEOPLE, **_PERMISSIONS},
    "zerver_usergroupmembership": {**_USER, "user_group": _GROUP},
    "zerver_groupgroupmembership": {"supergroup": _GROUP, "subgroup": ("zerver_namedusergroup",)},
    "zerver_usertopic": {**_USER, "stream": ("zerver_stream",), "recipient": ("zerver_recipient",)},
    "zerver_muteduser": {**_USER, "muted_user": PEOPLE},
    "zerver_useractivity": {**_USER, "client": ("zerver_client",)},
    "zerver_userpresence": _USER,
    "zerver_service": _USER,
    "zerver_reaction": {**_USER, "message": ("zerver_message",)},
    "zerver_message": {
        "realm": ("zerver_realm",),
        "sender": PEOPLE,
        "recipient": ("zerver_recipient",),
        "sending_client": ("zerver_client",),
    },
    "zerver_usermessage": {**_USER, "message": ("zerver_message",)},
}
RECIPIENTS = {1: PEOPLE, 2: ("zerver_stream",), 3: ("zerver_huddle",)}  # what `type_id` names, by type


class Exported(NamedTuple):
    """`files`: their contents by name, without the folder; `tables`: the rows of all files."""

    folder: str
    files: dict[str, bytes]
    tables: dict[str, list[Row]]

    @classmethod
    def read(cls, path: Path) -> "Exported":
        files, folders = {}, set()
        with tarfile.open(path) as archive:
            for entry in archive:
                folder, _, name = entry.name.partition("/")
                folders.add(folder)
                content = archive.extractfile(entry)
                assert content is not None
                files[name] = content.read()
        [folder] = folders
        return cls(folder, files, _tables(files))

    def one(self, table: str, **values: Any) -> Row:
        [found] = self.some(table, **values)
        return found

    def some(self, table: str, **values: Any) -> list[Row]:
        return [row for row in self.tables[table] if values.items() <= row.items()]

    @property
    def texts(self) -> set[str]:
        """What the messages say."""
        return {row["content"] for row in self.tables["zerver_message"]}

    def mistakes(self) -> list[str]:
        """Rows that have no id of their own, or name what is not there."""
        return [*self._doubles(), *self._dangling(), *self._miscounted()]

    def _ids(self, tables: tuple[str, ...]) -> set[int]:
        return {row["id"] for table in tables for row in self.tables[table]}

    def _doubles(self) -> Iterator[str]:
        for table, rows in self.tables.items():
            yield from (f"{table}: {key} twice" for key, n in Counter(r["id"] for r in rows).items() if n > 1)

    def _dangling(self) -> Iterator[str]:
        for table, fields in REFERENCES.items():
            for field, targets in fields.items():
                known = self._ids(targets)
                for row in self.tables[table]:
                    if row[field] is not None and row[field] not in known:
                        yield f"{table} {row['id']}: there is no {field} {row[field]}"
        for row in self.tables["zerver_recipient"]:
            if row["type_id"] not in self._ids(RECIPIENTS[row["type"]]):
                yield f"zerver_recipient {row['id']}: there is no {row['type_id']}"

    def _miscounted(self) -> Iterator[str]:
        stats = orjson.loads(self.files["stats.json"])
        for name, content in self.files.items():
            counted = stats.get(name.removesuffix(".json"))
            if counted is not None and counted != {
                key: len(rows) for key, rows in orjson.loads(content).items()
            }:
                yield f"stats.json: {name}"


def _tables(files: dict[str, bytes]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {"zerver_message": [], "zerver_usermessage": []}
    for name, content in files.items():
        if name in ("realm.json", "attachment.json", "analytics.json") or name.startswith("messages-"):
            for table, rows in orjson.loads(content).items():
                found.setdefault(table, []).extend(rows)
    return found
