"""SQL of notices and of how far fan-out has come with them."""

import orjson

from appliance.store.connection import Handle
from appliance.store.transaction import Notice, Transaction


def after(handle: Handle, notice_id: int, limit: int = 1000) -> list[Notice]:
    rows = handle.rows("SELECT id, time, body FROM notice WHERE id > ? ORDER BY id LIMIT ?", notice_id, limit)
    return [Notice(found, time, **orjson.loads(body)) for found, time, body in rows]


def newest(handle: Handle) -> int:
    """The number of the last notice ever committed, 0 before the first."""
    return handle.value("SELECT seq FROM sqlite_sequence WHERE name = 'notice'") or 0


def position(handle: Handle, name: str) -> int:
    """`applied` or `decided` (m0001_chat.py)."""
    at: int = handle.value("SELECT notice_id FROM position WHERE name = ?", name)
    return at


def set_position(transaction: Transaction, name: str, notice_id: int) -> None:
    transaction.execute("UPDATE position SET notice_id = ? WHERE name = ?", notice_id, name)


def prune(transaction: Transaction) -> None:
    """Forget what is both applied and decided."""
    transaction.execute("DELETE FROM notice WHERE id <= (SELECT min(notice_id) FROM position)")
