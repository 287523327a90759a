"""SQL of people and bots."""

from collections.abc import Iterable
from typing import Any

import orjson

from appliance.model.user import Role, User, hidden_id
from appliance.store.connection import Handle, Row, integers
from appliance.store.transaction import Transaction

COLUMNS = (
    "id, delivery_email, full_name, role, is_active, bot_type, bot_owner_id, is_system, api_key, password,"
    " date_joined, settings, public_email, full_member, avatar_version, avatar_file"
)


_ROLES = {int(each): each for each in Role}  # (asking the enum takes longer; a register asks for everybody)


def _user(row: Row) -> User:
    user_id, email, name, role, is_active, bot_type, owner, is_system, *rest = row
    key, password, joined, settings, public_email, full_member, *avatar = rest
    return User(
        user_id, email, name, _ROLES[role], bool(is_active), bot_type, owner, bool(is_system), key, password,
        joined, orjson.loads(settings), public_email, bool(full_member), *avatar,
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


def with_public_email(handle: Handle, email: str) -> User | None:
    """By the address that others see, without regard to case: a hidden one is that of nobody."""
    user_id = hidden_id(email)
    found = with_email(handle, email) if user_id is None else with_id(handle, user_id)
    return found if found and (user_id is not None or found.public_email is None) else None


def is_named(handle: Handle, full_name: str, but: int | None) -> bool:
    """Is there an active person of that name, without regard to case, who is not `but`?"""
    key = full_name.casefold()
    rows = handle.rows("SELECT id, full_name FROM user WHERE is_active AND bot_type IS NULL")
    return any(name.casefold() == key for user_id, name in rows if user_id != but)


def everyone(handle: Handle) -> list[User]:
    """People and their bots; not the server's own."""
    return [_user(row) for row in handle.rows(f"SELECT {COLUMNS} FROM user WHERE NOT is_system ORDER BY id")]


def system_bots(handle: Handle) -> list[User]:
    return [_user(row) for row in handle.rows(f"SELECT {COLUMNS} FROM user WHERE is_system ORDER BY id")]


def active_ids(handle: Handle) -> list[int]:
    """Of people and their bots."""
    rows = handle.rows("SELECT id FROM user WHERE is_active AND NOT is_system ORDER BY id")
    return [user_id for (user_id,) in rows]


def active_with_role(handle: Handle, role: Role) -> list[User]:
    rows = handle.rows(f"SELECT {COLUMNS} FROM user WHERE role = ? AND is_active ORDER BY id", int(role))
    return [_user(row) for row in rows]


def number_of_active(handle: Handle) -> int:
    """People, without bots."""
    found: int = handle.value("SELECT count(*) FROM user WHERE is_active AND bot_type IS NULL")
    return found


def are_active(handle: Handle, user_ids: set[int]) -> bool:
    """All of them."""
    found = handle.value(
        "SELECT count(*) FROM user WHERE is_active AND id IN (SELECT value FROM carray(?))",
        integers(user_ids),
    )
    return bool(found == len(user_ids))


def owner_exists(handle: Handle) -> bool:
    return bool(
        handle.value(
            "SELECT EXISTS (SELECT 1 FROM user WHERE role = ? AND is_active AND bot_type IS NULL)",
            int(Role.OWNER),
        )
    )


def other_owner_exists(handle: Handle, user_id: int) -> bool:
    return bool(
        handle.value(
            "SELECT EXISTS"
            " (SELECT 1 FROM user WHERE role = ? AND is_active AND bot_type IS NULL AND id <> ?)",
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
    password: str | None = None,
    bot_type: int | None = None,
    bot_owner_id: int | None = None,
    is_system: bool = False,
    full_member: bool = True,
) -> User:
    """`password`: its hash."""
    user_id = transaction.value(
        "INSERT INTO user(delivery_email, full_name, role, bot_type, bot_owner_id, is_system, api_key,"
        " password, full_member, date_joined) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        email,
        full_name,
        int(role),
        bot_type,
        bot_owner_id,
        int(is_system),
        api_key,
        password,
        int(full_member),
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


def set_role(transaction: Transaction, user_id: int, role: Role) -> None:
    transaction.execute("UPDATE user SET role = ? WHERE id = ?", int(role), user_id)


def set_email(transaction: Transaction, user_id: int, email: str) -> None:
    """The one that mails go to."""
    transaction.execute("UPDATE user SET delivery_email = ? WHERE id = ?", email, user_id)


def set_public_email(transaction: Transaction, user_id: int, email: str | None) -> None:
    transaction.execute("UPDATE user SET public_email = ? WHERE id = ?", email, user_id)


def set_full_member(transaction: Transaction, user_ids: Iterable[int], full: bool) -> None:
    transaction.execute(
        "UPDATE user SET full_member = ? WHERE id IN (SELECT value FROM carray(?))",
        int(full),
        integers(user_ids),
    )


def misplaced_members(handle: Handle, joined_by: int) -> list[User]:
    """Those whose `is_full_member` is not whether they joined at `joined_by` (Unix seconds) or before."""
    rows = handle.rows(
        f"SELECT {COLUMNS} FROM user WHERE full_member <> (date_joined <= ?) AND NOT is_system ORDER BY id",
        joined_by,
    )
    return [_user(row) for row in rows]


def avatar_files(handle: Handle) -> list[str]:
    """Of everybody who has a picture of their own."""
    return [path for (path,) in handle.rows("SELECT avatar_file FROM user WHERE avatar_file IS NOT NULL")]


def set_avatar(transaction: Transaction, user: User) -> None:
    """Which picture they have now."""
    transaction.execute(
        "UPDATE user SET avatar_file = ?, avatar_version = ? WHERE id = ?",
        user.avatar_file,
        user.avatar_version,
        user.id,
    )


def set_password(transaction: Transaction, user_id: int, password: str) -> None:
    transaction.execute("UPDATE user SET password = ? WHERE id = ?", password, user_id)


def set_api_key(transaction: Transaction, user_id: int, api_key: str) -> None:
    transaction.execute("UPDATE user SET api_key = ? WHERE id = ?", api_key, user_id)


def set_active(transaction: Transaction, user_id: int, active: bool) -> None:
    transaction.execute("UPDATE user SET is_active = ? WHERE id = ?", int(active), user_id)


def set_settings(transaction: Transaction, user_id: int, settings: dict[str, Any]) -> None:
    transaction.execute("UPDATE user SET settings = ? WHERE id = ?", orjson.dumps(settings).decode(), user_id)
