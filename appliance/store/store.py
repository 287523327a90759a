"""The data folder: one SQLite file, one owner at a time, many readers; and uploaded files beside it."""

import os
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import apsw

from appliance.base import files
from appliance.base.clock import Clock
from appliance.base.errors import DataFolderError, StorageError
from appliance.base.threads import Threads
from appliance.store import migrations
from appliance.store.checkpoint import Checkpointer
from appliance.store.committer import Committer
from appliance.store.connection import READER, WRITER, Reader, connect, use_wal
from appliance.store.ownership import make_private
from appliance.store.transaction import Job, Notice, Transaction
from appliance.store.uploads import Uploads

T = TypeVar("T")

FILE_NAME = "appliance.db"
IDLE_READERS = 4  # connections kept for the next request; more are closed when they are given back


class Store:
    """The open file. Every method may be called on any thread."""

    def __init__(self, folder: Path, clock: Clock, *, durable: bool = True, served: bool = False) -> None:
        """Make or open the file in `folder`, bringing an older one up to date. Raises DataFolderError.

        `served`: another process serves the folder; an older form is refused instead.
        """
        self.folder = folder
        self.uploads = Uploads(folder)
        self.path = make_private(folder) / FILE_NAME
        self.jobs_committed: Callable[[list[Job]], None] = _ignore
        self.notices_committed: Callable[[list[Notice]], None] = _ignore
        self._readers: deque[Reader] = deque()
        try:
            self._writer = connect(self.path, WRITER)
            migrations.migrate(self._writer, folder, served=served)
            use_wal(self._writer)
        except apsw.Error as error:
            raise DataFolderError(f"cannot use the database {self.path}: {error}") from error
        for file in folder.glob(f"{FILE_NAME}*"):
            files.give_to_owner(file)
        self.path.chmod(0o600)
        self._wal = os.open(f"{self.path}-wal", os.O_RDWR)
        self.committer = Committer(self._writer, self._wal, clock, durable=durable, listener=_Relay(self))
        self.checkpointer = Checkpointer(self.path, self._writer, self.committer)

    def start(self, threads: Threads) -> None:
        threads.start("checkpoint", self.checkpointer.run)

    def write(self, work: Callable[[Transaction], T], *, flush: bool = True, last: bool = False) -> T:
        """Committer.write: run `work` in a transaction, return when it is durable."""
        return self.committer.write(work, flush=flush, last=last)

    def flush(self) -> None:
        """Committer.flush: what a reader has seen can be told to others."""
        self.committer.flush()

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """Borrow a read-only connection; the caller's thread has it alone until it gives it back."""
        try:
            reader = self._readers.pop()
        except IndexError:
            reader = Reader(connect(self.path, READER))
        try:
            yield reader
        except (apsw.CorruptError, apsw.IOError, apsw.NotADBError) as error:
            raise StorageError(f"the database {self.path} cannot be read ({error})") from error
        finally:
            reader.end()
            if len(self._readers) < IDLE_READERS:
                self._readers.append(reader)
            else:
                reader.close()

    def close(self) -> None:
        self.checkpointer.stop()
        while self._readers:
            self._readers.pop().close()
        self._writer.close()
        os.close(self._wal)


class _Relay:
    """Passes on what the committer tells to those who have subscribed by then."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def jobs_committed(self, jobs: list[Job]) -> None:
        self._store.jobs_committed(jobs)

    def notices_committed(self, notices: list[Notice]) -> None:
        self._store.notices_committed(notices)


def _ignore(_: object) -> None:
    """Nobody has subscribed: a command wrote, and the server will find it in the file."""
