"""The appliance's own job table: the store and the pool of the server, in this process."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from appliance.base.clock import SystemClock
from appliance.base.metrics import Metrics
from appliance.base.threads import Threads
from appliance.jobs.pool import JobPool
from appliance.jobs.worker import Context, QueueProcessingWorker, assign_queue
from appliance.store.store import Store
from appliance.store.transaction import Job
from benchmarks.client import PATIENCE
from benchmarks.peer import Peer, check

QUEUE = "benchmark"


@assign_queue(QUEUE, enabled=False)
class NoOp(QueueProcessingWorker):
    """Does nothing, but `started` is called for each job."""

    def __init__(self, started: Callable[[], None]) -> None:
        super().__init__()
        self.consumed = 0
        self._started = started

    def consume(self, job: Job, context: Context) -> None:
        self.consumed += 1
        self._started()


class OwnJobs(Peer):
    name = "the appliance's jobs"

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        """`durable` False: as with `durability = normal`."""
        self.store, self._threads = Store(folder, SystemClock(), durable=durable), Threads()
        self.store.start(self._threads)

    def publish(self, text: str) -> None:
        self.store.write(lambda transaction: transaction.job(QUEUE, {"text": text}))

    def consume(self, number: int) -> None:
        """From the file, as after a restart, until the rows are gone."""
        with self.pool(lambda: None) as worker:
            self.await_end()
        check(worker.consumed, number)

    def await_end(self) -> None:
        """Until no row is left."""
        deadline = time.monotonic() + PATIENCE
        while self._waiting() and time.monotonic() < deadline:
            time.sleep(0.005)

    def _waiting(self) -> bool:
        with self.store.read() as reader:
            return bool(reader.value("SELECT EXISTS (SELECT 1 FROM job)"))

    def listen(self, started: Callable[[], None], stopping: threading.Event) -> None:
        with self.pool(started):
            stopping.wait()
            self.await_end()

    @contextmanager
    def pool(self, started: Callable[[], None], *, statistics: bool = True) -> Iterator[NoOp]:
        """Meanwhile jobs are worked."""
        worker, threads = NoOp(started), Threads()
        pool = JobPool(self.store, [worker], SystemClock(), Metrics(), statistics=statistics)
        pool.start(threads)
        try:
            yield worker
        finally:
            pool.stop()
            threads.stop(5.0)
            pool.close()

    def close(self) -> None:
        self.store.checkpointer.stop()
        self._threads.stop(5.0)
        self.store.close()
