"""huey's SQLite storage, flushed at each commit. Its threads share a connection and a lock."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.peer import Missing, Peer


class Huey(Peer):
    name = "huey, SqliteStorage(fsync=True)"

    def __init__(self, folder: Path) -> None:
        try:
            storage = import_module("huey.storage")
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
        if taken != number:
            raise RuntimeError(f"{taken} jobs of {number} were consumed")

    def close(self) -> None:
        self._storage.close()
