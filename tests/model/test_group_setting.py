"""Values of permission settings: their one form, and who is in them."""

from typing import Any

import pytest

from appliance.base.errors import ApiError
from appliance.model import group_setting
from appliance.model.group import GROUP_PERMISSIONS, ID
from appliance.model.group_setting import Membership, Value

NAME = "can_manage_group"
RULE = GROUP_PERMISSIONS[NAME]
NOBODY = ID["role:nobody"]


def unnamed(members: list[Any], subgroups: list[Any]) -> dict[str, Any]:
    return {"direct_members": members, "direct_subgroups": subgroups}


@pytest.mark.parametrize(
    ("given", "value"),
    [
        (11, 11),
        (ID["role:members"], ID["role:members"]),
        (unnamed([7, 5, 7], [12, 11]), unnamed([5, 7], [11, 12])),
        (unnamed([5], []), unnamed([5], [])),
        (unnamed([], [11]), 11),
        (unnamed([], []), NOBODY),
    ],
)
def test_a_value_has_one_form(given: Any, value: Value) -> None:
    assert group_setting.parse(NAME, given, RULE) == value


@pytest.mark.parametrize(
    "given",
    [
        None, True, 0, -1, 2**60, 1.5, "11", [], {}, {"direct_members": [5]}, unnamed([], []) | {"more": 1},
        unnamed([True], []), unnamed(["5"], []), unnamed([5], [0]), unnamed(list(range(1, 502)), []),
        {"direct_members": 5, "direct_subgroups": []},
    ],
)  # fmt: skip
def test_what_is_no_value(given: Any) -> None:
    with pytest.raises(ApiError, match=NAME):
        group_setting.parse(NAME, given, RULE)


@pytest.mark.parametrize("role", ["role:internet", "role:everyone"])
@pytest.mark.parametrize("alone", [False, True])
def test_a_role_that_the_setting_must_not_name(role: str, alone: bool) -> None:
    given = ID[role] if alone else unnamed([], [ID[role]])
    with pytest.raises(ApiError) as raised:
        group_setting.parse(NAME, given, RULE)
    assert raised.value.msg == f"'{NAME}' setting cannot be set to '{role}' group."


@pytest.mark.parametrize(
    ("given", "change"),
    [
        ({"new": 11}, (11, None)),
        ({"new": 11, "old": 12}, (11, 12)),
        ({"new": unnamed([], [11]), "old": unnamed([], [])}, (11, NOBODY)),
        ({"new": 11, "old": ID["role:everyone"]}, (11, ID["role:everyone"])),
    ],
)
def test_a_change(given: Any, change: tuple[Value, Value | None]) -> None:
    assert group_setting.parse_change(NAME, given, RULE) == change


@pytest.mark.parametrize("given", [11, {}, {"old": 11}, {"new": None}, {"new": 11, "old": "x"}])
def test_what_is_no_change(given: Any) -> None:
    with pytest.raises(ApiError):
        group_setting.parse_change(NAME, given, RULE)


@pytest.mark.parametrize(
    ("value", "inside"),
    [
        (11, True),
        (12, False),
        (5, False),  # the id of the person, not of a group
        (unnamed([5], []), True),
        (unnamed([11], []), False),
        (unnamed([6], [12, 11]), True),
        (unnamed([6], [12, 5]), False),
    ],
)
def test_who_is_in_a_value(value: Value, inside: bool) -> None:
    assert Membership(5, frozenset({3, 11})).is_in(value) is inside


def test_whom_and_what_a_value_names() -> None:
    value = unnamed([5], [11, 12])
    assert (group_setting.members_of(value), group_setting.groups_of(value)) == ([5], [11, 12])
    assert (group_setting.members_of(11), group_setting.groups_of(11)) == ([], [11])
