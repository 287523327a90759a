"""Every job is done at least once, in order, not before its time, and what fails for good is kept."""

import threading
from collections.abc import Iterator
from functools import partial
from operator import methodcaller

import pytest

from appliance.base.errors import StorageError
from appliance.jobs.policy import Policy
from appliance.jobs.verdict import Drop, Fail, Retry
from appliance.store import job as job_table
from appliance.store.store import Store
from appliance.store.transaction import Job
from tests.conftest import MovableClock, until
from tests.jobs.errands import Errand, Other, Pools, Start, enqueue, enqueue_each, fail_times, waiting
from tests.store.conftest import Disk
from tests.store.crowd import Crowd

# -- doing


def test_jobs_of_a_queue_are_done_in_order(store: Store, start: Start) -> None:  # checklist 4
    worker = Errand()
    enqueue(store, *range(50))
    start(worker)
    for number in range(50, 100):
        enqueue(store, number)
    until(lambda: not waiting(store))
    assert worker.seen == list(range(100))


def test_jobs_of_many_writers_are_done_once_each_in_commit_order(store: Store, start: Start) -> None:
    worker = Errand()
    ids: list[int] = []
    worker.do = lambda job: ids.append(job.id)
    start(worker)
    with Crowd() as crowd:
        for first in range(0, 400, 50):
            crowd.start(partial(enqueue_each, store, range(first, first + 50)))
    until(lambda: not waiting(store))
    assert sorted(worker.seen) == list(range(400))
    assert ids == sorted(ids)


def test_queues_do_not_wait_for_each_other(store: Store, start: Start) -> None:  # checklist 40
    free = threading.Event()
    slow, quick = Errand(lambda job: free.wait(20)), Other()
    start(slow, quick)
    enqueue(store, 1)
    enqueue(store, 2, queue="others")
    try:
        until(lambda: quick.seen and slow.seen)
        assert slow.seen == [1]
    finally:
        free.set()


def test_a_queue_has_as_many_threads_as_it_says(store: Store, start: Start) -> None:
    class Wide(Errand):
        policy = Policy(concurrency=3)

    together = threading.Barrier(3)
    worker = Wide(lambda job: together.wait(20))
    enqueue(store, 1, 2, 3)
    start(worker)
    until(lambda: not waiting(store))
    assert sorted(worker.seen) == [1, 2, 3]


def test_threads_are_started_when_they_are_needed(store: Store, start: Start) -> None:
    class Wide(Errand):
        policy = Policy(concurrency=3)

    def threads() -> int:
        return sum(each.name == "job-errands" for each in threading.enumerate())

    free = threading.Event()
    worker = Wide(lambda job: free.wait(20))
    start(worker)
    before = threads()
    enqueue(store, 1)
    until(lambda: threads() == 2)
    enqueue(store, 2, 3, 4)
    until(lambda: threads() == 3)
    free.set()
    until(lambda: not waiting(store))
    assert before == 1
    assert threads() == 3


def test_a_job_starts_before_its_flush(store: Store, start: Start, disk: Disk) -> None:
    worker = Errand()
    start(worker)
    disk.gate.clear()
    with Crowd() as crowd:
        crowd.start(lambda: enqueue(store, 1))
        until(lambda: worker.seen)
        disk.gate.set()


def test_more_jobs_than_are_kept_in_memory(store: Store, start: Start) -> None:
    free = threading.Event()
    worker = Errand(lambda job: free.wait(20))
    worker.policy = Policy(prefetch=5)
    pool = start(worker)
    enqueue(store, *range(30))
    enqueue(store, *range(30, 60))
    assert pool.waiting()["errands"] >= 58
    free.set()
    until(lambda: not waiting(store))
    assert worker.seen == list(range(60))


def test_jobs_of_a_queue_without_a_worker_stay(store: Store, start: Start) -> None:
    worker = Errand()
    enqueue(store, 1, queue="unknown")
    start(worker)
    enqueue(store, 2, queue="unknown")
    enqueue(store, 3)
    until(lambda: len(waiting(store)) == 2)
    assert [job.queue for job in waiting(store)] == ["unknown", "unknown"]
    assert worker.seen == [3]


def test_a_job_that_somebody_dropped_meanwhile_is_not_done(store: Store, start: Start) -> None:
    free = threading.Event()
    worker = Errand(lambda job: free.wait(20))
    pool = start(worker)
    enqueue(store, 1, 2, 3)
    until(lambda: worker.seen)
    store.write(lambda transaction: job_table.done(transaction, [2]))
    pool.look()
    free.set()
    until(lambda: not waiting(store))
    assert worker.seen == [1, 3]


# -- later


