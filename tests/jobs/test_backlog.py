"""Many jobs that wait: memory is bounded, and a job costs no more to take than when there are few."""

import threading
from collections.abc import Iterator
from unittest.mock import ANY

import pytest

from appliance.jobs import lane as lane_module
from appliance.jobs.policy import Policy
from appliance.store import job as job_table
from appliance.store.connection import integers
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
    assert len(lane.line) + len(lane.claims) <= 100
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
        queue = job_table.shard_of("errands", user_id, 3)
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
