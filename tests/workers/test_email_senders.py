import logging
from typing import Any

import pytest

from appliance.actions.user import deactivation
from appliance.actions.user import setting as setting_actions
from appliance.base.errors import StorageError
from appliance.jobs.deadline import Deadline
from appliance.jobs.policy import Policy
from appliance.jobs.verdict import Drop, Fail, Retry, WorkerTimeout
from appliance.jobs.worker import Context, Delivery, LoopQueueProcessingWorker, assign_queue
from appliance.model.user import User
from appliance.outside.breaker import Deferred
from appliance.outside.mail import MailDeferred, MailRefused, MailServerDown
from appliance.store.transaction import Job
from appliance.workers.email_senders import EmailSenders, EmailSendingWorker
from appliance.workers.parts import Parts
from tests.workers.conftest import Letterbox, Team
from tests.workers.server import NOREPLY

QUEUE = "email_senders"


@pytest.fixture
def worker(parts: Parts) -> EmailSenders:
    return EmailSenders(parts)


def mail(*user_ids: int, **changes: Any) -> dict[str, Any]:
    """What notify/mail.py composes."""
    return {
        "to_user_ids": list(user_ids),
        "from_name": "Bees notifications",
        "subject": "DMs with Bob",
        "date": 1_700_000_000,
        "text": "> hello\n",
        "html": "<p>hello</p>\n",
        "headers": {"Message-ID": "<1f@chat.test>"},
        **changes,
    }


def send(worker: EmailSendingWorker, context: Context, *jobs: Job) -> list[BaseException | None]:
    """The verdicts of a batch."""
    deliveries = [Delivery(job) for job in jobs]
    worker.consume_batch(deliveries, context)
    assert all(each.ended for each in deliveries)
    return [each.verdict for each in deliveries]


def test_a_mail_is_sent_and_acknowledged_at_once(
    team: Team, worker: EmailSenders, context: Context, letterbox: Letterbox
) -> None:
    assert send(worker, context, team.enqueue(QUEUE, mail(team.ann.id))) == [None]
    assert [each["To"] for each in letterbox.mails] == ["Ann Miller <ann.miller@example.org>"]
    assert team.waiting(QUEUE) == []


# checklist 93: the pool counts a try for each Retry that counts
@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (MailDeferred("later"), Retry),
        (MailServerDown("gaierror: no such host"), Retry),
        (MailServerDown("timed out"), Retry),
        (StorageError("disk full"), Retry),
        (MailRefused("never"), Fail),
    ],
)
def test_what_the_mailer_says_becomes_the_verdict(
    team: Team,
    worker: EmailSenders,
    context: Context,
    letterbox: Letterbox,
    error: Exception,
    verdict: type[Exception],
) -> None:
    letterbox.errors = [error]
    job = team.enqueue(QUEUE, mail(team.ann.id))
    [said] = send(worker, context, job)
    assert type(said) is verdict
    assert str(said) == str(error)
    assert getattr(said, "counts", True)
    assert team.waiting(QUEUE) == [job]


# checklist 59
def test_while_the_server_is_left_alone_a_mail_is_put_off_and_loses_no_try(
    team: Team, worker: EmailSenders, context: Context, letterbox: Letterbox
) -> None:
    letterbox.errors = [Deferred("mail.example.org:25", 12.5)]
    [said] = send(worker, context, team.enqueue(QUEUE, mail(team.ann.id)))
    assert isinstance(said, Retry)
    assert (said.delay, said.counts) == (12.5, False)


def test_each_mail_of_a_batch_ends_on_its_own(
    team: Team, worker: EmailSenders, context: Context, letterbox: Letterbox
) -> None:
    letterbox.errors = [None, MailDeferred("later"), None, ZeroDivisionError("a bug"), None]
    numbers = range(5)
    jobs = [team.enqueue(QUEUE, mail(team.ann.id, subject=str(number))) for number in numbers]
    verdicts = send(worker, context, *jobs)
    assert [type(each) for each in verdicts] == [type(None), Retry, type(None), ZeroDivisionError, type(None)]
    assert [each["Subject"] for each in letterbox.mails] == ["0", "2", "4"]
    assert team.waiting(QUEUE) == [jobs[1], jobs[3]]


