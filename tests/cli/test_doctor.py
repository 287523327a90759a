"""What `appliance doctor` says of jobs; with a server: tests/process/test_cli.py."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from appliance.base.clock import SystemClock
from appliance.base.config import Config
from appliance.cli import doctor
from appliance.jobs.errors import ErrorFile
from appliance.jobs.statistics import QueueStatistics
from appliance.store import job as job_table
from appliance.store.store import Store
from appliance.store.transaction import Transaction

QUEUE = "errands"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path, SystemClock())
    yield opened
    opened.close()


def enqueue(store: Store, times: int, *, dead: bool = False) -> None:
    def write(transaction: Transaction) -> None:
        for _ in range(times):
            job_id = transaction.job(QUEUE, {})
            assert job_id is not None
            if dead:
                job_table.bury(transaction, job_id, 4, "too slow")

    store.write(write)


def left_statistics(store: Store, average: float) -> None:
    """As a worker that took so many seconds an event."""
    told = QueueStatistics(QUEUE, store.folder, SystemClock())
    told.consumed(1, average, backlog=0)
    told.close()


def nothing(store: Store) -> None:
    """A new folder."""


def waiting(store: Store) -> None:
    left_statistics(store, 31.0)
    enqueue(store, 1)


def long_waiting(store: Store) -> None:
    left_statistics(store, 31.0)
    enqueue(store, 2)


def unknown(store: Store) -> None:
    enqueue(store, 1)


def dead(store: Store) -> None:
    left_statistics(store, 0.0)
    enqueue(store, 1, dead=True)


def failed(store: Store) -> None:
    left_statistics(store, 0.0)
    ErrorFile(store.folder, SystemClock()).append(QUEUE, [{}])


@pytest.mark.parametrize(
    ("deed", "level", "text"),
    [
        (nothing, "ok", "0 wait, no dead letters"),
        (waiting, "warning", "errands: 1 wait, for about 31 s, see `appliance jobs stats`"),
        (long_waiting, "error", "errands: 2 wait, for about 62 s"),
        (unknown, "warning", "errands: no statistics"),
        (dead, "warning", "1 dead letters, see `appliance jobs list --dead`"),
        (failed, "warning", "queue_errors/errands.errors: look, then delete"),
    ],
)
def test_jobs(folder: Store, deed: Callable[[Store], None], level: str, text: str) -> None:
    deed(folder)
    finding = doctor._jobs(folder, Config.load(None, {}))
    assert finding.level == level
    assert text in finding.text
