"""Whom somebody does not want to hear of. What these write is read already."""

from appliance.actions.message import batch, reading
from appliance.actions.user import people
from appliance.base.errors import ApiError
from appliance.model.user import User
from appliance.store import muted_user as muted_users
from appliance.store import unread
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction


def mute(store: Store, user: User, muted_user_id: int) -> None:
    """Raises ApiError with Zulip's texts."""
    if muted_user_id == user.id:
        raise ApiError("Cannot mute self")

    def write(transaction: Transaction) -> bool:
        people.with_id(transaction, user, muted_user_id)
        if not muted_users.add(transaction, user.id, muted_user_id):
            raise ApiError("User already muted")
        _tell(transaction, user)
        return _mark_read(transaction, user, muted_user_id)

    if store.write(write):
        batch.repeat(store, lambda transaction: _mark_read(transaction, user, muted_user_id))


def _mark_read(transaction: Transaction, user: User, sender_id: int) -> bool:
    """The newest are read; whether others are left."""
    message_ids = unread.from_sender(transaction, user.id, sender_id)
    reading.mark_read(transaction, user.id, message_ids[-reading.BATCH :])
    return len(message_ids) > reading.BATCH


def unmute(store: Store, user: User, muted_user_id: int) -> None:
    """Raises ApiError with Zulip's texts."""

    def write(transaction: Transaction) -> None:
        if not muted_users.drop(transaction, user.id, muted_user_id):
            people.with_id(transaction, user, muted_user_id)  # (whom one has muted, one may know no more)
            raise ApiError("User is not muted")
        _tell(transaction, user)

    store.write(write)


def listed(handle: Handle, user_id: int) -> list[dict[str, int]]:
    """As clients are told of them."""
    return [{"id": muted, "timestamp": time} for muted, time in muted_users.of_user(handle, user_id)]


def _tell(transaction: Transaction, user: User) -> None:
    event = {"type": "muted_users", "muted_users": listed(transaction, user.id)}
    transaction.notice(event, [user.id])
