"""SQL of custom profile fields."""

from collections.abc import Iterable

from appliance.model.profile import FieldType, ProfileField
from appliance.store.connection import Handle, Row
from appliance.store.transaction import Transaction

COLUMNS = "id, type, name, hint, data, position, display_in_profile_summary, required, editable_by_user"


def _field(row: Row) -> ProfileField:
    field_id, type, name, hint, data, position, *flags = row
    return ProfileField(field_id, FieldType(type), name, hint, data, position, *map(bool, flags))


def everything(handle: Handle) -> list[ProfileField]:
    """In their order."""
    rows = handle.rows(f"SELECT {COLUMNS} FROM profile_field ORDER BY position, id")
    return [_field(row) for row in rows]


def with_id(handle: Handle, field_id: int) -> ProfileField | None:
    row = handle.row(f"SELECT {COLUMNS} FROM profile_field WHERE id = ?", field_id)
    return _field(row) if row else None


def add(transaction: Transaction, field: ProfileField) -> int:
    """At the end; its id. That of `field`, and its position, are of no account."""
    field_id: int = transaction.value(
        "INSERT INTO profile_field(type, name, hint, data, position, display_in_profile_summary, required,"
        " editable_by_user) VALUES (?, ?, ?, ?, (SELECT coalesce(max(position), 0) + 1 FROM profile_field),"
        " ?, ?, ?) RETURNING id",
        int(field.type),
        *_said(field),
    )
    return field_id


def change(transaction: Transaction, field: ProfileField) -> None:
    """To what `field` says; not its type, nor its position."""
    transaction.execute(
        "UPDATE profile_field SET name = ?, hint = ?, data = ?, display_in_profile_summary = ?,"
        " required = ?, editable_by_user = ? WHERE id = ?",
        *_said(field),
        field.id,
    )


def _said(field: ProfileField) -> tuple[str | int, ...]:
    flags = (field.in_summary, field.required, field.editable_by_user)
    return (field.name, field.hint, field.data, *map(int, flags))


def order(transaction: Transaction, field_ids: Iterable[int]) -> None:
    transaction.many(
        "UPDATE profile_field SET position = ? WHERE id = ?",
        [(position, field_id) for position, field_id in enumerate(field_ids, 1)],
    )


def drop(transaction: Transaction, field_id: int) -> None:
    transaction.execute("DELETE FROM profile_field WHERE id = ?", field_id)
