"""Many jobs that wait: memory is bounded, and a job costs no more to take than when there are few."""

import threading
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import ANY

import pytest

from appliance.base.errors import StorageError
from appliance.base.threads import Threads
from appliance.jobs import lane as lane_module
from appliance.jobs.policy import Policy
from appliance.store import checkpoint, free_pages, job_shard
from appliance.store import job as job_table
from appliance.store.connection import CHECKPOINTER, connect, integers
from appliance.store.store import Store
from appliance.store.transaction import Job
from tests.conftest import MovableClock, until
from tests.jobs.errands import Errand, Other, Pools, Start, enqueue, waiting


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A step through the file, of which there are many then."""
    for module in (lane_module, __import__("appliance.jobs.pool", fromlist=["pool"])):
        monkeypatch.setattr(module, "BLOCK", 8)


@pytest.mark.parametrize("before", [True, False], ids=["in the file", "committed later"])
def test_no_more_than_the_prefetch_is_in_memory(
    store: Store, start: Start, gate: threading.Event, before: bool
) -> None:  # checklist 37
    worker = Errand(lambda job: gate.wait(20))
    if before:
        enqueue(store, *range(500))
    pool = start(worker)
    if not before:
        enqueue(store, *range(500))
    until(lambda: worker.seen)
    until(lambda: pool.waiting()["errands"] == 499)
    [lane] = pool._lanes.values()
    moving = 1  # on its way from the line to the claims, it is in neither for a moment
    assert len(lane.line) + len(lane.claims) <= 100 + moving
    gate.set()
    until(lambda: not waiting(store))
    assert worker.seen == list(range(500))


def test_order_is_kept_through_file_and_memory(
    store: Store, pools: Pools, gate: threading.Event, small_blocks: None
) -> None:
    worker, other = Errand(lambda job: gate.wait(20)), Other()
    worker.policy = Policy(prefetch=5)
    for number in range(0, 60, 3):
        enqueue(store, number)
        enqueue(store, number + 1, queue="others")
        enqueue(store, number + 2)
    pools.start(worker, other)
    enqueue(store, *range(60, 100))
    until(lambda: len(other.seen) == 20)
    gate.set()
    until(lambda: not waiting(store))
    assert worker.seen == [number for number in range(60) if number % 3 != 1] + [*range(60, 100)]
    assert other.seen == list(range(1, 60, 3))


def test_many_jobs_due_at_once_come_by_time(
    store: Store, start: Start, clock: MovableClock, gate: threading.Event
) -> None:
    worker = Errand(lambda job: gate.wait(20))
    worker.policy = Policy(prefetch=10)
    pool = start(worker)
    for number in range(60):
        enqueue(store, number, run_at=clock.now() + 1 + number % 2)
    clock.advance(10)
    pool.recheck()
    until(lambda: worker.seen)
    [lane] = pool._lanes.values()
    assert len(lane.line) <= 10
    gate.set()
    until(lambda: not waiting(store))
    assert worker.seen == [*range(0, 60, 2), *range(1, 60, 2)]


@pytest.mark.parametrize(
    ("sql", "bindings", "plan"),
    [
        (
            job_table.READY,
            (1, 100, "errands", 10),
            "SEARCH job USING INTEGER PRIMARY KEY (rowid>?",
        ),
        (job_table.DUE, ("errands", 1, ANY, 10), "SEARCH job USING INDEX job_due (queue=? AND run_at<?)"),
        (job_table.NEXT_DUE, ("errands", ANY), "SEARCH job USING COVERING INDEX job_due (queue=?"),
        ("DELETE FROM job WHERE id BETWEEN ? AND ?", (1, 2), "SEARCH job USING INTEGER PRIMARY KEY"),
    ],
)
def test_taking_a_job_never_reads_through_the_table(
    store: Store, sql: str, bindings: tuple[object, ...], plan: str
) -> None:
    given = [integers([]) if each is ANY else each for each in bindings]
    with store.read() as reader:
        steps = [row[3] for row in reader.rows(f"EXPLAIN QUERY PLAN {sql}", *given)]
    assert steps[0].startswith(plan)
    assert not any("SCAN job" in step or step == "TEMP B-TREE FOR ORDER BY" for step in steps)


def test_shards_split_a_queue_by_user(store: Store, start: Start) -> None:  # checklist 41
    def write(user_id: int) -> None:
        queue = job_shard.shard_of("errands", user_id, 3)
        store.write(lambda transaction: transaction.job(queue, {"number": user_id}))

    shards = [Errand(), Errand(), Errand()]
    for number, shard in enumerate(shards, 1):
        shard.worker_num = number
    start(*shards)
    for user_id in range(9):
        write(user_id)
    until(lambda: not waiting(store))
    assert [shard.seen for shard in shards] == [[0, 3, 6], [1, 4, 7], [2, 5, 8]]


def test_consuming_leaves_nothing_behind(store: Store, start: Start) -> None:  # checklist 5, 38
    def leave(job: Job) -> None:
        reader = store.read()
        reader.__enter__().begin()  # and never ends
        raise SystemExit

    worker = Errand(leave)
    worker.policy = Policy(attempts=1)
    pool = start(worker)
    enqueue(store, *range(300))
    until(lambda: not waiting(store))
    [lane] = pool._lanes.values()
    assert len(worker.seen) == 300
    assert not lane.claims
    assert not lane.held
    assert len(store._readers) <= 4


@pytest.mark.parametrize("reading", ["ready", "due", "spans"])
def test_commits_do_not_wait_for_jobs_to_be_read(
    store: Store,
    start: Start,
    clock: MovableClock,
    gate: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
    reading: str,
) -> None:
    read, begun = getattr(job_table, reading), threading.Event()

    def read_slowly(*arguments: Any) -> Any:
        begun.set()
        assert gate.wait(20)
        return read(*arguments)

    worker = Errand()
    pool = start(worker)
    monkeypatch.setattr(job_table, reading, read_slowly)
    COMING[reading](store)
    clock.advance(10)
    pool.look()
    assert begun.wait(20)
    enqueue(store, *range(100, 200))
    enqueue(store, 200, run_at=clock.now() + 5)
    gate.set()
    clock.advance(10)
    pool.recheck()
    until(lambda: not waiting(store))
    assert sorted(worker.seen) == [1, *range(100, 201)]
    assert [number for number in worker.seen if 100 <= number < 200] == [*range(100, 200)]


def from_elsewhere(store: Store) -> None:
    """A job of another process, which tells nobody."""
    sql, body = "INSERT INTO job(queue, body, created) VALUES ('errands', ?, 1)", b'{"number":1}'
    store.write(lambda transaction: transaction.execute(sql, body))


COMING: dict[str, Callable[[Store], None]] = {
    "ready": from_elsewhere,
    "spans": from_elsewhere,
    "due": lambda store: enqueue(store, 1, run_at=1_700_000_001.0),
}


def test_due_jobs_that_could_not_be_read_are_read_later(
    store: Store, start: Start, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    due, failures = job_table.due, iter(range(2))

    def fail_first(*arguments: Any) -> Any:
        if next(failures, None) is not None:
            raise StorageError("the disk of the data folder failed")
        return due(*arguments)

    monkeypatch.setattr(job_table, "due", fail_first)
    worker = Errand()
    pool = start(worker)
    enqueue(store, 1, run_at=clock.now() + 1)
    clock.advance(2)
    pool.recheck()
    until(lambda: worker.seen == [1])


def test_the_file_is_small_again_when_many_jobs_are_done(
    store: Store, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "LOOK", 1)
    monkeypatch.setattr(free_pages, "MANY", 20)
    monkeypatch.setattr(free_pages, "CALM", 0.05)
    before = size_when_moved(store)
    store.write(lambda transaction: [transaction.job("errands", LONG | {"number": n}) for n in range(5000)])
    assert size_when_moved(store) > 5 * before
    threads = Threads()
    store.start(threads)
    worker = Errand()
    start(worker)
    until(lambda: store.path.stat().st_size < 2 * before)
    store.checkpointer.stop()
    threads.stop(10)
    assert worker.seen == [*range(5000)]


LONG = {"text": "x" * 480}


def size_when_moved(store: Store) -> int:
    """Of the file, with all that is in the log so far."""
    connect(store.path, CHECKPOINTER).wal_checkpoint()
    return store.path.stat().st_size
