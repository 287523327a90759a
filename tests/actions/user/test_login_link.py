"""Links that administrators make for others, and what the first owner finds. (Links by themselves:
test_creation.py.)"""

import pytest

from appliance.actions.user import deactivation, login_link, role
from appliance.actions.user.login_link import LinkSpent
from appliance.base.errors import ApiError
from appliance.model.user import Role, User
from tests.actions.conftest import Team
from tests.conftest import MakeUser, MovableClock

PASSWORD = "correct horse battery"


@pytest.fixture
def ada(team: Team, make_user: MakeUser) -> User:
    return make_user("Ada", role=Role.ADMIN)


def test_an_administrator_makes_a_link_for_somebody(team: Team, ada: User, clock: MovableClock) -> None:
    token = login_link.make_for(team.store, ada, team.bob.id)
    assert login_link.whose(team.store, token, clock.now()).id == team.bob.id
    assert login_link.follow(team.store, token, PASSWORD).id == team.bob.id


def test_for_owners_owners_alone_do(team: Team, ada: User, make_user: MakeUser) -> None:
    other = make_user("Other", role=Role.OWNER)
    with pytest.raises(ApiError, match="Must be an organization owner"):
        login_link.make_for(team.store, ada, other.id)
    assert login_link.make_for(team.store, team.olga, other.id)


def test_none_that_an_administrator_has_made_leads_to_an_owner(
    team: Team, ada: User, clock: MovableClock
) -> None:
    token = login_link.make_for(team.store, ada, team.bob.id)
    team.store.write(lambda transaction: role.change(transaction, team.olga, team.bob, Role.OWNER))
    with pytest.raises(LinkSpent):
        login_link.whose(team.store, token, clock.now())


def test_members_make_none(team: Team) -> None:
    refusals = []
    for user_id in (team.bob.id, team.ann.id, 10**6):
        with pytest.raises(ApiError) as raised:
            login_link.make_for(team.store, team.ann, user_id)
        refusals.append(raised.value.msg)
    assert set(refusals) == {"Must be an organization administrator"}


def test_there_is_none_for_who_cannot_sign_in(team: Team, ada: User, make_user: MakeUser) -> None:
    deactivation.deactivate(team.store, team.bob)
    robot = make_user("Robot", is_bot=True)
    for user, refusal in ((team.bob, "Account is deactivated"), (robot, "Bots do not sign in")):
        with pytest.raises(ApiError, match=refusal) as raised:
            login_link.make_for(team.store, ada, user.id)
        assert raised.value.status == 400
    with pytest.raises(ApiError, match="No such user"):
        login_link.make_for(team.store, ada, 10**6)
