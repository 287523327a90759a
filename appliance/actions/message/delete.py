"""Deleting messages. They are kept for a while, out of everybody's reach (store/archive.py)."""

from appliance.actions.channel import access as channel_actions
from appliance.actions.file import attachment
from appliance.actions.message import access as history
from appliance.actions.message import batch, readers
from appliance.actions.message import rights as change_rights
from appliance.actions.message import taking_back as push
from appliance.base.clock import Clock
from appliance.model import permission
from appliance.model.channel import Channel
from appliance.model.topic import check_name
from appliance.model.user import User
from appliance.store import archive
from appliance.store import channel as channels
from appliance.store import edit as edits
from appliance.store.store import Store
from appliance.store.transaction import Transaction

BATCH = 100  # messages a transaction, and an event
KEPT = 30 * 24 * 3600  # seconds for which deleted messages could be brought back
PRUNED_AT_ONCE = 1000  # messages


def delete(store: Store, user: User, message_id: int) -> None:
    """Raises ApiError with Zulip's texts."""

    def write(transaction: Transaction) -> None:
        message = history.access(transaction, user, message_id).message
        change_rights.check_deletes(transaction, user, message, transaction.now())
        channel = None if message.channel_id is None else channels.with_id(transaction, message.channel_id)
        take_away(transaction, user, channel, message.topic, [message_id])

    store.write(write)


def delete_topic(store: Store, user: User, channel_id: int, topic: str) -> bool:
    """All of it that the user may read, the newest first; whether it is done. Raises ApiError."""
    permission.check_admin(user)
    name = check_name(topic)
    with store.read() as reader:
        channel = channel_actions.access(reader, user, channel_id)

    def write(transaction: Transaction) -> bool:
        found = edits.in_topic(transaction, channel.recipient_id, name)
        ids = readers.readable(transaction, user, channel, [each for each, _ in found])
        if ids:
            take_away(transaction, user, channel, name, ids[-BATCH:])
        return len(ids) > BATCH

    return batch.repeat(store, write)


def take_away(
    transaction: Transaction, user: User | None, channel: Channel | None, topic: str, message_ids: list[int]
) -> None:
    """What was asked for is allowed. `user` None: nobody asked, their time is over; `channel` None: it is a
    direct conversation."""
    actor = None if user is None else user.id
    gone = readers.of(transaction, channel, message_ids, [] if actor is None else [actor])
    push.take_back_from_all(transaction, message_ids)
    archive.put(transaction, message_ids, actor)
    readers.tell_gone(transaction, channel, topic, gone)
    attachment.deleted(transaction, message_ids)
    if channel is not None:
        channel_actions.find_first_message(transaction, channel)


def prune(store: Store, clock: Clock) -> None:
    """Forget what was deleted long ago. The ticker's thread; nothing is written if there is nothing."""
    before = int(clock.now()) - KEPT
    with store.read() as reader:
        found = archive.holds_older(reader, before)
    if found:
        batch.repeat(store, lambda t: archive.prune(t, before, PRUNED_AT_ONCE) == PRUNED_AT_ONCE)
