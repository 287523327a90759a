"""Which process serves a data folder: the one that holds the lock on `server.pid`."""

import fcntl
import os
import time
from dataclasses import dataclass
from pathlib import Path

from appliance.base.errors import DataFolderError

FILE_NAME = "server.pid"
LOCK_TRIES, LOCK_PAUSE = 5, 0.05  # seconds


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; `address` is HOST:PORT, empty until it listens."""

    pid: int
    address: str


class Ownership:
    """The lock that makes a process the server of a data folder, until it closes or dies."""

    def __init__(self, folder: Path) -> None:
        """Raises DataFolderError when another process serves `folder`."""
        path = make_private(folder) / FILE_NAME
        path.touch(0o600)
        self._file = path.open("r+")  # (in append mode, pwrite would append)
        if not any(self._lock() for _ in range(LOCK_TRIES)):
            self._file.close()
            other = running_server(folder)
            raise DataFolderError(
                f"the data folder {folder} is in use by process {other.pid if other else '?'}"
            )
        self.announce("")

    def _lock(self) -> bool:
        """A command that asks who serves the folder holds the lock for a moment, too."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(LOCK_PAUSE)
            return False
        return True

    def announce(self, address: str) -> None:
        """Tell commands where the server listens, HOST:PORT."""
        text = f"{os.getpid()}\n{address}\n".encode()
        os.pwrite(self._file.fileno(), text, 0)  # never empty for who reads meanwhile
        self._file.truncate(len(text))

    def release(self) -> None:
        self._file.truncate(0)
        self._file.close()


def running_server(folder: Path) -> Server | None:
    """Who serves `folder` now."""
    try:
        with (folder / FILE_NAME).open() as file:
            if not _is_locked(file.fileno()):
                return None
            pid, _, address = file.read().partition("\n")
            return Server(int(pid), address.strip()) if pid else None
    except FileNotFoundError:
        return None


def _is_locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def make_private(folder: Path) -> Path:
    """Make `folder` if need be, for its owner only. Raises DataFolderError if it cannot be written."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise DataFolderError(f"cannot make the data folder {folder}: {error.strerror}") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise DataFolderError(f"the data folder {folder} is not writable by this user")
    return folder
