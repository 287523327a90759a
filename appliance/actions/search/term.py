"""One term of a narrow: a function an operator, each gives a condition on messages."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from appliance.actions.channel import access as channel_actions
from appliance.actions.user import sight
from appliance.base.errors import ApiError, BadNarrow
from appliance.model import search as search_model
from appliance.model.channel import Channel
from appliance.model.flag import HAS_ALERT_WORD, MENTIONS, Flag
from appliance.model.narrow import Term, topic_operand
from appliance.model.topic import Policy
from appliance.model.user import User
from appliance.store import recipient as recipients
from appliance.store import search
from appliance.store import user as users
from appliance.store.connection import Reader
from appliance.store.message import Condition

LONGEST_ID = 18  # digits: SQLite knows integers of 64 bits
NOTHING: Condition = ("FALSE", ())
DIRECT = "message.recipient_id IN (SELECT recipient_id FROM conversation_member WHERE user_id = ?)"


@dataclass(frozen=True, slots=True)
class Scope:
    """Who asks. `one_channel`: the narrow is to one, and so shows it even where it is muted."""

    reader: Reader
    user: User
    one_channel: bool


def conditions(reader: Reader, user: User, terms: list[Term]) -> list[Condition]:
    """Raises BadNarrow."""
    scope = Scope(reader, user, any(term.operator == "channel" and not term.negated for term in terms))
    return [_condition(scope, term) for term in terms if not _says_nothing(term)]


def _says_nothing(term: Term) -> bool:
    return term.operator == "near" or (term.operator == "in" and term.operand == "all")


def _condition(scope: Scope, term: Term) -> Condition:
    make = _OPERATORS.get(term.operator)
    if make is None:
        raise BadNarrow(f"unknown operator '{term.operator}'")
    sql, bindings = make(scope, term.operand)
    return (f"NOT coalesce(({sql}), FALSE)", bindings) if term.negated else (sql, bindings)


def number(operand: Any) -> int:
    """An id; SQLite knows no longer ones. Raises BadNarrow."""
    try:
        found: int | None = int(operand)
    except (TypeError, ValueError, OverflowError):
        found = None
    if found is None or abs(found) >= 10**LONGEST_ID:
        raise BadNarrow(f"{operand!r} is not an ID")
    return found


# -- where


def channel(reader: Reader, user: User, operand: Any) -> Channel:
    """One that the user may know of, archived or not. Raises BadNarrow."""
    try:
        if isinstance(operand, int):
            return channel_actions.access(reader, user, number(operand), archived=True)
        return channel_actions.access_named(reader, user, str(operand))
    except ApiError as error:
        raise BadNarrow(f"unknown channel {operand}") from error


def _by_channel(scope: Scope, operand: Any) -> Condition:
    return "message.recipient_id = ?", (channel(scope.reader, scope.user, operand).recipient_id,)


def _by_channels(scope: Scope, operand: Any) -> Condition:
    kind = _choice(_CHANNELS, "channels", operand)
    return f"message.recipient_id IN (SELECT recipient_id FROM channel WHERE {kind})", ()


_CHANNELS = {
    "public": "NOT invite_only AND history_public_to_subscribers",
    "web-public": "is_web_public",
    "archived": "is_archived",
}


def _by_topic(scope: Scope, operand: Any) -> Condition:
    return "topic_key = ? AND message.recipient_id IN (SELECT recipient_id FROM channel)", (
        topic_operand(operand).lower(),
    )


# -- whose


def _person(scope: Scope, operand: Any) -> User:
    """Whom a guest may know by the address; by the id anybody: there is one at every message."""
    if isinstance(operand, int) or str(operand).isdecimal():
        found = users.with_id(scope.reader, number(operand))
    else:
        found = users.with_public_email(scope.reader, str(operand))
        if found is not None and not sight.of(scope.reader, scope.user).knows(found):
            found = None
    if found is None:
        raise BadNarrow(f"unknown user {operand}")
    return found


def _by_sender(scope: Scope, operand: Any) -> Condition:
    return "sender_id = ?", (_person(scope, operand).id,)


def _by_conversation(scope: Scope, operand: Any) -> Condition:
    """`dm`: ids, or addresses in a comma-separated text."""
    listed = operand.split(",") if isinstance(operand, str) else operand
    if not isinstance(listed, list):
        listed = [operand]
    people = [_person(scope, each.strip() if isinstance(each, str) else each).id for each in listed]
    found = recipients.find(scope.reader, [*people, scope.user.id])
    return NOTHING if found is None else ("message.recipient_id = ?", (found,))


_SHARED = (
    "message.recipient_id IN (SELECT recipient_id FROM conversation_member"
    " JOIN recipient ON recipient.id = recipient_id WHERE user_id = ? AND member_ids LIKE ?"
    " AND recipient_id IN (SELECT recipient_id FROM conversation_member WHERE user_id = ?))"
)


def _by_participant(scope: Scope, operand: Any) -> Condition:
    return _SHARED, (_person(scope, operand).id, "%", scope.user.id)


def _by_group_participant(scope: Scope, operand: Any) -> Condition:
    """`group-pm-with`, of older clients: conversations of more than two."""
    return _SHARED, (_person(scope, operand).id, "%,%,%", scope.user.id)


# -- what


def _by_id(scope: Scope, operand: Any) -> Condition:
    return "message.id = ?", (number(operand),)


def _by_content(scope: Scope, operand: Any) -> Condition:
    return _choice(_HAS, "has", operand), ()


_HAS = {
    "attachment": "has_attachment",
    "image": "has_image",
    "link": "has_link",
    "reaction": "EXISTS (SELECT 1 FROM reaction WHERE message_id = message.id)",
}


def _by_search(scope: Scope, operand: Any) -> Condition:
    if not isinstance(operand, str):
        raise BadNarrow("search operand is not a string")
    wanted = search_model.parse(operand)
    return NOTHING if wanted is None else search.found(scope.reader, wanted)


# -- what it is to the reader

# By the partial indexes of few flags.
_FLAGGED = "message.id IN (SELECT message_id FROM user_message WHERE user_id = ? AND flags & {} <> 0)"
# The user once in each.
_MUTED_CHANNEL = (
    "message.recipient_id IN (SELECT recipient_id FROM subscription JOIN channel ON channel.id = channel_id"
    " WHERE user_id = ? AND active AND is_muted)"
)
_TOPIC = (
    "(message.recipient_id, topic_key) IN (SELECT recipient_id, topic_key FROM user_topic"
    " JOIN channel ON channel.id = channel_id WHERE user_id = ? AND visibility_policy {})"
)
_MUTED_TOPIC, _FOLLOWED_TOPIC = _TOPIC.format(f"= {Policy.MUTED:d}"), _TOPIC.format(f"= {Policy.FOLLOWED:d}")
_WANTED_TOPIC = _TOPIC.format(f"IN ({Policy.UNMUTED:d}, {Policy.FOLLOWED:d})")
_MUTED = f"{_MUTED_TOPIC} OR ({_MUTED_CHANNEL} AND NOT {_WANTED_TOPIC})"

_STATES = {
    "dm": DIRECT,
    "private": DIRECT,
    "starred": _FLAGGED.format(int(Flag.STARRED)),
    "unread": "message.id IN (SELECT message_id FROM unread_message WHERE user_id = ?)",
    "mentioned": _FLAGGED.format(MENTIONS),
    "alerted": _FLAGGED.format(HAS_ALERT_WORD),
    "resolved": "topic LIKE '✔ %'",
    "followed": _FOLLOWED_TOPIC,
    "muted": _MUTED,
}


def _by_state(scope: Scope, operand: Any) -> Condition:
    return _of_user(_choice(_STATES, "is", operand), scope.user)


def _by_view(scope: Scope, operand: Any) -> Condition:
    if operand != "home":
        raise BadNarrow(f"unknown 'in' operand {operand}")
    return _of_user(f"NOT ({_MUTED_TOPIC if scope.one_channel else _MUTED})", scope.user)


def _of_user(sql: str, user: User) -> Condition:
    return sql, (user.id,) * sql.count("?")


def _choice(known: dict[str, str], operator: str, operand: Any) -> str:
    if not isinstance(operand, str) or operand not in known:
        raise BadNarrow(f"unknown '{operator}' operand {operand}")
    return known[operand]


_OPERATORS: dict[str, Callable[[Scope, Any], Condition]] = {
    "channel": _by_channel,
    "channels": _by_channels,
    "topic": _by_topic,
    "sender": _by_sender,
    "dm": _by_conversation,
    "dm-including": _by_participant,
    "group-pm-with": _by_group_participant,
    "id": _by_id,
    "has": _by_content,
    "search": _by_search,
    "is": _by_state,
    "in": _by_view,
}
