"""Durable jobs per second, published and consumed, beside what people use for that: huey and RabbitMQ.

Run it with `benchmarks/run jobs`.

A publish counts when the job would survive a power cut; a job is consumed when the queue has forgotten it.
All take turns in each round, since disk and cores are not the same from one minute to the next.
"""

import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from appliance.base.clock import SystemClock
from appliance.base.metrics import Metrics
from appliance.base.threads import Threads
from appliance.jobs.pool import JobPool
from appliance.jobs.worker import Context, QueueProcessingWorker
from appliance.runtime import SWITCH_INTERVAL
from appliance.store.store import Store
from appliance.store.transaction import Job
from benchmarks import huey_peer, rabbitmq_peer
from benchmarks.client import PATIENCE
from benchmarks.peer import Missing, Peer
from benchmarks.report import rounds, show

PUBLISHERS = (1, 4)
TEXT = "x" * 480  # makes a job's body of 500 bytes


class NoOp(QueueProcessingWorker):
    queue = "benchmark"

    def __init__(self) -> None:
        super().__init__()
        self.consumed = 0

    def consume(self, job: Job, context: Context) -> None:
        self.consumed += 1


class Ours(Peer):
    name = "the appliance's jobs"

    def __init__(self, folder: Path) -> None:
        self._store, self._threads = Store(folder, SystemClock()), Threads()
        self._store.start(self._threads)

    def publish(self, text: str) -> None:
        self._store.write(lambda transaction: transaction.job(NoOp.queue, {"text": text}))

    def consume(self, number: int) -> None:
        """From the file, as after a restart, until the rows are gone."""
        worker, threads = NoOp(), Threads()
        pool = JobPool(self._store, [worker], SystemClock(), Metrics())
        pool.start(threads)
        deadline = time.monotonic() + PATIENCE
        while self._waiting() and time.monotonic() < deadline:
            time.sleep(0.005)
        pool.stop()
        threads.stop(5.0)
        pool.close()
        if worker.consumed != number:
            raise RuntimeError(f"{worker.consumed} jobs of {number} were consumed")

    def _waiting(self) -> bool:
        with self._store.read() as reader:
            return bool(reader.value("SELECT EXISTS (SELECT 1 FROM job)"))

    def close(self) -> None:
        self._store.checkpointer.stop()
        self._threads.stop(5.0)
        self._store.close()


@dataclass
class Contestant:
    peer: Peer
    published: dict[int, list[float]] = field(default_factory=lambda: {each: [] for each in PUBLISHERS})
    consumed: list[float] = field(default_factory=list)

    def round(self, seconds: float) -> None:
        total = 0
        for threads in PUBLISHERS:
            number, took = publish(self.peer, threads, seconds)
            self.published[threads].append(number / took)
            total += number
        began = time.perf_counter()
        self.peer.consume(total)
        self.consumed.append(total / (time.perf_counter() - began))

    def forget(self) -> None:
        """What was measured until now was the warm-up."""
        self.__init__(self.peer)  # type: ignore[misc]

    @property
    def figures(self) -> list[list[float]]:
        """By column, by round."""
        return [*self.published.values(), self.consumed]

    def row(self) -> list[str]:
        return [self.peer.name, *map(rounds, self.figures)]


def publish(peer: Peer, threads: int, seconds: float) -> tuple[int, float]:
    """How many jobs the threads published in about `seconds`, and the time that it took."""
    counts = [0] * threads
    began = time.perf_counter()

    def work(number: int) -> None:
        while time.perf_counter() - began < seconds:
            peer.publish(TEXT)
            counts[number] += 1
        peer.leave()

    workers = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    return sum(counts), time.perf_counter() - began


def contestants(stack: ExitStack, folder: Path, absent: list[str]) -> Iterator[Contestant]:
    """Those that can be had here; why others cannot goes into `absent`."""
    for make in (Ours, huey_peer.Huey, rabbitmq_peer.RabbitMQ):
        home = folder / make.__name__
        home.mkdir()
        try:
            peer = make(home)
        except Missing as reason:
            absent.append(f"Left out: {reason}.")
            continue
        stack.callback(peer.close)
        yield Contestant(peer)


def against(ours: Contestant, other: Contestant) -> str:
    """Ratios within each round, which both spent in the same weather."""
    one, four, consumed = (
        f"{statistics.median(a / b for a, b in zip(mine, theirs, strict=True)):.1f} ×"
        for mine, theirs in zip(ours.figures, other.figures, strict=True)
    )
    return f"Against {other.peer.name}: publishing **{one}** and **{four}**, consuming **{consumed}**."


def main() -> None:
    number, seconds = (2, 0.5) if "--quick" in sys.argv else (5, 1.0)
    absent: list[str] = []
    sys.setswitchinterval(SWITCH_INTERVAL)
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        present = list(contestants(stack, Path(name), absent))
        for each in present:
            each.round(0.3)
            each.forget()
        for _ in range(number):
            for each in present:
                each.round(seconds)
    headings = ("jobs/s", *(f"published, {each} thread{'s'[: each - 1]}" for each in PUBLISHERS), "consumed")
    ratios = [against(present[0], each) for each in present[1:]]
    show("Jobs", headings, [each.row() for each in present], *ratios, *absent)


if __name__ == "__main__":
    main()
