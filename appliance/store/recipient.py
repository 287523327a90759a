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
    transaction.many(
        "INSERT INTO conversation_member(user_id, recipient_id) VALUES (?, ?)",
        [(user_id, added) for user_id in set(user_ids)],
    )
    return added


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
