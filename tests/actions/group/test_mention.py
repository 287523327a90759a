"""Mentions of groups: who may, whom they mark, and what fan-out learns of them."""

from typing import Any

import pytest

from appliance.actions.group import user_group as group_actions
from appliance.actions.group.user_group import Wanted
from appliance.base.errors import ApiError
from appliance.model.flag import Flag
from appliance.model.group import ID
from appliance.model.user import User
from appliance.store import notice as notice_table
from tests.actions.conftest import PUBLIC, Team, Told

REFUSED = "You are not allowed to mention user group '{}'."
MENTIONED = int(Flag.MENTIONED)


def make(team: Team, name: str = "devs", members: tuple[User, ...] = (), **more: Any) -> int:
    """By Ann."""
    return group_actions.create(team.store, team.ann, Wanted(name, "", [each.id for each in members], **more))


def mentioned(team: Team) -> dict[int, int | None]:
    """By person whom the newest message mentions, the group that it was."""
    with team.store.read() as reader:
        newest = reader.value("SELECT max(id) FROM message")
        rows = reader.rows(
            "SELECT user_id FROM user_message WHERE message_id = ? AND flags & ?", newest, MENTIONED
        )
        notices = notice_table.after(reader, 0)
    users = next(each.users for each in reversed(notices) if each.event["type"] == "message")
    told = {each["id"]: each for each in users if isinstance(each, dict)}
    return {user_id: told[user_id].get("mentioned_user_group_id") for (user_id,) in rows}


def refusal(team: Team, sender: User, text: str) -> str:
    with pytest.raises(ApiError) as raised:
        team.send(sender, PUBLIC, text)
    return raised.value.msg


@pytest.fixture
def devs(team: Team) -> int:
    """Bob and Erin, and Gwen in a group inside it."""
    return make(team, "devs", (team.bob, team.erin), subgroups=[make(team, "juniors", (team.gwen,))])


def test_in_a_channel_the_subscribers_among_the_members_are_mentioned(team: Team, devs: int) -> None:
    team.join(PUBLIC, team.gwen)
    team.send(team.ann, PUBLIC, "@*devs* look")
    assert mentioned(team) == {team.bob.id: devs, team.gwen.id: devs}


def test_in_a_conversation_those_in_it(team: Team, devs: int) -> None:
    team.write_to(team.ann, team.erin, team.olga, content="@*devs* look")
    assert mentioned(team) == {team.erin.id: devs}


def test_who_is_in_it_mentions_themself_too(team: Team, devs: int) -> None:
    team.send(team.bob, PUBLIC, "@*devs* look")
    assert mentioned(team) == {team.bob.id: devs}


def test_of_two_groups_the_smaller_one_and_none_for_who_is_named(team: Team, devs: int) -> None:
    pair = make(team, "pair", (team.bob, team.ann))
    team.send(team.ann, PUBLIC, "@*devs* @*pair* @**Ann**")
    assert mentioned(team) == {team.ann.id: None, team.bob.id: pair}


@pytest.mark.parametrize("text", ["@_*devs*", "> @*devs*", "`@*devs*`", "@*Devs*"])
def test_what_mentions_nobody(team: Team, devs: int, text: str) -> None:
    team.send(team.ann, PUBLIC, text)
    assert mentioned(team) == {}


def test_a_former_group_is_named_silently(team: Team) -> None:
    group_actions.deactivate(team.store, team.ann, make(team, "devs", (team.bob,)))
    team.send(team.ann, PUBLIC, "@*devs*")
    assert mentioned(team) == {}


@pytest.mark.parametrize(
    ("setting", "text", "allowed"),
    [
        ("role:everyone", "@*devs*", True),
        ("role:members", "@*devs*", True),
        ("role:moderators", "@*devs*", False),
        ("role:nobody", "@*devs*", False),
        ("role:nobody", "@_*devs* said", True),
        ("role:nobody", "> @*devs*", True),
    ],
)
def test_who_may_mention_a_group(team: Team, told: Told, setting: str, text: str, allowed: bool) -> None:
    make(team, settings={"can_mention_group": ID[setting]})
    told.look()
    if allowed:
        assert team.send(team.ann, PUBLIC, text)
        return
    assert refusal(team, team.ann, text) == REFUSED.format("devs")
    assert told.look() == []


def test_who_manages_a_group_may_not_mention_it_for_that(team: Team) -> None:
    make(team, settings={"can_mention_group": {"direct_members": [team.bob.id], "direct_subgroups": []}})
    assert refusal(team, team.ann, "@*devs*") == refusal(team, team.olga, "@*devs*") == REFUSED.format("devs")
    assert team.send(team.bob, PUBLIC, "@*devs*")


def test_the_groups_of_roles_can_only_be_named_silently(team: Team) -> None:
    assert refusal(team, team.olga, "@*role:members*") == REFUSED.format("role:members")
    team.send(team.ann, PUBLIC, "@_*role:members*")
    assert mentioned(team) == {}
