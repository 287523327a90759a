"""SQL of messages."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple

import orjson

from appliance.model.flag import Flag
from appliance.model.message import NOTHING, Holds, Message, Person
from appliance.model.reaction import Reaction
from appliance.model.submessage import Submessage
from appliance.model.topic_link import TopicLink, in_topic
from appliance.store import linkifier as linkifiers
from appliance.store import reaction as reactions
from appliance.store import submessage as submessages
from appliance.store import unread
from appliance.store.connection import Handle, Row, integers
from appliance.store.transaction import Transaction

Condition = tuple[str, tuple[Any, ...]]  # SQL over `message`, `user_message` as `own`; its bindings

OWN = "LEFT JOIN user_message own ON own.message_id = message.id AND own.user_id = ?"
_SELECT = (
    "SELECT message.id, sender_id, coalesce(public_email, delivery_email), full_name, message.recipient_id,"
    " topic, content, rendered_content, time, client, recipient.channel_id, channel.name, member_ids,"
    " last_edit_time, edit_history, own.flags"
    " FROM message JOIN user ON user.id = sender_id JOIN recipient ON recipient.id = message.recipient_id"
    f" LEFT JOIN channel ON channel.id = recipient.channel_id {OWN}"
)

HAS_ROW: Condition = ("own.flags IS NOT NULL", ())


@dataclass(frozen=True, slots=True)
class Received:
    """A message, and what it is to the one who asked; `flags` None: it was not sent to them."""

    message: Message
    flags: int | None


def add(
    transaction: Transaction,
    *,
    sender_id: int,
    recipient_id: int,
    topic: str,
    content: str,
    rendered_content: str,
    time: int,
    client: str,
    holds: Holds = NOTHING,
) -> int:
    message_id: int = transaction.value(
        "INSERT INTO message(sender_id, recipient_id, topic, topic_key, content, rendered_content, time,"
        " client, has_attachment, has_image, has_link) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        sender_id,
        recipient_id,
        topic,
        topic.lower(),
        content,
        rendered_content,
        time,
        client,
        *map(int, holds),
    )
    return message_id


def deliver(transaction: Transaction, message_id: int, flags: Mapping[int, int]) -> None:
    """Give the message to people: flags by user id."""
    transaction.many(
        "INSERT INTO user_message VALUES (?, ?, ?)",
        [(message_id, user_id, own) for user_id, own in flags.items()],
    )
    unread.sort_in(transaction, message_id)


def add_rows(transaction: Transaction, user_id: int, message_ids: list[int], flags: Flag) -> None:
    """Rows of old messages for one person."""
    transaction.many(
        "INSERT INTO user_message VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [(message_id, user_id, int(flags)) for message_id in message_ids],
    )


def with_id(handle: Handle, user_id: int, message_id: int) -> Received | None:
    found = _received(handle, handle.rows(f"{_SELECT} WHERE message.id = ?", user_id, message_id))
    return found[0] if found else None


def with_ids(handle: Handle, user_id: int, message_ids: list[int]) -> list[Received]:
    """Those that exist, ascending."""
    rows = handle.rows(
        f"{_SELECT} WHERE message.id IN (SELECT value FROM carray(?))", user_id, integers(message_ids)
    )
    return _received(handle, sorted(rows, key=itemgetter(0)))


def around(
    handle: Handle, user_id: int, conditions: list[Condition], anchor: int, before: int, after: int
) -> tuple[list[Received], list[Received], list[Received]]:
    """Up to `before` messages below `anchor`, the one at it, up to `after` above it; each list ascending."""
    where, bindings = _where([each for each in conditions if each != HAS_ROW])

    def ids(comparison: str, order: str, limit: int) -> list[int]:
        sql = f"SELECT id FROM message WHERE {where} AND id {comparison} ? ORDER BY id {order} LIMIT ?"
        if HAS_ROW in conditions:
            rows = handle.rows(_SENT.format(sql), *bindings, anchor, -1, user_id, limit)
        else:
            rows = handle.rows(sql, *bindings, anchor, limit)
        return [message_id for (message_id,) in rows]

    # The ids first: wherever SQLite has to sort, it sorts little. As few questions as can be: each asks the
    # index of words anew.
    below, above = ids("<", "DESC", before), ids(">=", "ASC", after + 1) if after else ids("=", "ASC", 1)
    found = with_ids(handle, user_id, [*below, *above])
    start = bisect_left(found, anchor, key=_id)
    end = bisect_right(found, anchor, key=_id)
    return found[:start], found[start:end], found[end : end + after]


# Whether somebody got a message takes the longest to find out: it is asked of one after the other until there
# are enough. The inner query has a limit, if none, so that SQLite leaves it a query of its own.
_SENT = (
    "SELECT id FROM ({}) found"
    " WHERE EXISTS (SELECT 1 FROM user_message WHERE message_id = found.id AND user_id = ?) LIMIT ?"
)


def _id(received: Received) -> int:
    return received.message.id


def first_unread(handle: Handle, user_id: int, conditions: list[Condition]) -> int | None:
    where, bindings = _where(conditions)
    for part in unread.PARTS:
        # CROSS: few are unread, while the narrow may be large
        found: int | None = handle.value(
            f"SELECT message.id FROM {part} part CROSS JOIN message ON message.id = part.message_id"
            f" {OWN} WHERE part.user_id = ? AND {where} ORDER BY part.message_id LIMIT 1",
            user_id,
            user_id,
            *bindings,
        )
        if found is not None:
            return found
    return None


def newest_id(handle: Handle, user_id: int) -> int:
    """The id of the newest message in the channels and conversations that the user is in; -1 if none."""
    found: int | None = handle.value(
        "SELECT max((SELECT max(id) FROM message WHERE recipient_id = own.recipient_id)) FROM"
        " (SELECT recipient_id FROM conversation_member WHERE user_id = ?1 UNION ALL"
        " SELECT recipient_id FROM subscription JOIN channel ON channel.id = channel_id"
        " WHERE user_id = ?1 AND active) own",
        user_id,
    )
    return -1 if found is None else found


def matching(handle: Handle, user_id: int, conditions: list[Condition], ids: list[int]) -> list[Received]:
    """Those of `ids` that the conditions hold for, ascending."""
    where, bindings = _where(conditions)
    rows = handle.rows(
        f"{_SELECT} WHERE {where} AND message.id IN (SELECT value FROM carray(?)) ORDER BY message.id",
        user_id,
        *bindings,
        integers(ids),
    )
    return _received(handle, rows)


def topic_senders(handle: Handle, recipient_id: int, topic: str) -> list[int]:
    """Who has written in the topic."""
    rows = handle.rows(
        "SELECT DISTINCT sender_id FROM message WHERE recipient_id = ? AND topic_key = ?",
        recipient_id,
        topic.lower(),
    )
    return [user_id for (user_id,) in rows]


def topic_exists(handle: Handle, recipient_id: int, topic: str, received_by: int | None) -> bool:
    """Is there a message in the topic, or (`received_by`) one that was sent to that person?"""
    own = "" if received_by is None else _SENT_TO
    bindings = () if received_by is None else (received_by,)
    found = handle.value(
        f"SELECT EXISTS (SELECT 1 FROM message WHERE recipient_id = ? AND topic_key = ?{own})",
        recipient_id,
        topic.lower(),
        *bindings,
    )
    return bool(found)


_SENT_TO = " AND EXISTS (SELECT 1 FROM user_message WHERE message_id = message.id AND user_id = ?)"


def flags(handle: Handle, user_id: int, message_ids: list[int]) -> dict[int, int]:
    """Flags of those that the user has a row of."""
    rows = handle.rows(
        "SELECT message_id, flags FROM user_message"
        " WHERE message_id IN (SELECT value FROM carray(?)) AND user_id = ?",
        integers(message_ids),
        user_id,
    )
    return dict(rows)


def set_flag(transaction: Transaction, user_id: int, message_ids: list[int], flag: Flag, on: bool) -> None:
    if flag == Flag.READ:
        (unread.mark_read if on else unread.mark_unread)(transaction, user_id, message_ids)
        return
    change = f"flags | {int(flag)}" if on else f"flags & ~{int(flag)}"
    transaction.execute(
        f"UPDATE user_message SET flags = {change}"
        " WHERE message_id IN (SELECT value FROM carray(?)) AND user_id = ?",
        integers(message_ids),
        user_id,
    )


def starred_ids(handle: Handle, user_id: int) -> list[int]:
    rows = handle.rows(
        "SELECT message_id FROM user_message WHERE user_id = ? AND flags & 2 <> 0 ORDER BY message_id",
        user_id,
    )
    return [message_id for (message_id,) in rows]


def _where(conditions: list[Condition]) -> tuple[str, list[Any]]:
    where = " AND ".join(f"({sql})" for sql, _ in conditions) or "TRUE"
    return where, [value for _, bindings in conditions for value in bindings]


def _received(handle: Handle, rows: list[Row]) -> list[Received]:
    people = _people(handle, {row[12] for row in rows if row[12] is not None})
    ids = [row[0] for row in rows]
    around = _Around(
        people,
        reactions.of_messages(handle, ids),
        submessages.of_messages(handle, ids),
        topic_links(handle, {row[5] for row in rows}),
    )
    return [_one(row, around) for row in rows]


def topic_links(handle: Handle, topics: Iterable[str]) -> dict[str, tuple[TopicLink, ...]]:
    """What in each topic leads somewhere."""
    known = linkifiers.everything(handle)
    return {topic: tuple(in_topic(known, topic)) for topic in topics}


class _Around(NamedTuple):
    """What there is beside messages: people by conversation, the rest by message or topic."""

    people: Mapping[str, tuple[Person, ...]]
    reactions: Mapping[int, list[Reaction]]
    submessages: Mapping[int, list[Submessage]]
    links: Mapping[str, tuple[TopicLink, ...]]


def _one(row: Row, around: _Around) -> Received:
    message_id, sender_id, email, name, recipient_id, topic, content, rendered, time, client, *rest = row
    channel_id, channel_name, member_ids, last_edit_time, history, own_flags = rest
    sender = Person(sender_id, email, name)
    message = Message(
        message_id, sender, recipient_id, topic, content, rendered, time, client,
        channel_id, channel_name, around.people.get(member_ids, ()), last_edit_time,
        () if history is None else tuple(orjson.loads(history)), tuple(around.reactions.get(message_id, ())),
        tuple(around.submessages.get(message_id, ())), around.links[topic],
    )  # fmt: skip
    return Received(message, own_flags)


def _people(handle: Handle, conversations: set[str]) -> dict[str, tuple[Person, ...]]:
    ids = sorted({int(each) for listed in conversations for each in listed.split(",")})
    if not ids:
        return {}
    rows = handle.rows(
        "SELECT id, coalesce(public_email, delivery_email), full_name FROM user"
        " WHERE id IN (SELECT value FROM carray(?))",
        integers(ids),
    )
    known = {row[0]: Person(*row) for row in rows}
    return {
        listed: tuple(known[int(each)] for each in listed.split(",") if int(each) in known)
        for listed in conversations
    }
