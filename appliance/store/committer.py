"""Writes that share commits and flushes.

Whoever wants to write queues its work and tries the commit lock. Who gets it, the leader, runs all that
queued in one transaction (a savepoint each), frees the lock, then flushes the log once for its group; the
others, its followers, sleep until their result is durable. Under load many share a commit and a flush.

Promises:
- work runs one at a time, in one order, which is the order of notices, jobs and hooks;
- hooks and jobs are told after the commit, notices after the flush: nothing is announced that could be lost;
- a work that raises leaves nothing behind and disturbs nobody else in its group.

Locks: `_commit_lock` guards the writing connection, `_flush_done` lets one flush run at a time, `_tell_lock`
keeps announcements in commit order. The last two are only taken with the commit lock free.
"""

import _thread
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol, TypeVar, cast

import apsw

from appliance.base.clock import Clock
from appliance.base.errors import StorageError
from appliance.store.entry import Entry, Work
from appliance.store.transaction import Job, Notice, Transaction

log = logging.getLogger(__name__)

T = TypeVar("T")

GROUP_LIMIT = 256  # works in one commit: bounds how long the first of them waits
SLOW_FLUSH = 0.002  # seconds; on media this slow it pays to let more commits gather before a flush
GATHER = 0.5  # ... for at most this share of the last flush's duration,
GATHER_STEP = 0.05  # looked at after each such share of it


class Listener(Protocol):
    """Who hears of what was committed; called by whichever thread led the commit."""

    def jobs_committed(self, jobs: list[Job]) -> None:
        """Right after the commit, in commit order, write lock held."""

    def notices_committed(self, notices: list[Notice]) -> None:
        """Once they are durable, in commit order."""


