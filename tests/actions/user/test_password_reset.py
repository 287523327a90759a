"""Forgotten passwords."""

from typing import Any

import pytest

from appliance.actions.realm import closing
from appliance.actions.realm.closing import RealmDeactivated
from appliance.actions.user import deactivation, login_link
from appliance.actions.user import password_reset as actions
from appliance.actions.user.login_link import LinkSpent
from appliance.base.errors import ApiError
from appliance.model.user import User
from appliance.notify import mail_job
from appliance.store import job as jobs
from appliance.store.store import Store
from tests.actions.conftest import Team
from tests.conftest import MakeUser, MovableClock

URL = "https://chat.test"
PASSWORD = "correct horse battery"


def waiting(store: Store, queue: str) -> list[dict[str, Any]]:
    with store.read() as reader:
        return [each.event() for each in jobs.ready(reader, queue, 0, 2**40, 100)]


def mailed(store: Store) -> dict[str, Any]:
    [event] = waiting(store, mail_job.QUEUE)
    return event


def token_in(event: dict[str, Any]) -> str:
    link: str = event["context"]["reset_url"]
    assert link.startswith(f"{URL}/login/")
    return link.rpartition("/")[2]


@pytest.mark.parametrize("email", ["ann@example.org", "nobody@example.org"])
def test_asking_leaves_a_job_whoever_is_asked_for(team: Team, email: str) -> None:
    actions.ask(team.store, f" {email} ")
    assert waiting(team.store, actions.QUEUE) == [{"type": actions.KIND, "email": email}]
    assert waiting(team.store, mail_job.QUEUE) == []


def test_the_mail_has_a_link_that_sets_a_password(team: Team) -> None:
    actions.mail(team.store, "ANN@example.org", URL)
    event = mailed(team.store)
    assert (event["to_user_ids"], event["context"]["email"]) == ([team.ann.id], "ann@example.org")
    assert login_link.follow(team.store, token_in(event), PASSWORD).id == team.ann.id


def test_it_is_good_for_an_hour(team: Team, clock: MovableClock) -> None:
    actions.mail(team.store, "ann@example.org", URL)
    token = token_in(mailed(team.store))
    clock.advance(actions.LIFETIME)
    assert login_link.whose(team.store, token, clock.now()).id == team.ann.id
    clock.advance(1)
    with pytest.raises(LinkSpent):
        login_link.whose(team.store, token, clock.now())


def robot(team: Team, make_user: MakeUser) -> User:
    return make_user("Robot", is_bot=True)


def gone(team: Team, make_user: MakeUser) -> User:
    deactivation.deactivate(team.store, team.bob)
    return team.bob


@pytest.mark.parametrize("make", [robot, gone])
def test_who_cannot_sign_in_gets_no_mail(team: Team, make_user: MakeUser, make: Any) -> None:
    user = make(team, make_user)
    actions.mail(team.store, user.delivery_email, URL)
    actions.mail(team.store, "nobody@example.org", URL)
    assert waiting(team.store, mail_job.QUEUE) == []


def test_what_is_no_address_is_refused(team: Team) -> None:
    with pytest.raises(ApiError, match="valid email address"):
        actions.ask(team.store, "ann")
    assert waiting(team.store, actions.QUEUE) == []


def test_nobody_resets_anything_where_it_is_closed(team: Team) -> None:
    closing.deactivate(team.store, team.olga)
    with pytest.raises(RealmDeactivated):
        actions.ask(team.store, "ann@example.org")