def test_a_job_is_never_early(store: Store, start: Start, clock: MovableClock) -> None:
    worker = Errand()
    pool = start(worker)
    enqueue(store, 1, run_at=clock.now() + 60.0004)
    enqueue(store, 2)
    until(lambda: worker.seen)
    for _ in range(2):
        pool.recheck()
        enqueue(store, 2)
        until(lambda: len(waiting(store)) == 1)
        assert 1 not in worker.seen
        clock.advance(30)
    clock.advance(0.002)
    pool.recheck()
    until(lambda: 1 in worker.seen)


def test_a_time_that_is_over_is_at_once(store: Store, start: Start, clock: MovableClock) -> None:
    worker = Errand()
    start(worker)
    enqueue(store, 1, run_at=clock.now() - 60)
    until(lambda: worker.seen)


def test_due_jobs_are_done_by_time(store: Store, start: Start, clock: MovableClock) -> None:
    worker = Errand()
    pool = start(worker)
    for number in (3, 1, 2):
        enqueue(store, number, run_at=clock.now() + number)
    clock.advance(10)
    pool.recheck()
    until(lambda: not waiting(store))
    assert worker.seen == [1, 2, 3]


# -- failing


@pytest.mark.parametrize("error", [Retry("busy"), RuntimeError("busy")])
def test_a_failed_job_is_tried_again_after_a_pause(
    store: Store, start: Start, clock: MovableClock, error: Exception
) -> None:  # checklist 4, 33
    worker = Errand(fail_times(1, error))
    pool = start(worker)
    enqueue(store, 1)
    until(lambda: waiting(store)[0].failed_tries == 1)
    [job] = waiting(store)
    assert job.error is not None
    assert job.error.endswith("busy")
    assert job.run_at is not None
    assert 5 <= job.run_at / 1000 - clock.now() <= 15.1
    assert worker.seen == [1]
    clock.advance(16)
    pool.recheck()
    until(lambda: not waiting(store))
    assert worker.seen == [1, 1]


def test_a_worker_may_say_when_to_try_again(store: Store, start: Start, clock: MovableClock) -> None:
    start(Errand(fail_times(1, Retry("later", delay=3600))))
    enqueue(store, 1)
    until(lambda: waiting(store)[0].failed_tries == 1)
    assert waiting(store)[0].run_at == pytest.approx((clock.now() + 3600) * 1000, abs=2)


def test_after_its_attempts_a_job_is_a_dead_letter(store: Store, start: Start, clock: MovableClock) -> None:
    worker = Errand(fail_times(99, RuntimeError("no use")))
    pool = start(worker)
    enqueue(store, 1)

    def tried(times: int) -> bool:
        return waiting(store)[0].failed_tries == times

    for times in (1, 2):
        until(partial(tried, times))
        clock.advance(1000)
        pool.recheck()
    until(lambda: not waiting(store))
    [dead] = waiting(store, dead=True)
    assert (dead.failed_tries, dead.error, dead.body) == (3, "RuntimeError: no use", b'{"number":1}')
    assert dead.died == int(clock.now())
    assert worker.seen == [1, 1, 1]


def test_a_job_that_cannot_work_is_a_dead_letter_at_once(store: Store, start: Start) -> None:
    worker = Errand(fail_times(1, Fail("no such address")))
    start(worker)
    enqueue(store, 1)
    until(lambda: waiting(store, dead=True))
    assert waiting(store, dead=True)[0].error == "no such address"
    assert waiting(store) == []
    assert worker.seen == [1]


def test_a_job_without_an_aim_is_dropped(store: Store, start: Start) -> None:
    worker = Errand(fail_times(1, Drop("the message is gone")))
    start(worker)
    enqueue(store, 1)
    until(lambda: worker.seen and not waiting(store))
    assert waiting(store, dead=True) == []


def test_a_full_disk_is_not_the_jobs_fault(store: Store, start: Start, clock: MovableClock) -> None:
    worker = Errand(fail_times(5, StorageError("the disk is full")))
    pool = start(worker)
    enqueue(store, 1)

    def done_by_now() -> bool:
        clock.advance(0.1)
        pool.recheck()
        return not waiting(store)

    until(done_by_now)
    assert worker.seen == [1] * 6
    assert waiting(store, dead=True) == []


def test_a_failing_job_does_not_hold_up_the_next(store: Store, start: Start) -> None:  # checklist 56
    worker = Errand(fail_times(1, RuntimeError("busy")))
    start(worker)
    enqueue(store, 1, 2)
    until(lambda: len(worker.seen) == 2)
    until(lambda: len(waiting(store)) == 1)
    assert worker.seen == [1, 2]


# -- acknowledging


def test_finished_jobs_are_deleted_in_groups(store: Store, start: Start) -> None:
    worker = Errand()
    enqueue(store, *range(1000))
    before = store.committer.writes
    start(worker)
    until(lambda: not waiting(store))
    assert len(worker.seen) == 1000
    assert store.committer.writes - before < 100


