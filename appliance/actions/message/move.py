"""Moving messages to another topic, or to another channel."""

from dataclasses import dataclass, field
from typing import Any

from appliance.actions.channel import access as channel_actions
from appliance.actions.channel import standing
from appliance.actions.message import readers, reading
from appliance.actions.message import rights as change_rights
from appliance.actions.message import taking_back as push
from appliance.actions.message.readers import Readers
from appliance.actions.message.rights import BETWEEN, WITHIN
from appliance.actions.personal import user_topic
from appliance.model.channel import Channel
from appliance.model.edit import is_resolution
from appliance.model.flag import Flag
from appliance.model.message import Message
from appliance.model.topic import Policy, merged
from appliance.model.user import User
from appliance.store import edit as edits
from appliance.store import message as messages
from appliance.store import received
from appliance.store import subscription as subscriptions
from appliance.store import user_topic as user_topics
from appliance.store.connection import Handle
from appliance.store.transaction import Transaction

# Values of propagate_mode: this message, those after it in the topic too, or all of the topic.
MODES = ONE, LATER, ALL = "change_one", "change_later", "change_all"


@dataclass(frozen=True, slots=True)
class Target:
    """Where to; `origin`: the channel that the message is in."""

    origin: Channel
    channel: Channel
    topic: str
    mode: str

    @property
    def is_elsewhere(self) -> bool:
        return self.channel.id != self.origin.id


@dataclass(frozen=True, slots=True)
class Moved:
    """Which messages, ascending, and who reads them now; what the event and their histories say of it.

    `outsiders`: readers who do not know where the messages were; `arrival`: what the event says to them.
    """

    ids: list[int]
    readers: Readers
    fields: dict[str, Any] = field(default_factory=dict)
    entry: dict[str, Any] = field(default_factory=dict)
    outsiders: frozenset[int] = frozenset()
    arrival: dict[str, Any] = field(default_factory=dict)


def accessible(handle: Handle, user: User, channel_id: int) -> Channel:
    """A channel to which the user may move something. Raises ApiError."""
    channel = channel_actions.access(handle, user, channel_id)
    channel_actions.check_posts(handle, user, channel)
    return channel


def check(handle: Handle, user: User, message: Message, target: Target, now: float) -> None:
    """Raises ApiError."""
    renamed = target.topic != message.topic
    if renamed:
        change_rights.check_names_topic(handle, user, message, target.topic, now)
    if target.is_elsewhere:
        change_rights.check_leaves_channel(handle, user, message, now)
    settles = not target.is_elsewhere and is_resolution(message.topic, target.topic)
    if target.mode == ALL and not settles:
        limits = ((WITHIN, renamed), (BETWEEN, target.is_elsewhere))
        sent = _sent(handle, user, message, target)
        change_rights.check_moves_all(handle, user, sent, [name for name, holds in limits if holds], now)


def _sent(handle: Handle, user: User, message: Message, target: Target) -> list[tuple[int, int]]:
    """(id, when) of the messages that are to move: none that the user may not read."""
    if target.mode == ONE:
        return [(message.id, message.time)]
    first_id = 0 if target.mode == ALL else message.id
    found = edits.in_topic(handle, message.recipient_id, message.topic, first_id)
    own = set(readers.readable(handle, user, target.origin, [each for each, _ in found]))
    return [each for each in found if each[0] in own]


def apply(transaction: Transaction, user: User, message: Message, target: Target) -> Moved:
    """What was checked."""
    ids = [each for each, _ in _sent(transaction, user, message, target)]
    continued = messages.topic_exists(transaction, target.channel.recipient_id, target.topic, None)
    before = readers.of(transaction, target.origin, ids) if target.is_elsewhere else {}
    edits.move(transaction, ids, target.channel.recipient_id, target.topic)
    if target.is_elsewhere:
        _change_readers(transaction, message.topic, target, ids, before)
    after = readers.of(transaction, target.channel, ids, before)
    if not messages.topic_exists(transaction, message.recipient_id, message.topic, None):
        _move_policies(transaction, message.topic, target, after, continued)
    return Moved(
        ids,
        after,
        _fields(transaction, message, target),
        _entry(message, target),
        _outsiders(transaction, target, after),
        _arrival(target),
    )


