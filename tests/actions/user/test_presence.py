"""Presence is stored rarely, told when somebody comes, and shown in two forms."""

import pytest

from appliance.actions.user import deactivation
from appliance.actions.user import presence as actions
from appliance.base.errors import ApiError
from appliance.model.user import User
from appliance.store import presence as presences
from appliance.store.store import Store
from tests.actions.conftest import Team, Told
from tests.conftest import MakeUser, MovableClock


@pytest.fixture
def begin(clock: MovableClock) -> int:
    return int(clock.now())


def report(store: Store, user: User, clock: MovableClock, status: str = "active") -> None:
    actions.report(store, user, status, clock.now())


def known(store: Store, user: User) -> presences.Presence | None:
    with store.read() as reader:
        return presences.get(reader, user.id)


def test_the_first_report_is_stored_and_told_to_everybody(
    team: Team, told: Told, clock: MovableClock, begin: int
) -> None:
    report(team.store, team.ann, clock)
    assert known(team.store, team.ann) == (begin, begin)
    event, users = told.one()
    assert users == [each.id for each in (team.olga, team.ann, team.bob, team.erin, team.gwen)]
    assert event == {
        "type": "presence",
        "user_id": team.ann.id,
        "email": "ann@example.org",
        "server_timestamp": clock.now(),
        "presence": {
            "website": {"client": "website", "status": "active", "timestamp": begin, "pushable": False}
        },
        "presences": {str(team.ann.id): {"active_timestamp": begin, "idle_timestamp": begin}},
    }


@pytest.mark.parametrize(
    ("pause", "status", "stored", "is_told"),
    [
        (54, "active", False, False),
        (55, "active", True, False),
        (130, "active", True, False),
        (131, "active", True, True),
        (54, "idle", False, False),
        (200, "idle", True, False),
    ],
)
def test_later_reports(
    team: Team, told: Told, clock: MovableClock, pause: int, status: str, stored: bool, is_told: bool
) -> None:
    report(team.store, team.ann, clock)
    told.look()
    before, writes = known(team.store, team.ann), team.store.committer.writes
    clock.advance(pause)
    report(team.store, team.ann, clock, status)
    assert (known(team.store, team.ann) != before) == stored
    assert (team.store.committer.writes > writes) == stored
    assert bool(told.look()) == is_told


def test_who_is_idle_was_active_when_they_were(team: Team, clock: MovableClock, begin: int) -> None:
    report(team.store, team.ann, clock)
    clock.advance(100)
    report(team.store, team.ann, clock, "idle")
    assert known(team.store, team.ann) == (begin, begin + 100)


def test_bots_and_those_who_do_not_want_it_have_no_presence(
    team: Team, make_user: MakeUser, clock: MovableClock
) -> None:
    for user in (make_user("Robot", is_bot=True), make_user("Shy", presence_enabled=False)):
        report(team.store, user, clock)
        assert known(team.store, user) is None


def test_in_a_large_team_nobody_is_told(
    team: Team, told: Told, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_TOLD", 4)
    report(team.store, team.ann, clock)
    assert told.look() == []


def test_the_two_forms(team: Team, clock: MovableClock, begin: int) -> None:
    report(team.store, team.ann, clock)
    clock.advance(71)
    report(team.store, team.ann, clock, "idle")
    report(team.store, team.bob, clock, "idle")
    with team.store.read() as reader:
        slim = actions.everyone(reader, team.ann, clock.now(), slim=True)
        legacy = actions.everyone(reader, team.ann, clock.now(), slim=False)
    assert slim == {
        str(team.ann.id): {"active_timestamp": begin, "idle_timestamp": begin + 71},
        str(team.bob.id): {"active_timestamp": 0, "idle_timestamp": begin + 71},
    }
    idle = {"client": "website", "status": "idle", "timestamp": begin + 71, "pushable": False}
    assert legacy == {
        "ann@example.org": {"aggregated": idle, "website": idle},
        "bob@example.org": {"aggregated": idle, "website": idle},
    }


@pytest.mark.parametrize(("pause", "status"), [(70, "active"), (71, "idle")])
def test_the_older_status_follows_from_the_two_times(
    team: Team, clock: MovableClock, pause: int, status: str
) -> None:
    report(team.store, team.ann, clock)
    clock.advance(pause)
    report(team.store, team.ann, clock, "idle")
    with team.store.read() as reader:
        everyone = actions.everyone(reader, team.ann, clock.now(), slim=False)
    assert everyone["ann@example.org"]["aggregated"]["status"] == status


@pytest.mark.parametrize(("days", "seen"), [(None, True), (0, False), (2, False), (4, True)])
def test_how_far_back(team: Team, clock: MovableClock, days: int | None, seen: bool) -> None:
    report(team.store, team.ann, clock)
    clock.advance(3 * 86400)
    with team.store.read() as reader:
        assert bool(actions.everyone(reader, team.ann, clock.now(), slim=True, days=days)) == seen


def test_a_history_longer_than_time_is_all_of_it(team: Team, clock: MovableClock) -> None:
    report(team.store, team.ann, clock)
    with team.store.read() as reader:
        shown = actions.everyone(reader, team.ann, clock.now(), slim=True, days=10**18)
    assert list(shown) == [str(team.ann.id)]


def test_of_one_person(team: Team, clock: MovableClock, make_user: MakeUser) -> None:
    report(team.store, team.ann, clock)
    with team.store.read() as reader:
        shown = actions.of_one(reader, team.bob, team.ann, "ann", clock.now())
        assert shown["website"] == {"status": "active", "timestamp": int(clock.now())}
        clock.advance(201)
        late = actions.of_one(reader, team.bob, team.ann, "ann", clock.now())
        assert late["aggregated"]["status"] == "offline"
        with pytest.raises(ApiError, match="No presence data for erin"):
            actions.of_one(reader, team.bob, team.erin, "erin", clock.now())
        with pytest.raises(ApiError, match="No such user"):
            actions.of_one(reader, team.bob, None, "nobody", clock.now())
    robot = make_user("Robot", is_bot=True)
    with team.store.read() as reader, pytest.raises(ApiError, match="not supported for bot users"):
        actions.of_one(reader, team.bob, robot, "robot", clock.now())


def test_who_is_gone_is_not_here(team: Team, clock: MovableClock) -> None:
    report(team.store, team.ann, clock)
    deactivation.deactivate(team.store, team.ann)
    deactivation.reactivate(team.store, team.olga, team.ann.id)
    with team.store.read() as reader:
        assert actions.everyone(reader, team.bob, clock.now(), slim=True) == {}


def test_what_is_new_since_a_number(team: Team, clock: MovableClock) -> None:
    report(team.store, team.ann, clock)
    with team.store.read() as reader:
        last = actions.last_update(reader)
    report(team.store, team.bob, clock)
    with team.store.read() as reader:
        newer = actions.newer(reader, team.ann, last)
        assert list(newer) == [str(team.bob.id)]
        assert actions.newer(reader, team.ann, actions.last_update(reader)) == {}
    clock.advance(60)
    report(team.store, team.ann, clock)
    with team.store.read() as reader:
        assert newer.keys() < actions.newer(reader, team.ann, last).keys() == {
            str(team.ann.id),
            str(team.bob.id),
        }
