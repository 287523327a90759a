"""What the log says of jobs: each failure once, with its queue and its job."""

import logging
import threading
from pathlib import Path

import orjson
import pytest

from appliance.jobs import pauses
from appliance.jobs.policy import DROP, Policy
from appliance.jobs.verdict import Drop, Fail, Retry, WorkerTimeout
from appliance.store.store import Store
from tests.conftest import MovableClock, until
from tests.jobs.errands import Errand, Pools, Start, enqueue, fail_times, waiting

TIMEOUT = WorkerTimeout("errands", 30, 1)
ONE_TRY = Policy(attempts=1)


@pytest.fixture(autouse=True)
def _all_is_said(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "appliance.jobs")


def said(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    """Of jobs."""
    found = [(each.levelname, each.getMessage()) for each in caplog.records]
    return [(level, text) for level, text in found if "job" in text]


def test_a_worker_says_when_it_starts_and_stops(
    store: Store, pools: Pools, caplog: pytest.LogCaptureFixture
) -> None:  # checklist 54
    caplog.set_level(logging.DEBUG, "appliance.jobs")
    pools.start(Errand())
    until(lambda: len(caplog.messages) == 2)
    pools.stop()
    started = {"queues worked: 1", "errands: worker started"}
    assert ({*caplog.messages[:2]}, caplog.messages[2:]) == (started, ["errands: worker stopped"])


FAILED = "Problem handling data on queue errands: job 1 failed"
DEAD = "errands: job 1 is a dead letter after {} tries: {}"


@pytest.mark.parametrize(  # checklist 54
    ("error", "expected"),
    [
        (
            RuntimeError("no"),
            [("ERROR", FAILED), ("WARNING", DEAD.format(1, "RuntimeError: no"))],
        ),
        (
            TIMEOUT,
            [("ERROR", f"errands: job 1: {TIMEOUT}"), ("WARNING", DEAD.format(1, TIMEOUT))],
        ),
        (Retry("busy"), [("ERROR", DEAD.format(1, "busy"))]),
        (Fail("no use"), [("ERROR", DEAD.format(0, "no use"))]),
        (Drop("gone"), [("INFO", "errands: job 1 dropped: gone")]),
    ],
    ids=["exception", "timeout", "retry", "fail", "drop"],
)
def test_an_end_that_is_not_good_is_an_error_once(
    store: Store,
    start: Start,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    expected: list[tuple[str, str]],
) -> None:
    worker = Errand(fail_times(1, error))
    worker.policy = ONE_TRY
    enqueue(store, 1)
    start(worker)
    until(lambda: worker.seen and not waiting(store))
    until(lambda: said(caplog) == expected)


def test_each_try_is_an_error_and_each_retry_is_told(
    store: Store, start: Start, clock: MovableClock, caplog: pytest.LogCaptureFixture
) -> None:  # checklist 54, 57
    worker = Errand(fail_times(9, RuntimeError("no")))
    worker.policy = Policy(attempts=2, exhausted=DROP)
    pool = start(worker)
    enqueue(store, 1)
    until(lambda: waiting(store)[0].failed_tries == 1)
    clock.advance(10)
    pool.recheck()
    until(lambda: not waiting(store))
    levels = [level for level, _ in said(caplog)]
    assert levels == ["ERROR", "WARNING", "ERROR", "INFO"]
    assert "errands: job 1 will be tried again in " in said(caplog)[1][1]
    assert said(caplog)[3][1] == "errands: job 1 dropped: RuntimeError: no (after 2 tries)"


def test_errors_say_whose_they_are(
    store: Store, start: Start, caplog: pytest.LogCaptureFixture
) -> None:  # checklist 53
    worker = Errand(fail_times(9, RuntimeError("no")))
    worker.policy = ONE_TRY
    enqueue(store, 1, 2)
    start(worker)
    until(lambda: len(waiting(store, dead=True)) == 2)
    failures = [each for each in caplog.records if each.exc_info]
    assert [(vars(each)["queue"], vars(each)["jobs"]) for each in failures] == [
        ("errands", [1]),
        ("errands", [2]),
    ]
    assert not any(hasattr(each, "grouping") for each in caplog.records)


@pytest.mark.parametrize("noticed", [True, False])
def test_timeouts_of_a_queue_belong_together(
    store: Store,
    start: Start,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    noticed: bool,
) -> None:  # checklist 53
    monkeypatch.setattr(pauses, "OVERRUN", 0.02)
    free = threading.Event()
    worker = Errand(fail_times(1, TIMEOUT) if noticed else lambda job: free.wait(20))
    worker.policy = Policy(attempts=1, timeout=30 if noticed else 0.02)
    enqueue(store, 1)
    start(worker)
    until(lambda: waiting(store, dead=True))
    free.set()
    [record] = [each for each in caplog.records if each.levelno == logging.ERROR]
    found = {name: vars(record)[name] for name in ("queue", "jobs", "grouping")}
    assert found == {"queue": "errands", "jobs": [1], "grouping": ("timeout", "errands")}


def lines(store: Store) -> list[str]:
    path = Path(store.folder / "queue_errors" / "errands.errors")
    return path.read_text().splitlines() if path.exists() else []


def test_each_failure_is_a_line_of_the_queues_error_file(
    store: Store, start: Start, clock: MovableClock
) -> None:  # checklist 33, 58
    worker = Errand(fail_times(9, RuntimeError("no")))
    worker.policy = Policy(attempts=3)
    pool = start(worker)
    enqueue(store, 7)

    def over() -> bool:
        clock.advance(10)
        pool.recheck()
        return bool(waiting(store, dead=True))

    until(over)
    assert [orjson.loads(line.partition("\t")[2]) for line in lines(store)] == [[{"number": 7}]] * 3
