from typing import Any

import pytest

from appliance.base.errors import ApiError
from appliance.model import group
from appliance.model.user import Role, User

Rows = dict[str, dict[str, Any]]

PEOPLE: dict[int, list[int]] = {7: [1], 6: [2], 5: [3], 4: [4], 3: [4, 5], 2: [6]}  # by group; 5 is new


@pytest.fixture
def rows() -> Rows:
    return {row["name"]: row for row in group.system_groups(PEOPLE)}


def within(rows: Rows, name: str) -> set[int]:
    """Members of a group and of all groups in it, as a client computes them."""
    by_id = {row["id"]: row for row in rows.values()}
    names = [by_id[inner]["name"] for inner in rows[name]["direct_subgroup_ids"]]
    return set(rows[name]["members"]).union(*(within(rows, inner) for inner in names))


def test_ids_are_fixed() -> None:
    assert group.ID == {
        "role:internet": 1,
        "role:everyone": 2,
        "role:members": 3,
        "role:fullmembers": 4,
        "role:moderators": 5,
        "role:administrators": 6,
        "role:owners": 7,
        "role:nobody": 8,
    }


@pytest.mark.parametrize(
    ("name", "people"),
    [
        ("role:internet", {1, 2, 3, 4, 5, 6}),
        ("role:everyone", {1, 2, 3, 4, 5, 6}),
        ("role:members", {1, 2, 3, 4, 5}),
        ("role:fullmembers", {1, 2, 3, 4}),
        ("role:moderators", {1, 2, 3}),
        ("role:administrators", {1, 2}),
        ("role:owners", {1}),
        ("role:nobody", set()),
    ],
)
def test_who_is_in_a_system_group(rows: Rows, name: str, people: set[int]) -> None:
    assert within(rows, name) == people


@pytest.mark.parametrize(
    ("name", "people"),
    [("role:internet", []), ("role:everyone", [6]), ("role:members", [4, 5]), ("role:owners", [1])],
)
def test_direct_members_are_those_of_one_role(rows: Rows, name: str, people: list[int]) -> None:
    assert rows[name]["members"] == people


def test_a_row_has_the_fields_of_level_372(rows: Rows) -> None:
    assert rows["role:moderators"] == {
        "id": 5,
        "name": "role:moderators",
        "description": "Moderators, including administrators",
        "members": [3],
        "direct_subgroup_ids": [6],
        "is_system_group": True,
        "creator_id": None,
        "date_created": None,
        "deactivated": False,
        "can_add_members_group": 8,
        "can_join_group": 8,
        "can_leave_group": 8,
        "can_manage_group": 8,
        "can_mention_group": 8,
        "can_remove_members_group": 8,
    }


def test_a_role_without_people_makes_an_empty_group() -> None:
    assert all(row["members"] == [] for row in group.system_groups({}))


def test_a_row_shares_nothing_with_what_it_was_made_from() -> None:
    people: dict[int, list[int]] = {7: [1]}
    group.system_groups(people)[6]["members"].append(9)
    assert people == {7: [1]}


@pytest.mark.parametrize(
    ("role", "full", "names"),
    [
        (Role.OWNER, True, {"role:owners"}),
        (Role.MEMBER, True, {"role:members", "role:fullmembers"}),
        (Role.MEMBER, False, {"role:members"}),
        (Role.MODERATOR, False, {"role:moderators"}),
        (Role.GUEST, True, {"role:everyone"}),
    ],
)
def test_a_role_is_a_place_in_groups(role: Role, full: bool, names: set[str]) -> None:
    user = User(5, "a@b.c", "Ann", role, True, None, None, False, "", None, 0, {}, is_full_member=full)
    assert {each.name for each in group.groups_of_role(user)} == names


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("can_create_public_channel_group", "role:owners"),
        ("can_create_public_channel_group", "role:nobody"),
        ("can_delete_own_message_group", "role:everyone"),
        ("can_access_all_users_group", "role:members"),
    ],
)
def test_a_permission_may_name_a_group(name: str, role: str) -> None:
    assert group.REALM_PERMISSIONS[name].check(name, group.ID[role]) == group.ID[role]


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("can_create_public_channel_group", "role:everyone"),
        ("can_create_public_channel_group", "role:internet"),
        ("can_manage_all_groups", "role:nobody"),
        ("can_access_all_users_group", "role:owners"),
    ],
)
def test_a_permission_may_not_name_a_group(name: str, role: str) -> None:
    with pytest.raises(ApiError, match=f"'{name}' setting cannot be set to '{role}' group."):
        group.REALM_PERMISSIONS[name].check(name, group.ID[role])


@pytest.mark.parametrize("value", [0, 9, True, "3", None, {"direct_members": [1], "direct_subgroups": []}])
def test_a_permission_names_nothing_but_a_system_group(value: object) -> None:
    with pytest.raises(ApiError, match="Invalid user group"):
        group.REALM_PERMISSIONS["can_create_groups"].check("can_create_groups", value)


def test_clients_are_told_what_permissions_may_name() -> None:
    told = group.permission_settings()
    assert told.keys() == {"realm", "stream", "group"}
    assert told["realm"]["can_access_all_users_group"] == {
        "require_system_group": True,
        "allow_internet_group": False,
        "allow_nobody_group": False,
        "allow_everyone_group": True,
        "default_group_name": "role:everyone",
        "default_for_system_groups": None,
        "allowed_system_groups": ["role:everyone", "role:members"],
    }
    assert told["group"]["can_leave_group"]["default_for_system_groups"] == "role:nobody"
    assert told["stream"]["can_subscribe_group"]["default_group_name"] == "role:nobody"
