import logging
from typing import Any

import pytest

from appliance.actions.user import deactivation
from appliance.store import scheduled_mail
from appliance.store.scheduled_mail import QUEUE, Kind
from appliance.store.transaction import Job, Transaction
from appliance.workers.scheduled_mails import ScheduledMails
from tests.conftest import MovableClock
from tests.workers.conftest import Team

WELCOME = {"template_prefix": "emails/welcome", "from_address": "SUPPORT"}
DAY = 86_400


def schedule(team: Team, kind: Kind = Kind.WELCOME, due: float = 0, **to: Any) -> Job:
    """The job that waits."""
    team.store.write(lambda transaction: scheduled_mail.add(transaction, kind, due, WELCOME, **to))
    return team.waiting(QUEUE)[-1]


def mails(team: Team) -> list[dict[str, Any]]:
    return [job.event() for job in team.waiting("email_senders")]


def rows(team: Team) -> list[tuple[int, list[int]]]:
    """(type, people) of those that are left."""
    with team.store.read() as reader:
        ids = [mail_id for (mail_id,) in reader.rows("SELECT id FROM scheduled_mail ORDER BY id")]
        found = [scheduled_mail.get(reader, mail_id) for mail_id in ids]
    return [(int(each.kind), each.user_ids) for each in found if each]


def test_it_waits_for_its_time_without_anybody_looking(team: Team, clock: MovableClock) -> None:
    job = schedule(team, due=clock.now() + DAY, user_ids=[team.ann.id])
    assert job.run_at is not None
    assert 0 <= job.run_at - (clock.now() + DAY) * 1000 <= 1


def test_to_people(team: Team) -> None:
    people = [team.ann.id, team.bob.id]
    team.consume(ScheduledMails, schedule(team, user_ids=people))
    assert mails(team) == [{**WELCOME, "to_user_ids": people}]
    assert (rows(team), team.waiting(QUEUE)) == ([], [])


def test_to_an_address(team: Team) -> None:
    team.consume(ScheduledMails, schedule(team, Kind.INVITATION_REMINDER, address="new@example.org"))
    assert mails(team) == [{**WELCOME, "to_emails": ["new@example.org"]}]


def test_the_same_job_again_does_nothing(team: Team) -> None:
    job = schedule(team, user_ids=[team.ann.id])
    for _ in range(2):
        team.consume(ScheduledMails, job)
    assert len(mails(team)) == 1


def test_who_is_deactivated_gets_none(team: Team) -> None:
    schedule(team, user_ids=[team.ann.id])
    schedule(team, user_ids=[team.ann.id, team.bob.id])
    deactivation.deactivate(team.store, team.ann)
    assert rows(team) == [(Kind.WELCOME, [team.bob.id])]


class Crash(Exception):
    """Instead of a kill."""


@pytest.mark.parametrize("step", ["job", "many"])
def test_a_crash_before_the_commit_leaves_all_as_it_was(
    team: Team, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    job = schedule(team, user_ids=[team.ann.id])

    def crash(*_: object, **__: object) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(Transaction, step, crash)
        with pytest.raises(Crash):
            team.consume(ScheduledMails, job)
    assert (mails(team), rows(team), team.waiting(QUEUE)) == ([], [(1, [team.ann.id])], [job])
    team.consume(ScheduledMails, job)
    assert len(mails(team)) == 1


def test_one_for_nobody_is_dropped_with_a_warning(team: Team, caplog: pytest.LogCaptureFixture) -> None:
    team.consume(ScheduledMails, schedule(team))
    [record] = caplog.records
    assert (record.levelno, "for nobody" in record.getMessage()) == (logging.WARNING, True)
    assert (mails(team), rows(team)) == ([], [])


# -- thinking better of it


@pytest.mark.parametrize(("kind", "left"), [(Kind.WELCOME, [2]), (Kind.DIGEST, [1, 1]), (None, [])])
def test_a_person_is_cleared_of_one_kind_or_of_all(team: Team, kind: Kind | None, left: list[int]) -> None:
    for each in (Kind.WELCOME, Kind.WELCOME, Kind.DIGEST):
        schedule(team, each, user_ids=[team.ann.id])
    team.store.write(lambda transaction: scheduled_mail.clear_user(transaction, team.ann.id, kind))
    assert [each for each, _ in rows(team)] == left
    assert len(team.waiting(QUEUE)) == len(left)


def test_others_of_the_same_mail_still_get_it(team: Team) -> None:
    job = schedule(team, user_ids=[team.ann.id, team.bob.id])
    team.store.write(lambda transaction: scheduled_mail.clear_user(transaction, team.ann.id))
    assert rows(team) == [(1, [team.bob.id])]
    team.consume(ScheduledMails, job)
    assert mails(team) == [{**WELCOME, "to_user_ids": [team.bob.id]}]


def test_an_address_is_cleared_of_invitations(team: Team) -> None:
    schedule(team, Kind.INVITATION_REMINDER, address="New@example.org")
    schedule(team, Kind.INVITATION_REMINDER, address="other@example.org")
    schedule(team, Kind.WELCOME, address="new@example.org")
    team.store.write(lambda transaction: scheduled_mail.clear_invitations(transaction, "new@example.org"))
    assert [kind for kind, _ in rows(team)] == [3, 1]
    assert len(team.waiting(QUEUE)) == 2


def test_one_that_was_cleared_while_its_job_began_is_not_sent(team: Team) -> None:
    job = schedule(team, user_ids=[team.ann.id])
    sql = "DELETE FROM scheduled_mail"
    team.store.write(lambda transaction: transaction.execute(sql))
    team.consume(ScheduledMails, job)
    assert (mails(team), team.waiting(QUEUE)) == ([], [])
