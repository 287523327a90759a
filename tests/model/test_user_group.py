"""Groups that people make: names, defaults, and every deed against every setting."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from appliance.base.errors import ApiError, NotAllowed
from appliance.model import user_group as model
from appliance.model.group import GROUP_PERMISSIONS, ID
from appliance.model.group_setting import Membership, Value
from appliance.model.user_group import UserGroup

ANN, BOB = 5, 6
NOBODY, MEMBERS, EVERYONE = ID["role:nobody"], ID["role:members"], ID["role:everyone"]
CLOSED: dict[str, Value] = dict.fromkeys(GROUP_PERMISSIONS, NOBODY)
INSIDER = Membership(ANN, frozenset({EVERYONE, MEMBERS, 11}))


def group(settings: dict[str, Value], group_id: int = 12, **more: Any) -> UserGroup:
    plain = UserGroup(group_id, "devs", "", BOB, 1_700_000_000, False, settings)
    return replace(plain, **more)


# By deed the settings that allow it; each of the others must not.
ALLOWING = {
    "manage": {"can_manage_group"},
    "add": {"can_manage_group", "can_add_members_group"},
    "join": {"can_manage_group", "can_add_members_group", "can_join_group"},
    "remove": {"can_manage_group", "can_remove_members_group"},
    "leave": {"can_manage_group", "can_remove_members_group", "can_leave_group"},
}


def test_every_deed_is_in_the_table() -> None:
    assert ALLOWING.keys() == model.ALLOWED_BY.keys()


@pytest.mark.parametrize(("deed", "setting"), list(product(ALLOWING, GROUP_PERMISSIONS)))
def test_what_a_setting_allows(deed: str, setting: str) -> None:
    open_to_members = group(CLOSED | {setting: 11})
    assert model.may(deed, open_to_members, INSIDER, NOBODY) is (setting in ALLOWING[deed])


@pytest.mark.parametrize("deed", ALLOWING)
def test_who_manages_all_groups_may_do_all(deed: str) -> None:
    assert model.may(deed, group(CLOSED), INSIDER, 11)
    assert not model.may(deed, group(CLOSED), INSIDER, 13)


@pytest.mark.parametrize("deed", ALLOWING)
def test_being_in_the_group_or_having_made_it_allows_nothing(deed: str) -> None:
    member_and_maker = Membership(BOB, frozenset({EVERYONE, MEMBERS, 12}))
    assert not model.may(deed, group(CLOSED, members=(BOB,)), member_and_maker, NOBODY)


def test_refusals_are_errors() -> None:
    model.check_may("leave", group({}), INSIDER, NOBODY)
    with pytest.raises(NotAllowed, match="Insufficient permission"):
        model.check_may("join", group({}), INSIDER, NOBODY)


@pytest.mark.parametrize(
    ("setting", "deactivated", "allowed"),
    [(EVERYONE, False, True), (11, False, True), (NOBODY, False, False), (EVERYONE, True, False)],
)
def test_who_may_mention(setting: Value, deactivated: bool, allowed: bool) -> None:
    mentioned = group({"can_mention_group": setting}, deactivated=deactivated)
    assert model.may_mention(mentioned, INSIDER) is allowed


def test_defaults() -> None:
    maker: Value = {"direct_members": [BOB], "direct_subgroups": []}
    assert {name: group({}).setting(name) for name in GROUP_PERMISSIONS} == {
        "can_add_members_group": maker,
        "can_join_group": NOBODY,
        "can_leave_group": EVERYONE,
        "can_manage_group": maker,
        "can_mention_group": EVERYONE,
        "can_remove_members_group": NOBODY,
    }


def test_nobody_manages_what_nobody_made() -> None:
    assert group({}, creator_id=None).setting("can_manage_group") == NOBODY


def test_what_clients_see() -> None:
    shown = model.public(group({"can_join_group": MEMBERS}, members=(5, 7), subgroup_ids=(3,)))
    assert {name: value for name, value in shown.items() if name not in GROUP_PERMISSIONS} == {
        "id": 12,
        "name": "devs",
        "description": "",
        "members": [5, 7],
        "direct_subgroup_ids": [3],
        "is_system_group": False,
        "creator_id": BOB,
        "date_created": 1_700_000_000,
        "deactivated": False,
    }
    assert shown["can_join_group"] == MEMBERS
    assert shown.keys() >= GROUP_PERMISSIONS.keys()


@pytest.mark.parametrize(
    ("name", "error"),
    [
        (" ", "User group name can't be empty!"),
        ("x" * 101, "User group name cannot exceed 100 characters."),
        ("@devs", "User group name cannot start with '@'."),
        ("role:devs", "User group name cannot start with 'role:'."),
        ("user:devs", "User group name cannot start with 'user:'."),
        ("stream:devs", "User group name cannot start with 'stream:'."),
        ("channel:devs", "User group name cannot start with 'channel:'."),
    ],
)
def test_bad_names(name: str, error: str) -> None:
    with pytest.raises(ApiError) as raised:
        model.check_name(name)
    assert raised.value.msg == error


@pytest.mark.parametrize("name", ["x" * 100, "the devs", "a@b", "roles"])
def test_good_names(name: str) -> None:
    assert model.check_name(f" {name} ") == name


def test_a_description_is_bounded() -> None:
    assert model.check_description("x" * 1024) == "x" * 1024
    with pytest.raises(ApiError, match="description is too long"):
        model.check_description("x" * 1025)


def test_where_a_group_is_needed() -> None:
    others = [
        group({}, 11, subgroup_ids=(12,)),
        group(
            {"can_join_group": 12, "can_leave_group": {"direct_members": [], "direct_subgroups": [3, 12]}}, 13
        ),
        group({"can_join_group": 12}, 14, deactivated=True),
        group({"can_join_group": 12}, 12),  # itself
        group({"can_join_group": {"direct_members": [12], "direct_subgroups": [3, 4]}}, 15),
    ]
    assert model.objections(group({}), others) == [
        {"type": "subgroup", "group_ids": [11]},
        {"type": "user_group", "group_id": 13, "settings": ["can_join_group", "can_leave_group"]},
    ]
    assert model.objections(group({}), others[2:]) == []
