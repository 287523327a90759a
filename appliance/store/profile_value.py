"""SQL of what people say of themselves in custom profile fields."""

from collections import defaultdict
from collections.abc import Iterable

from appliance.model.user import Profile
from appliance.store.connection import Handle, integers
from appliance.store.transaction import Transaction


def of_person(handle: Handle, user_id: int) -> Profile:
    return of_people(handle, [user_id]).get(user_id, {})


def of_people(handle: Handle, user_ids: Iterable[int]) -> dict[int, Profile]:
    """By person, of those who have any."""
    rows = handle.rows(
        "SELECT user_id, field_id, value, rendered_value FROM profile_value"
        " WHERE user_id IN (SELECT value FROM carray(?)) ORDER BY user_id, field_id",
        integers(user_ids),
    )
    found: dict[int, Profile] = defaultdict(dict)
    for user_id, field_id, value, rendered in rows:
        found[user_id][field_id] = {"value": value} | (
            {} if rendered is None else {"rendered_value": rendered}
        )
    return found


def in_field(handle: Handle, field_id: int) -> dict[int, str]:
    """By person the values that a field has."""
    return dict(handle.rows("SELECT user_id, value FROM profile_value WHERE field_id = ?", field_id))


def put(
    transaction: Transaction, user_id: int, field_id: int, value: str, rendered_value: str | None
) -> None:
    transaction.execute(
        "INSERT OR REPLACE INTO profile_value VALUES (?, ?, ?, ?)", user_id, field_id, value, rendered_value
    )


def drop(transaction: Transaction, user_id: int, field_id: int) -> bool:
    """Whether there was one."""
    transaction.execute("DELETE FROM profile_value WHERE user_id = ? AND field_id = ?", user_id, field_id)
    return bool(transaction.changes())