def test_an_idle_pool_writes_nothing(store: Store, start: Start) -> None:
    start(Errand())
    enqueue(store, 1)
    until(lambda: not waiting(store))
    before = store.committer.writes
    assert not threading.Event().wait(0.1)
    assert store.committer.writes == before


def test_acknowledgements_that_found_no_room_are_made_up_for(
    store: Store, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    """Deleting fails until the trigger is gone."""
    for statement in (
        "CREATE TEMP TABLE item(name)",
        "PRAGMA temp.max_page_count = 5",
        "CREATE TEMP TRIGGER full BEFORE DELETE ON main.job"
        " BEGIN INSERT INTO item VALUES (zeroblob(10000000)); END",
    ):
        store.write(methodcaller("execute", statement))
    worker = Errand()
    start(worker)
    enqueue(store, 1)
    until(lambda: "1 finished jobs were not deleted: the disk of the data folder is full" in caplog.text)
    store.write(lambda transaction: transaction.execute("DROP TRIGGER temp.full"))
    until(lambda: not waiting(store))
    assert worker.seen == [1]


# -- stopping and crashing


def test_a_stop_finishes_what_runs_and_leaves_the_rest(store: Store, pools: Pools) -> None:  # checklist 35
    began, free = threading.Event(), threading.Event()

    def wait(job: Job) -> None:
        began.set()
        free.wait(20)

    worker = Errand(wait)
    pool = pools.start(worker)
    enqueue(store, 1, 2)
    assert began.wait(20)
    pool.stop()
    free.set()
    pools.stop()
    assert worker.seen == [1]
    assert worker.closed == 1
    assert [job.body for job in waiting(store)] == [b'{"number":2}']


def test_after_a_crash_unfinished_jobs_come_again_in_order(store: Store, pools: Pools) -> None:
    free = threading.Event()
    crashed = Errand(lambda job: free.wait(20))
    pools.start(crashed)
    enqueue(store, 1, 2, 3)
    until(lambda: crashed.seen)
    pools.crash()
    successor = Errand()
    pools.start(successor)
    until(lambda: len(successor.seen) == 3)
    assert successor.seen == [1, 2, 3]
    free.set()


def test_after_a_crash_failed_tries_and_pauses_are_remembered(
    store: Store, pools: Pools, clock: MovableClock
) -> None:
    pools.start(Errand(fail_times(1, RuntimeError("busy"))))
    enqueue(store, 1)
    until(lambda: waiting(store)[0].failed_tries == 1)
    pools.stop()
    worker = Errand(fail_times(9, RuntimeError("busy")))
    pool = pools.start(worker)
    assert worker.seen == []
    clock.advance(20)
    pool.recheck()
    until(lambda: waiting(store)[0].failed_tries == 2)


# -- keys


def test_one_job_with_a_key_waits_in_a_queue(store: Store) -> None:
    enqueue(store, 1, 2, key="ann")
    enqueue(store, 3, key="bob")
    enqueue(store, 4, key="ann", queue="others")
    enqueue(store, 5)
    enqueue(store, 6)
    assert [job.body for job in waiting(store)] == [b'{"number":%d}' % number for number in (1, 3, 4, 5, 6)]


def test_a_key_is_free_again_once_its_job_is_done(store: Store, start: Start) -> None:
    worker = Errand()
    start(worker)
    enqueue(store, 1, key="ann")
    until(lambda: not waiting(store))
    enqueue(store, 2, key="ann")
    until(lambda: not waiting(store))
    assert worker.seen == [1, 2]


def test_a_dead_letter_frees_its_key(store: Store, start: Start) -> None:
    worker = Errand(fail_times(1, Fail("no use")))
    start(worker)
    enqueue(store, 1, key="ann")
    until(lambda: waiting(store, dead=True))
    enqueue(store, 2, key="ann")
    until(lambda: worker.seen == [1, 2])


# -- another process


@pytest.fixture
def command(store: Store, clock: MovableClock) -> Iterator[Store]:
    """The store of a command that is run beside the server."""
    opened = Store(store.folder, clock)
    yield opened
    opened.close()


def test_foreign_jobs_are_found_by_looking(store: Store, start: Start, command: Store) -> None:
    worker = Errand()
    pool = start(worker)
    enqueue(command, 1, 2)
    pool.look()
    pool.look()
    until(lambda: not waiting(store))
    assert worker.seen == [1, 2]


def test_foreign_jobs_are_found_by_the_gap_that_they_leave(
    store: Store, start: Start, command: Store
) -> None:
    worker = Errand()
    start(worker)
    for number in range(6):
        enqueue(command if number % 2 == 0 else store, number)
    until(lambda: not waiting(store))
    assert worker.seen == [0, 1, 2, 3, 4, 5]
