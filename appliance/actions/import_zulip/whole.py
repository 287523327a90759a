"""Reads an archive into a data folder, all of it or nothing."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from appliance.actions.import_zulip import (
    channels,
    groups,
    later,
    messages,
    organization,
    people,
    personal,
    unpacked,
)
from appliance.actions.import_zulip.channels import Places
from appliance.actions.import_zulip.files import Files
from appliance.actions.import_zulip.messages import Messages
from appliance.actions.import_zulip.notes import Notes
from appliance.actions.import_zulip.tables import Tables
from appliance.actions.import_zulip.target import Target
from appliance.actions.realm import organization as realm_actions
from appliance.base import scratch
from appliance.base.clock import Clock
from appliance.base.errors import CommandError
from appliance.model.realm import Realm
from appliance.model.user import Role, User
from appliance.store import imported, new_file, search
from appliance.store import realm as realms
from appliance.store import user as users
from appliance.store.store import Store
from appliance.store.transaction import Transaction
from appliance.store.uploads import Uploads

FOLDER = ".import-"  # what names of the folders begin with in which one is made
Stage = Literal["read", "messages", "index"]
Step = Callable[[Stage, int, int], None]  # what is done, how much of it, and of how much


@dataclass(frozen=True)
class Imported:
    """`notes`: what was left out."""

    name: str
    people: int
    channels: int
    messages: int
    notes: list[str]


@dataclass(frozen=True)
class Before:
    """What a data folder has that stays: the organization's identity, and its owner if there is one."""

    realm: Realm
    owner: User | None


def read(archive: Path, folder: Path, clock: Clock, step: Step) -> Imported:
    """`folder`: the data folder, which nobody serves. Raises BadArchive; CommandError if there are people or
    messages in it already; OSError."""
    before = _look(folder, clock)
    with scratch.folder(folder, FOLDER) as made:
        root = unpacked.unpack(archive, _fresh(made, "archive"), lambda done, of: step("read", done, of))
        with new_file.writing(made, clock) as transaction:
            tables = Tables(_fresh(made, "tables"))
            target = Target(transaction, tables, Notes())
            files = Files(target, root, Uploads(made), moves_files=root.is_relative_to(made))
            result = _Import(target, files, before, root).run(step)
        os.sync()  # thousands of files, at once
        _look(folder, clock)
        _put_files_in_place(Uploads(made), Uploads(folder))
        new_file.put_in_place(made, folder)
    return result


def _fresh(folder: Path, name: str) -> Path:
    path = folder / name
    path.mkdir(mode=0o700)
    return path


def _look(folder: Path, clock: Clock) -> Before:
    """Raises CommandError for a folder with more in it than an owner."""
    store = Store(folder, clock)
    try:
        realm_actions.prepare(store)
        with store.read() as reader:
            found, everyone = realms.get(reader), users.everyone(reader)
            said = imported.newest_id(reader, "message")
    finally:
        store.close()
    if said or len(everyone) > 1:
        raise CommandError(
            f"the data folder {folder} has {len(everyone)} people and messages up to number {said} in it:"
            " import into a new one (--data DIR)"
        )
    return Before(found, next(iter(everyone), None))


def _put_files_in_place(made: Uploads, uploads: Uploads) -> None:
    """One that is not named by a row is nobody's: a crash after this has changed nothing."""
    for at, _, names in os.walk(made.folder):
        place = uploads.folder / Path(at).relative_to(made.folder)
        scratch.make(place)
        for name in names:
            Path(at, name).replace(place / name)


class _Import:
    """What needs what is read after it."""

    def __init__(self, target: Target, files: Files, before: Before, root: Path) -> None:
        self._target, self._files, self._before, self._root = target, files, before, root

    def run(self, step: Step) -> Imported:
        target, files = self._target, self._files
        paths = messages.files(self._root)
        self._load()
        people.accounts(target)
        groups.copy(target)
        places = Places(target)
        places.copy()
        channels.defaults(target)
        name = organization.realm(target, self._before.realm.uuid)
        organization.made_by_administrators(target)
        people.newcomers(target)
        personal.copy(target)
        files.emoji()
        files.avatars()
        files.realm_pictures()
        files.attachments()
        number = self._messages(Messages(target, places), paths, step)
        messages.additions(target)
        files.links()
        later.copy(target, places)
        imported.drop_silent(target.transaction, target.other_bots)
        imported.finish(target.transaction)
        _index(target.transaction, step)
        _keep_owner(target, self._before.owner)
        count = len(users.everyone(target.transaction))
        return Imported(name, count, len(target.channels), number, target.notes.lines())

    def _load(self) -> None:
        self._target.tables.load(self._root / unpacked.FIRST, unpacked.FIRST)
        attachments = unpacked.find(self._root, "attachment.json")
        if attachments is not None:
            self._target.tables.load(attachments, attachments.name)

    def _messages(self, reader: Messages, paths: list[Path], step: Step) -> int:
        """How many. They are said to be of as many as fill their files: only the last one is not full."""
        done = 0
        for number, path in enumerate(paths, 1):
            done += reader.copy(path)
            step("messages", done, done * len(paths) // number)
        return done


def _index(transaction: Transaction, step: Step) -> None:
    """For search, which the server would do a little at a time."""
    newest = imported.newest_id(transaction, "message")
    while search.is_behind(transaction):
        search.catch_up(transaction)
        step("index", imported.indexed(transaction), newest)


def _keep_owner(target: Target, owner: User | None) -> None:
    """Whoever has set up the server goes on to own it, with the same key and password."""
    if owner is None:
        return
    transaction = target.transaction
    same = users.with_email(transaction, owner.delivery_email)
    if same is None:
        same = users.add(
            transaction,
            email=owner.delivery_email,
            full_name=owner.full_name,
            role=Role.OWNER,
            api_key=owner.api_key,
        )
    users.set_api_key(transaction, same.id, owner.api_key)
    users.set_role(transaction, same.id, Role.OWNER)
    users.set_active(transaction, same.id, True)
    if owner.password is not None:
        users.set_password(transaction, same.id, owner.password)
