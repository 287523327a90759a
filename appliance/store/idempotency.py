"""SQL of the keys by which a message is sent once."""

from appliance.model.idempotency import KEPT, MOST
from appliance.store.connection import Handle
from appliance.store.transaction import Transaction


def find(handle: Handle, user_id: int, key: str) -> int | None:
    """The id of the message that was sent with it."""
    message_id: int | None = handle.value(
        "SELECT message_id FROM idempotency WHERE user_id = ? AND key = ?", user_id, key
    )
    return message_id


def add(transaction: Transaction, user_id: int, key: str, message_id: int) -> None:
    """Old ones go."""
    now = int(transaction.now())
    transaction.execute("DELETE FROM idempotency WHERE at < ?", now - KEPT)
    transaction.execute("INSERT INTO idempotency VALUES (?, ?, ?, ?)", user_id, key, message_id, now)
    transaction.execute(
        "DELETE FROM idempotency WHERE user_id = ?1 AND message_id <="
        " (SELECT message_id FROM idempotency WHERE user_id = ?1 ORDER BY message_id DESC LIMIT 1 OFFSET ?2)",
        user_id,
        MOST,
    )
