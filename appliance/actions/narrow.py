"""What a narrow shows somebody: one function an operator, each gives a condition on messages."""

from collections.abc import Callable
from typing import Any

from appliance.actions import channel as channel_actions
from appliance.actions import history
from appliance.base.errors import ApiError, BadNarrow
from appliance.model import permission
from appliance.model.channel import Channel
from appliance.model.flag import Flag
from appliance.model.narrow import Term, topic_operand
from appliance.model.user import User
from appliance.store import message as messages
from appliance.store import recipient as recipients
from appliance.store import subscription as subscriptions
from appliance.store import user as users
from appliance.store.connection import Handle, Reader
from appliance.store.message import HAS_ROW, Condition

LONGEST_ID = 18  # digits: SQLite knows integers of 64 bits
NOTHING: Condition = ("FALSE", ())


def conditions(reader: Reader, user: User, narrow: list[Term]) -> list[Condition]:
    """All hold for what it shows. Raises BadNarrow."""
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
        return in_channel(reader, user, _channel(reader, user, channel.operand))
    return (
        # "+": newest first with a look at each, rather than all of every conversation, sorted
        f"{HAS_ROW[0]} AND (+{_DIRECT}"
        " OR +message.recipient_id IN (SELECT recipient_id FROM channel WHERE NOT is_archived AND"
        " (id IN (SELECT channel_id FROM subscription WHERE user_id = ? AND active)"
        " OR (NOT invite_only AND ?))))",
        (user.id, user.id, not user.is_guest),
    )


def in_channel(handle: Handle, user: User, channel: Channel) -> Condition:
    """For what they may read of it."""
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
    if found is None or not history.readable(reader, user, [found]):
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
