"""Moves the write-ahead log into the database file, beside the writers rather than inside a commit; has what
the file does not need given back (free_pages.py)."""

import logging
import threading
from pathlib import Path

import apsw

from appliance.store.committer import Committer
from appliance.store.connection import CHECKPOINTER, connect
from appliance.store.free_pages import FreePages

log = logging.getLogger(__name__)

PAGES = 4000  # of the log; about 16 MiB. Each checkpoint costs four flushes
AGAIN = 1.0  # seconds
LOOK = 100  # pages of the log, some ten messages; then the free pages of the file are counted


class Checkpointer:
    """A thread of its own, asleep until the log has grown."""

    def __init__(self, path: Path, writer: apsw.Connection, committer: Committer) -> None:
        self._path, self._committer = path, committer
        self._free_pages = FreePages(writer, committer)
        self._wanted = threading.Event()
        self._stopping = False
        self._log, self._wake_at = 0, LOOK  # pages
        writer.set_wal_hook(self._log_grew)

    def _log_grew(self, _connection: apsw.Connection, _name: str, pages: int) -> int:
        """Any thread, in a commit."""
        started_over, self._log = pages < self._log, pages
        if pages >= self._wake_at or started_over:
            self._wanted.set()
        return apsw.SQLITE_OK

    def run(self) -> None:
        connection = connect(self._path, CHECKPOINTER)
        pause: float | None = None
        try:
            while not self._stopping:
                pause = self._see_to(connection, giving=pause is not None)
                self._wanted.wait(pause)
                self._wanted.clear()
        finally:
            connection.close()

    def stop(self) -> None:
        self._stopping = True
        self._wanted.set()

    def _see_to(self, connection: apsw.Connection, *, giving: bool) -> float | None:
        """Seconds until free pages are given back again; None: when the log has grown."""
        if self._log >= PAGES:
            self._checkpoint(connection)
        seen = self._log
        pause = self._free_pages.give_back(connection)
        if giving and pause is None and not self._checkpoint(connection):
            pause = AGAIN  # only a whole one makes the file shorter, and somebody reads
        self._wake_at = PAGES if pause else min(PAGES, seen + LOOK)
        if seen < self._wake_at <= self._log or self._log < seen:
            self._wanted.set()  # it has grown while we looked
        return pause

    def _checkpoint(self, connection: apsw.Connection) -> bool:
        """The bulk beside the writers; the rest between two commits, so that the log starts over. False: not
        all of it.

        The log is never truncated: one that has to grow again costs two flushes a commit.
        """
        whole = False

        def passive() -> None:
            nonlocal whole
            pages, moved = connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
            whole = moved >= pages

        try:
            passive()
            self._committer.exclusively(passive)
            self._log = 0
        except apsw.BusyError:
            log.debug("checkpoint put off: somebody reads")
        except apsw.Error as error:
            log.error("checkpoint failed, the log keeps growing: %s", error)
            return True  # not to try on and on
        return whole
