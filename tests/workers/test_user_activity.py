from unittest.mock import ANY

import pytest

from appliance.actions.user.activity import MOST, QUEUE, Activity, Use
from appliance.base.errors import StorageError
from appliance.jobs.worker import Delivery
from appliance.store import job as jobs
from appliance.store import user_activity
from appliance.store.store import Store
from appliance.store.user_activity import KEPT
from appliance.workers.user_activity import UserActivity
from tests.conftest import MovableClock
from tests.workers.conftest import Team

SENDING, READING = Use(7, "website", "POST /messages"), Use(7, "ZulipMobile", "GET /messages")


@pytest.fixture
def activity(store: Store, clock: MovableClock) -> Activity:
    return Activity(store, clock)


def rows(store: Store, user_id: int = 7) -> list[tuple[str, str, int, int]]:
    with store.read() as reader:
        return user_activity.of_user(reader, user_id)


def write_down(team: Team) -> None:
    UserActivity(team.parts).consume_batch([Delivery(job) for job in team.waiting(QUEUE)], team.context)


def test_a_batch_with_duplicates_writes_one_row_a_key(  # checklist 36
    team: Team, activity: Activity, clock: MovableClock
) -> None:
    activity.saw(SENDING)
    activity.publish()
    clock.advance(60)
    for _ in range(2):
        activity.saw(SENDING)
    activity.saw(READING)
    activity.publish()
    write_down(team)
    now = int(clock.now())
    read, sent = (READING.client, READING.query), (SENDING.client, SENDING.query)
    assert rows(team.store) == [(*read, 1, now), (*sent, 3, now)]
    assert not team.waiting(QUEUE)


def test_what_comes_twice_counts_once(team: Team, activity: Activity) -> None:
    activity.saw(SENDING)
    activity.publish()
    again = [Delivery(job) for job in team.waiting(QUEUE)]
    write_down(team)
    UserActivity(team.parts).consume_batch(again, team.context)
    assert rows(team.store) == [("website", "POST /messages", 1, ANY)]


def test_numbers_add_up_and_the_latest_time_stays(team: Team) -> None:
    for count, time in ((2, 50), (3, 40)):
        event = {"user_profile_id": 7, "client": "bot", "query": "GET /users", "count": count, "time": time}
        team.enqueue(QUEUE, event)
        write_down(team)
    assert rows(team.store) == [("bot", "GET /users", 5, 50)]


def test_ever_new_programs_do_not_fill_the_file(team: Team, activity: Activity, clock: MovableClock) -> None:
    for number in range(KEPT + 30):
        clock.advance(1)
        activity.saw(Use(7, f"program {number}", "GET /users"))
    activity.saw(Use(8, "website", "GET /users"))
    activity.publish()
    write_down(team)
    kept = rows(team.store)
    assert len(kept) == KEPT
    assert kept[0][0] == f"program {KEPT + 29}"
    assert len(rows(team.store, 8)) == 1


def test_memory_is_bounded(store: Store, activity: Activity) -> None:
    for number in range(MOST):
        activity.saw(Use(7, f"program {number}", "GET /users"))
    with store.read() as reader:
        assert len(jobs.waiting(reader)) == MOST


def test_what_the_disk_does_not_take_is_published_later(
    team: Team, activity: Activity, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise StorageError("the disk is full")

    activity.saw(SENDING)
    with monkeypatch.context() as patch:
        patch.setattr(team.store, "write", refuse)
        with pytest.raises(StorageError):
            activity.publish()
    activity.saw(SENDING)
    activity.publish()
    write_down(team)
    assert rows(team.store) == [("website", "POST /messages", 2, ANY)]


def test_nothing_to_tell_writes_nothing(store: Store, activity: Activity) -> None:
    before = store.committer.writes
    activity.publish()
    assert store.committer.writes == before


def test_last_visits(team: Team) -> None:
    for user_id, time in ((7, 50), (7, 60), (8, 40)):
        event = {"user_profile_id": user_id, "client": "bot", "query": f"GET /{time}", "count": 1}
        team.enqueue(QUEUE, {**event, "time": time})
    write_down(team)
    with team.store.read() as reader:
        assert user_activity.last_visits(reader) == {7: 60, 8: 40}
