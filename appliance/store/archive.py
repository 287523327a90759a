"""SQL of deleted messages, which are kept for some time with the rows of their recipients. Their reactions
stay where they are until then."""

from appliance.store import received
from appliance.store.connection import Handle, integers
from appliance.store.transaction import Transaction

_COLUMNS = (
    "id", "sender_id", "recipient_id", "topic", "topic_key", "content", "rendered_content", "time", "client",
    "last_edit_time", "edit_history",
)  # fmt: skip
_PAIRS = ", ".join(f"'{name}', {name}" for name in _COLUMNS)
_MESSAGE = f"json_object({_PAIRS})"
_ROWS = (
    "(SELECT json_group_array(json_array(user_id, flags)) FROM user_message WHERE message_id = message.id)"
)


def put(transaction: Transaction, message_ids: list[int], deleted_by: int) -> None:
    """Messages leave the place where they can be read."""
    ids = integers(message_ids)
    transaction.execute(
        "INSERT INTO archived_message(id, deleted, deleted_by, message, rows)"
        f" SELECT id, ?, ?, {_MESSAGE}, {_ROWS} FROM message WHERE id IN (SELECT value FROM carray(?))",
        int(transaction.now()),
        deleted_by,
        ids,
    )
    received.remove(transaction, message_ids, [])
    transaction.execute("DELETE FROM message WHERE id IN (SELECT value FROM carray(?))", ids)


def holds_older(handle: Handle, before: int) -> bool:
    """Is there anything that was deleted before that time (epoch seconds)?"""
    return bool(handle.value("SELECT EXISTS (SELECT 1 FROM archived_message WHERE deleted < ?)", before))


def prune(transaction: Transaction, before: int, limit: int) -> int:
    """Forget for good what was deleted before that time; how many messages, `limit` at the most."""
    rows = transaction.rows(
        "SELECT id FROM archived_message WHERE deleted < ? ORDER BY deleted LIMIT ?", before, limit
    )
    ids = integers(message_id for (message_id,) in rows)
    transaction.execute("DELETE FROM reaction WHERE message_id IN (SELECT value FROM carray(?))", ids)
    transaction.execute("DELETE FROM archived_message WHERE id IN (SELECT value FROM carray(?))", ids)
    return len(rows)
