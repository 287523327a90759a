"""SQL of people and bots."""

from typing import Any

import orjson

from appliance.model.user import Role, User
from appliance.store.connection import Handle, Row, integers
from appliance.store.transaction import Transaction

COLUMNS = (
    "id, delivery_email, full_name, role, is_active, bot_type, bot_owner_id, is_system, api_key, password,"
    " date_joined, settings"
)


def _user(row: Row) -> User:
    user_id, email, name, role, is_active, bot_type, owner, is_system, *rest = row
    key, password, joined, settings = rest
    return User(
        user_id, email, name, Role(role), bool(is_active), bot_type, owner, bool(is_system), key, password,
        joined, orjson.loads(settings),
    )  # fmt: skip


def _one(handle: Handle, where: str, *bindings: Any) -> User | None:
    row = handle.row(f"SELECT {COLUMNS} FROM user WHERE {where}", *bindings)
    return _user(row) if row else None


def with_id(handle: Handle, user_id: int) -> User | None:
    return _one(handle, "id = ?", user_id)


def with_email(handle: Handle, email: str) -> User | None:
    """By delivery address, without regard to case."""
    return _one(handle, "delivery_email = ?", email)


def with_ids(handle: Handle, user_ids: list[int]) -> list[User]:
    """Those that exist, by id."""
    rows = handle.rows(
        f"SELECT {COLUMNS} FROM user WHERE id IN (SELECT value FROM carray(?)) ORDER BY id",
        integers(user_ids),
    )
    return [_user(row) for row in rows]


def named(handle: Handle, full_name: str) -> list[User]:
    """Active people of exactly that name; two at the most, to tell one from several."""
    rows = handle.rows(
        f"SELECT {COLUMNS} FROM user WHERE full_name = ? AND is_active ORDER BY id LIMIT 2", full_name
    )
    return [_user(row) for row in rows]


def everyone(handle: Handle) -> list[User]:
    return [_user(row) for row in handle.rows(f"SELECT {COLUMNS} FROM user ORDER BY id")]


def active_ids(handle: Handle) -> list[int]:
    return [user_id for (user_id,) in handle.rows("SELECT id FROM user WHERE is_active ORDER BY id")]


def are_active(handle: Handle, user_ids: set[int]) -> bool:
    """All of them."""
    found = handle.value(
        "SELECT count(*) FROM user WHERE is_active AND id IN (SELECT value FROM carray(?))",
        integers(user_ids),
    )
    return bool(found == len(user_ids))


def owner_exists(handle: Handle) -> bool:
    return bool(
        handle.value("SELECT EXISTS (SELECT 1 FROM user WHERE role = ? AND is_active)", int(Role.OWNER))
    )


def other_owner_exists(handle: Handle, user_id: int) -> bool:
    return bool(
        handle.value(
            "SELECT EXISTS (SELECT 1 FROM user WHERE role = ? AND is_active AND id <> ?)",
            int(Role.OWNER),
            user_id,
        )
    )


def add(
    transaction: Transaction,
    *,
    email: str,
    full_name: str,
    role: Role,
    api_key: str,
    bot_type: int | None = None,
    bot_owner_id: int | None = None,
) -> User:
    user_id = transaction.value(
        "INSERT INTO user(delivery_email, full_name, role, bot_type, bot_owner_id, api_key, date_joined)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
        email,
        full_name,
        int(role),
        bot_type,
        bot_owner_id,
        api_key,
        int(transaction.now()),
    )
    added = with_id(transaction, user_id)
    assert added is not None
    return added


def bots_of(handle: Handle, owner_id: int) -> list[User]:
    """Also those that are deactivated."""
    rows = handle.rows(f"SELECT {COLUMNS} FROM user WHERE bot_owner_id = ? ORDER BY id", owner_id)
    return [_user(row) for row in rows]


def set_full_name(transaction: Transaction, user_id: int, full_name: str) -> None:
    transaction.execute("UPDATE user SET full_name = ? WHERE id = ?", full_name, user_id)


def set_bot_owner(transaction: Transaction, user_id: int, owner_id: int) -> None:
    transaction.execute("UPDATE user SET bot_owner_id = ? WHERE id = ?", owner_id, user_id)


def set_password(transaction: Transaction, user_id: int, password: str) -> None:
    transaction.execute("UPDATE user SET password = ? WHERE id = ?", password, user_id)


def set_api_key(transaction: Transaction, user_id: int, api_key: str) -> None:
    transaction.execute("UPDATE user SET api_key = ? WHERE id = ?", api_key, user_id)


def set_active(transaction: Transaction, user_id: int, active: bool) -> None:
    transaction.execute("UPDATE user SET is_active = ? WHERE id = ?", int(active), user_id)


def set_settings(transaction: Transaction, user_id: int, settings: dict[str, Any]) -> None:
    transaction.execute("UPDATE user SET settings = ? WHERE id = ?", orjson.dumps(settings).decode(), user_id)
