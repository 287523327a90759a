"""SQL of who was here when."""

from appliance.store.connection import Handle, integers
from appliance.store.transaction import Transaction

Presence = tuple[int | None, int]  # last active, last connected; epoch seconds


def get(handle: Handle, user_id: int) -> Presence | None:
    row = handle.row("SELECT last_active, last_connected FROM presence WHERE user_id = ?", user_id)
    return (row[0], row[1]) if row else None


def since(handle: Handle, time: float) -> dict[int, Presence]:
    """Of active people who were connected after `time`."""
    return _of_active(handle, "last_connected >= ?", int(time))


def newer(handle: Handle, update_id: int) -> dict[int, Presence]:
    """Of active people whose presence changed after that number was given."""
    return _of_active(handle, "update_id > ?", update_id)


def _of_active(handle: Handle, condition: str, value: int) -> dict[int, Presence]:
    rows = handle.rows(
        "SELECT user_id, last_active, last_connected FROM presence JOIN user ON user.id = user_id"
        f" WHERE {condition} AND is_active",
        value,
    )
    return {user_id: (active, connected) for user_id, active, connected in rows}


def last_update(handle: Handle) -> int:
    """The number of the newest change."""
    found: int = handle.value("SELECT last FROM presence_update")
    return found


def put(transaction: Transaction, user_id: int, last_active: int | None, last_connected: int) -> None:
    transaction.execute("UPDATE presence_update SET last = last + 1")
    transaction.execute(
        "INSERT OR REPLACE INTO presence(user_id, last_active, last_connected, update_id)"
        " SELECT ?, ?, ?, last FROM presence_update",
        user_id,
        last_active,
        last_connected,
    )


def drop(transaction: Transaction, user_id: int) -> None:
    transaction.execute("DELETE FROM presence WHERE user_id = ?", user_id)


def active_since(handle: Handle, user_ids: list[int], time: float) -> set[int]:
    """Those of `user_ids` who did something after `time`."""
    rows = handle.rows(
        "SELECT user_id FROM presence WHERE user_id IN (SELECT value FROM carray(?)) AND last_active > ?",
        integers(user_ids),
        int(time),
    )
    return {user_id for (user_id,) in rows}
