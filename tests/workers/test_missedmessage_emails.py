import logging
from dataclasses import replace
from typing import Any

import pytest

from appliance.actions.user import deactivation
from appliance.actions.user import setting as setting_actions
from appliance.base.errors import ApplianceError
from appliance.store.missed_mail import MissedMail
from appliance.store.transaction import Job, Transaction
from appliance.workers.missedmessage_emails import PERIOD, MissedMessageEmails
from tests.conftest import MovableClock
from tests.workers.conftest import Team

NOTES, BATCHES = "missedmessage_emails", "missedmessage_email_batches"
DIRECT = "direct_message"


def event(
    user_id: int, message_id: int, trigger: str = DIRECT, group_id: int | None = None
) -> dict[str, Any]:
    return {
        "user_profile_id": user_id,
        "message_id": message_id,
        "trigger": trigger,
        "mentioned_user_group_id": group_id,
    }


def run(
    team: Team, user_id: int, message_id: int, trigger: str = DIRECT, group_id: int | None = None
) -> Job:
    """Have the worker consume such a job, and return it."""
    job = team.enqueue(NOTES, event(user_id, message_id, trigger, group_id))
    team.consume(MissedMessageEmails, job)
    return job


# checklist 118, 119
def test_it_is_noted_and_due_after_the_persons_period(team: Team, clock: MovableClock) -> None:
    setting_actions.change(team.store, team.ann, {"email_notifications_batching_period_seconds": 300})
    message_id = team.direct(team.bob, team.ann)
    run(team, team.ann.id, message_id, "mentioned")
    assert team.missed(team.ann) == [MissedMail(message_id, "mentioned", None)]
    with team.store.read() as reader:
        row = reader.row("SELECT * FROM missed_mail")
    assert row == (team.ann.id, message_id, "mentioned", None, int(clock.now()) + 300)
    (batch,) = team.waiting(BATCHES)
    assert batch.event() == {"user_profile_id": team.ann.id}
    assert batch.run_at is not None
    assert 0 <= batch.run_at - (clock.now() + 300) * 1000 <= 1
    assert team.waiting(NOTES) == []


# checklist 29, 117
def test_what_follows_is_due_with_the_first(team: Team, clock: MovableClock) -> None:
    run(team, team.ann.id, team.direct(team.bob, team.ann))
    (before,) = team.waiting(BATCHES)
    clock.advance(100)
    run(team, team.ann.id, team.direct(team.cyd, team.ann))
    assert team.waiting(BATCHES) == [before]
    assert len(team.missed(team.ann)) == 2
    assert len(set(dues(team))) == 1


def dues(team: Team) -> list[int]:
    with team.store.read() as reader:
        return [due for (due,) in reader.rows("SELECT due FROM missed_mail ORDER BY message_id")]


@pytest.mark.parametrize("seconds", [-60, 600])
def test_a_period_that_changes_moves_what_waits(team: Team, clock: MovableClock, seconds: int) -> None:
    for _ in range(2):
        run(team, team.ann.id, team.direct(team.bob, team.ann))
    run(team, team.cyd.id, team.direct(team.bob, team.cyd))
    ends = int(clock.now()) + 120
    setting_actions.change(team.store, team.ann, {PERIOD: 120 + seconds})
    assert dues(team) == [ends + seconds] * 2 + [ends]
    run_at = {job.event()["user_profile_id"]: job.run_at for job in team.waiting(BATCHES)}
    assert run_at == {team.cyd.id: ends * 1000 + 1, team.ann.id: (ends + seconds) * 1000 + 1}


def test_a_period_that_changes_while_nothing_waits(team: Team) -> None:
    setting_actions.change(team.store, team.ann, {PERIOD: 720})
    assert team.left_to_do(team.ann) == []


def test_everybody_has_their_own_batch(team: Team) -> None:
    message_id = team.direct(team.bob, team.ann, team.cyd)
    run(team, team.ann.id, message_id)
    run(team, team.cyd.id, message_id)
    batches = [job.event()["user_profile_id"] for job in team.waiting(BATCHES)]
    assert batches == [team.ann.id, team.cyd.id]


def test_the_same_job_again_does_nothing(team: Team, clock: MovableClock) -> None:
    first = team.direct(team.bob, team.ann)
    job = run(team, team.ann.id, first)
    missed, batches = team.missed(team.ann), team.waiting(BATCHES)
    clock.advance(50)
    team.consume(MissedMessageEmails, job)
    assert (team.missed(team.ann), team.waiting(BATCHES)) == (missed, batches)


# checklist 264
def test_the_same_notice_twice_is_one_row(team: Team) -> None:
    message_id = team.direct(team.bob, team.ann)
    run(team, team.ann.id, message_id)
    run(team, team.ann.id, message_id)
    assert len(team.missed(team.ann)) == 1


class Crash(ApplianceError):
    """Instead of a kill."""


def test_a_crash_before_the_commit_leaves_the_job_as_it_was(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = team.enqueue(NOTES, event(team.ann.id, team.direct(team.bob, team.ann)))

    def crash(*_: object, **__: object) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(Transaction, "job", crash)
        with pytest.raises(Crash):
            team.consume(MissedMessageEmails, job)
    assert team.missed(team.ann) == []
    team.consume(MissedMessageEmails, team.job(job.id))
    assert len(team.missed(team.ann)) == len(team.waiting(BATCHES)) == 1


def test_nobody_to_mail(team: Team) -> None:
    message_id = team.direct(team.bob, team.ann)
    deactivation.deactivate(team.store, team.cyd)
    for user_id in (team.cyd.id, 4711):
        run(team, user_id, message_id)
    assert team.left_to_do(team.ann) == team.left_to_do(team.cyd) == []


# checklist 120
def test_a_message_that_is_gone(team: Team, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    run(team, team.ann.id, 4711)
    assert team.left_to_do(team.ann) == []
    [record] = [each for each in caplog.records if "4711" in each.getMessage()]
    assert record.levelno == logging.DEBUG


# checklist 122: the option mail.missed_messages
def test_a_copy_for_trials_mails_nobody(team: Team) -> None:
    team.parts = replace(team.parts, mails_missed=False)
    job = run(team, team.ann.id, team.direct(team.bob, team.ann))
    assert (team.missed(team.ann), team.waiting(BATCHES)) == ([], [])
    assert team.waiting(NOTES) == [job]  # it is the pool that takes it for done
