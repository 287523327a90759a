"""SQL of what programs keep."""

from collections.abc import Mapping, Sequence

from appliance.store.connection import Handle
from appliance.store.transaction import Transaction


def of_bot(handle: Handle, bot_id: int) -> dict[str, str]:
    """By name."""
    return dict(handle.rows("SELECT key, value FROM bot_storage WHERE bot_id = ? ORDER BY key", bot_id))


def size(handle: Handle, bot_id: int) -> int:
    """Bytes of names and texts. (octet_length does not read the texts.)"""
    found: int = handle.value(
        "SELECT coalesce(sum(octet_length(key) + octet_length(value)), 0) FROM bot_storage WHERE bot_id = ?",
        bot_id,
    )
    return found


def put(transaction: Transaction, bot_id: int, entries: Mapping[str, str]) -> None:
    transaction.many(
        "INSERT INTO bot_storage(bot_id, key, value) VALUES (?, ?, ?)"
        " ON CONFLICT DO UPDATE SET value = excluded.value",
        [(bot_id, key, value) for key, value in entries.items()],
    )


def drop(transaction: Transaction, bot_id: int, keys: Sequence[str]) -> None:
    transaction.many("DELETE FROM bot_storage WHERE bot_id = ? AND key = ?", [(bot_id, key) for key in keys])
