"""A worker that does what the test says, and pools for it on one store."""

from collections.abc import Callable, Iterable
from typing import Any, Protocol

from appliance.base.metrics import Metrics
from appliance.base.threads import Threads
from appliance.jobs.lease import Lease
from appliance.jobs.policy import Policy
from appliance.jobs.pool import JobPool
from appliance.jobs.worker import Context, QueueProcessingWorker, Worker, assign_queue
from appliance.store import job_selection
from appliance.store.job_selection import JobRow, Selection
from appliance.store.store import Store
from appliance.store.transaction import Job, Transaction
from tests.conftest import MovableClock


@assign_queue("errands", policy=Policy(attempts=3, first_pause=10), enabled=False)
class Errand(QueueProcessingWorker):
    """Does with a job what the test says; remembers the numbers that it was given."""

    def __init__(self, do: Callable[[Job], object] = lambda job: None) -> None:
        super().__init__()
        self.do = do
        self.seen: list[int] = []
        self.closed = 0

    def consume(self, job: Job, context: Context) -> None:
        self.seen.append(job.event()["number"])
        self.do(job)

    def close(self) -> None:
        self.closed += 1


@assign_queue("others", enabled=False)
class Other(Errand):
    pass


class Start(Protocol):
    def __call__(self, *workers: Worker) -> JobPool: ...


class Pools:
    """Pools on one store, one after the other: a second one is the successor of a first that crashed."""

    def __init__(self, store: Store, clock: MovableClock) -> None:
        self._store, self._clock = store, clock
        self._running: list[tuple[JobPool, Threads]] = []

    def start(self, *workers: Worker) -> JobPool:
        pool, threads = JobPool(self._store, workers, self._clock, Metrics()), Threads()
        pool.start(threads)
        self._running.append((pool, threads))
        return pool

    def crash(self) -> None:
        """The last pool loses its queues, as a process does that dies; its threads may go on for a while."""
        for lane in self._running[-1][0]._lanes.values():
            lane.lease.abandon()
            lane.lease = Lease(self._store.folder, lane.queue)  # not held; to be closed in the end

    def stop(self) -> None:
        for pool, _ in self._running:
            pool.stop()
        for pool, threads in self._running:
            threads.stop(10)
            pool.close()
        self._running.clear()


def enqueue(store: Store, *numbers: int, queue: str = "errands", **options: Any) -> None:
    def write(transaction: Transaction) -> None:
        for number in numbers:
            transaction.job(queue, {"number": number}, **options)

    store.write(write)


def enqueue_each(store: Store, numbers: Iterable[int]) -> None:
    for number in numbers:
        enqueue(store, number)


def waiting(store: Store, *, dead: bool = False) -> list[JobRow]:
    with store.read() as reader:
        return job_selection.rows(reader, Selection(dead=dead))


def fail_times(times: int, error: Exception) -> Callable[[Job], None]:
    left = iter(range(times))

    def do(job: Job) -> None:
        if next(left, None) is not None:
            raise error

    return do
