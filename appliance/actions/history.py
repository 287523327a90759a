"""Reading messages."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from appliance.actions import channel as channel_actions
from appliance.base.errors import ApiError, BadNarrow
from appliance.model import permission
from appliance.model.channel import Channel
from appliance.model.flag import Flag, names
from appliance.model.message import Shape, payload, shown_topic, wide
from appliance.model.narrow import Term, topic_operand
from appliance.model.user import User
from appliance.store import channel as channels
from appliance.store import message as messages
from appliance.store import recipient as recipients
from appliance.store import subscription as subscriptions
from appliance.store import user as users
from appliance.store.connection import Handle, Reader
from appliance.store.message import HAS_ROW, Condition, Received
from appliance.store.store import Store

MAX_MESSAGES = 5000
BEYOND_NEWEST = 10_000_000_000_000_000  # an anchor above every id, as clients know it
LONGEST_ID = 18  # digits: SQLite knows integers of 64 bits
NOTHING: Condition = ("FALSE", ())


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a narrow: `anchor` is an id, or newest, oldest, first_unread."""

    anchor: int | str
    num_before: int
    num_after: int
    include_anchor: bool = True


def fetch(store: Store, user: User, narrow: list[Term], window: Window, shape: Shape) -> dict[str, Any]:
    """The body of GET /messages. Raises ApiError."""
    if window.num_before + window.num_after > MAX_MESSAGES:
        raise ApiError(f"Too many messages requested (maximum {MAX_MESSAGES}).")
    with store.read() as reader:
        reader.begin()
        conditions = _conditions(reader, user, narrow)
        anchor = _anchor(reader, user, conditions, window.anchor)
        at_start, at_end = anchor == 0, anchor >= BEYOND_NEWEST
        before, there, after = messages.around(
            reader, user.id, conditions, anchor, window.num_before, 0 if at_end else window.num_after
        )
    found = [*before, *(there if window.include_anchor else []), *after]
    return {
        "messages": [shown(each, shape) for each in found],
        "anchor": anchor,
        "found_anchor": bool(there),
        "found_oldest": at_start or len(before) < window.num_before,
        "found_newest": at_end or len(after) < window.num_after,
        "history_limited": False,
    }


def fetch_ids(store: Store, user: User, message_ids: list[int], shape: Shape) -> dict[str, Any]:
    """GET /messages with `message_ids`: those that the user may read."""
    with store.read() as reader:
        found = readable(reader, user, messages.with_ids(reader, user.id, message_ids))
    return {"messages": [shown(each, shape) for each in found], "history_limited": False}


def one(store: Store, user: User, message_id: int) -> Received:
    """Raises ApiError, the same for a message that may not be read as for none."""
    with store.read() as reader:
        found = messages.with_id(reader, user.id, message_id)
        if found is None or not readable(reader, user, [found]):
            raise ApiError("Invalid message(s)")
    return found


def topics(store: Store, user: User, channel_id: int, shape: Shape) -> list[dict[str, Any]]:
    """Of a channel, newest first."""
    with store.read() as reader:
        channel = channel_actions.access(reader, user, channel_id)
        condition = _in_channel(reader, user, channel)
        found = messages.topics(reader, user.id, channel.recipient_id, condition)
    return [{"name": shown_topic(topic, shape.empty_topic_name), "max_id": newest} for topic, newest in found]


def shown(received: Received, shape: Shape) -> dict[str, Any]:
    """The message object of the API. One that was never sent to the user counts as read."""
    flags = Flag.READ | Flag.HISTORICAL if received.flags is None else received.flags
    return {**payload(wide(received.message), shape), "flags": names(flags)}


def readable(handle: Handle, user: User, found: list[Received]) -> list[Received]:
    """Those that the user may read."""
    rules: dict[
        int | None, Callable[[bool], bool]
    ] = {}  # by channel: may one that was received, or not, be read
    for each in found:
        channel_id = each.message.channel_id
        if channel_id not in rules:
            rules[channel_id] = _rule(handle, user, channel_id)
    return [each for each in found if rules[each.message.channel_id](each.flags is not None)]


def _rule(handle: Handle, user: User, channel_id: int | None) -> Callable[[bool], bool]:
    if channel_id is None:
        return lambda received: permission.reads_message(user, None, False, received)
    channel = channels.with_id(handle, channel_id)
    if channel is None:
        return lambda received: False
    subscribed = subscriptions.is_subscribed(handle, channel_id, user.id)
    return lambda received: permission.reads_message(user, channel, subscribed, received)


# -- anchors


def _anchor(reader: Reader, user: User, conditions: list[Condition], anchor: int | str) -> int:
    if isinstance(anchor, int):
        return max(0, min(anchor, BEYOND_NEWEST))
    if anchor == "first_unread":
        first = messages.first_unread(reader, user.id, conditions)
        return BEYOND_NEWEST if first is None else first
    return {"newest": BEYOND_NEWEST, "oldest": 0}[anchor]


# -- narrows: one function an operator, each gives a condition on messages


def _conditions(reader: Reader, user: User, narrow: list[Term]) -> list[Condition]:
    found = [_condition(reader, user, term) for term in narrow]
    return [*found, _readable(reader, user, narrow)]


def _condition(reader: Reader, user: User, term: Term) -> Condition:
    make = _OPERATORS.get(term.operator)
    if make is None:
        raise BadNarrow(f"unknown operator '{term.operator}'")
    sql, bindings = make(reader, user, term.operand)
    return (f"NOT coalesce(({sql}), FALSE)", bindings) if term.negated else (sql, bindings)


