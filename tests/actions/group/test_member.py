"""Who comes into groups and goes, by whom, and what everybody is told."""

from typing import Any

import pytest

from appliance.actions.group import access as group_access
from appliance.actions.group import member as actions
from appliance.actions.group import user_group as group_actions
from appliance.actions.group.member import Moves
from appliance.actions.group.user_group import Wanted
from appliance.actions.user import deactivation
from appliance.base.errors import ApiError
from appliance.model.group import ID
from appliance.model.user import User
from tests.actions.conftest import Team, Told

MEMBERS, NOBODY = ID["role:members"], ID["role:nobody"]


def make(team: Team, name: str, members: tuple[User, ...] = (), **more: Any) -> int:
    """By Ann."""
    wanted = Wanted(name, "", [each.id for each in members], **more)
    return group_actions.create(team.store, team.ann, wanted)


@pytest.fixture
def devs(team: Team, told: Told) -> int:
    """Bob is in it."""
    group_id = make(team, "devs", (team.bob,))
    told.look()
    return group_id


def members(team: Team, group_id: int, *, direct: bool = True) -> list[int]:
    with team.store.read() as reader:
        return group_access.members(reader, group_id, direct=direct)


def subgroups(team: Team, group_id: int, *, direct: bool = True) -> list[int]:
    with team.store.read() as reader:
        return group_access.subgroups(reader, group_id, direct=direct)


def test_coming_and_going_is_told_to_everybody(team: Team, told: Told, devs: int) -> None:
    actions.change(team.store, team.olga, devs, Moves(add=[team.gwen.id, team.ann.id], delete=[team.bob.id]))
    everybody = [each.id for each in (team.olga, team.ann, team.bob, team.erin, team.gwen)]
    common = {"type": "user_group", "group_id": devs}
    assert told.look() == [
        ({**common, "op": "remove_members", "user_ids": [team.bob.id]}, everybody),
        ({**common, "op": "add_members", "user_ids": [team.ann.id, team.gwen.id]}, everybody),
    ]
    assert members(team, devs) == [team.ann.id, team.gwen.id]


def test_groups_come_and_go_likewise(team: Team, told: Told, devs: int) -> None:
    leads = make(team, "leads", (team.erin,))
    told.look()
    actions.change(team.store, team.ann, devs, Moves(add_subgroups=[leads, ID["role:owners"]]))
    event, _ = told.one()
    added = sorted([leads, ID["role:owners"]])
    assert event == {
        "type": "user_group",
        "op": "add_subgroups",
        "group_id": devs,
        "direct_subgroup_ids": added,
    }
    assert subgroups(team, devs) == added
    assert members(team, devs, direct=False) == [team.olga.id, team.bob.id, team.erin.id]
    actions.change(team.store, team.ann, devs, Moves(delete_subgroups=[leads]))
    event, _ = told.one()
    assert (event["op"], event["direct_subgroup_ids"]) == ("remove_subgroups", [leads])


def test_somebody_named_twice_comes_once(team: Team, told: Told, devs: int) -> None:
    actions.change(team.store, team.ann, devs, Moves(add=[team.erin.id, team.erin.id]))
    assert told.one()[0]["user_ids"] == [team.erin.id]


@pytest.fixture
def top(team: Team, devs: int) -> int:
    """A group around a group around the devs."""
    return make(team, "top", subgroups=[make(team, "company", subgroups=[devs])])


def refusal(team: Team, user: User, group_id: int, moves: Moves) -> str:
    with pytest.raises(ApiError) as raised:
        actions.change(team.store, user, group_id, moves)
    return raised.value.msg


def test_mistakes_with_people(team: Team, told: Told, devs: int) -> None:
    def mistake(**moves: list[int]) -> str:
        return refusal(team, team.ann, devs, Moves(**moves))

    assert mistake() == 'Nothing to do. Specify at least one of "add" or "delete".'
    assert mistake(add=[99]) == "Invalid user ID: 99"
    assert mistake(add=[team.erin.id, team.bob.id]) == (
        f"User {team.bob.id} is already a member of this group"
    )
    assert mistake(add=[team.gwen.id], delete=[team.erin.id]) == (
        f"There is no member '{team.erin.id}' in this user group"
    )
    assert told.look() == []
    assert members(team, devs) == [team.bob.id]


