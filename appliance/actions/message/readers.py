"""Who reads messages that are there: whom it concerns when something happens to them."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from appliance.actions.channel.standing import Standings
from appliance.model import permission
from appliance.model.channel import Channel
from appliance.model.user import User
from appliance.store import message as messages
from appliance.store import received
from appliance.store import subscription as subscriptions
from appliance.store import user as users
from appliance.store.connection import Handle
from appliance.store.transaction import Transaction

Readers = dict[int, list[int]]  # ids of the messages that they may read, ascending, by user id


def of(
    handle: Handle, channel: Channel | None, message_ids: list[int], others: Iterable[int] = ()
) -> Readers:
    """Active people to whom some of the messages were sent, or who are in the channel, or among `others`, and
    which messages they may read there. `channel` None: it is a direct conversation."""
    holders = received.holders(handle, message_ids)
    inside = set() if channel is None else set(subscriptions.subscriber_ids(handle, channel.id))
    people = users.with_ids(handle, sorted({*holders, *inside, *others}))
    found = {
        each.id: _may_read(handle, each, channel, message_ids, each.id in inside)
        for each in people
        if each.is_active
    }
    return {user_id: ids for user_id, ids in found.items() if ids}


def readable(handle: Handle, user: User, channel: Channel, message_ids: list[int]) -> list[int]:
    """Those in the channel that one person may read, ascending."""
    return _may_read(handle, user, channel, message_ids)


def _may_read(
    handle: Handle,
    user: User,
    channel: Channel | None,
    message_ids: list[int],
    subscribed: bool | None = None,
) -> list[int]:
    """`subscribed` None: that is asked for."""
    if channel is not None:
        place = Standings(handle, user).of(channel, subscribed)
        if permission.reads_channel(user, channel, place):
            return message_ids
        if not permission.joins_channel(user, channel, place):
            return []
    own = messages.flags(handle, user.id, message_ids)
    return [each for each in message_ids if each in own]


def tell_gone(transaction: Transaction, channel: Channel | None, topic: str, gone: Readers) -> None:
    """To those who read messages in a topic, or a conversation, that they cannot read any more."""
    place: dict[str, Any] = {"message_type": "private"}
    if channel is not None:
        place = {"message_type": "stream", "stream_id": channel.id, "topic": topic}
    people: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
    for user_id, message_ids in gone.items():
        people[tuple(message_ids)].append(user_id)
    for ids, user_ids in people.items():
        transaction.notice({"type": "delete_message", "message_ids": list(ids), **place}, user_ids)
