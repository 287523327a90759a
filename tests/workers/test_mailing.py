"""Jobs that become mails: real job pool and mail server; only the clock is ours. What a mail says does not
matter here, nor who is told what."""

import logging
import threading
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from appliance.model.user import User
from appliance.outside import smtp as smtp_module
from appliance.outside.breaker import COOL_DOWN, FAILURES
from appliance.store import job_selection, scheduled_mail
from appliance.store.job_selection import JobRow, Selection
from appliance.store.scheduled_mail import Kind
from tests.conftest import MovableClock, until
from tests.outside.smtp_sink import SmtpSink
from tests.workers.conftest import Team
from tests.workers.server import Server

QUEUE = "email_senders"
LONG = 1000.0  # seconds after which any retry is due


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp_module, "PAUSES", (0.0, 0.0))


def enqueue(team: Team, *subjects: str) -> None:
    """A mail to Ann for each, in one transaction."""
    to = {"to_user_ids": [team.ann.id]}
    events = [{**to, "subject": each, "text": each, "html": each} for each in subjects]
    team.store.write(lambda transaction: [transaction.job(QUEUE, event) for event in events])


def dead_letters(team: Team) -> list[JobRow]:
    with team.store.read() as reader:
        return job_selection.rows(reader, Selection(dead=True, queue=QUEUE))


def tries(team: Team) -> list[int]:
    return [job.failed_tries for job in team.waiting(QUEUE)]


# checklist 50, 91
def test_a_lone_mail_goes_at_once(team: Team, server: Server, smtp: SmtpSink) -> None:
    began = time.monotonic()
    enqueue(team, "now")
    until(lambda: smtp.subjects() == ["now"])
    assert time.monotonic() - began < 2
    until(lambda: not team.waiting(QUEUE))


# checklist 28
def test_mails_and_missed_messages_are_both_worked(team: Team, server: Server, smtp: SmtpSink) -> None:
    enqueue(team, "mail")
    team.direct(team.bob, team.ann)
    server.pass_time(LONG)
    assert smtp.subjects() == ["mail", "DMs with Bob"]


def test_many_go_in_order_on_one_connection(team: Team, server: Server, smtp: SmtpSink) -> None:
    numbers = [str(number) for number in range(250)]
    enqueue(team, *numbers)
    server.settle()
    assert smtp.subjects() == numbers
    assert smtp.connections == 1


def test_one_bad_mail_is_alone_in_trouble(team: Team, server: Server, smtp: SmtpSink) -> None:
    def write(transaction: Any) -> None:
        for event in (mail("one"), {"nothing": "of use"}, mail("..@", to_emails=["a..b@x"]), mail("two")):
            transaction.job(QUEUE, event)

    def mail(subject: str, **to: Any) -> dict[str, Any]:
        return {**(to or {"to_user_ids": [team.ann.id]}), "subject": subject, "text": "x", "html": "x"}

    team.store.write(write)
    server.settle()
    assert smtp.subjects() == ["one", "two"]
    assert ["exactly one of" in (each.error or "") for each in dead_letters(team)] == [True, False]


# checklist 93
@pytest.mark.parametrize("answer", ["450 come back later", "421 shutting down"])
def test_each_failure_is_a_try(team: Team, server: Server, smtp: SmtpSink, answer: str) -> None:
    smtp.answers["DATA"] = answer
    enqueue(team, "mail")
    for failed in (1, 2, 3):
        server.settle()
        assert tries(team) == [failed]
        server.pass_time(LONG)
    smtp.answers.clear()
    server.pass_time(LONG)
    assert smtp.subjects() == ["mail"]


# checklist 94. The event is in the dead letter, with a body that is nobody's business in a log
def test_a_mail_that_is_given_up_is_a_dead_letter(
    team: Team, server: Server, smtp: SmtpSink, caplog: pytest.LogCaptureFixture
) -> None:
    smtp.answers["RCPT"] = "450 greylisted"
    enqueue(team, "mail")
    for _ in range(8):
        server.pass_time(LONG)
    [dead] = dead_letters(team)
    assert (dead.failed_tries, team.waiting(QUEUE)) == (8, [])
    assert b'"subject":"mail"' in dead.body
    [said] = [each for each in caplog.messages if "is a dead letter after 8 tries" in each]
    assert f"{QUEUE}: job {dead.id} " in said
    assert said.endswith("450 greylisted (SMTPRecipientsRefused)")


def test_a_refused_mail_is_a_dead_letter_at_once(team: Team, server: Server, smtp: SmtpSink) -> None:
    smtp.answers["RCPT"] = "550 no such person"
    enqueue(team, "mail")
    server.settle()
    [dead] = dead_letters(team)
    assert dead.failed_tries == 0
    assert dead.error == "the mail server refuses it: 550 no such person"


