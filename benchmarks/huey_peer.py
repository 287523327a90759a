"""huey's SQLite storage, flushed at each commit. Its threads share a connection and a lock, and its
worker polls."""

import json
import threading
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from benchmarks.peer import Missing, Peer, check

DELAYS = {"default_delay": 0.1, "max_delay": 10.0, "backoff": 1.15}  # its consumer's own defaults, seconds


class Huey(Peer):
    name = "huey, SqliteStorage(fsync=True)"

    def __init__(self, folder: Path) -> None:
        try:
            storage, self._consumer = map(import_module, ("huey.storage", "huey.consumer"))
        except ImportError:
            raise Missing("huey is not installed (benchmarks/requirements.txt)") from None
        self._storage: Any = storage.SqliteStorage(filename=str(folder / "huey.db"), fsync=True)

    def publish(self, text: str) -> None:
        self._storage.enqueue(json.dumps({"text": text}).encode())

    def consume(self, number: int) -> None:
        """Taking is forgetting: huey has no acknowledgement."""
        taken = 0
        while self._storage.dequeue() is not None:
            taken += 1
        check(taken, number)

    def listen(self, started: Callable[[], None], stopping: threading.Event) -> None:
        """Its own worker, which need not unpack what it takes."""
        huey = SimpleNamespace(
            storage=self._storage, dequeue=self._storage.dequeue, execute=lambda task, now: started()
        )
        worker = self._consumer.Worker(huey, stopping, **DELAYS)
        while not stopping.is_set():
            worker.loop()

    def close(self) -> None:
        self._storage.close()
