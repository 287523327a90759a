"""Which process works a queue: the one that holds the lock on DATA/queues/NAME.lock.

The system frees the lock when its owner dies, so there is no time-out to wait for. The file names the owner,
who empties it when he goes in peace: what a successor finds in it tells that somebody crashed.
"""

import fcntl
import logging
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

from appliance.store.ownership import make_private

log = logging.getLogger(__name__)

FOLDER = "queues"  # in the data folder


class Lease:
    """This process's hold on one queue. `crashed`: the owner before this one did not leave in peace."""

    def __init__(self, folder: Path, queue: str) -> None:
        """Not held yet. `folder`: the data folder."""
        path = make_private(folder / FOLDER) / f"{queue}.lock"
        self.queue, self.held, self.crashed = queue, False, False
        self._waits = self._given_up = False
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def take(self) -> bool:
        """False: another process has it."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        self._taken()
        return True

    def take_later(self, then: Callable[[], None]) -> None:
        """Call `then`, on a thread of its own, once the present owner is gone."""

        def wait() -> None:
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX)
            except OSError as error:
                log.error("the queue %s cannot be taken over: %s", self.queue, error)
                return
            if self._given_up:
                os.close(self._descriptor)
                return
            self._taken()
            then()

        # Nothing can wake it but the lock, so nobody waits for it at the end.
        self._waits = True
        threading.Thread(target=wait, name=f"lease-{self.queue}", daemon=True).start()

    def _taken(self) -> None:
        self.crashed = os.fstat(self._descriptor).st_size > 0
        owner = f"{os.getpid()}\n".encode()
        os.pwrite(self._descriptor, owner, 0)  # never empty for who reads meanwhile
        os.ftruncate(self._descriptor, len(owner))
        self.held = True

    def release(self) -> None:
        """In peace."""
        if self.held:
            os.ftruncate(self._descriptor, 0)
        self.abandon()

    def abandon(self) -> None:
        """As a crash does."""
        if self._waits and not self.held:
            self._given_up = True  # its number must not become another file's while a thread waits on it
            return
        self.held = False
        os.close(self._descriptor)


def owner(folder: Path, queue: str) -> int | None:
    """The number of the process that works the queue now."""
    try:
        with (folder / FOLDER / f"{queue}.lock").open() as file:
            text = file.read().strip()
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(text) if text else None
            return None
    except FileNotFoundError:
        return None


def owners(folder: Path) -> dict[str, int]:
    """Of all queues that somebody works."""
    queues = [path.stem for path in sorted((folder / FOLDER).glob("*.lock"))]
    found = {queue: owner(folder, queue) for queue in queues}
    return {queue: pid for queue, pid in found.items() if pid is not None}


def tell(pid: int) -> None:
    """Have a process look at the file: somebody else has written jobs into it."""
    try:
        os.kill(pid, signal.SIGUSR2)
    except ProcessLookupError:
        return
    except PermissionError:
        log.warning("process %d belongs to another user and hears of new jobs later", pid)
