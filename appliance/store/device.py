"""SQL of devices that pushes go to."""

from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from appliance.model.device import Device, Kind
from appliance.store.connection import Handle, Row, integers
from appliance.store.transaction import Transaction

_SELECT = "SELECT id, user_id, kind, token, keys, created, last_used, error FROM device"


def with_id(handle: Handle, device_id: int) -> Device | None:
    row = handle.row(f"{_SELECT} WHERE id = ? AND NOT leaving", device_id)
    return _device(row) if row else None


def leaving(handle: Handle, device_id: int) -> Device | None:
    """One that its person has taken away, while the bouncer does not know of it."""
    row = handle.row(f"{_SELECT} WHERE id = ? AND leaving", device_id)
    return _device(row) if row else None


def of_user(handle: Handle, user_id: int, *kinds: Kind) -> list[Device]:
    """In the order of ids; without `kinds`, of all."""
    rows = handle.rows(f"{_SELECT} WHERE user_id = ? AND NOT leaving ORDER BY id", user_id)
    return [each for each in map(_device, rows) if not kinds or each.kind in kinds]


def without(handle: Handle, user_ids: Iterable[int]) -> list[int]:
    """Who of them has none."""
    rows = handle.rows(
        "SELECT value FROM carray(?) WHERE NOT EXISTS"
        " (SELECT 1 FROM device WHERE user_id = value AND NOT leaving)",
        integers(user_ids),
    )
    return [user_id for (user_id,) in rows]


def with_token(handle: Handle, user_id: int, kind: Kind, token: str) -> Device | None:
    same = "user_id = ? AND kind = ? AND token = ? AND NOT leaving"
    row = handle.row(f"{_SELECT} WHERE {same}", user_id, kind, token)
    return _device(row) if row else None


def add(transaction: Transaction, user_id: int, kind: Kind, token: str, keys: dict[str, Any]) -> int:
    """The device's id. One that is there already keeps it, gets the new keys, and counts as used now."""
    now = int(transaction.now())
    device_id: int = transaction.value(
        "INSERT INTO device(user_id, kind, token, keys, created, last_used) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET keys = excluded.keys, last_used = excluded.last_used, error = NULL,"
        " leaving = 0"
        " RETURNING id",
        user_id,
        kind,
        token,
        orjson.dumps(keys).decode(),
        now,
        now,
    )
    return device_id


def set_keys(transaction: Transaction, device_id: int, keys: dict[str, Any]) -> None:
    transaction.execute("UPDATE device SET keys = ? WHERE id = ?", orjson.dumps(keys).decode(), device_id)


def known_at_bouncer(transaction: Transaction, device_id: int) -> None:
    keys = "json_set(keys, '$.at_bouncer', json('true'))"
    transaction.execute(f"UPDATE device SET keys = {keys} WHERE id = ?", device_id)


def used(transaction: Transaction, device_id: int) -> None:
    """It has got a push."""
    now = int(transaction.now())
    transaction.execute("UPDATE device SET last_used = ?, error = NULL WHERE id = ?", now, device_id)


def failed(transaction: Transaction, device_ids: Sequence[int], error: str) -> None:
    """`error`: why it did not get a push, without a secret."""
    transaction.execute(
        "UPDATE device SET error = ? WHERE id IN (SELECT value FROM carray(?))", error, integers(device_ids)
    )


def drop(transaction: Transaction, device_ids: Sequence[int]) -> None:
    """Together with the rows that others have of the same thing: a phone of which two people are users. (Of
    encrypted ones, the token is a number that each person's app chooses, and says nothing of others.)"""
    for device_id in device_ids:
        transaction.execute(
            "DELETE FROM device WHERE id = ?1 OR (kind, token) IN"
            " (SELECT kind, token FROM device WHERE id = ?1 AND kind <> 'e2ee')",
            device_id,
        )


def leave(transaction: Transaction, device_id: int) -> None:
    """It gets nothing more; its row stays until `drop_left`."""
    transaction.execute("UPDATE device SET leaving = 1 WHERE id = ?", device_id)


def drop_left(transaction: Transaction, device_id: int) -> None:
    """Unless it was registered again meanwhile."""
    transaction.execute("DELETE FROM device WHERE id = ? AND leaving", device_id)


def drop_own(transaction: Transaction, device_id: int) -> None:
    """That row alone."""
    transaction.execute("DELETE FROM device WHERE id = ?", device_id)


def drop_of_user(transaction: Transaction, user_id: int) -> None:
    transaction.execute("DELETE FROM device WHERE user_id = ?", user_id)


def drop_signed_out(transaction: Transaction, user_id: int) -> None:
    """Browsers of a person whose session is over."""
    transaction.execute(
        "DELETE FROM device WHERE user_id = ?1 AND json_extract(keys, '$.session') IS NOT NULL"
        " AND json_extract(keys, '$.session') NOT IN (SELECT id FROM session WHERE user_id = ?1)",
        user_id,
    )


def unused(handle: Handle, since: int) -> list[Device]:
    """Those that nobody used since then (epoch seconds)."""
    return [_device(row) for row in handle.rows(f"{_SELECT} WHERE last_used < ? AND NOT leaving", since)]


def numbers(handle: Handle) -> dict[str, int]:
    """By kind, how many there are."""
    return dict(handle.rows("SELECT kind, count(*) FROM device WHERE NOT leaving GROUP BY kind"))


def errors(handle: Handle) -> dict[str, tuple[int, str]]:
    """By kind, how many devices failed to get their last push, and why one of them did."""
    rows = handle.rows("SELECT kind, count(*), max(error) FROM device WHERE error IS NOT NULL GROUP BY kind")
    return {kind: (count, error) for kind, count, error in rows}


def _device(row: Row) -> Device:
    device_id, user_id, kind, token, keys, *times = row
    return Device(device_id, user_id, kind, token, orjson.loads(keys), *times)
