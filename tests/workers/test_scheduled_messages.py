"""Messages whose time has come."""

from typing import Any
from unittest import mock

import pytest

from appliance.actions.message import scheduled as actions
from appliance.actions.message import send as message_actions
from appliance.actions.message.scheduled import Wish
from appliance.actions.message.send import Draft
from appliance.actions.user import deactivation
from appliance.base.errors import StorageError
from appliance.model.scheduled_message import TOO_LATE, Target
from appliance.store import scheduled_message as table
from appliance.store.scheduled_message import QUEUE
from appliance.store.transaction import Job
from appliance.workers.scheduled_messages import ScheduledMessages
from tests.conftest import MovableClock
from tests.workers.conftest import Team

HOUR = 3600


def schedule(team: Team, clock: MovableClock, content: str = "hello") -> Job:
    """From Bob to Ann; its time comes."""
    draft = Draft(team.bob, content, "test", read_by_sender=True)
    actions.add(team.store, draft, Target(None, (team.ann.id,)), int(clock.now()) + HOUR)
    clock.advance(HOUR)
    return team.waiting(QUEUE)[-1]


def sent(team: Team) -> list[str]:
    """By people."""
    return _said(team, "NOT is_system")


def explained(team: Team) -> list[str]:
    """By the server's bot, to Bob."""
    return _said(team, "is_system")


def _said(team: Team, condition: str) -> list[str]:
    with team.store.read() as reader:
        rows = reader.rows(
            "SELECT content FROM message JOIN user ON user.id = sender_id"
            f" WHERE {condition} ORDER BY message.id"
        )
    return [content for (content,) in rows]


def left(team: Team) -> list[str | None]:
    """Why those that are left have failed."""
    with team.store.read() as reader:
        return [each.failure for each in table.of_user(reader, team.bob.id)]


def events(team: Team) -> list[Any]:
    with team.store.read() as reader:
        bodies = reader.rows(
            "SELECT json_extract(body, '$.event.op'), json_extract(body, '$.users') FROM notice"
            " WHERE json_extract(body, '$.event.type') = 'scheduled_messages' ORDER BY id"
        )
    return [tuple(each) for each in bodies]


def test_it_is_sent_and_gone(team: Team, clock: MovableClock) -> None:
    team.consume(ScheduledMessages, schedule(team, clock))
    assert (sent(team), left(team), team.waiting(QUEUE)) == (["hello"], [], [])
    assert events(team) == [("add", f"[{team.bob.id}]"), ("remove", f"[{team.bob.id}]")]


def test_to_a_channel(team: Team, clock: MovableClock) -> None:
    with team.store.read() as reader:
        channel_id = reader.value("SELECT id FROM channel WHERE name = 'general'")
    draft = Draft(team.bob, "hello", "test", read_by_sender=True)
    actions.add(team.store, draft, Target(channel_id, (), "lunch"), int(clock.now()) + HOUR)
    clock.advance(HOUR)
    team.consume(ScheduledMessages, team.waiting(QUEUE)[-1])
    with team.store.read() as reader:
        assert reader.rows("SELECT topic, content FROM message") == [("lunch", "hello")]


def test_the_same_job_again_does_nothing(team: Team, clock: MovableClock) -> None:
    job = schedule(team, clock)
    for _ in range(2):
        team.consume(ScheduledMessages, job)
    assert sent(team) == ["hello"]


def test_a_job_from_before_a_change_does_nothing(team: Team, clock: MovableClock) -> None:
    job = schedule(team, clock)
    message_id = job.event()["id"]
    actions.change(team.store, team.bob, message_id, Wish(content="hi", due=int(clock.now()) + HOUR))
    team.consume(ScheduledMessages, job)
    assert (sent(team), left(team)) == ([], [None])
    clock.advance(HOUR)
    [again] = team.waiting(QUEUE)
    team.consume(ScheduledMessages, again)
    assert sent(team) == ["hi"]


@pytest.mark.parametrize(("seconds", "is_sent"), [(600, True), (602, False)])
def test_how_late_it_may_be(team: Team, clock: MovableClock, seconds: int, is_sent: bool) -> None:
    job = schedule(team, clock)
    clock.advance(seconds)
    team.consume(ScheduledMessages, job)
    assert (sent(team), left(team)) == ((["hello"], []) if is_sent else ([], [TOO_LATE]))
    assert [TOO_LATE in text for text in explained(team)] == ([] if is_sent else [True])
    assert team.waiting(QUEUE) == []


def test_what_cannot_be_sent_any_more_has_failed(team: Team, clock: MovableClock) -> None:
    job = schedule(team, clock)
    deactivation.deactivate(team.store, team.ann)
    team.consume(ScheduledMessages, job)
    assert (sent(team), left(team)) == ([], ["'Ann Miller' is no longer using Zulip."])
    assert events(team)[-1] == ("update", f"[{team.bob.id}]")
    assert team.waiting(QUEUE) == []


def test_one_that_has_failed_can_be_tried_again(team: Team, clock: MovableClock) -> None:
    job = schedule(team, clock)
    clock.advance(HOUR)
    team.consume(ScheduledMessages, job)
    actions.change(team.store, team.bob, job.event()["id"], Wish(due=int(clock.now()) + HOUR))
    assert left(team) == [None]
    clock.advance(HOUR)
    [again] = team.waiting(QUEUE)
    team.consume(ScheduledMessages, again)
    assert sent(team) == ["hello"]


def test_nobody_sends_who_is_not_active(team: Team, clock: MovableClock) -> None:
    job = schedule(team, clock)
    deactivation.deactivate(team.store, team.bob)
    team.consume(ScheduledMessages, job)
    assert (sent(team), left(team)) == ([], ["The sender is not active any more."])
    assert explained(team) == []


@pytest.mark.parametrize("step", [(message_actions, "store_direct"), (table, "drop")])
def test_what_may_pass_is_tried_again(team: Team, clock: MovableClock, step: tuple[Any, str]) -> None:
    """Nothing of the first try is left, wherever it ended."""
    job = schedule(team, clock)
    with (
        mock.patch.object(*step, side_effect=StorageError("disk full")),
        pytest.raises(StorageError),
    ):
        team.consume(ScheduledMessages, job)
    assert (sent(team), left(team), len(team.waiting(QUEUE))) == ([], [None], 1)
    team.consume(ScheduledMessages, job)
    assert sent(team) == ["hello"]


def test_a_dropped_one_is_not_sent(team: Team, clock: MovableClock) -> None:
    job = schedule(team, clock)
    actions.remove(team.store, team.bob, job.event()["id"])
    team.consume(ScheduledMessages, job)
    assert sent(team) == []
