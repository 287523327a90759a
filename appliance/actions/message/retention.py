"""Messages go when they are older than their channel, or the organization, keeps them. They can be restored
for a while, like those that people have deleted."""

from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from appliance.actions.message import delete
from appliance.base.clock import Clock
from appliance.model.channel import FOREVER, Channel
from appliance.store import channel as channels
from appliance.store import realm as realms
from appliance.store import retention
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction

DAY = 86_400  # seconds
MOST = 2000  # messages at once; the rest goes the next time


class Place(NamedTuple):
    """`channel_id` None: a direct conversation."""

    recipient_id: int
    channel_id: int | None


def expire(store: Store, clock: Clock) -> None:
    """No more than MOST. The ticker's thread; nothing is written if there is nothing."""
    gone = 0
    with store.read() as reader:
        places = list(_due(reader, clock.now()))
    for place in places:
        while gone < MOST and (taken := store.write(partial(_expire, place))):
            gone += taken


def _due(handle: Handle, now: float) -> Iterator[Place]:
    """Places where there is something to do."""
    for each in channels.everything(handle):
        before = _before(handle, each, now)
        if before is not None and retention.due(handle, each.recipient_id, before, 1):
            yield Place(each.recipient_id, each.id)
    before = _before(handle, None, now)
    if before is not None:
        for recipient_id in retention.conversations_due(handle, before):
            yield Place(recipient_id, None)


def _before(handle: Handle, channel: Channel | None, now: float) -> int | None:
    """Messages sent before that time (epoch seconds) go; None: none do."""
    own = None if channel is None else channel.message_retention_days
    days: int = realms.get(handle).setting("message_retention_days") if own is None else own
    return None if days == FOREVER else int(now) - days * DAY


def _expire(place: Place, transaction: Transaction) -> int:
    """Some of them. Looked at again: the channel may have been given more time."""
    channel = None if place.channel_id is None else channels.even_archived(transaction, place.channel_id)
    before = _before(transaction, channel, transaction.now())
    if before is None:
        return 0
    topics: defaultdict[str, list[int]] = defaultdict(list)
    for message_id, topic in retention.due(transaction, place.recipient_id, before, delete.BATCH):
        topics[topic].append(message_id)
    for topic, message_ids in topics.items():
        delete.take_away(transaction, None, channel, topic, message_ids)
    return sum(map(len, topics.values()))