# checklist 59
def test_a_server_that_is_down_costs_few_tries(
    team: Team, server: Server, smtp: SmtpSink, clock: MovableClock
) -> None:
    smtp.go_away()
    subjects = [str(number) for number in range(20)]
    enqueue(team, *subjects)
    server.settle()
    assert list(server.breakers.states().values()) == ["open"]
    assert sorted(tries(team)) == [0] * (20 - FAILURES) + [1] * FAILURES
    server.pass_time(COOL_DOWN + 1)  # a probe
    assert sum(tries(team)) == FAILURES + 1
    smtp.come_back()
    server.pass_time(LONG)
    assert sorted(smtp.subjects(), key=int) == subjects
    assert list(server.breakers.states().values()) == ["closed"]
    assert (team.waiting(QUEUE), dead_letters(team)) == ([], [])


# checklist 98
def test_a_server_that_hangs_up_loses_nothing(team: Team, server: Server, smtp: SmtpSink) -> None:
    smtp.hang_up_at = ["DATA"]
    enqueue(team, "one", "two", "three")
    server.settle()
    smtp.drop_connections()
    enqueue(team, "four")
    server.settle()
    assert smtp.subjects() == ["one", "two", "three", "four"]
    assert (tries(team), dead_letters(team)) == ([], [])


@pytest.fixture
def impatient(team: Team, clock: MovableClock, smtp: SmtpSink) -> Iterator[Server]:
    """Gives each mail half a second."""
    running = Server(team.store, clock, smtp, timeout=0.5)
    yield running
    running.stop()


def test_a_server_that_does_not_answer_holds_up_nothing_for_long(
    team: Team, impatient: Server, smtp: SmtpSink
) -> None:
    smtp.silent_at = {"DATA"}
    enqueue(team, "mail")
    until(lambda: tries(team) == [1])
    smtp.silent_at = set()
    enqueue(team, "other")
    impatient.pass_time(LONG)
    assert sorted(smtp.subjects()) == ["mail", "other"]
    assert impatient.thread_crashes == 0


# checklist 99
def test_a_stop_says_goodbye(team: Team, clock: MovableClock, smtp: SmtpSink) -> None:
    server = Server(team.store, clock, smtp)
    enqueue(team, "mail")
    server.settle()
    server.stop()
    until(lambda: smtp.seen[-1] == "QUIT")


# checklist 115. There is no thread that waits for what is due: a job with a time does, without one
def test_a_stop_ends_all_threads(team: Team, clock: MovableClock, smtp: SmtpSink) -> None:
    server = Server(team.store, clock, smtp)
    team.direct(team.bob, team.ann)
    server.settle()
    server.stop()
    assert [each.name for each in threading.enumerate() if each.name.startswith("job-")] == []
    assert len(team.missed(team.ann)) == 1


# checklist 116, 121. Due at the second, not when somebody looks; and who was asleep without a job is woken
def test_the_first_row_after_a_long_rest_wakes_the_queue(team: Team, server: Server, smtp: SmtpSink) -> None:
    server.pass_time(86_400)
    team.direct(team.bob, team.ann)
    server.pass_time(119.5)
    assert smtp.mails == []
    server.pass_time(1)
    assert smtp.subjects() == ["DMs with Bob"]


# -- scheduled mails


def schedule(team: Team, person: User, due: float) -> None:
    data = {"template_prefix": "emails/welcome", "from_address": "SUPPORT"}
    add = partial(scheduled_mail.add, kind=Kind.WELCOME, due=due, data=data, user_ids=[person.id])
    team.store.write(add)


def test_a_scheduled_mail_is_mailed_when_it_is_due(
    team: Team, server: Server, smtp: SmtpSink, clock: MovableClock
) -> None:
    schedule(team, team.bob, clock.now() + 2 * 86_400)
    schedule(team, team.ann, clock.now() + 86_400)
    server.pass_time(86_399)
    assert smtp.mails == []
    server.pass_time(2)
    assert [str(mail["To"]) for mail in smtp.mails] == ["Ann Miller <ann.miller@example.org>"]
    assert smtp.mails[0]["From"] == "My team notifications <help@chat.test>"
    server.pass_time(86_400)
    assert [mail["Subject"] for mail in smtp.mails] == ["Welcome to My team"] * 2


def test_one_that_was_cleared_is_never_mailed(
    team: Team, server: Server, smtp: SmtpSink, clock: MovableClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    schedule(team, team.ann, clock.now() + 60)
    team.store.write(lambda transaction: scheduled_mail.clear_user(transaction, team.ann.id))
    server.pass_time(LONG)
    assert (smtp.mails, caplog.messages) == ([], [])
