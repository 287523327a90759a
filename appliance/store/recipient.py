"""SQL of direct conversations: one recipient for each set of people."""

from appliance.store.connection import Handle
from appliance.store.transaction import Transaction


def key(user_ids: list[int]) -> str:
    return ",".join(str(user_id) for user_id in sorted(set(user_ids)))


def find(handle: Handle, user_ids: list[int]) -> int | None:
    """The conversation of exactly these people (the asking one included), if they ever had one."""
    found: int | None = handle.value("SELECT id FROM recipient WHERE member_ids = ?", key(user_ids))
    return found


def find_or_add(transaction: Transaction, user_ids: list[int]) -> int:
    known = find(transaction, user_ids)
    if known is not None:
        return known
    added: int = transaction.value("INSERT INTO recipient(member_ids) VALUES (?) RETURNING id", key(user_ids))
    add_members(transaction, added, set(user_ids))
    return added


def add_members(transaction: Transaction, recipient_id: int, user_ids: set[int]) -> None:
    transaction.many(
        "INSERT INTO conversation_member(user_id, recipient_id) VALUES (?, ?)",
        [(user_id, recipient_id) for user_id in user_ids],
    )


def members(handle: Handle, recipient_id: int) -> list[int]:
    """User ids, ascending."""
    listed: str = handle.value("SELECT member_ids FROM recipient WHERE id = ?", recipient_id)
    return [int(user_id) for user_id in listed.split(",")]


def recent(handle: Handle, user_id: int, limit: int) -> list[tuple[list[int], int]]:
    """(ids of all people, newest message id) of somebody's conversations, newest first."""
    rows = handle.rows(
        "SELECT member_ids, (SELECT max(message.id) FROM message WHERE recipient_id = recipient.id) AS newest"
        " FROM conversation_member JOIN recipient ON recipient.id = recipient_id"
        " WHERE user_id = ? AND newest IS NOT NULL ORDER BY newest DESC LIMIT ?",
        user_id,
        limit,
    )
    return [([int(each) for each in members.split(",")], newest) for members, newest in rows]


def has_messages(handle: Handle, recipient_id: int) -> bool:
    return bool(handle.value("SELECT 1 FROM message WHERE recipient_id = ? LIMIT 1", recipient_id))


def heard(handle: Handle, recipient_id: int, sender_id: int, text: str, since: int) -> bool:
    """Has somebody said something with that text in it, since that time (epoch seconds)?"""
    found = handle.value(
        "SELECT EXISTS (SELECT 1 FROM (SELECT content, sender_id, time FROM message WHERE recipient_id = ?"
        " ORDER BY id DESC LIMIT 100) WHERE sender_id = ? AND time > ? AND instr(content, ?))",
        recipient_id,
        sender_id,
        since,
        text,
    )
    return bool(found)
