"""persist-queue's queue with acknowledgements: SQLite, flushed at each commit, threads share a lock."""

import json
import threading
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.peer import LOOK, Missing, Peer, check

KEPT = 1000  # acknowledged jobs; all are looked at whenever one is taken


class PersistQueue(Peer):
    name = "persist-queue, SQLiteAckQueue"

    def __init__(self, folder: Path) -> None:
        try:
            self._package: Any = import_module("persistqueue")
        except ImportError:
            raise Missing("persist-queue is not installed (benchmarks/requirements.txt)") from None
        self._queue: Any = self._package.SQLiteAckQueue(str(folder / "queue"), multithreading=True)

    def publish(self, text: str) -> None:
        self._queue.put(json.dumps({"text": text}).encode())

    def consume(self, number: int) -> None:
        taken = 0
        while self._take(block=False):
            taken += 1
            if taken % KEPT == 0:
                self._forget()
        self._forget()
        check(taken, number)

    def _take(self, **how: Any) -> bool:
        try:
            job = self._queue.get(raw=True, **how)
        except self._package.exceptions.Empty:
            return False
        self._queue.ack(id=job["pqid"])
        return True

    def _forget(self) -> None:
        self._queue.clear_acked_data(max_delete=KEPT, keep_latest=0)

    def listen(self, started: Callable[[], None], stopping: threading.Event) -> None:
        while not stopping.is_set():
            try:
                job = self._queue.get(raw=True, timeout=LOOK)
            except self._package.exceptions.Empty:
                continue
            started()
            self._queue.ack(id=job["pqid"])
        self._forget()

    def close(self) -> None:
        self._queue.close()
