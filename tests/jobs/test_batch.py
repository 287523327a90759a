"""Loop workers: batches gather, and one bad event takes no other with it."""

import logging
import threading
from collections.abc import Callable, Sequence

import pytest

from appliance.jobs import pauses
from appliance.jobs.policy import Policy
from appliance.jobs.verdict import Fail, Retry
from appliance.jobs.worker import Context, Delivery, LoopQueueProcessingWorker, assign_queue
from appliance.store.store import Store
from tests.conftest import MovableClock, until
from tests.jobs.errands import Start, enqueue, waiting


@assign_queue("batches", policy=Policy(sleep_delay=0.05, attempts=3, timeout=0.2), enabled=False)
class Batches(LoopQueueProcessingWorker):
    def __init__(self, do: Callable[[Sequence[Delivery]], object] = lambda deliveries: None) -> None:
        super().__init__()
        self.do = do
        self.seen: list[list[int]] = []

    def consume_batch(self, deliveries: Sequence[Delivery], context: Context) -> None:
        self.seen.append([number(each) for each in deliveries])
        self.do(deliveries)


def number(delivery: Delivery) -> int:
    found: int = delivery.job.event()["number"]
    return found


def test_many_jobs_come_in_batches(store: Store, start: Start) -> None:  # checklist 27
    worker = Batches()
    enqueue(store, *range(250), queue="batches")
    start(worker)
    until(lambda: not waiting(store))
    assert [each for batch in worker.seen for each in batch] == list(range(250))
    assert len(worker.seen) >= 3
    assert max(map(len, worker.seen)) <= 100


@pytest.mark.parametrize("size", [1, 7])
def test_the_size_of_a_batch_is_its_policys(store: Store, start: Start, size: int) -> None:  # checklist 45
    worker = Batches()
    worker.policy = Policy(batch_size=size, sleep_delay=0.01)
    enqueue(store, *range(21), queue="batches")
    start(worker)
    until(lambda: not waiting(store))
    assert max(map(len, worker.seen)) == size


def test_a_lone_job_waits_no_longer_than_the_delay(store: Store, start: Start) -> None:  # checklist 27
    worker = Batches()
    start(worker)
    enqueue(store, 1, queue="batches")
    until(lambda: worker.seen, seconds=1)
    assert worker.seen == [[1]]


def test_jobs_that_come_within_the_delay_share_a_batch(store: Store, start: Start) -> None:  # checklist 45
    worker = Batches()
    worker.policy = Policy(batch_size=3, sleep_delay=20)
    start(worker)
    for each in (1, 2, 3):
        enqueue(store, each, queue="batches")
    until(lambda: worker.seen)
    assert worker.seen == [[1, 2, 3]]


def test_one_bad_event_takes_no_other_with_it(store: Store, start: Start) -> None:  # checklist 56
    done = []

    def do(deliveries: Sequence[Delivery]) -> None:
        for each in deliveries:
            if number(each) == 1:
                raise RuntimeError("bad")
            if len(deliveries) == 1:
                done.append(number(each))

    worker = Batches(do)
    enqueue(store, 0, 1, 2, 3, queue="batches")
    start(worker)
    until(lambda: len(waiting(store)) == 1)
    assert worker.seen == [[0, 1, 2, 3], [0], [1], [2], [3]]
    assert done == [0, 2, 3]
    assert [(each.body, each.failed_tries) for each in waiting(store)] == [(b'{"number":1}', 1)]


def test_each_event_may_have_a_verdict_of_its_own(store: Store, start: Start) -> None:
    def do(deliveries: Sequence[Delivery]) -> None:
        deliveries[1].end(Fail("never"))
        deliveries[2].end(Retry("later"))
        deliveries[3].end()

    worker = Batches(do)
    enqueue(store, 0, 1, 2, 3, queue="batches")
    start(worker)
    until(lambda: len(waiting(store)) == 1)
    assert [each.body for each in waiting(store)] == [b'{"number":2}']
    assert [each.error for each in waiting(store, dead=True)] == ["never"]
    assert worker.seen == [[0, 1, 2, 3]]


def test_what_has_ended_is_not_delivered_again_when_the_batch_fails(store: Store, start: Start) -> None:
    def do(deliveries: Sequence[Delivery]) -> None:
        if len(deliveries) > 1:
            deliveries[0].end()
            raise RuntimeError("the second is bad")

    worker = Batches(do)
    enqueue(store, 0, 1, 2, queue="batches")
    start(worker)
    until(lambda: not waiting(store))
    assert worker.seen == [[0, 1, 2], [1], [2]]


def test_what_failed_before_is_alone(store: Store, start: Start, clock: MovableClock) -> None:
    failed: list[bool] = []

    def do(deliveries: Sequence[Delivery]) -> None:
        if not failed:
            failed.append(True)
            deliveries[0].end(Retry("later", delay=5))

    worker = Batches(do)
    pool = start(worker)
    enqueue(store, 0, queue="batches")
    until(lambda: waiting(store) and waiting(store)[0].failed_tries == 1)
    clock.advance(10)
    enqueue(store, 1, 2, queue="batches")
    pool.recheck()
    until(lambda: not waiting(store))
    assert [0] in worker.seen[1:]


def test_a_batch_that_takes_too_long_is_one_error_with_all_its_jobs(
    store: Store, start: Start, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:  # checklist 32, 53
    monkeypatch.setattr(pauses, "OVERRUN", 0.02)
    free = threading.Event()
    worker = Batches(lambda deliveries: len(deliveries) > 1 and free.wait(20))
    worker.policy = Policy(sleep_delay=0.05, timeout=0.25)
    enqueue(store, 1, 2, queue="batches")
    start(worker)
    until(lambda: not waiting(store))
    free.set()
    assert worker.seen == [[1, 2], [1], [2]]
    [record] = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert record.getMessage() == "batches: Timed out in batches after 0.5 seconds processing 2 events"
    found = {name: vars(record)[name] for name in ("queue", "jobs", "grouping")}
    assert found == {"queue": "batches", "jobs": [1, 2], "grouping": ("timeout", "batches")}
