from typing import Any

import pytest

from appliance.actions import setting as setting_actions
from appliance.actions import user as user_actions
from appliance.base.errors import ApplianceError
from appliance.store.missed_mail import MissedMail
from appliance.store.transaction import Job, Transaction
from appliance.workers.missedmessage_emails import MissedMessageEmails
from tests.conftest import MovableClock
from tests.workers.conftest import Team

NOTES, BATCHES = "missedmessage_emails", "missedmessage_email_batches"
DIRECT = "direct_message"


def event(user_id: int, message_id: int, trigger: str = DIRECT) -> dict[str, Any]:
    return {
        "user_profile_id": user_id,
        "message_id": message_id,
        "trigger": trigger,
        "mentioned_user_group_id": None,
    }


def run(team: Team, user_id: int, message_id: int, trigger: str = DIRECT) -> Job:
    """Have the worker consume such a job, and return it."""
    job = team.enqueue(NOTES, event(user_id, message_id, trigger))
    MissedMessageEmails(team.store).consume(job)
    return job


def test_it_is_noted_and_due_after_the_persons_period(team: Team, clock: MovableClock) -> None:
    setting_actions.change(team.store, team.ann, {"email_notifications_batching_period_seconds": 300})
    message_id = team.direct(team.bob, team.ann)
    run(team, team.ann.id, message_id, "mentioned")
    assert team.missed(team.ann) == [MissedMail(message_id, "mentioned", None)]
    (batch,) = team.waiting(BATCHES)
    assert batch.event() == {"user_profile_id": team.ann.id}
    assert batch.run_at is not None
    assert 0 <= batch.run_at - (clock.now() + 300) * 1000 <= 1
    assert team.waiting(NOTES) == []


def test_what_follows_is_due_with_the_first(team: Team, clock: MovableClock) -> None:
    run(team, team.ann.id, team.direct(team.bob, team.ann))
    (before,) = team.waiting(BATCHES)
    clock.advance(100)
    run(team, team.ann.id, team.direct(team.cyd, team.ann))
    assert team.waiting(BATCHES) == [before]
    assert len(team.missed(team.ann)) == 2


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
    MissedMessageEmails(team.store).consume(job)
    assert (team.missed(team.ann), team.waiting(BATCHES)) == (missed, batches)


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
            MissedMessageEmails(team.store).consume(job)
    assert team.missed(team.ann) == []
    MissedMessageEmails(team.store).consume(team.job(job.id))
    assert len(team.missed(team.ann)) == len(team.waiting(BATCHES)) == 1


def test_nobody_to_mail(team: Team) -> None:
    message_id = team.direct(team.bob, team.ann)
    user_actions.deactivate(team.store, team.cyd)
    for user_id in (team.cyd.id, 4711):
        run(team, user_id, message_id)
    assert team.left_to_do(team.ann) == team.left_to_do(team.cyd) == []


def test_a_message_that_is_gone(team: Team) -> None:
    run(team, team.ann.id, 4711)
    assert team.left_to_do(team.ann) == []
