"""What can go wrong around a job: its body, the disk, the clock, a transaction that is kept."""

from functools import partial
from operator import methodcaller

import pytest

from appliance.base.errors import StorageError
from appliance.jobs import pauses
from appliance.jobs.policy import DROP, Policy
from appliance.jobs.verdict import InterruptConsume, Retry
from appliance.store.store import Store
from appliance.store.transaction import Job, Transaction
from tests.conftest import MovableClock, until
from tests.jobs.errands import Errand, Start, enqueue, fail_times, waiting


def insert(store: Store, body: bytes, queue: str = "errands") -> None:
    """As another program would."""
    sql = "INSERT INTO job(queue, body, created) VALUES (?, ?, 0)"
    store.write(methodcaller("execute", sql, queue, body))


@pytest.mark.parametrize(
    ("body", "error"), [(b"{", "not JSON"), (b"\xff", "not JSON"), (b"[1]", "not a JSON object")]
)
def test_a_body_that_nobody_can_read_is_a_dead_letter_at_once(
    store: Store, start: Start, body: bytes, error: str
) -> None:
    insert(store, body)
    start(Errand())
    until(lambda: waiting(store, dead=True))
    [dead] = waiting(store, dead=True)
    assert error in str(dead.error)
    assert dead.body == body
    assert (store.folder / "queue_errors" / "errands.errors").exists()


def test_a_body_of_the_future_is_tried_then_kept_whole(store: Store, start: Start) -> None:
    worker = Errand()
    worker.policy = Policy(attempts=1)
    insert(store, b'{"version": 7, "figure": 1}')
    start(worker)
    until(lambda: waiting(store, dead=True))
    [dead] = waiting(store, dead=True)
    assert (dead.error, dead.body) == ("KeyError: 'number'", b'{"version": 7, "figure": 1}')


def test_a_failed_job_is_tried_three_times_more(
    store: Store, start: Start, clock: MovableClock
) -> None:  # checklist 33, 57
    worker = Errand(fail_times(99, RuntimeError("no")))
    worker.policy = Policy()
    pool = start(worker)
    enqueue(store, 1)

    def over() -> bool:
        clock.advance(1000)
        pool.recheck()
        return bool(waiting(store, dead=True))

    until(over)
    assert worker.seen == [1] * 4


def test_a_queue_may_drop_what_fails_for_good(store: Store, start: Start) -> None:  # checklist 46
    worker = Errand(fail_times(99, RuntimeError("no")))
    worker.policy = Policy(attempts=1, exhausted=DROP)
    start(worker)
    enqueue(store, 1)
    until(lambda: worker.seen and not waiting(store))
    assert waiting(store, dead=True) == []


def test_what_was_not_tried_costs_no_try(store: Store, start: Start, clock: MovableClock) -> None:
    at = clock.now() + 50
    start(Errand(fail_times(1, Retry("the host is down", at=at, counts=False))))
    enqueue(store, 1)
    until(lambda: waiting(store)[0].error)
    [job] = waiting(store)
    assert job.failed_tries == 0
    assert job.run_at == int(at * 1000) + 1


def test_a_worker_may_end_without_a_word(
    store: Store, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    start(Errand(fail_times(1, InterruptConsume())))
    enqueue(store, 1)
    until(lambda: not waiting(store))
    assert caplog.text == ""
    assert not (store.folder / "queue_errors").exists()


def test_a_transaction_that_is_kept_disturbs_nobody(store: Store, start: Start) -> None:  # checklist 62
    kept: list[Transaction] = []

    def leak(job: Job) -> None:
        store.write(kept.append)
        kept[-1].execute("BEGIN IMMEDIATE")

    start(Errand(leak))
    enqueue(store, 1)
    until(lambda: waiting(store)[0].failed_tries == 1)
    assert "Transaction" in str(waiting(store)[0].error)
    enqueue(store, 2)


# -- the clock


def test_a_clock_that_jumps_forward_makes_jobs_due(
    store: Store, start: Start, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pauses, "LONGEST_NAP", 0.02)
    worker = Errand()
    start(worker)
    enqueue(store, 1, run_at=clock.now() + 80_000)
    clock.advance(86_400)
    until(lambda: worker.seen)


def test_a_clock_that_goes_back_does_not_hold_up_retries(
    store: Store, start: Start, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pauses, "LONGEST_NAP", 0.02)
    worker = Errand(fail_times(1, Retry("busy", delay=10)))
    start(worker)
    enqueue(store, 1)
    enqueue(store, 2, run_at=clock.now() + 5)
    until(lambda: waiting(store)[0].failed_tries == 1)
    planned = clock.now() + 10
    clock.advance(-3600)
    until(lambda: (waiting(store)[0].run_at or 0) / 1000 < planned - 3500)
    clock.advance(11)
    until(lambda: worker.seen == [1, 1])
    assert [each.body for each in waiting(store)][-1] == b'{"number":2}'


# -- the disk


FULL = (
    "CREATE TEMP TABLE item(name)",
    "PRAGMA temp.max_page_count = 5",
    "CREATE TEMP TRIGGER full BEFORE {} ON main.job BEGIN INSERT INTO item VALUES (zeroblob(10000000)); END",
)


def fill_disk(store: Store, against: str) -> None:
    for statement in FULL:
        store.write(methodcaller("execute", statement.format(against)))


def free_disk(store: Store) -> None:
    store.write(methodcaller("execute", "DROP TRIGGER temp.full"))


def test_a_full_disk_takes_no_job(store: Store, start: Start) -> None:
    worker = Errand()
    start(worker)
    fill_disk(store, "INSERT")
    with pytest.raises(StorageError, match="full"):
        enqueue(store, 1)
    free_disk(store)
    enqueue(store, 2)
    until(lambda: not waiting(store))
    assert worker.seen == [2]


def test_a_retry_that_the_disk_does_not_take_is_made_up_for(
    store: Store, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    worker = Errand(fail_times(1, RuntimeError("busy")))
    start(worker)
    fill_disk(store, "UPDATE")
    enqueue(store, 1)
    until(lambda: "job 1 waits for the disk" in caplog.text)
    until(partial(len, worker.seen))
    free_disk(store)
    until(lambda: not waiting(store))
    assert worker.seen == [1, 1]
