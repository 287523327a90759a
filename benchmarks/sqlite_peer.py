"""The limit: what SQLite can do on this disk with nothing around it. Nobody could use it as a queue.

No writer but these threads, no transaction but of a job, no retries, no second queue, and nothing is known of
what runs. Threads share commits and flushes behind one lock.
"""

import json
import os
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue

import apsw

from benchmarks.peer import LOOK, Peer, check

TOGETHER = 1000  # jobs that are read, and then deleted, at once


class _Entry:
    __slots__ = ("body", "durable")

    def __init__(self, body: bytes) -> None:
        self.body, self.durable = body, False


class BareSQLite(Peer):
    name = "the limit: SQLite and nothing else"

    def __init__(self, folder: Path) -> None:
        path = folder / "bare.db"
        self._connection = apsw.Connection(str(path))
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "wal_autocheckpoint = 4000"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute("CREATE TABLE job(id INTEGER PRIMARY KEY, body BLOB NOT NULL)")
        self._wal = os.open(f"{path}-wal", os.O_RDWR)
        self._lock = threading.Lock()
        self._waiting: deque[_Entry] = deque()
        self._woken: SimpleQueue[int] = SimpleQueue()
        self._listened_to = False

    def publish(self, text: str) -> None:
        entry = _Entry(json.dumps({"text": text}).encode())
        self._waiting.append(entry)
        with self._lock:
            if not entry.durable:
                self._commit([self._waiting.popleft() for _ in range(len(self._waiting))])

    def _commit(self, group: list[_Entry]) -> None:
        with self._connection:
            self._connection.executemany("INSERT INTO job(body) VALUES (?)", [(each.body,) for each in group])
        if self._listened_to:
            self._woken.put(self._connection.last_insert_rowid())
        os.fdatasync(self._wal)
        for each in group:
            each.durable = True

    def consume(self, number: int) -> None:
        taken = 0
        while found := self._connection.execute(f"SELECT id, body FROM job LIMIT {TOGETHER}").fetchall():
            taken += len(found)
            self._connection.execute("DELETE FROM job WHERE id BETWEEN ? AND ?", (found[0][0], found[-1][0]))
        check(taken, number)

    def listen(self, started: Callable[[], None], stopping: threading.Event) -> None:
        self._listened_to = True
        while not stopping.is_set():
            try:
                job_id = self._woken.get(timeout=LOOK)
            except Empty:
                continue
            started()
            with self._lock:
                self._connection.execute("DELETE FROM job WHERE id = ?", (job_id,))
        self._listened_to = False

    def close(self) -> None:
        self._connection.close()
        os.close(self._wal)
