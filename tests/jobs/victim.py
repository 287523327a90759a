"""A process that works the queue `errands` of a data folder, and dies of some jobs.

Run it as `python -m tests.jobs.victim FOLDER`. A job {"number": 3, "kill": "exit"} kills it; what it
has done is in the file DONE of the folder, a line a number. It ends when no job is left that is due.
"""

import ctypes
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from appliance.base.clock import SystemClock
from appliance.base.metrics import Metrics
from appliance.base.threads import Threads
from appliance.jobs.policy import Policy
from appliance.jobs.pool import JobPool
from appliance.jobs.worker import Context, QueueProcessingWorker, assign_queue
from appliance.store.store import Store
from appliance.store.transaction import Job

DONE = "done"


def exit_at_once() -> None:
    os._exit(9)


def crash() -> None:
    ctypes.string_at(0)


def eat_memory() -> None:
    """As the system's killer of processes without memory left does it, without troubling others."""
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
    hoard = []
    try:
        while True:
            hoard.append(bytearray(64 << 20))
    except MemoryError:
        os.kill(os.getpid(), signal.SIGKILL)


KILLS: dict[str, Callable[[], object]] = {"exit": exit_at_once, "crash": crash, "memory": eat_memory}


@assign_queue("errands", policy=Policy(attempts=3, first_pause=0.01, concurrency=2), enabled=False)
class Deadly(QueueProcessingWorker):
    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._done = os.open(folder / DONE, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def consume(self, job: Job, context: Context) -> None:
        event = job.event()
        threading.Event().wait(event.get("pause", 0))
        KILLS.get(event.get("kill", ""), lambda: None)()
        os.write(self._done, b"%d\n" % event["number"])


def main() -> None:
    folder, clock, threads = Path(sys.argv[1]), SystemClock(), Threads()
    store = Store(folder, clock)
    pool = JobPool(store, [Deadly(folder)], clock, Metrics())
    store.start(threads)
    pool.start(threads)
    while waits(store):
        time.sleep(0.005)
    pool.stop()
    store.checkpointer.stop()
    threads.stop(10)
    pool.close()
    store.close()


def waits(store: Store) -> bool:
    with store.read() as reader:
        return bool(reader.value("SELECT EXISTS (SELECT 1 FROM job)"))


if __name__ == "__main__":
    main()
