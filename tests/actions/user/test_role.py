"""Roles: who changes them, and all that depends on them."""

from typing import Any

import pytest

from appliance.actions.bot import account as bot_actions
from appliance.actions.bot.account import Wanted
from appliance.actions.user import role as actions
from appliance.base.errors import ApiError, NotAllowed
from appliance.model.user import Role, User
from tests.actions.conftest import PRIVATE, PROTECTED, PUBLIC, Team, Told
from tests.conftest import MakeUser


def change(team: Team, actor: User, user: User, role: Role) -> None:
    team.store.write(lambda transaction: actions.change(transaction, actor, team.again(user), role))


def told_to(told: Told, user: User, kind: str) -> list[dict[str, Any]]:
    return [event for event, people in told.look() if event["type"] == kind and user.id in people]


def channels_in(events: list[dict[str, Any]], op: str) -> set[str]:
    return {each["name"] for event in events if event["op"] == op for each in event["streams"]}


def test_a_new_role_is_told_with_its_groups(team: Team, told: Told) -> None:
    change(team, team.olga, team.ann, Role.MODERATOR)
    seen = told.look()
    everybody = [team.olga.id, team.ann.id, team.bob.id, team.erin.id, team.gwen.id]
    assert seen[0] == (
        {"type": "realm_user", "op": "update", "person": {"user_id": team.ann.id, "role": 300}},
        everybody,
    )
    groups = [(event["op"], event["group_id"]) for event, _ in seen[1:]]
    assert groups == [("remove_members", 3), ("remove_members", 4), ("add_members", 5)]
    assert team.again(team.ann).role == Role.MODERATOR


def test_the_same_role_is_no_news(team: Team, told: Told) -> None:
    change(team, team.olga, team.ann, Role.MEMBER)
    assert told.look() == []


@pytest.mark.parametrize("role", [Role.ADMIN, Role.OWNER])
def test_members_change_no_roles(team: Team, told: Told, role: Role) -> None:
    with pytest.raises(NotAllowed, match="Must be an organization administrator"):
        change(team, team.ann, team.ann, role)
    assert told.look() == []


def test_admins_make_no_owners(team: Team, make_user: MakeUser) -> None:
    admin = make_user("Ada", role=Role.ADMIN)
    for user, role in ((team.ann, Role.OWNER), (team.olga, Role.MEMBER)):
        with pytest.raises(NotAllowed, match="Must be an organization owner"):
            change(team, admin, user, role)
    change(team, admin, team.ann, Role.ADMIN)
    change(team, admin, team.ann, Role.GUEST)


def test_no_bot_is_made_an_owner(team: Team) -> None:
    """Its key is known to administrators, who would be owners by it."""
    bot = bot_actions.create(team.store, team.ann, Wanted("Robot", "robot"), "chat.test")
    with pytest.raises(ApiError, match="A bot cannot be an owner"):
        change(team, team.olga, bot, Role.OWNER)
    change(team, team.olga, bot, Role.ADMIN)
    assert team.again(bot).role == Role.ADMIN


def test_one_owner_stays(team: Team, make_user: MakeUser) -> None:
    with pytest.raises(ApiError, match="The organization needs an owner"):
        change(team, team.olga, team.olga, Role.ADMIN)
    second = make_user("Second", role=Role.OWNER)
    change(team, team.olga, team.olga, Role.ADMIN)
    assert team.again(second).role == Role.OWNER


@pytest.mark.parametrize("given", [0, 101, -1, 10**30])
def test_there_are_five_roles(given: int) -> None:
    with pytest.raises(ApiError, match=r"^Invalid role$"):
        actions.check(given)
    assert [actions.check(int(each)) for each in Role] == list(Role)


def test_a_guest_loses_sight_of_public_channels(team: Team, told: Told) -> None:
    change(team, team.olga, team.erin, Role.GUEST)
    events = told_to(told, team.erin, "stream")
    assert channels_in(events, "delete") == {PUBLIC, "general"}
    assert channels_in(events, "create") == set()


def test_whoever_is_no_guest_any_more_sees_them_and_who_is_in_them(team: Team, told: Told) -> None:
    change(team, team.olga, team.gwen, Role.MEMBER)
    seen = told.look()
    own = [event for event, people in seen if people == [team.gwen.id]]
    assert channels_in([each for each in own if each["type"] == "stream"], "create") == {PUBLIC, "general"}
    peers = {each["stream_ids"][0]: each["user_ids"] for each in own if each.get("op") == "peer_add"}
    assert peers == {team.channel_id(PUBLIC): [team.ann.id, team.bob.id]}
    assert {"type": "default_streams", "default_streams": [team.channel_id("general")]} in own


def test_admins_see_private_channels(team: Team, told: Told) -> None:
    change(team, team.olga, team.erin, Role.ADMIN)
    assert channels_in(told_to(told, team.erin, "stream"), "create") == {PRIVATE, PROTECTED}
    change(team, team.olga, team.erin, Role.MEMBER)
    assert channels_in(told_to(told, team.erin, "stream"), "delete") == {PRIVATE, PROTECTED}


def test_subscribers_keep_their_channels(team: Team, told: Told) -> None:
    change(team, team.olga, team.ann, Role.GUEST)
    assert channels_in(told_to(told, team.ann, "stream"), "delete") == {"general"}


def test_admins_get_the_keys_of_bots_and_lose_them(team: Team, told: Told) -> None:
    bot = bot_actions.create(team.store, team.bob, Wanted("Robot", "robot"), "x.test")
    told.look()
    change(team, team.olga, team.ann, Role.ADMIN)
    [added] = told_to(told, team.ann, "realm_bot")
    assert (added["op"], added["bot"]["api_key"]) == ("add", bot.api_key)
    change(team, team.olga, team.ann, Role.MEMBER)
    assert told_to(told, team.ann, "realm_bot") == [
        {"type": "realm_bot", "op": "delete", "bot": {"user_id": bot.id}}
    ]


def test_addresses_come_into_sight_with_the_role(team: Team, told: Told, make_user: MakeUser) -> None:
    shy = make_user("Shy", email_address_visibility=3)
    told.look()
    for role, email in ((Role.ADMIN, shy.delivery_email), (Role.MEMBER, None)):
        change(team, team.olga, team.ann, role)
        own = [event for event, people in told.look() if people == [team.ann.id]]
        person = {"user_id": shy.id, "delivery_email": email}
        assert {"type": "realm_user", "op": "update", "person": person} in own


def test_queues_that_hear_public_channels_end_for_a_guest(team: Team, told: Told) -> None:
    change(team, team.olga, team.ann, Role.GUEST)
    assert told.one("cleanup_queue")[0] == {"type": "cleanup_queue", "hearing_public_channels": True}