def test_mistakes_with_groups(team: Team, told: Told, devs: int, top: int) -> None:
    def mistake(group_id: int, **moves: list[int]) -> str:
        return refusal(team, team.ann, group_id, Moves(**moves))

    [company] = subgroups(team, top)
    told.look()
    in_a_circle = f"User group {devs} is already a subgroup of one of the passed subgroups."
    assert mistake(devs, add_subgroups=[devs]) == in_a_circle
    assert mistake(devs, add_subgroups=[company]) == in_a_circle
    assert mistake(devs, add_subgroups=[top]) == in_a_circle
    assert mistake(top, add_subgroups=[company]) == (
        f"User group {company} is already a subgroup of this group."
    )
    assert mistake(top, delete_subgroups=[devs]) == f"User group {devs} is not a subgroup of this group."
    assert mistake(top, add_subgroups=[99]) == "Invalid user group"
    assert refusal(team, team.ann, 99, Moves(add=[team.ann.id])) == "Invalid user group"
    assert told.look() == []


def test_groups_inside_groups(team: Team, devs: int, top: int) -> None:
    [company] = subgroups(team, top)
    assert subgroups(team, top, direct=False) == [devs, company]
    assert members(team, top) == []
    assert members(team, top, direct=False) == [team.bob.id]


@pytest.mark.parametrize(
    ("role", "direct", "names"),
    [("role:owners", True, "olga"), ("role:members", True, "ann bob erin"), ("role:nobody", True, "")],
)
def test_groups_of_roles(team: Team, role: str, direct: bool, names: str) -> None:
    assert members(team, ID[role], direct=direct) == [getattr(team, name).id for name in names.split()]
    assert subgroups(team, MEMBERS) == [ID["role:fullmembers"]]
    assert subgroups(team, NOBODY) == []


# -- who may. Bob is in the group, Ann has made it, Olga owns the organisation; Erin and Gwen are others.

CASES = [
    # a setting that is opened to members, by whom, deed, whether it may be done
    (None, "ann", "add erin", True),
    (None, "olga", "add erin", True),
    (None, "bob", "add erin", False),
    (None, "erin", "add erin", False),
    (None, "ann", "delete bob", True),
    (None, "erin", "delete bob", False),
    (None, "bob", "delete bob", True),  # everybody may leave
    ("can_join_group", "erin", "add erin", True),
    ("can_join_group", "erin", "add gwen", False),
    ("can_join_group", "erin", "add erin gwen", False),
    ("can_join_group", "erin", "delete bob", False),
    ("can_add_members_group", "erin", "add gwen", True),
    ("can_add_members_group", "erin", "add erin", True),
    ("can_add_members_group", "erin", "add_subgroups", True),
    ("can_add_members_group", "erin", "delete bob", False),
    ("can_remove_members_group", "erin", "delete bob", True),
    ("can_remove_members_group", "erin", "add gwen", False),
    ("can_manage_group", "erin", "add gwen", True),
    ("can_manage_group", "erin", "delete bob", True),
    ("can_mention_group", "erin", "add erin", False),
    (None, "bob", "add_subgroups", False),
]


@pytest.mark.parametrize(("opened", "by", "deed", "may"), CASES)
def test_who_may(team: Team, devs: int, opened: str | None, by: str, deed: str, may: bool) -> None:
    if opened is not None:
        group_actions.change(team.store, team.ann, devs, settings={opened: {"new": MEMBERS}})
    what, *names = deed.split()
    moved = [getattr(team, name).id for name in names] or [ID["role:owners"]]
    moves, actor = Moves(**{what: moved}), getattr(team, by)
    if may:
        actions.change(team.store, actor, devs, moves)
    else:
        assert refusal(team, actor, devs, moves) == "Insufficient permission"


def test_who_may_not_leave(team: Team, devs: int) -> None:
    group_actions.change(team.store, team.ann, devs, settings={"can_leave_group": {"new": NOBODY}})
    assert refusal(team, team.bob, devs, Moves(delete=[team.bob.id])) == "Insufficient permission"


# -- people who go altogether


def test_who_is_deactivated_leaves_the_lists(team: Team, told: Told, devs: int) -> None:
    former = make(team, "former", (team.bob,))
    group_actions.deactivate(team.store, team.ann, former)
    told.look()
    deactivation.deactivate(team.store, team.bob)
    events = [event for event, _ in told.look() if event["type"] == "user_group"]
    gone = {"type": "user_group", "op": "remove_members", "user_ids": [team.bob.id]}
    assert events[-2:] == [gone | {"group_id": devs}, gone | {"group_id": former, "deactivated": True}]
    assert members(team, devs) == []
    assert refusal(team, team.ann, devs, Moves(delete=[team.bob.id])) == (
        f"There is no member '{team.bob.id}' in this user group"
    )
