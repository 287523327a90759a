"""Moves the write-ahead log into the database file, beside the writers rather than inside a commit."""

import logging
import threading
from pathlib import Path

import apsw

from appliance.store.committer import Committer
from appliance.store.connection import CHECKPOINTER, connect

log = logging.getLogger(__name__)

PAGES = 4000  # of the log; about 16 MiB. Each checkpoint costs four flushes


class Checkpointer:
    """A thread of its own, asleep until the log is long."""

    def __init__(self, path: Path, writer: apsw.Connection, committer: Committer) -> None:
        self._path, self._committer = path, committer
        self._wanted = threading.Event()
        self._stopping = False
        writer.set_wal_hook(self._log_grew)

    def _log_grew(self, _connection: apsw.Connection, _name: str, pages: int) -> int:
        """Any thread, in a commit."""
        if pages >= PAGES:
            self._wanted.set()
        return apsw.SQLITE_OK

    def run(self) -> None:
        connection = connect(self._path, CHECKPOINTER)
        try:
            while True:
                self._wanted.wait()
                self._wanted.clear()
                if self._stopping:
                    return
                self._checkpoint(connection)
        finally:
            connection.close()

    def stop(self) -> None:
        self._stopping = True
        self._wanted.set()

    def _checkpoint(self, connection: apsw.Connection) -> None:
        """The bulk beside the writers; the rest between two commits, so that the log starts over.

        The log is never truncated: one that has to grow again costs two flushes a commit.
        """

        def passive() -> None:
            connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)

        try:
            passive()
            self._committer.exclusively(passive)
        except apsw.BusyError:
            log.debug("checkpoint put off: somebody reads")
        except apsw.Error as error:
            log.error("checkpoint failed, the log keeps growing: %s", error)
