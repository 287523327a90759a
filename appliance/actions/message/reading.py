"""Marking as read what somebody has seen, or need not see any more."""

from collections.abc import Callable

from appliance.actions.channel import access as channel_actions
from appliance.actions.channel import standing
from appliance.actions.message import batch
from appliance.actions.message import taking_back as push
from appliance.base.errors import ApiError
from appliance.model import flag, permission
from appliance.model.channel import Channel
from appliance.model.flag import Flag
from appliance.model.topic import check_name
from appliance.model.user import User
from appliance.store import message as messages
from appliance.store import unread
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction

BATCH = 2000  # messages a transaction


def mark_read(transaction: Transaction, user_id: int, message_ids: list[int]) -> None:
    """Messages that somebody has not read so far; tells their clients, and takes back pushes."""
    if message_ids:
        _mark(transaction, user_id, message_ids)
        transaction.notice(flag.change(Flag.READ, True, message_ids), [user_id])


def _mark(transaction: Transaction, user_id: int, message_ids: list[int]) -> None:
    push.take_back(transaction, user_id, message_ids)
    unread.mark_read(transaction, user_id, message_ids)


def mark_all(store: Store, user: User) -> bool:
    """Everything; whether it is done. With the last batch the clients are told that nothing is left."""

    def write(transaction: Transaction) -> bool:
        message_ids = unread.of_user(transaction, user.id, BATCH)
        if len(message_ids) == BATCH:
            mark_read(transaction, user.id, message_ids)
            return True
        _mark(transaction, user.id, message_ids)
        transaction.notice(flag.change(Flag.READ, True, []) | {"all": True}, [user.id])
        return False

    return batch.repeat(store, write)


def mark_channel(store: Store, user: User, channel_id: int) -> bool:
    """Raises ApiError; whether it is done."""
    with store.read() as reader:
        channel = channel_actions.access(reader, user, channel_id)
    return _mark_found(store, user, lambda handle: unread.in_channel(handle, user.id, channel.recipient_id))


def mark_topic(store: Store, user: User, channel_id: int, topic: str) -> bool:
    """Raises ApiError; whether it is done."""
    name = check_name(topic)
    with store.read() as reader:
        channel = channel_actions.access(reader, user, channel_id)
        if not _is_topic(reader, user, channel, name):
            raise ApiError(f"No such topic '{topic}'")
    return _mark_found(
        store, user, lambda handle: unread.in_topic(handle, user.id, channel.recipient_id, name)
    )


def _is_topic(handle: Handle, user: User, channel: Channel, name: str) -> bool:
    """One in which there is something that the user may read."""
    if permission.reads_channel(user, channel, standing.of(handle, user, channel)):
        return messages.topic_exists(handle, channel.recipient_id, name, None)
    return messages.topic_exists(handle, channel.recipient_id, name, user.id)


def _mark_found(store: Store, user: User, find: Callable[[Handle], list[int]]) -> bool:
    def write(transaction: Transaction) -> bool:
        message_ids = find(transaction)
        mark_read(transaction, user.id, message_ids[:BATCH])
        return len(message_ids) > BATCH

    return batch.repeat(store, write)
