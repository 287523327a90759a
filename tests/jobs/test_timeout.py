"""A worker that takes too long loses its jobs, and the queue goes on without it."""

import threading
from collections.abc import Iterator
from math import inf
from pathlib import Path

import pytest

from appliance.jobs import lane as lane_module
from appliance.jobs import pauses
from appliance.jobs.deadline import Deadline
from appliance.jobs.policy import Policy
from appliance.jobs.verdict import WorkerTimeout
from appliance.jobs.worker import Context
from appliance.store.store import Store
from appliance.store.transaction import Job
from tests.conftest import until
from tests.jobs.errands import Errand, Start, enqueue, waiting

QUICK = Policy(attempts=2, first_pause=10, timeout=0.05)


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """What hanging workers wait for."""
    monkeypatch.setattr(pauses, "OVERRUN", 0.02)
    event = threading.Event()
    yield event
    event.set()


def hangs(free: threading.Event, *numbers: int) -> Errand:
    def do(job: Job) -> None:
        if job.event()["number"] in numbers:
            free.wait(20)

    worker = Errand(do)
    worker.policy = QUICK
    return worker


def test_a_hanging_worker_is_replaced(
    store: Store, start: Start, free: threading.Event, caplog: pytest.LogCaptureFixture
) -> None:  # checklist 32
    worker = hangs(free, 1)
    start(worker)
    enqueue(store, 1, 2)
    until(lambda: len(waiting(store)) == 1)
    assert worker.seen == [1, 2]
    [late] = waiting(store)
    assert late.failed_tries == 1
    assert late.error == "Timed out in errands after 0.05 seconds processing 1 events"
    assert late.error in caplog.text
    errors = Path(store.folder / "queue_errors" / "errands.errors").read_text()
    assert errors.endswith('\t[{"number":1}]\n')


def test_who_was_replaced_can_acknowledge_no_more(
    store: Store, start: Start, free: threading.Event, caplog: pytest.LogCaptureFixture
) -> None:
    refused = []

    class Slow(Errand):
        def consume(self, job: Job, context: Context) -> None:
            free.wait(20)
            try:
                store.write(lambda transaction: context.acknowledge(transaction, job))
            except WorkerTimeout as error:
                refused.append(error)

    worker = Slow()
    worker.policy = QUICK
    start(worker)
    enqueue(store, 1)
    until(lambda: waiting(store)[0].failed_tries == 1)
    free.set()
    until(lambda: "a thread that hung has come back" in caplog.text)
    assert refused
    assert [each.failed_tries for each in waiting(store)] == [1]


def test_too_many_hanging_threads_pause_the_queue(
    store: Store,
    start: Start,
    free: threading.Event,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lane_module, "MOST_STUCK", 2)
    worker = hangs(free, 1, 2, 3)
    start(worker)
    enqueue(store, 1, 2, 3, 4)
    until(lambda: "errands: paused, since 3 of its threads hang" in caplog.text)
    assert worker.seen == [1, 2, 3]
    free.set()
    until(lambda: worker.seen == [1, 2, 3, 4])


@pytest.mark.parametrize("unlimited", ["policy", "option"])
def test_there_may_be_no_limit(
    store: Store, start: Start, free: threading.Event, unlimited: str
) -> None:  # checklist 44
    left = []

    class Patient(Errand):
        def consume(self, job: Job, context: Context) -> None:
            left.append(context.deadline.left())

    worker = Patient()
    worker.policy = Policy(timeout=None if unlimited == "policy" else 0.01)
    worker.disable_timeout = unlimited == "option"
    start(worker)
    enqueue(store, 1)
    until(lambda: left)
    assert left == [inf]


def test_a_worker_may_look_at_its_deadline(
    store: Store, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    class Careful(Errand):
        def consume(self, job: Job, context: Context) -> None:
            while True:
                context.deadline.check()

    worker = Careful()
    worker.policy = QUICK
    start(worker)
    enqueue(store, 1)
    until(lambda: waiting(store)[0].failed_tries == 1)
    assert "Timed out in errands" in caplog.text
    assert "hang" not in caplog.text


def test_a_deadline_counts_its_events() -> None:  # checklist 44
    deadline = Deadline(0.0, "errands", 3)
    assert deadline.left() == 0
    assert str(deadline.overrun()) == "Timed out in errands after 0 seconds processing 3 events"
    assert Deadline(2.0, "errands", 3).left() == pytest.approx(6, abs=0.5)
    with pytest.raises(WorkerTimeout):
        deadline.check()
