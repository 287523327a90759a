"""Queues in a process of their own, beside a server on the same file."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from appliance.base.clock import SystemClock
from appliance.jobs.lease import owners
from appliance.store.store import Store
from tests.conftest import until
from tests.process.client import DEADLINE
from tests.process.conftest import Serve
from tests.process.mail import MailSink
from tests.process.server import CHECKOUT, RUN, ServerProcess, clean_environment, die_in

Work = Callable[..., subprocess.Popen[bytes]]
QUEUE = "email_senders"


@pytest.fixture
def split(serve: Serve, sink: MailSink) -> ServerProcess:
    """A server that leaves the sending of mails to others."""
    return serve(environ={**sink.environ, "APPLIANCE_JOBS_ELSEWHERE": QUEUE}).start()


@pytest.fixture
def work(sink: MailSink) -> Iterator[Work]:
    """Starts `appliance work` on a folder."""
    started: list[subprocess.Popen[bytes]] = []

    def start(folder: Path, queue: str = QUEUE, prelude: str = "") -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", prelude + RUN, "work", "--queue", queue, "--data", str(folder)]
        environ = clean_environment(**sink.environ)
        started.append(subprocess.Popen(command, cwd=CHECKOUT, env=environ, stdout=subprocess.DEVNULL))
        return started[-1]

    yield start
    for each in started:
        each.kill()
        each.wait(DEADLINE)


def write_to_othello(server: ServerProcess, text: str) -> None:
    """Who is away, and gets a mail after a second."""
    (hamlet, othello) = server.people("hamlet", "othello")
    hamlet.ask("POST", "/messages", type="direct", to=[othello.user_id], content=text)


def test_mails_are_sent_by_a_process_of_their_own(
    split: ServerProcess, work: Work, sink: MailSink
) -> None:  # checklist 60
    worker = work(split.data)
    until(lambda: owners(split.data).get(QUEUE) == worker.pid)
    write_to_othello(split, "hello")
    until(lambda: sink.mails)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(DEADLINE) == 0
    assert QUEUE not in owners(split.data)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_when_it_is_told_to(
    split: ServerProcess, work: Work, number: signal.Signals
) -> None:  # checklist 35, 63
    worker = work(split.data)
    until(lambda: QUEUE in owners(split.data))
    worker.send_signal(number)
    assert worker.wait(DEADLINE) == 0


def test_what_runs_when_it_is_told_to_stop_is_finished(
    split: ServerProcess, work: Work, sink: MailSink
) -> None:  # checklist 35
    worker = work(split.data)
    until(lambda: owners(split.data).get(QUEUE) == worker.pid)
    sink.before_answer = lambda: worker.send_signal(signal.SIGTERM)
    write_to_othello(split, "hello")
    assert worker.wait(DEADLINE) == 0
    assert len(sink.mails) == 1
    assert split.json("jobs", "list") == []


def test_a_second_process_takes_over_when_the_first_dies(
    split: ServerProcess, work: Work, sink: MailSink
) -> None:
    first = work(split.data, prelude=die_in("appliance.jobs.post:Post._work"))
    until(lambda: owners(split.data).get(QUEUE) == first.pid)
    second = work(split.data)
    write_to_othello(split, "hello")
    assert first.wait(DEADLINE) == -signal.SIGKILL
    until(lambda: owners(split.data).get(QUEUE) == second.pid)
    until(lambda: sink.mails)
    assert len(sink.mails) == 1


def test_a_queue_that_there_is_not(split: ServerProcess) -> None:
    refused = split.command("work", "--queue", "nonsense")
    assert refused.returncode == 2
    assert "there is no queue nonsense: there are " in refused.stderr


def test_jobs_of_a_shard_that_is_no_more_are_done_after_a_start(
    mailing: ServerProcess, sink: MailSink
) -> None:
    event = {"to_emails": ["ann@example.org"], "subject": "hello", "text": "hello", "html": "hello"}
    store = Store(mailing.data, SystemClock())
    store.write(lambda transaction: transaction.job(f"{QUEUE}_shard3", event))
    store.close()
    mailing.start()
    until(lambda: sink.mails)
    assert f"{QUEUE}_shard3 is no more: its 1 jobs go to {QUEUE}" in mailing.log
