"""Groups that people make: who makes, changes and deactivates them, and what everybody is told."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from appliance.actions.group import member as group_member
from appliance.actions.group import user_group as actions
from appliance.actions.group.access import listing
from appliance.actions.group.member import Moves
from appliance.actions.group.user_group import Wanted
from appliance.actions.user import deactivation
from appliance.base.errors import ApiError
from appliance.model.group import ID, SYSTEM_GROUPS
from appliance.model.user import User
from appliance.store import user as users
from tests.actions.conftest import Team, Told

NOBODY, MEMBERS = ID["role:nobody"], ID["role:members"]


def make(team: Team, name: str = "devs", members: tuple[User, ...] = (), **more: Any) -> int:
    """By Ann."""
    wanted = Wanted(name, "Who develops", [each.id for each in members], **more)
    return actions.create(team.store, team.ann, wanted)


def shown(team: Team, group_id: int, *, deactivated: bool = True) -> dict[str, Any]:
    with team.store.read() as reader:
        found = listing(reader, users.everyone(reader), deactivated=deactivated)
    [group] = [each for each in found if each["id"] == group_id]
    return group


def everybody(team: Team) -> list[int]:
    return [each.id for each in (team.olga, team.ann, team.bob, team.erin, team.gwen)]


def refusal(attempt: Callable[[], object]) -> str:
    with pytest.raises(ApiError) as raised:
        attempt()
    return raised.value.msg


# -- making


def test_a_new_group_is_told_to_everybody(team: Team, told: Told) -> None:
    inside = make(team, "leads", (team.erin,))
    told.look()
    group_id = make(team, "devs", (team.bob, team.ann), subgroups=[inside, MEMBERS])
    event, users = told.one()
    assert users == everybody(team)
    group = shown(team, group_id)
    assert event == {"type": "user_group", "op": "add", "group": group}
    assert (group["name"], group["description"]) == ("devs", "Who develops")
    assert group["members"] == [team.ann.id, team.bob.id]
    assert group["direct_subgroup_ids"] == [MEMBERS, inside]
    assert group["creator_id"] == team.ann.id
    assert group["can_manage_group"] == {"direct_members": [team.ann.id], "direct_subgroups": []}


def test_a_new_group_with_settings_of_its_own(team: Team) -> None:
    mixed = {"direct_members": [team.bob.id], "direct_subgroups": [MEMBERS]}
    group = shown(team, make(team, settings={"can_mention_group": mixed, "can_join_group": MEMBERS}))
    assert (group["can_mention_group"], group["can_join_group"]) == (mixed, MEMBERS)


def test_a_guest_must_not_make_groups(team: Team, told: Told) -> None:
    wanted = Wanted("devs", "", [])
    assert refusal(lambda: actions.create(team.store, team.gwen, wanted)) == "Insufficient permission"
    assert told.look() == []


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"name": "taken"}, "User group 'taken' already exists."),
        ({"name": "role:x"}, "User group name cannot start with 'role:'."),
        ({"members": [99]}, "Invalid user ID: 99"),
        ({"subgroups": [99]}, "Invalid user group"),
        ({"settings": {"can_join_group": 99}}, "Invalid user group"),
        (
            {"settings": {"can_join_group": {"direct_members": [99], "direct_subgroups": []}}},
            "Invalid user ID: 99",
        ),
        (
            {"settings": {"can_manage_group": ID["role:everyone"]}},
            "'can_manage_group' setting cannot be set to 'role:everyone' group.",
        ),
    ],
)
def test_groups_that_cannot_be_made(team: Team, told: Told, more: dict[str, Any], error: str) -> None:
    make(team, "taken")
    told.look()
    wanted = Wanted(**{"name": "devs", "description": "", "members": [], **more})
    assert refusal(lambda: actions.create(team.store, team.ann, wanted)) == error
    assert told.look() == []


def test_who_is_deactivated_cannot_be_a_member(team: Team) -> None:
    deactivation.deactivate(team.store, team.bob)
    assert refusal(lambda: make(team, "devs", (team.bob,))) == f"Invalid user ID: {team.bob.id}"


# -- changing


def test_only_what_has_changed_is_told(team: Team, told: Told) -> None:
    group_id = make(team)
    told.look()
    new = {"new": MEMBERS, "old": NOBODY}
    actions.change(
        team.store,
        team.ann,
        group_id,
        name="makers",
        description="Who develops",
        settings={"can_join_group": new},
    )
    event, users = told.one()
    assert event == {
        "type": "user_group",
        "op": "update",
        "group_id": group_id,
        "data": {"name": "makers", "can_join_group": MEMBERS},
    }
    assert users == everybody(team)
    assert shown(team, group_id)["name"] == "makers"


def test_a_change_to_what_it_was_is_not_told(team: Team, told: Told) -> None:
    group_id = make(team)
    told.look()
    actions.change(team.store, team.ann, group_id, name="devs", settings={"can_join_group": {"new": NOBODY}})
    assert told.look() == []


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({}, "No new data supplied"),
        ({"settings": {}}, "No new data supplied"),
        ({"name": ""}, "User group name can't be empty!"),
        ({"name": "taken"}, "User group 'taken' already exists."),
        ({"settings": {"can_join_group": {"new": 99}}}, "Invalid user group"),
        (
            {"settings": {"can_join_group": {"new": MEMBERS, "old": MEMBERS}}},
            "'old' value does not match the expected value.",
        ),
    ],
)
def test_changes_that_cannot_be_made(team: Team, told: Told, change: dict[str, Any], error: str) -> None:
    group_id = make(team)
    make(team, "taken")
    told.look()
    assert refusal(lambda: actions.change(team.store, team.ann, group_id, **change)) == error
    assert told.look() == []


def test_who_may_change_a_group(team: Team) -> None:
    group_id = make(team, "devs", (team.bob,))
    for user in (team.bob, team.erin, team.gwen):
        assert refusal(partial(actions.change, team.store, user, group_id, name="x")) == (
            "Insufficient permission"
        )
    actions.change(team.store, team.olga, group_id, name="owned")
    manager = {"new": {"direct_members": [team.bob.id], "direct_subgroups": []}}
    actions.change(team.store, team.ann, group_id, settings={"can_manage_group": manager})
    actions.change(team.store, team.bob, group_id, name="bobs")
    assert refusal(lambda: actions.change(team.store, team.ann, group_id, name="x")) == (
        "Insufficient permission"
    )


@pytest.mark.parametrize("group_id", [each.id for each in SYSTEM_GROUPS])
def test_nobody_changes_the_groups_of_roles(team: Team, group_id: int) -> None:
    attempts: list[Callable[[], object]] = [
        lambda: actions.change(team.store, team.olga, group_id, name="x"),
        lambda: actions.deactivate(team.store, team.olga, group_id),
        lambda: group_member.change(team.store, team.olga, group_id, Moves(add=[team.olga.id])),
    ]
    assert {refusal(attempt) for attempt in attempts} == {"Insufficient permission"}


def test_a_group_that_does_not_exist(team: Team) -> None:
    assert refusal(lambda: actions.change(team.store, team.olga, 99, name="x")) == "Invalid user group"
    assert refusal(lambda: actions.deactivate(team.store, team.olga, 99)) == "Invalid user group"


# -- deactivating


def test_a_deactivated_group_is_gone_for_older_clients_and_marked_for_others(team: Team, told: Told) -> None:
    group_id = make(team, "devs", (team.bob,))
    told.look()
    actions.deactivate(team.store, team.ann, group_id)
    assert told.look() == [
        (
            {"type": "user_group", "op": "update", "group_id": group_id, "data": {"deactivated": True}},
            everybody(team),
        ),
        ({"type": "user_group", "op": "remove", "group_id": group_id}, everybody(team)),
    ]
    assert shown(team, group_id)["deactivated"] is True
    with pytest.raises(ValueError, match="not enough values"):
        shown(team, group_id, deactivated=False)


def test_a_deactivated_group_can_be_renamed_and_nothing_else(team: Team, told: Told) -> None:
    group_id = make(team)
    actions.deactivate(team.store, team.ann, group_id)
    told.look()
    assert refusal(lambda: actions.deactivate(team.store, team.ann, group_id)) == "User group is deactivated."
    changes: list[dict[str, Any]] = [
        {"description": "x"},
        {"name": "x", "settings": {"can_join_group": {"new": MEMBERS}}},
    ]
    for change in changes:
        assert refusal(partial(actions.change, team.store, team.ann, group_id, **change)) == (
            "You can only change name of deactivated user groups"
        )
    joining = Moves(add=[team.ann.id])
    assert refusal(lambda: group_member.change(team.store, team.ann, group_id, joining)) == (
        "User group is deactivated."
    )
    assert told.look() == []
    actions.change(team.store, team.ann, group_id, name="former")
    event, _ = told.one()
    assert event["deactivated"] is True  # kept from older clients by fan-out


def test_a_deactivated_group_is_no_part_of_anything(team: Team) -> None:
    former = make(team, "former")
    actions.deactivate(team.store, team.ann, former)
    assert refusal(lambda: make(team, "devs", subgroups=[former])) == "User group is deactivated."
    settings = {"can_join_group": former}
    assert refusal(lambda: make(team, "devs", settings=settings)) == "User group is deactivated."


def test_a_group_in_use_cannot_be_deactivated(team: Team, told: Told) -> None:
    group_id = make(team)
    around = make(team, "company", subgroups=[group_id], settings={"can_mention_group": group_id})
    told.look()
    with pytest.raises(ApiError) as raised:
        actions.deactivate(team.store, team.ann, group_id)
    assert raised.value.body() == {
        "result": "error",
        "code": "CANNOT_DEACTIVATE_GROUP_IN_USE",
        "msg": "Cannot deactivate user group in use.",
        "objections": [
            {"type": "subgroup", "group_ids": [around]},
            {"type": "user_group", "group_id": around, "settings": ["can_mention_group"]},
        ],
    }
    assert told.look() == []
    actions.deactivate(team.store, team.ann, around)
    actions.deactivate(team.store, team.ann, group_id)
