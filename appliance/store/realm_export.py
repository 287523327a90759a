"""SQL of the exports that were asked for."""

from appliance.model.export import Export, Kind, Status
from appliance.store.connection import Handle, Row
from appliance.store.transaction import Transaction

_SELECT = (
    "SELECT id, kind, requested_by, requested, status, token, name, size, finished, deleted, error"
    " FROM realm_export"
)


def _export(row: Row) -> Export:
    export_id, kind, requested_by, requested, status, *rest = row
    return Export(export_id, Kind(kind), requested_by, requested, Status(status), *rest)


def get(handle: Handle, export_id: int) -> Export | None:
    row = handle.row(f"{_SELECT} WHERE id = ?", export_id)
    return _export(row) if row else None


def with_token(handle: Handle, token: str) -> Export | None:
    row = handle.row(f"{_SELECT} WHERE token = ?", token)
    return _export(row) if row else None


def everything(handle: Handle) -> list[Export]:
    return [_export(row) for row in handle.rows(f"{_SELECT} ORDER BY id")]


def abandoned(handle: Handle, queue: str) -> list[Export]:
    """Those that are to be made, and for which there is no job in the queue (or a shard of it) any more."""
    rows = handle.rows(
        f"{_SELECT} WHERE status IN (?, ?) AND NOT EXISTS (SELECT 1 FROM job WHERE queue GLOB ?"
        " AND json_valid(CAST(body AS TEXT)) AND CAST(body AS TEXT) ->> 'realm_export_id' = realm_export.id)"
        " ORDER BY id",
        Status.REQUESTED,
        Status.STARTED,
        f"{queue}*",
    )
    return [_export(row) for row in rows]


def count_since(handle: Handle, time: float) -> int:
    """How many were asked for, whatever became of them."""
    found: int = handle.value("SELECT count(*) FROM realm_export WHERE requested > ?", time)
    return found


def add(transaction: Transaction, kind: Kind, requested_by: int, token: str, name: str) -> int:
    """Its id."""
    added: int = transaction.value(
        "INSERT INTO realm_export(kind, requested_by, requested, status, token, name)"
        " VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
        int(kind),
        requested_by,
        int(transaction.now()),
        Status.REQUESTED,
        token,
        name,
    )
    return added


def begin(transaction: Transaction, export_id: int) -> None:
    transaction.execute("UPDATE realm_export SET status = ? WHERE id = ?", Status.STARTED, export_id)


def finish(transaction: Transaction, export_id: int, size: int | None, error: str | None = None) -> None:
    """`size` None: it failed, because of `error`."""
    transaction.execute(
        "UPDATE realm_export SET status = ?, size = ?, finished = ?, error = ? WHERE id = ?",
        Status.FAILED if size is None else Status.SUCCEEDED,
        size,
        int(transaction.now()),
        error,
        export_id,
    )


def delete(transaction: Transaction, export_id: int) -> None:
    """Its file is gone; that it was there is not forgotten."""
    transaction.execute("UPDATE realm_export SET deleted = ? WHERE id = ?", int(transaction.now()), export_id)
