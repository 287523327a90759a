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


def position(handle: Handle, shard: int) -> tuple[int, int]:
    """Of a shard of fan-out: the last notice applied and saved, the last one decided (m0001_chat.py)."""
    applied, decided = (_value(handle, _name(name, shard)) for name in ("applied", "decided"))
    return applied or 0, decided or 0


def set_position(transaction: Transaction, shard: int, applied: int | None, decided: int) -> None:
    """None leaves it where it is."""
    if applied is not None:
        _put(transaction, _name("applied", shard), applied)
    _put(transaction, _name("decided", shard), decided)


def prune(transaction: Transaction) -> None:
    """Forget what all shards have both applied and decided."""
    transaction.execute(
        "DELETE FROM notice WHERE id <= (SELECT min(notice_id) FROM position WHERE name <> 'stopped')"
    )


def shards(handle: Handle) -> int:
    """How many there were when positions were saved last."""
    count: int = handle.value("SELECT count(*) FROM position WHERE name LIKE 'applied%'")
    return count


def set_shards(transaction: Transaction, count: int, at: int) -> None:
    """Begin anew with `count` shards that have applied and decided all up to `at`."""
    transaction.execute("DELETE FROM position WHERE name <> 'stopped'")
    for shard in range(count):
        set_position(transaction, shard, at, at)


def stopped(handle: Handle) -> bool:
    """Was the server stopped in order, and has nothing been told since?"""
    return _value(handle, "stopped") == newest(handle)


def set_stopped(transaction: Transaction) -> None:
    _put(transaction, "stopped", newest(transaction))


def _name(name: str, shard: int) -> str:
    return f"{name}/{shard}" if shard else name


def _value(handle: Handle, name: str) -> int | None:
    found: int | None = handle.value("SELECT notice_id FROM position WHERE name = ?", name)
    return found


def _put(transaction: Transaction, name: str, notice_id: int) -> None:
    transaction.execute("INSERT OR REPLACE INTO position(name, notice_id) VALUES (?, ?)", name, notice_id)
