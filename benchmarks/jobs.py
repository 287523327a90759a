"""Durable jobs: how many are published and consumed in a second, and how soon a lone one starts, beside what
people use for that, and beside the limit of SQLite on this disk.

Run it with `benchmarks/run jobs`.

A publish counts when the job would survive a power cut; a job is consumed when the queue has forgotten it; a
lone job starts so long after the call that publishes it, while nothing else goes on. All take turns in each
round, since disk and cores are not the same from one minute to the next.
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

from appliance.runtime import SWITCH_INTERVAL
from benchmarks.client import PATIENCE
from benchmarks.huey_peer import Huey
from benchmarks.own_jobs import OwnJobs
from benchmarks.peer import Missing, Peer
from benchmarks.persistqueue_peer import PersistQueue
from benchmarks.postgres_peer import PostgreSQL
from benchmarks.rabbitmq_peer import RabbitMQ
from benchmarks.report import milliseconds, rounds, show
from benchmarks.sqlite_peer import BareSQLite

PEERS = (OwnJobs, BareSQLite, RabbitMQ, Huey, PersistQueue, PostgreSQL)
PUBLISHERS = (1, 4)
TEXT = "x" * 480  # makes a job's body of 500 bytes
LONE = 60  # jobs one by one, a round
PAUSE = 0.02  # seconds before each


@dataclass
class Contestant:
    peer: Peer
    published: dict[int, list[float]] = field(default_factory=lambda: {each: [] for each in PUBLISHERS})
    consumed: list[float] = field(default_factory=list)
    starts: list[list[float]] = field(default_factory=list)  # seconds, by round

    def round(self, seconds: float, lone: int) -> None:
        total = 0
        for threads in PUBLISHERS:
            number, took = publish(self.peer, threads, seconds)
            self.published[threads].append(number / took)
            total += number
        began = time.perf_counter()
        self.peer.consume(total)
        self.consumed.append(total / (time.perf_counter() - began))
        self.starts.append(start_times(self.peer, lone))

    def forget(self) -> None:
        """What was measured until now was the warm-up."""
        self.__init__(self.peer)  # type: ignore[misc]

    @property
    def figures(self) -> list[list[float]]:
        """By column, by round; more is better."""
        sooner = [1 / statistics.median(each) for each in self.starts]
        return [*self.published.values(), self.consumed, sooner]

    def row(self) -> list[str]:
        lone = milliseconds([each for of_round in self.starts for each in of_round])
        return [self.peer.name, *map(rounds, self.figures[:-1]), f"**{lone}**"]


def start_times(peer: Peer, number: int) -> list[float]:
    """Seconds from the call that publishes a lone job to its start."""
    came, times = threading.Event(), []
    at = 0.0

    def started() -> None:
        nonlocal at
        at = time.perf_counter()
        came.set()

    with peer.listening(started):
        for _ in range(number + 1):
            time.sleep(PAUSE)
            came.clear()
            began = time.perf_counter()
            peer.publish(TEXT)
            if not came.wait(PATIENCE):
                raise RuntimeError(f"{peer.name}: a job did not start")
            times.append(at - began)
        time.sleep(PAUSE)
    peer.leave()
    return times[1:]  # with the first one, connections are made


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
    for make in PEERS:
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
    one, four, consumed, sooner = (
        times(statistics.median(a / b for a, b in zip(mine, theirs, strict=True)))
        for mine, theirs in zip(ours.figures, other.figures, strict=True)
    )
    return (
        f"Against {other.peer.name}: publishing **{one}** and **{four}**, consuming **{consumed}**,"
        f" a lone job **{sooner}** as soon."
    )


def times(ratio: float) -> str:
    return f"{ratio:,.0f} ×" if ratio >= 10 else f"{ratio:.1f} ×" if ratio >= 1 else f"{ratio:.2f} ×"


def main() -> None:
    number, seconds, lone = (2, 0.5, LONE // 4) if "--quick" in sys.argv else (5, 1.0, LONE)
    absent: list[str] = []
    sys.setswitchinterval(SWITCH_INTERVAL)
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        present = list(contestants(stack, Path(name), absent))
        for each in present:
            each.round(0.3, lone=5)
            each.forget()
        for _ in range(number):
            for each in present:
                each.round(seconds, lone)
    published = (f"published, {each} thread{'s'[: each - 1]}" for each in PUBLISHERS)
    headings = ("jobs/s", *published, "consumed", "a lone job starts after, ms p50 / p99")
    ratios = [against(present[0], each) for each in present[1:]]
    show("Jobs", headings, [each.row() for each in present], *ratios, *absent)


if __name__ == "__main__":
    main()
