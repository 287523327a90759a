"""SQL of unread messages by person.

`unread` is an index that lags: the newest messages are only in `user_message`, and every LAG messages their
rows are sorted into it in one go. Ask the view `unread_message`, which is always exact.
"""

from appliance.model.flag import Flag
from appliance.store import user_topic
from appliance.store.connection import Handle, Row, integers
from appliance.store.transaction import Transaction

LAG = 128  # messages; the view scans the rows of as many

READ = int(Flag.READ)
# The two parts of the view, the older one first: each has its messages in order.
PARTS = (
    "unread",
    "(SELECT user_id, message_id FROM user_message"
    " WHERE message_id > (SELECT message_id FROM unread_position) AND flags & 1 = 0)",
)


def of_user(handle: Handle, user_id: int, limit: int) -> list[int]:
    """Ids of the newest `limit` unread messages, ascending."""
    rows = handle.rows(
        "SELECT message_id FROM unread_message WHERE user_id = ? ORDER BY message_id DESC LIMIT ?",
        user_id,
        limit,
    )
    return [message_id for (message_id,) in reversed(rows)]


def in_channel(handle: Handle, user_id: int, recipient_id: int) -> list[int]:
    """Ids, ascending."""
    rows = handle.rows(
        "SELECT message_id FROM unread_message JOIN message ON message.id = message_id"
        " WHERE user_id = ? AND recipient_id = ? ORDER BY message_id",
        user_id,
        recipient_id,
    )
    return [message_id for (message_id,) in rows]


def from_sender(handle: Handle, user_id: int, sender_id: int) -> list[int]:
    """Ids, ascending."""
    rows = handle.rows(
        "SELECT message_id FROM unread_message JOIN message ON message.id = message_id"
        " WHERE user_id = ? AND sender_id = ? ORDER BY message_id",
        user_id,
        sender_id,
    )
    return [message_id for (message_id,) in rows]


def in_topic(handle: Handle, user_id: int, recipient_id: int, topic: str) -> list[int]:
    """Ids, ascending."""
    rows = handle.rows(
        "SELECT message_id FROM unread_message JOIN message ON message.id = message_id"
        " WHERE user_id = ? AND recipient_id = ? AND topic_key = ? ORDER BY message_id",
        user_id,
        recipient_id,
        topic.lower(),
    )
    return [message_id for (message_id,) in rows]


def sort_in(transaction: Transaction, message_id: int) -> None:
    """Called with each new message."""
    if message_id % LAG:
        return
    transaction.execute(
        "INSERT INTO unread SELECT user_id, message_id FROM user_message"
        " WHERE message_id > (SELECT message_id FROM unread_position) AND flags & 1 = 0"
        " ORDER BY user_id, message_id"
    )
    transaction.execute("UPDATE unread_position SET message_id = ?", message_id)


def mark_read(transaction: Transaction, user_id: int, message_ids: list[int]) -> None:
    ids = integers(message_ids)
    transaction.execute(
        f"UPDATE user_message SET flags = flags | {READ}"
        " WHERE message_id IN (SELECT value FROM carray(?)) AND user_id = ?",
        ids,
        user_id,
    )
    transaction.execute(
        "DELETE FROM unread WHERE user_id = ? AND message_id IN (SELECT value FROM carray(?))", user_id, ids
    )


def mark_read_by_everyone(
    transaction: Transaction, recipient_id: int, first_id: int, limit: int
) -> int | None:
    """Of `limit` messages in a channel from an id on; the next one after them, None: there are no more."""
    rows = transaction.rows(
        "SELECT id FROM message WHERE recipient_id = ? AND id >= ? ORDER BY id LIMIT ?",
        recipient_id,
        first_id,
        limit,
    )
    _read_by_everyone(transaction, [message_id for (message_id,) in rows])
    return rows[-1][0] + 1 if len(rows) == limit else None


def mark_all_read_by_everyone(transaction: Transaction, recipient_id: int) -> None:
    """What is unread in a channel to anybody."""
    rows = transaction.rows(
        "SELECT DISTINCT message_id FROM unread_message JOIN message ON message.id = message_id"
        " WHERE recipient_id = ?",
        recipient_id,
    )
    _read_by_everyone(transaction, [message_id for (message_id,) in rows])


def _read_by_everyone(transaction: Transaction, message_ids: list[int]) -> None:
    ids = integers(message_ids)
    transaction.execute(
        f"UPDATE user_message SET flags = flags | {READ}"
        f" WHERE message_id IN (SELECT value FROM carray(?)) AND flags & {READ} = 0",
        ids,
    )
    transaction.execute(
        "DELETE FROM unread WHERE message_id IN (SELECT value FROM carray(?1))"
        " AND user_id IN"
        " (SELECT user_id FROM user_message WHERE message_id IN (SELECT value FROM carray(?1)))",
        ids,
    )


def mark_unread(transaction: Transaction, user_id: int, message_ids: list[int]) -> None:
    ids = integers(message_ids)
    transaction.execute(
        f"UPDATE user_message SET flags = flags & ~{READ}"
        " WHERE message_id IN (SELECT value FROM carray(?)) AND user_id = ?",
        ids,
        user_id,
    )
    transaction.execute(
        "INSERT INTO unread SELECT user_id, message_id FROM user_message"
        " WHERE message_id IN (SELECT value FROM carray(?1)) AND user_id = ?2"
        " AND message_id <= (SELECT message_id FROM unread_position) ON CONFLICT DO NOTHING",
        ids,
        user_id,
    )


def conversations(handle: Handle, user_id: int, limit: int) -> list[Row]:
    """(message id, channel id, member ids, topic, flags, muted by topic or channel) of the newest `limit`
    unread messages that can still be read, ascending."""
    rows = handle.rows(
        f"SELECT message.id, recipient.channel_id, member_ids, message.topic, own.flags, {user_topic.MUTED}"
        " FROM unread_message JOIN message ON message.id = unread_message.message_id"
        " JOIN recipient ON recipient.id = message.recipient_id"
        " JOIN user_message own ON own.message_id = message.id AND own.user_id = ?1"
        " LEFT JOIN subscription ON subscription.channel_id = recipient.channel_id"
        " AND subscription.user_id = ?1"
        " LEFT JOIN user_topic ON user_topic.channel_id = recipient.channel_id"
        " AND user_topic.topic_key = message.topic_key AND user_topic.user_id = ?1"
        " WHERE unread_message.user_id = ?1 AND (member_ids IS NOT NULL OR active)"
        " AND NOT EXISTS (SELECT 1 FROM channel WHERE id = recipient.channel_id AND is_archived)"
        " ORDER BY message.id DESC LIMIT ?2",
        user_id,
        limit,
    )
    return rows[::-1]
