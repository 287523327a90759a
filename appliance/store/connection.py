"""Connections to the file, and their policy as data: one tiny function a rule, each with its reason."""

from array import array
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import apsw

# Parallel readers would share one lock around SQLite's allocation counters, which nothing reads.
apsw.shutdown()
apsw.config(apsw.SQLITE_CONFIG_MEMSTATUS, False)
apsw.initialize()

Row = tuple[Any, ...]


def wait_for_locks(connection: apsw.Connection) -> None:
    """A command in another process may be writing; its transactions are short."""
    connection.set_busy_timeout(10_000)


def strict_quotes(connection: apsw.Connection) -> None:
    """A misspelt column must be an error, not a string."""
    connection.config(apsw.SQLITE_DBCONFIG_DQS_DML, 0)
    connection.config(apsw.SQLITE_DBCONFIG_DQS_DDL, 0)


def use_wal(connection: apsw.Connection) -> None:
    """Readers never wait for the writer, and a commit is one append. It changes the file, so the store does
    it to one that it knows to be its own."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA user_version").fetchall()  # the first read makes the log's file


def flush_ourselves(connection: apsw.Connection) -> None:
    """NORMAL does not sync at a commit: the committer flushes once for many (committer.py)."""
    connection.execute("PRAGMA synchronous = NORMAL")


def checkpoint_ourselves(connection: apsw.Connection) -> None:
    """A checkpoint inside a commit would stall whoever waits for it (checkpoint.py)."""
    connection.execute("PRAGMA wal_autocheckpoint = 0")


def small_cache(connection: apsw.Connection) -> None:
    """1 MiB a connection: the operating system caches the file as well."""
    connection.execute("PRAGMA cache_size = -1024")


def read_only(connection: apsw.Connection) -> None:
    """A write by a reader is a mistake in this program: it must fail at once."""
    connection.execute("PRAGMA query_only = ON")


COMMON = (wait_for_locks, strict_quotes, small_cache)
WRITER = (*COMMON, flush_ourselves, checkpoint_ourselves)
READER = (*COMMON, read_only)
CHECKPOINTER = WRITER


def connect(path: Path, policy: Iterable[Callable[[apsw.Connection], None]]) -> apsw.Connection:
    connection = apsw.Connection(str(path), statementcachesize=200)
    for rule in policy:
        rule(connection)
    return connection


def integers(values: Iterable[int]) -> Any:
    """Ids as one binding: `IN (SELECT value FROM carray(?))`. -1, which is no id, is added: SQLite takes no
    empty list."""
    return apsw.carray(array("q", (*values, -1)))


class Handle:
    """A connection as the SQL modules see it: whoever holds one may ask, on one thread at a time."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection

    def rows(self, sql: str, *bindings: Any) -> list[Row]:
        return self._connection.execute(sql, bindings).fetchall()

    def row(self, sql: str, *bindings: Any) -> Row | None:
        return self._connection.execute(sql, bindings).fetchone()

    def value(self, sql: str, *bindings: Any) -> Any:
        """The first column of the first row, or None."""
        row = self._connection.execute(sql, bindings).fetchone()
        return row[0] if row else None


class Reader(Handle):
    """A read-only connection borrowed from the store."""

    def begin(self) -> None:
        """From now until it is given back, it sees the file as it is at this moment."""
        self._connection.execute("BEGIN")
        self.value("PRAGMA user_version")  # the first read takes the snapshot, not BEGIN

    def end(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()
