"""Deleted messages: which there are, and bringing them back. For who runs the server, not for people."""

from functools import partial

from appliance.actions.channel import access as channel_actions
from appliance.actions.file import attachment
from appliance.actions.message import readers
from appliance.base.errors import CommandError
from appliance.model.channel import Channel
from appliance.store import archive, received, unread
from appliance.store import channel as channels
from appliance.store import subscription as subscriptions
from appliance.store.archive import Deleted
from appliance.store.store import Store
from appliance.store.transaction import Transaction

AT_ONCE = 100  # messages a transaction


def listed(store: Store, limit: int) -> list[Deleted]:
    """The last deleted first; `limit` at the most."""
    with store.read() as reader:
        return archive.listed(reader, limit)


def restore(store: Store, message_ids: list[int]) -> None:
    """With what they were to people, reactions, files. Raises CommandError for one that is not there; then
    none is restored."""
    wanted = sorted(set(message_ids))
    with store.read() as reader:
        missing = sorted(set(wanted) - archive.among(reader, wanted))
    if missing:
        raise CommandError(f"there is no deleted message {missing[0]} (see `appliance messages deleted`)")
    for start in range(0, len(wanted), AT_ONCE):
        ids = wanted[start : start + AT_ONCE]
        store.write(partial(_restore, ids))


def _restore(message_ids: list[int], transaction: Transaction) -> None:
    """Clients take new messages only at the end of what they show, so the queues of those who can read them
    end: their clients begin anew, and find them in their place."""
    told: set[int] = set()
    for channel_id, ids in archive.restore(transaction, message_ids).items():
        channel = _channel(transaction, channel_id)
        told |= readers.of(transaction, channel, ids).keys()
        if channel is not None:
            _mark_read(transaction, channel, ids)
            channel_actions.find_first_message(transaction, channel)
    attachment.restored(transaction, message_ids)
    transaction.notice({"type": "cleanup_queue"}, sorted(told))


def _mark_read(transaction: Transaction, channel: Channel, message_ids: list[int]) -> None:
    """Nothing there is unread to who has left since, nor to anybody if it was archived."""
    inside = [] if channel.is_archived else subscriptions.subscriber_ids(transaction, channel.id)
    for user_id, unread_ids in received.unread(transaction, message_ids).items():
        if user_id not in inside:
            unread.mark_read(transaction, user_id, unread_ids)


def _channel(transaction: Transaction, channel_id: int | None) -> Channel | None:
    return None if channel_id is None else channels.even_archived(transaction, channel_id)
