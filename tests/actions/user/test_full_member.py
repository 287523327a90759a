"""Who is a full member, and who is told when that changes."""

import pytest

from appliance.actions.group import access as group_access
from appliance.actions.user import full_member as actions
from appliance.actions.user import role
from appliance.model.group import FULL_MEMBERS
from appliance.model.user import Role, User
from appliance.store.store import Store
from tests.actions.conftest import Team, Told
from tests.conftest import MakeUser, MovableClock

DAY = 86_400


@pytest.fixture
def waiting(team: Team, told: Told) -> Team:
    """Newcomers are new for three days; all who are there have just come."""
    team.set_realm(waiting_period_threshold=3)
    team.store.write(actions.settle)
    told.look()
    return team


def full_members(store: Store) -> list[int]:
    with store.read() as reader:
        return group_access.members(reader, FULL_MEMBERS, direct=True)


def is_full(store: Store, user: User) -> bool:
    with store.read() as reader:
        return FULL_MEMBERS in group_access.membership(reader, user).group_ids


def test_without_a_waiting_period_everybody_is_one(team: Team, make_user: MakeUser) -> None:
    new = make_user("New")
    assert full_members(team.store) == [team.ann.id, team.bob.id, team.erin.id, new.id]


def test_a_waiting_period_makes_people_new_again(team: Team, told: Told) -> None:
    team.set_realm(waiting_period_threshold=3)
    team.store.write(actions.settle)
    event, _ = told.one("user_group")
    assert (event["op"], event["group_id"]) == ("remove_members", FULL_MEMBERS)
    assert event["user_ids"] == [team.ann.id, team.bob.id, team.erin.id]
    assert full_members(team.store) == []


def test_whose_days_are_over_is_told(waiting: Team, told: Told, clock: MovableClock) -> None:
    clock.advance(3 * DAY - 1)
    actions.keep(waiting.store, clock)
    assert told.look() == []
    clock.advance(1)
    actions.keep(waiting.store, clock)
    event, _ = told.one("user_group")
    assert (event["op"], event["user_ids"]) == (
        "add_members",
        [waiting.ann.id, waiting.bob.id, waiting.erin.id],
    )
    actions.keep(waiting.store, clock)
    assert told.look() == []


def test_moderators_and_above_are_full_ones_by_their_role(waiting: Team) -> None:
    assert is_full(waiting.store, waiting.olga)
    assert not is_full(waiting.store, waiting.ann)
    assert not is_full(waiting.store, waiting.gwen)


def test_who_comes_while_there_is_a_waiting_period_is_new(
    waiting: Team, told: Told, make_user: MakeUser, clock: MovableClock
) -> None:
    new = make_user("New")
    assert [event["group_id"] for event, _ in told.look() if event["type"] == "user_group"] == [3]
    assert not is_full(waiting.store, new)
    clock.advance(3 * DAY)
    actions.keep(waiting.store, clock)
    assert is_full(waiting.store, new)


def test_who_becomes_a_member_is_a_full_one_after_the_days(
    waiting: Team, told: Told, clock: MovableClock
) -> None:
    clock.advance(3 * DAY)
    actions.keep(waiting.store, clock)
    told.look()
    waiting.store.write(lambda transaction: role.change(transaction, waiting.olga, waiting.gwen, Role.MEMBER))
    groups = [(event["op"], event["group_id"]) for event, _ in told.look() if event["type"] == "user_group"]
    assert groups == [("remove_members", 2), ("add_members", 3), ("add_members", 4)]
    assert is_full(waiting.store, waiting.gwen)