def _readable(reader: Reader, user: User, narrow: list[Term]) -> Condition:
    """What was sent to the user and may still be read; in a narrow to a channel all that it shows them."""
    channel = next((term for term in narrow if term.operator == "channel" and not term.negated), None)
    if channel is not None:
        return _in_channel(reader, user, _channel(reader, user, channel.operand))
    return (
        # "+": newest first with a look at each, rather than all of every conversation, sorted
        f"{HAS_ROW[0]} AND (+{_DIRECT}"
        " OR +message.recipient_id IN (SELECT recipient_id FROM channel WHERE NOT is_archived AND"
        " (id IN (SELECT channel_id FROM subscription WHERE user_id = ? AND active)"
        " OR (NOT invite_only AND ?))))",
        (user.id, user.id, not user.is_guest),
    )


def _in_channel(handle: Handle, user: User, channel: Channel) -> Condition:
    subscribed = subscriptions.is_subscribed(handle, channel.id, user.id)
    if permission.reads_channel(user, channel, subscribed):
        return ("TRUE", ())
    return HAS_ROW if subscribed else NOTHING


def _channel(reader: Reader, user: User, operand: Any) -> Channel:
    try:
        if isinstance(operand, int):
            return channel_actions.access(reader, user, _number(operand))
        return channel_actions.access_named(reader, user, str(operand))
    except ApiError as error:
        raise BadNarrow(f"unknown channel {operand}") from error


def _by_channel(reader: Reader, user: User, operand: Any) -> Condition:
    return "message.recipient_id = ?", (_channel(reader, user, operand).recipient_id,)


def _by_topic(reader: Reader, user: User, operand: Any) -> Condition:
    return "topic_key = ? AND message.recipient_id IN (SELECT recipient_id FROM channel)", (
        topic_operand(operand).lower(),
    )


def _person(reader: Reader, operand: Any) -> User:
    if isinstance(operand, int) or str(operand).isdecimal():
        found = users.with_id(reader, _number(operand))
    else:
        found = users.with_email(reader, str(operand))
    if found is None:
        raise BadNarrow(f"unknown user {operand}")
    return found


def _by_sender(reader: Reader, user: User, operand: Any) -> Condition:
    return "sender_id = ?", (_person(reader, operand).id,)


def _by_conversation(reader: Reader, user: User, operand: Any) -> Condition:
    """`dm`: ids, or addresses in a comma-separated text."""
    listed = operand.split(",") if isinstance(operand, str) else operand
    if not isinstance(listed, list):
        listed = [operand]
    people = [_person(reader, each.strip() if isinstance(each, str) else each).id for each in listed]
    found = recipients.find(reader, [*people, user.id])
    return NOTHING if found is None else ("message.recipient_id = ?", (found,))


def _by_participant(reader: Reader, user: User, operand: Any) -> Condition:
    return "message.recipient_id IN (SELECT recipient_id FROM conversation_member WHERE user_id = ?)", (
        _person(reader, operand).id,
    )


def _by_id(reader: Reader, user: User, operand: Any) -> Condition:
    return "message.id = ?", (_number(operand),)


def _by_conversation_of(reader: Reader, user: User, operand: Any) -> Condition:
    """`with`: the conversation that a message is in."""
    found = messages.with_id(reader, user.id, _number(operand))
    if found is None or not readable(reader, user, [found]):
        raise BadNarrow("unknown message")
    return "message.recipient_id = ? AND topic_key = ?", (
        found.message.recipient_id,
        found.message.topic.lower(),
    )


def _number(operand: Any) -> int:
    """An id; SQLite knows no longer ones."""
    try:
        number: int | None = int(operand)
    except (TypeError, ValueError, OverflowError):
        number = None
    if number is None or abs(number) >= 10**LONGEST_ID:
        raise BadNarrow(f"{operand!r} is not an ID")
    return number


def _everything(reader: Reader, user: User, operand: Any) -> Condition:
    return "TRUE", ()


_DIRECT = "message.recipient_id IN (SELECT recipient_id FROM conversation_member WHERE user_id = ?)"
_MENTIONS = int(Flag.MENTIONED | Flag.STREAM_WILDCARD_MENTIONED | Flag.TOPIC_WILDCARD_MENTIONED)
# By the partial indexes on what is starred and what mentions somebody.
_FLAGGED = "message.id IN (SELECT message_id FROM user_message WHERE user_id = ? AND flags & {} <> 0)"
_STATES: dict[str, Callable[[User], Condition]] = {
    "dm": lambda user: (_DIRECT, (user.id,)),
    "private": lambda user: (_DIRECT, (user.id,)),
    "starred": lambda user: (_FLAGGED.format(int(Flag.STARRED)), (user.id,)),
    "unread": lambda user: (
        "message.id IN (SELECT message_id FROM unread_message WHERE user_id = ?)",
        (user.id,),
    ),
    "mentioned": lambda user: (_FLAGGED.format(_MENTIONS), (user.id,)),
    "alerted": lambda user: (f"own.flags & {int(Flag.HAS_ALERT_WORD)} <> 0", ()),
    "resolved": lambda user: ("topic LIKE '✔ %'", ()),
}


def _by_state(reader: Reader, user: User, operand: Any) -> Condition:
    if not isinstance(operand, str) or operand not in _STATES:
        raise BadNarrow(f"unknown 'is' operand {operand}")
    return _STATES[operand](user)


_OPERATORS: dict[str, Callable[[Reader, User, Any], Condition]] = {
    "channel": _by_channel,
    "topic": _by_topic,
    "sender": _by_sender,
    "dm": _by_conversation,
    "dm-including": _by_participant,
    "id": _by_id,
    "near": _everything,
    "with": _by_conversation_of,
    "is": _by_state,
}
