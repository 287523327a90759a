"""SQL of whom people have muted."""

from appliance.store.connection import Handle, Row
from appliance.store.transaction import Transaction


def of_user(handle: Handle, user_id: int) -> list[Row]:
    """(id, since when), the first muted first."""
    return handle.rows(
        "SELECT muted_user_id, time FROM muted_user WHERE user_id = ? ORDER BY time, muted_user_id", user_id
    )


def muters(handle: Handle, muted_user_id: int) -> set[int]:
    """Who has muted them."""
    rows = handle.rows("SELECT user_id FROM muted_user WHERE muted_user_id = ?", muted_user_id)
    return {user_id for (user_id,) in rows}


def add(transaction: Transaction, user_id: int, muted_user_id: int) -> bool:
    """Whether it is new."""
    transaction.execute(
        "INSERT INTO muted_user(user_id, muted_user_id, time) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        user_id,
        muted_user_id,
        int(transaction.now()),
    )
    return bool(transaction.changes())


def drop(transaction: Transaction, user_id: int, muted_user_id: int) -> bool:
    """Whether there was something to drop."""
    transaction.execute(
        "DELETE FROM muted_user WHERE user_id = ? AND muted_user_id = ?", user_id, muted_user_id
    )
    return bool(transaction.changes())