def _outsiders(handle: Handle, target: Target, after: Readers) -> frozenset[int]:
    if not target.is_elsewhere:
        return frozenset()
    return frozenset(after.keys() - standing.insiders(handle, target.origin))


def _arrival(target: Target) -> dict[str, Any]:
    """As if the messages had always been where they are."""
    place = {"stream_name": target.channel.name, "stream_id": target.channel.id}
    return {**place, "propagate_mode": target.mode, "orig_subject": target.topic}


def _change_readers(
    transaction: Transaction, topic: str, target: Target, ids: list[int], before: Readers
) -> None:
    """Whoever may not read the new channel loses them; whoever is not in it has nothing unread there."""
    inside = subscriptions.subscriber_ids(transaction, target.channel.id)
    if not target.channel.history_public_to_subscribers:
        for each in inside:
            messages.add_rows(transaction, each, ids, Flag.READ)
    after = readers.of(transaction, target.channel, ids, before)
    push.take_back_from_all(transaction, ids, keepers=after)
    received.remove(transaction, ids, list(after))
    for user_id, unread_ids in received.unread(transaction, ids).items():
        if user_id not in inside:
            reading.mark_read(transaction, user_id, unread_ids)
    lost = {each: listed for each, listed in before.items() if each not in after}
    readers.tell_gone(transaction, target.origin, topic, lost)
    channel_actions.find_first_message(transaction, target.origin)
    channel_actions.find_first_message(transaction, target.channel)


def _move_policies(
    transaction: Transaction, topic: str, target: Target, after: Readers, continued: bool
) -> None:
    """All messages have left a topic: what it was to people, the new one is; but to those who cannot read
    there any more, and so hear nothing. `continued`: there were messages in that already."""
    inside = standing.insiders(transaction, target.origin)
    found = user_topics.policies(transaction, target.origin.id, topic)
    old = {each: policy for each, policy in found.items() if each in inside}
    new = user_topics.policies(transaction, target.channel.id, target.topic)
    for policy in Policy:
        leaving = {each: policy for each, was in old.items() if was == policy}
        if leaving:
            user_topic.change(transaction, leaving, target.origin.id, topic, Policy.INHERIT)
    wanted = {
        each: merged(old.get(each, Policy.INHERIT), new.get(each, Policy.INHERIT)) if continued else old[each]
        for each in (old.keys() | new.keys() if continued else old.keys())
        if each in after
    }
    for policy in Policy:
        changing = {
            each: new.get(each, Policy.INHERIT)
            for each, will in sorted(wanted.items())
            if will == policy != new.get(each, Policy.INHERIT)
        }
        if changing:
            user_topic.change(transaction, changing, target.channel.id, target.topic, policy)


def _fields(handle: Handle, message: Message, target: Target) -> dict[str, Any]:
    topic: dict[str, Any] = {}
    if target.topic != message.topic:
        links = messages.topic_links(handle, [target.topic])[target.topic]
        topic = {"subject": target.topic, "topic_links": [each._asdict() for each in links]}
    channel = {"new_stream_id": target.channel.id} if target.is_elsewhere else {}
    return {"propagate_mode": target.mode, "orig_subject": message.topic, **topic, **channel}


def _entry(message: Message, target: Target) -> dict[str, Any]:
    topic = {"prev_topic": message.topic, "topic": target.topic} if target.topic != message.topic else {}
    channel = {"prev_stream": target.origin.id, "stream": target.channel.id} if target.is_elsewhere else {}
    return {**topic, **channel}
