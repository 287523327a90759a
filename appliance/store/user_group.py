"""SQL of groups that people make, their members and subgroups; and of who is in which group in the end.

A subgroup may be a system group. Those have no rows: who is in them follows from the roles.
"""

from collections.abc import Iterable, Mapping

import orjson

from appliance.model.group import FULL_MEMBERS, SYSTEM_GROUPS
from appliance.model.group_setting import Value
from appliance.model.user_group import UserGroup
from appliance.store.connection import Handle, Row, integers
from appliance.store.transaction import Transaction

COLUMNS = (
    "id, name, description, creator_id, date_created, deactivated, settings,"
    " (SELECT json_group_array(user_id) FROM user_group_member"
    "  JOIN user ON user.id = user_id AND is_active WHERE group_id = user_group.id),"
    " (SELECT json_group_array(subgroup_id) FROM user_group_subgroup WHERE group_id = user_group.id)"
)

# The system groups as a table: whose role is in the group directly, and the group inside it.
_SYSTEM = "system(id, role, subgroup_id) AS (VALUES {})".format(
    ", ".join(f"({each.id}, {int(each.role or 0)}, {each.subgroup or 0})" for each in SYSTEM_GROUPS)
)
_IN_SYSTEM = f"user.role = system.role AND (full_member OR system.id <> {FULL_MEMBERS})"
_INSIDE = (
    "inside(id) AS (SELECT ?"
    " UNION SELECT subgroup_id FROM user_group_subgroup JOIN inside ON group_id = inside.id"
    " UNION SELECT subgroup_id FROM system JOIN inside ON system.id = inside.id WHERE subgroup_id)"
)
_AROUND = (
    "around(id) AS (SELECT group_id FROM user_group_member WHERE user_id = ?1"
    f" UNION SELECT system.id FROM system JOIN user ON {_IN_SYSTEM} WHERE user.id = ?1"
    " UNION SELECT group_id FROM user_group_subgroup JOIN around ON subgroup_id = around.id"
    " UNION SELECT system.id FROM system JOIN around ON subgroup_id = around.id)"
)


def _group(row: Row) -> UserGroup:
    group_id, name, description, creator_id, date_created, deactivated, *lists = row
    settings, members, subgroups = map(orjson.loads, lists)
    return UserGroup(
        group_id, name, description, creator_id, date_created, bool(deactivated), settings,
        tuple(sorted(members)), tuple(sorted(subgroups)),
    )  # fmt: skip


def _one(handle: Handle, where: str, value: int | str) -> UserGroup | None:
    row = handle.row(f"SELECT {COLUMNS} FROM user_group WHERE {where} = ?", value)
    return _group(row) if row else None


def with_id(handle: Handle, group_id: int) -> UserGroup | None:
    return _one(handle, "id", group_id)


def named(handle: Handle, name: str) -> UserGroup | None:
    """By its exact name."""
    return _one(handle, "name", name)


def everything(handle: Handle) -> list[UserGroup]:
    """Deactivated ones too."""
    return [_group(row) for row in handle.rows(f"SELECT {COLUMNS} FROM user_group ORDER BY id")]


def with_member(handle: Handle, user_id: int) -> list[tuple[int, bool]]:
    """The groups somebody is directly in: (id, deactivated)."""
    rows = handle.rows(
        "SELECT id, deactivated FROM user_group_member JOIN user_group ON id = group_id"
        " WHERE user_id = ? ORDER BY id",
        user_id,
    )
    return [(group_id, bool(deactivated)) for group_id, deactivated in rows]


# -- in the end


def members(handle: Handle, group_id: int) -> set[int]:
    """Ids of the active people in the group (of either kind) and in all groups inside it."""
    rows = handle.rows(
        f"WITH RECURSIVE {_SYSTEM}, {_INSIDE}"
        " SELECT user_id FROM user_group_member JOIN user ON user.id = user_id"
        "  WHERE is_active AND group_id IN (SELECT id FROM inside)"
        f" UNION SELECT user.id FROM user JOIN system ON {_IN_SYSTEM} JOIN inside ON inside.id = system.id"
        "  WHERE is_active AND NOT is_system",
        group_id,
    )
    return {user_id for (user_id,) in rows}


def subgroups(handle: Handle, group_id: int) -> set[int]:
    """Ids of all groups inside the group (of either kind), at any depth."""
    rows = handle.rows(f"WITH RECURSIVE {_SYSTEM}, {_INSIDE} SELECT id FROM inside", group_id)
    return {each for (each,) in rows} - {group_id}


def groups_of(handle: Handle, user_id: int) -> frozenset[int]:
    """Ids of all groups of both kinds that somebody is in, directly or not."""
    rows = handle.rows(f"WITH RECURSIVE {_SYSTEM}, {_AROUND} SELECT id FROM around", user_id)
    return frozenset(each for (each,) in rows)


# -- changes


def add(
    transaction: Transaction, name: str, description: str, creator_id: int, settings: Mapping[str, Value]
) -> int:
    """Its id."""
    group_id: int = transaction.value(
        "INSERT INTO user_group(name, description, creator_id, date_created, settings)"
        " VALUES (?, ?, ?, ?, ?) RETURNING id",
        name,
        description,
        creator_id,
        int(transaction.now()),
        orjson.dumps(settings).decode(),
    )
    return group_id


def change(transaction: Transaction, group: UserGroup) -> None:
    """To what `group` says of itself; not who is in it."""
    transaction.execute(
        "UPDATE user_group SET name = ?, description = ?, deactivated = ?, settings = ? WHERE id = ?",
        group.name,
        group.description,
        int(group.deactivated),
        orjson.dumps(group.settings).decode(),
        group.id,
    )


def add_members(transaction: Transaction, group_id: int, user_ids: Iterable[int]) -> None:
    _add(transaction, "user_group_member", group_id, user_ids)


def add_subgroups(transaction: Transaction, group_id: int, subgroup_ids: Iterable[int]) -> None:
    _add(transaction, "user_group_subgroup", group_id, subgroup_ids)


def _add(transaction: Transaction, table: str, group_id: int, ids: Iterable[int]) -> None:
    transaction.many(f"INSERT INTO {table} VALUES (?, ?)", [(group_id, each) for each in sorted(set(ids))])


def remove_members(transaction: Transaction, group_id: int, user_ids: Iterable[int]) -> None:
    transaction.execute(
        "DELETE FROM user_group_member WHERE group_id = ? AND user_id IN (SELECT value FROM carray(?))",
        group_id,
        integers(user_ids),
    )


def remove_subgroups(transaction: Transaction, group_id: int, subgroup_ids: Iterable[int]) -> None:
    transaction.execute(
        "DELETE FROM user_group_subgroup WHERE group_id = ? AND subgroup_id IN (SELECT value FROM carray(?))",
        group_id,
        integers(subgroup_ids),
    )