class Committer:
    def __init__(
        self, connection: apsw.Connection, wal: int, clock: Clock, *, durable: bool, listener: Listener
    ) -> None:
        """`wal` is a descriptor of the write-ahead log; `durable` False leaves flushing to the system."""
        self._connection, self._wal, self._clock = connection, wal, clock
        self._durable, self._listener = durable, listener
        self.queue_shards: Mapping[str, int] = {}  # of queues that are split; set before the first write
        self._waiting: deque[Entry] = deque()
        self._commit_lock = _thread.allocate_lock()
        self._flush_done = threading.Condition()
        self._flushing = False
        self._tell_lock = _thread.allocate_lock()
        self._untold: deque[tuple[int, list[Notice]]] = deque()
        self._committed = 0  # groups; written with the commit lock held
        self._flushed = 0
        # Of the last flush, changed by who flushes: seconds it took, when it ended, all works that it
        # covered, and how many waited for it or came meanwhile, which is how many threads are writing.
        self._last_flush, self._flush_ended = 0.0, 0.0
        self._writes_flushed, self._writers = 0, 0
        self.writes = 0
        self.flushes = 0

    @property
    def commits(self) -> int:
        return self._committed

    def write(self, work: Work[T], *, flush: bool = True, last: bool = False) -> T:
        """Run `work` in a transaction and return its result once that is durable.

        `flush` False returns after the commit: it survives a crash of the process, not yet a power cut.
        `last` makes it the last work of its commit: what its hooks read is what it left, nothing newer.
        Raises what `work` raises, and StorageError when the file takes nothing.
        """
        entry = Entry(work, flush, last)
        self._waiting.append(entry)
        while not entry.done:
            if not self._commit_lock.acquire(blocking=False) or not self._lead():
                entry.sleep()  # some leader has it, or will be called to it, and wakes us
        if entry.error is not None:
            raise entry.error
        return cast(T, entry.result)

    def flush(self) -> None:
        """Return when all that readers of this process may have seen by now is durable."""
        self.exclusively(lambda: None)  # a commit that is visible already has its number then
        self._finish(self._committed)

    def exclusively(self, deed: Callable[[], None]) -> None:
        """Run `deed` between two commits (checkpoints)."""
        self._commit_lock.acquire()
        try:
            deed()
        finally:
            self._commit_lock.release()
            self._call_next_leader()

    def _lead(self) -> bool:
        """Commit lock held at entry, free at return. False: there was nothing to do."""
        group = self._take_group()
        try:
            self._commit(group)
            number = self._committed
        finally:
            self._commit_lock.release()
            self._call_next_leader()
        durable = [entry for entry in group if entry.outcome and (entry.flush or entry.outcome.notices)]
        _release(entry for entry in group if entry not in durable)
        if durable:
            try:
                self._finish(number)
            except OSError as error:
                log.critical("flushing the log failed: %s", error)
                for entry in durable:
                    entry.error = StorageError(f"the disk of the data folder failed ({error})")
            _release(durable)
        return bool(group)

    def _take_group(self) -> list[Entry]:
        group: list[Entry] = []
        while self._waiting and len(group) < GROUP_LIMIT:
            group.append(self._waiting.popleft())
            if group[-1].last:
                break
        return group

    def _call_next_leader(self) -> None:
        """Whoever frees the commit lock wakes one who queued meanwhile: nobody else would."""
        try:
            self._waiting[0].wake()
        except IndexError:
            return

    # -- with the commit lock held

    def _commit(self, group: list[Entry]) -> None:
        if not group:
            return
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            if len(group) == 1:
                self._work(group[0])  # what it raises ends the transaction, which is its own
            else:
                for entry in group:
                    self._run(entry)
            self._connection.execute("COMMIT")
        except BaseException as error:
            self._abandon(group, error)
            return
        self._committed += 1
        self.writes += len(group)
        self._tell_in_order(group)

    def _run(self, entry: Entry) -> None:
        self._connection.execute("SAVEPOINT work")
        try:
            self._work(entry)
        except BaseException as error:
            if not self._connection.in_transaction:  # the file failed, and took the whole group with it
                raise
            entry.error = _readable(error)
            self._connection.execute("ROLLBACK TO work")
        self._connection.execute("RELEASE work")

    def _work(self, entry: Entry) -> None:
        transaction = Transaction(self._connection, self._clock, self.queue_shards)
        try:
            entry.result = entry.work(transaction)
        finally:
            transaction.end()
        entry.outcome = transaction.outcome

    def _abandon(self, group: list[Entry], error: BaseException) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        for entry in group:
            entry.error = entry.error or _readable(error)
            entry.outcome = None

    def _tell_in_order(self, group: list[Entry]) -> None:
        """The commit stands: who fails to hear of it must not keep the others from their results."""
        outcomes = [entry.outcome for entry in group if entry.outcome is not None]
        jobs = [job for outcome in outcomes for job in outcome.jobs]
        notices = [notice for outcome in outcomes for notice in outcome.notices]
        for entry in group:
            self._call_hooks(entry)
        if jobs:
            _tell(self._listener.jobs_committed, jobs)
        if notices:
            self._untold.append((self._committed, notices))

    def _call_hooks(self, entry: Entry) -> None:
        try:
            for hook in entry.outcome.hooks if entry.outcome else ():
                hook()
        except Exception as error:
            entry.error = error

    # -- without the commit lock

    def _finish(self, number: int) -> None:
        """Make group `number` and all before it durable, and announce their notices."""
        if self._durable and self._flushed < number:
            self._flush(number)
        with self._tell_lock:
            while self._untold and self._untold[0][0] <= number:
                _tell(self._listener.notices_committed, self._untold.popleft()[1])

    def _flush(self, number: int) -> None:
        """One thread flushes at a time; all whom that covers return when it is done."""
        with self._flush_done:
            while self._flushing and self._flushed < number:
                self._flush_done.wait()
            if self._flushed >= number:
                return
            self._flushing = True
        try:
            if self._last_flush > SLOW_FLUSH:
                self._gather()
            self._sync()
        finally:
            with self._flush_done:
                self._flushing = False
                self._flush_done.notify_all()

    def _sync(self) -> None:
        covered, writes = self._committed, self.writes
        began = time.perf_counter()
        os.fdatasync(self._wal)
        self._flush_ended = time.perf_counter()
        self._last_flush = self._flush_ended - began
        self._writers = self.writes - self._writes_flushed
        self._writes_flushed = writes
        self._flushed = covered
        self.flushes += 1

    def _gather(self) -> None:
        """Those whom the last flush set free are about to commit again: let them share this one.

        Who writes alone never waits here, and nobody does when the last flush was a while ago.
        """
        deadline = self._flush_ended + self._last_flush * GATHER
        while self.writes - self._writes_flushed < self._writers and time.perf_counter() < deadline:
            time.sleep(self._last_flush * GATHER_STEP)


def _tell(listener: Callable[[list[T]], None], news: list[T]) -> None:
    try:
        listener(news)
    except Exception:
        log.exception("what was committed could not be passed on")


def _release(entries: Iterable[Entry]) -> None:
    for entry in entries:
        entry.done = True
        entry.wake()


def _readable(error: BaseException) -> BaseException:
    """SQLite's refusals in words that an admin can act on; other errors as they are."""
    for kind, text in _REFUSALS.items():
        if isinstance(error, kind):
            return StorageError(f"{text} ({error}); nothing of this request was stored")
    return error


_REFUSALS: dict[type[apsw.Error], str] = {
    apsw.FullError: "the disk of the data folder is full",
    apsw.IOError: "the disk of the data folder failed",
    apsw.ReadOnlyError: "the data folder is read-only",
    apsw.CantOpenError: "the database file cannot be opened",
    apsw.BusyError: "another process holds the database file",
    apsw.CorruptError: "the database file is damaged",
}