def test_a_mail_has_its_own_time_and_no_more_than_its_batch(
    team: Team, worker: EmailSenders, context: Context, letterbox: Letterbox
) -> None:
    worker.policy = Policy(timeout=20)
    for limit in (1000.0, 5.0):
        send(worker, context._replace(deadline=Deadline(limit)), team.enqueue(QUEUE, mail(team.ann.id)))
    first, second = letterbox.left
    assert 10 < first <= 20
    assert 1 < second <= 5


def test_who_has_lost_the_batch_sends_no_more_of_it(
    team: Team, worker: EmailSenders, context: Context, letterbox: Letterbox
) -> None:
    delivery = Delivery(team.enqueue(QUEUE, mail(team.ann.id)))
    context.deadline.expire()
    with pytest.raises(WorkerTimeout):
        worker.consume_batch([delivery], context)
    assert not delivery.ended
    assert letterbox.mails == []


def test_a_crash_after_sending_sends_the_same_mail_again(
    team: Team,
    worker: EmailSenders,
    context: Context,
    letterbox: Letterbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    job = team.enqueue(QUEUE, mail(team.ann.id))
    with monkeypatch.context() as patch:
        patch.setattr(worker, "_acknowledge", lambda job, context: None)
        send(worker, context, job)
    send(worker, context, team.job(job.id))
    assert [each["Message-ID"] for each in letterbox.mails] == ["<1f@chat.test>"] * 2
    assert team.waiting(QUEUE) == []


def test_a_disk_that_takes_no_acknowledgement_does_not_send_again(
    team: Team,
    worker: EmailSenders,
    context: Context,
    letterbox: Letterbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    job = team.enqueue(QUEUE, mail(team.ann.id))

    def full(*_: object, **__: object) -> None:
        raise StorageError("disk full")

    monkeypatch.setattr(team.store, "write", full)
    assert send(worker, context, job) == [None]
    assert len(letterbox.mails) == 1


def test_who_has_left_gets_no_mail(
    team: Team, worker: EmailSenders, context: Context, letterbox: Letterbox
) -> None:
    deactivation.deactivate(team.store, team.cyd)
    for user_id in (team.cyd.id, 4711):
        [said] = send(worker, context, team.enqueue(QUEUE, mail(user_id)))
        assert isinstance(said, Drop)
    assert letterbox.mails == []


def test_mails_go_to_the_address_of_today(
    team: Team, worker: EmailSenders, context: Context, letterbox: Letterbox
) -> None:
    job = team.enqueue(QUEUE, mail(team.ann.id))
    _set_address(team, team.ann, "new@example.org")
    send(worker, context, job)
    assert letterbox.mails[0]["To"] == "Ann Miller <new@example.org>"


def _set_address(team: Team, user: User, address: str) -> None:
    sql = "UPDATE user SET delivery_email = ? WHERE id = ?"
    team.store.write(lambda transaction: transaction.execute(sql, address, user.id))


def test_a_mail_may_go_to_several(
    team: Team, worker: EmailSenders, context: Context, letterbox: Letterbox
) -> None:
    by_address = mail(to_user_ids=None, to_emails=["x@y.test", "Zoe <z@y.test>"], language="en")
    jobs = team.enqueue(QUEUE, mail(team.ann.id, team.bob.id)), team.enqueue(QUEUE, by_address)
    assert send(worker, context, *jobs) == [None, None]
    assert [each["To"] for each in letterbox.mails] == [
        "Ann Miller <ann.miller@example.org>, Bob <bob@example.org>",
        "x@y.test, Zoe <z@y.test>",
    ]


# checklist 96
def test_older_forms_are_mailed(
    team: Team, worker: EmailSenders, context: Context, letterbox: Letterbox
) -> None:
    rest = {"template_prefix": "emails/welcome", "from_address": NOREPLY, "context": {}}
    forms: list[dict[str, Any]] = [{"to_user_id": team.ann.id}, {"to_email": "x@y.test"}]
    jobs = [team.enqueue(QUEUE, {**form, **rest, "failed_tries": 2}) for form in forms]
    assert send(worker, context, *jobs) == [None, None]
    assert [each["Subject"] for each in letterbox.mails] == ["Welcome to My team"] * 2


# checklist 95, 97. The count of failed tries is a column of the job, and no part of what is sent
@pytest.mark.parametrize("more", [{"realm_id": None}, {"realm_id": 1}, {"failed_tries": 1}])
def test_what_else_a_mail_may_hold(
    team: Team, worker: EmailSenders, context: Context, letterbox: Letterbox, more: dict[str, Any]
) -> None:
    job = team.enqueue(QUEUE, mail(team.ann.id, from_name=None, **more))
    job.failed_tries = 1
    before = job.event()
    assert send(worker, context, job) == [None]
    assert letterbox.mails[0]["From"] == f"My team notifications <{NOREPLY}>"
    assert job.event() == before


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"no json", "not JSON"),
        (b"[]", "not a JSON object"),
        (b"{}", "exactly one of to_user_ids and to_emails"),
        (b'{"to_user_ids":[9],"to_emails":["a@b"],"text":"x"}', "exactly one of"),
        (b'{"to_emails":["a@b"],"template_prefix":"emails/x"}', "no template 'emails/x'"),
        (b'{"to_emails":["a@b"],"realm_id":9,"text":"x"}', "no organization 9"),
        (b'{"to_emails":["nobody"],"text":"x"}', "no mail can be sent to nobody"),
    ],
)
def test_what_is_no_mail_is_alone_in_trouble(
    team: Team, worker: EmailSenders, context: Context, letterbox: Letterbox, body: bytes, why: str
) -> None:
    bad, good = Job(4711, QUEUE, body), team.enqueue(QUEUE, mail(team.ann.id))
    said, well = send(worker, context, bad, good)
    assert why in str(said)
    assert well is None
    assert len(letterbox.mails) == 1


