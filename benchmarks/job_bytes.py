"""What a job costs the disk: bytes written and flushes, from its publishing until its row is gone.

Run it with `benchmarks/run job_bytes`.

Bytes are counted by the system: those that this process made dirty (/proc/self/io, for the log of SQLite the
same as what reaches the disk), and those that the whole device was told to write, which includes the file
system's own and whatever else uses the disk. A checkpoint is part of each case. The log has its full size
before: one that grows costs two flushes.
"""

import os
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path

from appliance.jobs.statistics import PACE
from appliance.runtime import SWITCH_INTERVAL
from appliance.store.checkpoint import PAGES
from appliance.store.connection import CHECKPOINTER, connect
from appliance.store.transaction import Transaction
from benchmarks.jobs import TEXT
from benchmarks.own_jobs import QUEUE, OwnJobs
from benchmarks.report import show

PAGE, SECTOR = 4096, 512  # bytes
GROWTH = 1000  # jobs a transaction, until the log has its size


@dataclass(frozen=True)
class Case:
    name: str
    jobs: int
    pause: float = 0.01  # seconds after each transaction
    together: int = 1  # jobs in a transaction
    threads: int = 1
    durable: bool = True
    statistics: bool = True


CASES = (
    Case("100 a second, one by one", 600),
    Case("… durability = normal", 600, durable=False),
    Case("… 10 in a transaction", 3000, together=10, pause=0.1),
    Case("16 threads, as fast as they can", 16_000, threads=16, pause=0.0),
    Case("one in 1.2 seconds", 12, pause=1.2),
    Case("… statistics = false", 12, pause=1.2, statistics=False),
    Case("… statistics = false, durability = normal", 12, pause=1.2, statistics=False, durable=False),
)


@dataclass(frozen=True)
class Written:
    own: int  # bytes
    device: int  # bytes; 0: the system does not tell
    flushes: int

    @classmethod
    def until_now(cls, peer: OwnJobs) -> "Written":
        os.sync()
        lines = Path("/proc/self/io").read_text().splitlines()
        own = next(int(line.split()[1]) for line in lines if line.startswith("write_bytes:"))
        return cls(own, _device(peer.store.folder), peer.store.committer.flushes)


def _device(folder: Path) -> int:
    number = folder.stat().st_dev
    counters = Path(f"/sys/dev/block/{os.major(number)}:{os.minor(number)}/stat")
    return int(counters.read_text().split()[6]) * SECTOR if counters.exists() else 0


def publish(peer: OwnJobs, case: Case) -> None:
    def write(transaction: Transaction) -> None:
        for _ in range(case.together):
            transaction.job(QUEUE, {"text": TEXT})

    def work() -> None:
        for _ in range(case.jobs // case.threads // case.together):
            peer.store.write(write)
            time.sleep(case.pause)

    threads = [threading.Thread(target=work) for _ in range(case.threads)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


def grow(peer: OwnJobs) -> None:
    """Until the log starts over."""
    log = Path(f"{peer.store.path}-wal")
    while log.stat().st_size < PAGES * PAGE:
        publish(peer, Case("", GROWTH, together=GROWTH, pause=0.0))
        peer.await_end()


def checkpoint(peer: OwnJobs) -> None:
    connection = connect(peer.store.path, CHECKPOINTER)
    peer.store.committer.exclusively(lambda: connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall())
    connection.close()


def measure(case: Case, folder: Path) -> tuple[object, ...]:
    peer = OwnJobs(folder, durable=case.durable)
    with peer.pool(lambda: None, statistics=case.statistics):
        grow(peer)
        checkpoint(peer)
        time.sleep(PACE * 1.2)  # statistics that are due are no part of the case
        before = Written.until_now(peer)
        publish(peer, case)
        peer.await_end()
        time.sleep(PACE * 1.2)
        checkpoint(peer)
        after = Written.until_now(peer)
    peer.close()
    own, device = ((b - a) / case.jobs for a, b in ((before.own, after.own), (before.device, after.device)))
    flushes = (after.flushes - before.flushes) / case.jobs
    return case.name, f"**{own:,.0f}**", f"{device:,.0f}" if device else "–", f"{flushes:.2f}"


def main() -> None:
    sys.setswitchinterval(SWITCH_INTERVAL)
    quick = "--quick" in sys.argv
    with tempfile.TemporaryDirectory() as name:
        rows = [
            measure(replace(case, jobs=case.jobs // 4) if quick else case, Path(name) / str(number))
            for number, case in enumerate(CASES)
        ]
    headings = ("jobs of 500 bytes", "bytes written a job", "by the whole device", "flushes a job")
    show("Bytes of a job", headings, rows)


if __name__ == "__main__":
    main()
