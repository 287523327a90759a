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
from appliance.store.store import Store
from appliance.store.transaction import Job, Transaction
from benchmarks.jobs import TEXT
from benchmarks.report import milliseconds, show

TOGETHER = 10_000  # jobs a transaction
LONE = 300  # jobs one by one
PAUSE = 0.01  # seconds between them


@assign_queue("benchmark", enabled=False)
class Notes(QueueProcessingWorker):
    """When each job came."""

    def __init__(self) -> None:
        super().__init__()
        self.came = threading.Event()
        self.at = 0.0
        self.consumed = 0

    def consume(self, job: Job, context: Context) -> None:
        self.at = time.perf_counter()
        self.consumed += 1
        self.came.set()


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

    def drain(self) -> tuple[float, float]:
        """Seconds until the first job started, and jobs a second until the rows are gone."""
        with self.store.read() as reader:
            number = reader.value("SELECT count(*) FROM job")
        worker, threads = Notes(), Threads()
        pool = JobPool(self.store, [worker], SystemClock(), Metrics())
        began = time.perf_counter()
        pool.start(threads)
        worker.came.wait()
        first = time.perf_counter() - began
        while self.waits():
            time.sleep(0.005)
        rate = number / (time.perf_counter() - began)
        pool.stop()
        threads.stop(5)
        pool.close()
        return first, rate

    def waits(self) -> bool:
        with self.store.read() as reader:
            return bool(reader.value("SELECT EXISTS (SELECT 1 FROM job)"))

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
            first, rate = bench.drain()
            sizes = f"{size:.0f}", f"{bench.mebibytes:.0f}"
            rows.append((f"{number:,}", f"{first * 1000:.1f}", f"{rate:,.0f}", *sizes))
        bench.fill(many)
        rows.append((f"{many:,} once more", "", "", f"{bench.mebibytes:.0f}", ""))
        bench.close()
    headings = ("jobs that wait", "first start, ms", "consumed/s", "file before, MiB", "file after, MiB")
    show("Waiting jobs", headings, rows, f"Idle publish to start, p50 / p99: {milliseconds(delays)} ms.")


if __name__ == "__main__":
    main()
