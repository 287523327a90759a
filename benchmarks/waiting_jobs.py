"""A million jobs that wait: what taking one costs, what becomes of the file; and how soon a lone job starts.

Run it with `benchmarks/run waiting_jobs`.
"""

import sys
import tempfile
import threading
import time
from pathlib import Path

from appliance.base.clock import SystemClock
from appliance.base.metrics import Metrics
from appliance.base.threads import Threads
from appliance.jobs.pool import JobPool
from appliance.jobs.worker import Context, QueueProcessingWorker, assign_queue
from appliance.runtime import SWITCH_INTERVAL
from appliance.store import job as job_table
from appliance.store.store import Store
from appliance.store.transaction import Job, Transaction
from benchmarks.jobs import TEXT
from benchmarks.report import milliseconds, rounds, show

TOGETHER = 10_000  # jobs a transaction
STARTS = 9
LONE = 300  # jobs one by one
PAUSE = 0.01  # seconds between them
CALM = 5.0  # seconds without a change, then the file keeps its size


@assign_queue("benchmark", enabled=False)
class Notes(QueueProcessingWorker):
    """When each job came."""

    def __init__(self) -> None:
        super().__init__()
        self.came, self.go_on = threading.Event(), threading.Event()
        self.go_on.set()
        self.at = 0.0
        self.consumed = 0

    def consume(self, job: Job, context: Context) -> None:
        self.at = time.perf_counter()
        self.consumed += 1
        self.came.set()
        self.go_on.wait()


class Bench:
    def __init__(self, folder: Path) -> None:
        self.store, self.threads = Store(folder, SystemClock()), Threads()
        self.store.start(self.threads)

    def fill(self, number: int) -> None:
        def write(transaction: Transaction) -> None:
            for _ in range(min(TOGETHER, number)):
                transaction.job("benchmark", {"text": TEXT})

        for _ in range(0, number, TOGETHER):
            self.store.write(write)

    def first_starts(self) -> list[float]:
        """Seconds from the start of the pool to that of the first job, of several pools."""
        return [self._first_start() for _ in range(STARTS)]

    def _first_start(self) -> float:
        worker, threads = Notes(), Threads()
        worker.go_on.clear()  # a start is not to consume more than one
        pool = JobPool(self.store, [worker], SystemClock(), Metrics())
        began = time.perf_counter()
        pool.start(threads)
        worker.came.wait()
        pool.stop()
        worker.go_on.set()
        threads.stop(5)
        pool.close()
        return worker.at - began

    def drain(self) -> float:
        """Jobs a second until the rows are gone."""
        with self.store.read() as reader:
            number = reader.value("SELECT count(*) FROM job")
        threads = Threads()
        pool = JobPool(self.store, [Notes()], SystemClock(), Metrics())
        began = time.perf_counter()
        pool.start(threads)
        while self.waits():
            time.sleep(0.005)
        rate = float(number / (time.perf_counter() - began))
        pool.stop()
        threads.stop(5)
        pool.close()
        return rate

    def waits(self) -> bool:
        with self.store.read() as reader:
            return bool(reader.value("SELECT EXISTS (SELECT 1 FROM job)"))

    def settle(self) -> float:
        """Wait until the file has given back what it does not need; seconds that it took."""
        began = changed = time.perf_counter()
        free = self.free_pages
        while time.perf_counter() < changed + CALM:
            time.sleep(0.1)
            if self.free_pages != free:
                free, changed = self.free_pages, time.perf_counter()
        return changed - began

    @property
    def free_pages(self) -> int:
        with self.store.read() as reader:
            return int(reader.value("PRAGMA freelist_count"))

    def start_delays(self) -> list[float]:
        """Seconds from the call that enqueues a lone job to its start."""
        worker, threads = Notes(), Threads()
        pool = JobPool(self.store, [worker], SystemClock(), Metrics())
        pool.start(threads)
        delays = []
        for _ in range(LONE):
            time.sleep(PAUSE)
            worker.came.clear()
            began = time.perf_counter()
            self.store.write(lambda transaction: transaction.job("benchmark", {"text": TEXT}))
            worker.came.wait()
            delays.append(worker.at - began)
        pool.stop()
        threads.stop(5)
        pool.close()
        return delays

    @property
    def plan(self) -> str:
        """How SQLite finds the next jobs of a queue."""
        with self.store.read() as reader:
            rows = reader.rows(f"EXPLAIN QUERY PLAN {job_table.READY}", 1, 4096, "benchmark", 100)
        return "; ".join(row[3] for row in rows)

    @property
    def mebibytes(self) -> float:
        return float(self.store.path.stat().st_size / (1 << 20))

    def close(self) -> None:
        self.store.checkpointer.stop()
        self.threads.stop(5)
        self.store.close()


def main() -> None:
    many = 100_000 if "--quick" in sys.argv else 1_000_000
    sys.setswitchinterval(SWITCH_INTERVAL)
    rows = []
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name))
        delays = bench.start_delays()
        for number in (100, 10_000, many):
            bench.fill(number)
            size = bench.mebibytes
            starts, rate = bench.first_starts(), bench.drain()
            given_back = bench.settle()
            sizes = f"{size:.0f}", f"{bench.mebibytes:.0f}", f"{given_back:.0f}"
            rows.append((f"{number:,}", rounds([each * 1000 for each in starts], 1), f"{rate:,.0f}", *sizes))
        bench.fill(many)
        rows.append((f"{many:,} once more", "", "", f"{bench.mebibytes:.0f}", "", ""))
        plan = bench.plan
        bench.close()
    sizes = "file with them, MiB", "file afterwards, MiB", "given back after, s"
    headings = ("jobs that wait", "first start, ms", "consumed/s", *sizes)
    idle = f"Idle publish to start, p50 / p99: {milliseconds(delays)} ms."
    show("Waiting jobs", headings, rows, idle, f"Jobs are taken with `{plan}`.")


if __name__ == "__main__":
    main()
