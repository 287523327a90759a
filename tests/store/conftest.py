"""A disk whose flushes a test holds up, and a table to write into."""

import os
import threading

import pytest

from appliance.store.store import Store


class Disk:
    """Takes the place of os.fdatasync. A flush takes `seconds`, and not less than until `gate` is open."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.seconds = 0.0
        self.begun = self.ended = 0
        self.error: OSError | None = None

    def flush(self, descriptor: int) -> None:
        self.begun += 1
        if self.error is not None:
            raise self.error
        threading.Event().wait(self.seconds)
        assert self.gate.wait(20)
        self.ended += 1


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    disk = Disk()
    monkeypatch.setattr(os, "fdatasync", disk.flush)
    return disk


@pytest.fixture
def table(store: Store) -> str:
    """An empty table `item(id, name)`."""
    store.write(lambda transaction: transaction.execute("CREATE TABLE item(id INTEGER PRIMARY KEY, name)"))
    return "item"
