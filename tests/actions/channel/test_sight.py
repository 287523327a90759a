"""Channels come into sight, and go out of it, with groups that they name."""

import pytest

from appliance.actions.group import member as group_member
from appliance.actions.group import user_group
from appliance.actions.group.member import Moves
from appliance.actions.group.user_group import GroupInUse
from appliance.actions.group.user_group import Wanted as WantedGroup
from tests.actions.conftest import PRIVATE, PUBLIC, Team, Told, of_channels


@pytest.fixture
def group_id(team: Team) -> int:
    """A group that may join the private channel; nobody is in it."""
    made = user_group.create(team.store, team.olga, WantedGroup("devs", "", []))
    team.permit(PRIVATE, can_subscribe_group=made)
    return made


def move(team: Team, group_id: int, **moves: list[int]) -> None:
    group_member.change(team.store, team.olga, group_id, Moves(**moves))


def test_who_joins_a_group_learns_of_its_channels(team: Team, group_id: int, told: Told) -> None:
    told.look()
    move(team, group_id, add=[team.erin.id])
    assert of_channels(told) == [
        ("stream/create", [team.erin.id]),
        ("subscription/peer_add", [team.erin.id]),
    ]
    move(team, group_id, delete=[team.erin.id])
    assert of_channels(told) == [("stream/delete", [team.erin.id])]


def test_so_do_those_of_a_group_inside_it(team: Team, group_id: int, told: Told) -> None:
    inner = user_group.create(team.store, team.olga, WantedGroup("inner", "", [team.erin.id]))
    told.look()
    move(team, group_id, add_subgroups=[inner])
    assert of_channels(told)[0] == ("stream/create", [team.erin.id])


def test_who_knows_of_it_already_is_told_nothing(team: Team, group_id: int, told: Told) -> None:
    told.look()
    move(team, group_id, add=[team.bob.id, team.olga.id, team.gwen.id])
    assert of_channels(told) == []


def test_a_group_that_a_channel_names_is_in_use(team: Team, group_id: int) -> None:
    with pytest.raises(GroupInUse) as raised:
        user_group.deactivate(team.store, team.olga, group_id)
    assert raised.value.data["objections"] == [
        {"type": "channel", "channel_id": team.channel_id(PRIVATE), "settings": ["can_subscribe_group"]}
    ]


def test_public_channels_depend_on_no_group(team: Team, told: Told) -> None:
    made = user_group.create(team.store, team.olga, WantedGroup("devs", "", []))
    team.permit(PUBLIC, can_subscribe_group=made)
    told.look()
    move(team, made, add=[team.erin.id, team.gwen.id])
    assert of_channels(told) == []
