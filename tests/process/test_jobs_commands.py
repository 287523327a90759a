"""`appliance jobs …` and SIGUSR1, with a server on the folder; without one: tests/cli/test_jobs.py."""

import os
import pty
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from appliance.base.clock import SystemClock
from appliance.store import job as job_table
from appliance.store.store import Store
from appliance.store.transaction import Transaction
from tests.conftest import until
from tests.process.client import Person, request
from tests.process.conftest import Serve
from tests.process.server import CHECKOUT, ServerProcess, clean_environment

BATCHES = "missedmessage_email_batches"
FOREIGN = "errands"  # nobody works it
LATER = 3600.0


@pytest.fixture(params=["running", "stopped"])
def folder(request: pytest.FixtureRequest, serve: Serve) -> ServerProcess:
    server = serve()
    return server.start() if request.param == "running" else server


@contextmanager
def opened(server: ServerProcess) -> Iterator[Store]:
    store = Store(server.data, SystemClock(), served=server.running)
    yield store
    store.close()


def add(server: ServerProcess, queue: str, *, dead: bool = False, later: float | None = None) -> int:
    """A job that another process puts into the file; the server hears of it with the next command."""

    def write(transaction: Transaction) -> int:
        due = None if later is None else time.time() + later
        job_id = transaction.job(queue, {"user_profile_id": 3}, run_at=due)
        assert job_id is not None
        if dead:
            job_table.bury(transaction, job_id, 4, "TimeoutError: on purpose")
        return job_id

    with opened(server) as store:
        return store.write(write)


def listed(server: ServerProcess, *arguments: str) -> list[int]:
    return [each["id"] for each in server.json("jobs", "list", *arguments)]


def queue_stats(server: ServerProcess) -> dict[str, Any]:
    done = server.json("jobs", "stats")
    return {each["queue"]: each for each in done["queues"]}


def test_a_dead_letter_that_is_put_back_is_worked_on_at_once(server: ServerProcess) -> None:
    dead = add(server, BATCHES, dead=True)
    [retried] = server.json("jobs", "retry", "--queue", BATCHES, "--error", "timeout")["retried"]
    ended = time.monotonic()
    assert retried["id"] == dead
    until(lambda: listed(server) == listed(server, "--dead") == [])
    assert time.monotonic() - ended < 30  # at once, that is: not when something else wakes it
    assert server.metric("appliance_jobs_total") == 1


def test_what_waits_is_put_back_and_dropped(folder: ServerProcess) -> None:
    first, second, third = (add(folder, FOREIGN, dead=True) for _ in range(3))
    [retried] = folder.json("jobs", "retry", str(first))["retried"]
    assert listed(folder, "--dead") == [second, third]
    assert folder.json("jobs", "drop", "--dead", "--limit", "1") == {"dropped": 1}
    assert listed(folder, "--dead") == [third]
    assert folder.json("jobs", "drop", str(third), str(retried["new_id"])) == {"dropped": 2}
    assert listed(folder) == listed(folder, "--dead") == []


def test_a_job_that_is_dropped_is_not_run(server: ServerProcess) -> None:
    """The server knows of it already, and when it would be due."""
    due = 5.0
    dropped, kept = add(server, BATCHES, later=due), add(server, BATCHES, later=due + 0.1)
    assert listed(server) == [dropped, kept]
    assert server.command("jobs", "drop", str(dropped)).stdout == "1 job dropped\n"
    assert server.json("jobs", "drain", "--timeout", "40") == {"left": {}}
    until(lambda: server.metric("appliance_jobs_total"))
    assert server.metric("appliance_jobs_total") == 1


def test_drain_waits_until_a_queue_is_empty(server: ServerProcess) -> None:
    add(server, BATCHES, later=1.0)
    listed(server)
    began = time.monotonic()
    done = server.command("jobs", "drain", "--queue", BATCHES, "--timeout", "60s")
    assert (done.returncode, done.stdout) == (0, "empty\n")
    assert 0.5 < time.monotonic() - began < 60
    assert listed(server) == []


def test_drain_that_is_not_in_time(server: ServerProcess) -> None:
    add(server, BATCHES, later=LATER)
    add(server, FOREIGN)
    done = server.command("jobs", "drain", "--queue", BATCHES, "--timeout", "1s")
    assert (done.returncode, done.stdout) == (1, f"{BATCHES}: 1 job left\n")
    done = server.command("jobs", "drain")
    assert (done.returncode, done.stdout) == (2, "")
    assert "nobody works on" in done.stderr


def test_a_server_leaves_statistics_of_each_queue(server: ServerProcess) -> None:  # checklist 34, 52
    told = queue_stats(server)
    assert {"email_senders", "missedmessage_emails", BATCHES} <= told.keys()
    assert {each["level"] for each in told.values()} == {"OK"}
    assert all(each["statistics"]["recent_average_consume_time"] is None for each in told.values())
    add(server, BATCHES)
    listed(server)
    until(lambda: queue_stats(server)[BATCHES]["statistics"]["recent_average_consume_time"])


def test_an_idle_server_leaves_them_alone(server: ServerProcess) -> None:  # checklist 47
    def written() -> dict[str, tuple[int, int]]:
        files = (server.data / "queue_stats").iterdir()
        return {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in files}

    before = written()
    time.sleep(2)
    assert written() == before != {}


def test_without_statistics(serve: Serve) -> None:
    server = serve(environ={"APPLIANCE_JOBS_STATISTICS": "false"})
    for path in (server.data / "queue_stats").iterdir():
        path.unlink()
    server.start()
    add(server, BATCHES)
    until(lambda: listed(server) == [])
    assert list((server.data / "queue_stats").iterdir()) == []
    assert server.json("jobs", "stats") == {"level": "OK", "queues": []}


def test_health_tells_the_level_of_each_queue(server: ServerProcess) -> None:  # checklist 34, 55
    status, _, body = request(server.port, "GET", "/health")
    assert (status, body["status"], body["jobs"]) == (200, "ok", "OK")
    assert body["queues"][BATCHES] == "OK"


def test_a_drop_is_asked_for_on_a_terminal(serve: Serve) -> None:
    server = serve()
    add(server, FOREIGN)
    assert "Drop 1 job? [y/N]" in on_a_terminal(server, "jobs", "drop", "1", answer="n\n")
    assert listed(server) == [1]
    assert "1 job dropped" in on_a_terminal(server, "jobs", "drop", "1", answer="y\n")
    assert listed(server) == []


def on_a_terminal(server: ServerProcess, *arguments: str, answer: str) -> str:
    """What a person sees who types a command, and then the answer."""
    command = [sys.executable, "-m", "appliance", *arguments, "--data", str(server.data)]
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(CHECKOUT)
        os.execve(sys.executable, command, clean_environment())
    os.write(terminal, answer.encode())
    seen = b""
    try:
        while some := os.read(terminal, 1000):
            seen += some
    except OSError:  # it has ended
        pass
    os.close(terminal)
    os.waitpid(pid, 0)
    return seen.decode()


def test_a_signal_shows_what_every_thread_does(server: ServerProcess, hamlet: Person) -> None:  # checklist 63
    for number in (1, 2):
        server.process.send_signal(signal.SIGUSR1)
        until(lambda number=number: server.log.count("WARNING appliance.base.stacks") == number)
    assert "Thread MainThread:\n" in server.log
    assert "Thread socket-loop:\n" in server.log
    assert hamlet.ask("GET", "/users/me")["user_id"] == hamlet.user_id
    assert server.stop() == 0