@pytest.mark.parametrize("address", ["a..b@example.org", "jürgen@example.org", "a@b..c"])
def test_an_address_that_no_mail_can_be_sent_to_is_a_dead_letter(
    team: Team, worker: EmailSenders, context: Context, letterbox: Letterbox, address: str
) -> None:
    _set_address(team, team.ann, address)
    [said] = send(worker, context, team.enqueue(QUEUE, mail(team.ann.id)))
    assert isinstance(said, Fail)
    assert "no mail can be sent to" in str(said)


# -- language


@pytest.mark.parametrize(("given", "subject"), [("en", "New messages"), (None, "Neue Nachrichten")])
def test_the_language_is_the_jobs_else_the_first_recipients(
    team: Team,
    worker: EmailSenders,
    context: Context,
    letterbox: Letterbox,
    given: str | None,
    subject: str,
) -> None:
    setting_actions.change(team.store, team.ann, {"default_language": "de"})
    event = {
        "to_user_ids": [team.ann.id, team.bob.id],
        "template_prefix": "emails/missed_message",
        "language": given,
    }
    send(worker, context, team.enqueue(QUEUE, event))
    assert letterbox.mails[0]["Subject"] == subject


def test_no_language_is_a_warning(
    team: Team, worker: EmailSenders, context: Context, caplog: pytest.LogCaptureFixture
) -> None:
    event = {"to_emails": ["a@b.test"], "template_prefix": "emails/welcome"}
    send(worker, context, team.enqueue(QUEUE, event))
    [record] = caplog.records
    assert record.levelno == logging.WARNING
    assert "names no language" in record.getMessage()


# -- the class


def test_closing_closes_the_mailer(worker: EmailSenders, letterbox: Letterbox) -> None:
    worker.close()
    assert letterbox.closed


def test_a_mail_is_given_up_after_half_an_hour() -> None:
    policy = EmailSenders.policy
    assert policy.attempts == 8
    pauses = [min(policy.first_pause * 2**tries, policy.longest_pause) for tries in range(7)]
    assert max(pauses) == 600
    assert 1800 <= sum(pauses) <= 3600


# checklist 92
def test_queues_of_mails_share_a_base(
    team: Team, parts: Parts, context: Context, letterbox: Letterbox
) -> None:
    @assign_queue("urgent_email_senders", enabled=False)
    class UrgentEmailSenders(EmailSendingWorker):
        pass

    for worker in (EmailSenders(parts), UrgentEmailSenders(parts)):
        assert isinstance(worker, LoopQueueProcessingWorker)
        assert send(worker, context, team.enqueue(worker.queue, mail(team.ann.id))) == [None]
    assert len(letterbox.mails) == 2
