"""SQL of messages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from appliance.model.flag import Flag
from appliance.model.message import Message, Person
from appliance.model.reaction import Reaction
from appliance.store import reaction as reactions
from appliance.store import unread
from appliance.store.connection import Handle, Row, integers
from appliance.store.transaction import Transaction

Condition = tuple[str, tuple[Any, ...]]  # SQL over `message`, `user_message` as `own`; its bindings

_SELECT = (
    "SELECT message.id, sender_id, delivery_email, full_name, message.recipient_id, topic, content,"
    " rendered_content, time, client, recipient.channel_id, channel.name, member_ids, last_edit_time,"
    " edit_history, own.flags"
    " FROM message JOIN user ON user.id = sender_id JOIN recipient ON recipient.id = message.recipient_id"
    " LEFT JOIN channel ON channel.id = recipient.channel_id"
    " LEFT JOIN user_message own ON own.message_id = message.id AND own.user_id = ?"
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
) -> int:
    message_id: int = transaction.value(
        "INSERT INTO message(sender_id, recipient_id, topic, topic_key, content, rendered_content, time,"
        " client) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        sender_id,
        recipient_id,
        topic,
        topic.lower(),
        content,
        rendered_content,
        time,
        client,
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
        f"{_SELECT} WHERE message.id IN (SELECT value FROM carray(?)) ORDER BY message.id",
        user_id,
        integers(message_ids),
    )
    return _received(handle, rows)


def around(
    handle: Handle, user_id: int, conditions: list[Condition], anchor: int, before: int, after: int
) -> tuple[list[Received], list[Received], list[Received]]:
    """Up to `before` messages below `anchor`, the one at it, up to `after` above it; each list ascending."""

    def fetch(comparison: str, order: str, limit: int) -> list[Received]:
        if not limit:
            return []
        where, bindings = _where([*conditions, (f"message.id {comparison} ?", (anchor,))])
        rows = handle.rows(
            f"{_SELECT} WHERE {where} ORDER BY message.id {order} LIMIT ?", user_id, *bindings, limit
        )
        return _received(handle, rows)

    return fetch("<", "DESC", before)[::-1], fetch("=", "ASC", 1), fetch(">", "ASC", after)


def first_unread(handle: Handle, user_id: int, conditions: list[Condition]) -> int | None:
    where, bindings = _where(conditions)
    found: int | None = handle.value(
        "SELECT message.id FROM unread_message JOIN message ON message.id = unread_message.message_id"
        " LEFT JOIN user_message own ON own.message_id = message.id AND own.user_id = ?"
        f" WHERE unread_message.user_id = ? AND {where} ORDER BY message.id LIMIT 1",
        user_id,
        user_id,
        *bindings,
    )
    return found


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


def topics(handle: Handle, user_id: int, recipient_id: int, condition: Condition) -> list[tuple[str, int]]:
    """(name as last written, newest message id) of the topics in what `condition` allows, newest first."""
    where, bindings = _where([condition])
    rows = handle.rows(
        "SELECT topic, max(message.id) FROM message"
        " LEFT JOIN user_message own ON own.message_id = message.id AND own.user_id = ?"
        f" WHERE recipient_id = ? AND {where} GROUP BY topic_key ORDER BY max(message.id) DESC",
        user_id,
        recipient_id,
        *bindings,
    )
    return [(topic, newest) for topic, newest in rows]


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
    reacted = reactions.of_messages(handle, [row[0] for row in rows])
    return [_one(row, people, reacted.get(row[0], ())) for row in rows]


def _one(row: Row, people: dict[str, tuple[Person, ...]], reacted: Iterable[Reaction]) -> Received:
    message_id, sender_id, email, name, recipient_id, topic, content, rendered, time, client, *rest = row
    channel_id, channel_name, member_ids, last_edit_time, history, own_flags = rest
    sender = Person(sender_id, email, name)
    message = Message(
        message_id, sender, recipient_id, topic, content, rendered, time, client,
        channel_id, channel_name, people.get(member_ids, ()), last_edit_time,
        () if history is None else tuple(orjson.loads(history)), tuple(reacted),
    )  # fmt: skip
    return Received(message, own_flags)


def _people(handle: Handle, conversations: set[str]) -> dict[str, tuple[Person, ...]]:
    ids = sorted({int(each) for listed in conversations for each in listed.split(",")})
    if not ids:
        return {}
    rows = handle.rows(
        "SELECT id, delivery_email, full_name FROM user WHERE id IN (SELECT value FROM carray(?))",
        integers(ids),
    )
    known = {row[0]: Person(*row) for row in rows}
    return {
        listed: tuple(known[int(each)] for each in listed.split(",") if int(each) in known)
        for listed in conversations
    }
