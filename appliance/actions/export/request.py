"""Exports that administrators ask for: asking, looking, deleting, and what becomes of one."""

import logging
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from appliance.actions.bot import notification_bot
from appliance.actions.export import archive
from appliance.base.errors import ApiError
from appliance.model import export as export_model
from appliance.model import permission
from appliance.model.export import MOST, MOST_BYTES, MOST_MESSAGES, PATH, PERIOD, Export, Status
from appliance.model.user import User
from appliance.store import attachment as attachments
from appliance.store import export as everything
from appliance.store import realm_export
from appliance.store import user as users
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction

log = logging.getLogger(__name__)

QUEUE = "realm_exports"
TOKEN_BYTES = 18


def ask(store: Store, user: User, kind: int, public_url: str) -> int:
    """The id. Raises ApiError."""
    permission.check_admin(user)
    wanted = export_model.check_kind(kind)
    _check_size(store)

    def write(transaction: Transaction) -> int:
        if realm_export.count_since(transaction, transaction.now() - PERIOD) >= MOST:
            raise ApiError("Exceeded rate limit.")
        export_model.check_usable(wanted, users.everyone(transaction))
        token, name = secrets.token_urlsafe(TOKEN_BYTES), file_name(transaction.now())
        added = realm_export.add(transaction, wanted, user.id, token, name)
        transaction.job(QUEUE, {"realm_export_id": added, "user_profile_id": user.id})
        _tell(transaction, public_url)
        return added

    return store.write(write)


def _check_size(store: Store) -> None:
    with store.read() as reader:
        number, size = everything.count_messages(reader), attachments.space_used(reader)
    if number > MOST_MESSAGES or size > MOST_BYTES:
        raise ApiError("Please request a manual export from your server administrator.")


def file_name(time: float) -> str:
    """Of an export made at `time`. No two have the same."""
    day = f"{datetime.fromtimestamp(time, UTC):%Y%m%d-%H%M%S}"
    return f"zulip-export-{day}-{secrets.token_hex(3)}{archive.SUFFIX}"


def listed(store: Store, user: User, public_url: str) -> list[dict[str, Any]]:
    """Raises ApiError."""
    permission.check_admin(user)
    with store.read() as reader:
        return _public(reader, public_url)


def _public(handle: Handle, public_url: str) -> list[dict[str, Any]]:
    return [export_model.public(each, public_url) for each in realm_export.everything(handle)]


def consents(store: Store, user: User) -> list[dict[str, Any]]:
    """Who lets their private data be exported. Raises ApiError."""
    permission.check_admin(user)
    with store.read() as reader:
        people = [each for each in users.everyone(reader) if each.is_active and not each.is_bot]
    return [{"user_id": each.id, "consented": export_model.consents(each)} for each in people]


def delete(store: Store, user: User, export_id: int, public_url: str) -> None:
    """The file goes first: what says that there is none must be true. Raises ApiError."""
    permission.check_admin(user)
    with store.read() as reader:
        export = export_model.check_deletable(realm_export.get(reader, export_id))
    path(store, export).unlink(missing_ok=True)

    def write(transaction: Transaction) -> None:
        export_model.check_deletable(realm_export.get(transaction, export_id))
        realm_export.delete(transaction, export_id)
        _tell(transaction, public_url)

    store.write(write)


def find(store: Store, user: User, token: str, name: str) -> Path | None:
    """The file at an address, for an administrator; None for all others."""
    with store.read() as reader:
        export = realm_export.with_token(reader, token)
    if export is None or export.name != name or not export.is_there or not user.is_admin:
        return None
    return path(store, export)


def path(store: Store, export: Export) -> Path:
    return store.folder / PATH / export.name


# -- what becomes of it: the worker's


def begin(store: Store, export_id: int, public_url: str) -> Export | None:
    """The export, if it is to be made now. One that was begun before failed: the process has died since."""
    with store.read() as reader:
        export = realm_export.get(reader, export_id)
    if export is not None and export.status == Status.STARTED:
        fail(store, export, "the process ended while it was made", public_url)
    if export is None or export.status != Status.REQUESTED:
        return None

    def write(transaction: Transaction) -> None:
        realm_export.begin(transaction, export_id)
        _tell(transaction, public_url)

    store.write(write)
    return export


def give_up_abandoned(store: Store, public_url: str) -> None:
    """At start: those whose jobs were dropped, or are dead letters."""
    with store.read() as reader:
        found = realm_export.abandoned(reader, QUEUE)
    for export in found:
        fail(store, export, "its job is gone", public_url)


def succeed(store: Store, export: Export, size: int, public_url: str) -> None:
    def write(transaction: Transaction) -> None:
        realm_export.finish(transaction, export.id, size)
        _tell(transaction, public_url)
        _answer(transaction, export, _ready(export, public_url))

    store.write(write)


def _ready(export: Export, public_url: str) -> str:
    return f"The export that you asked for is ready: {export_model.address(export, public_url)}"


def fail(store: Store, export: Export, error: str, public_url: str) -> None:
    """What there may be of its file is taken away."""
    log.error("the export %d failed: %s", export.id, error)
    path(store, export).unlink(missing_ok=True)

    def write(transaction: Transaction) -> None:
        realm_export.finish(transaction, export.id, None, error)
        _tell(transaction, public_url)
        _answer(transaction, export, "The export that you asked for has failed: the server's log says why.")

    store.write(write)


def _answer(transaction: Transaction, export: Export, text: str) -> None:
    """To whoever asked for it, unless they have gone."""
    asker = users.with_id(transaction, export.requested_by)
    if asker is not None and asker.is_active:
        notification_bot.tell(transaction, [asker], text)


def _tell(transaction: Transaction, public_url: str) -> None:
    """Administrators hear of all exports there are."""
    admins = [each.id for each in users.everyone(transaction) if each.is_active and each.is_admin]
    event = {"type": "realm_export", "exports": _public(transaction, public_url)}
    transaction.notice(event, admins)
