"""What `appliance doctor` says of jobs; with a server: tests/process/test_cli.py."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from appliance.base.clock import SystemClock
from appliance.base.config import Config
from appliance.base.finding import Finding
from appliance.cli import doctor
from appliance.jobs.errors import ErrorFile
from appliance.jobs.health import STUCK_AFTER
from appliance.jobs.statistics import QueueStatistics
from appliance.model import picture
from appliance.store import job as job_table
from appliance.store.store import Store
from appliance.store.transaction import Transaction
from tests.conftest import MovableClock

QUEUE, OTHER = "errands", "others"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path, SystemClock())
    yield opened
    opened.close()


def judged(store: Store, **environ: str) -> Finding:
    named = {f"APPLIANCE_JOBS_{name}": value for name, value in environ.items()}
    return doctor._jobs(store, Config.load(None, named))


@pytest.mark.parametrize(("available", "level"), [(True, "ok"), (False, "warning")])
def test_whether_pictures_are_made_smaller(
    monkeypatch: pytest.MonkeyPatch, available: bool, level: str
) -> None:
    monkeypatch.setattr(picture, "AVAILABLE", available)
    assert doctor._pictures(Config.load(None, {})).level == level


def enqueue(store: Store, times: int, queue: str = QUEUE, run_at: float | None = None) -> None:
    def write(transaction: Transaction) -> None:
        for _ in range(times):
            transaction.job(queue, {}, run_at=run_at)

    store.write(write)


def bury(store: Store, times: int) -> None:
    def write(transaction: Transaction) -> None:
        for _ in range(times):
            job_id = transaction.job(QUEUE, {})
            assert job_id is not None
            job_table.bury(transaction, job_id, 4, "too slow")

    store.write(write)


def left_statistics(store: Store, average: float, queue: str = QUEUE, ago: float = 0.0) -> None:
    """As a worker that took so many seconds an event, and was heard of last so many seconds ago."""
    clock = MovableClock()
    clock.advance(time.time() - ago - clock.now())
    told = QueueStatistics(queue, store.folder, clock)
    told.consumed(1, average, backlog=0)
    told.close()


def nothing(store: Store) -> None:
    """A new folder."""


def quick(store: Store) -> None:
    left_statistics(store, 0.01)
    enqueue(store, 2)


def later(store: Store) -> None:
    """What waits for its time is no backlog."""
    left_statistics(store, 31.0)
    enqueue(store, 3, run_at=time.time() + 3600)


def waiting(store: Store) -> None:
    left_statistics(store, 31.0)
    enqueue(store, 1)


def long_waiting(store: Store) -> None:
    left_statistics(store, 31.0)
    enqueue(store, 2)


def stuck(store: Store) -> None:
    left_statistics(store, 0.01, ago=STUCK_AFTER + 1)
    enqueue(store, 11)


def unknown(store: Store) -> None:
    enqueue(store, 1)


def dead(store: Store) -> None:
    left_statistics(store, 0.0)
    bury(store, 2)


def failed(store: Store) -> None:
    left_statistics(store, 0.0)
    ErrorFile(store.folder, SystemClock()).append(QUEUE, [{}])


@pytest.mark.parametrize(  # checklist 34, 55
    ("deed", "level", "text"),
    [
        (nothing, "ok", "0 wait, no dead letters"),
        (quick, "ok", "2 wait, no dead letters"),
        (later, "ok", "3 wait, no dead letters"),
        (waiting, "warning", "errands: 1 wait, for about 31 s, see `appliance jobs stats`"),
        (long_waiting, "error", "errands: 2 wait, for about 62 s, see `appliance jobs stats`"),
        (stuck, "error", "errands: stuck: 11 wait, no news for 181 s, see `appliance jobs stats`"),
        (unknown, "warning", "errands: no statistics: its worker has never started"),
        (dead, "warning", "2 dead letters, see `appliance jobs list --dead`"),
        (failed, "warning", "queue_errors/errands.errors: look, then delete"),
    ],
)
def test_jobs(folder: Store, deed: Callable[[Store], None], level: str, text: str) -> None:
    deed(folder)
    finding = judged(folder)
    assert (finding.name, finding.level) == ("jobs", level)
    assert text in finding.text


def test_an_error_file_is_named_whole(folder: Store) -> None:
    failed(folder)
    [path] = (folder.folder / "queue_errors").glob("*")
    assert str(path) in judged(folder).text


@pytest.mark.parametrize(
    ("deeds", "text"),
    [
        ((failed, dead), "2 dead letters"),
        ((dead, failed, waiting), "errands: 1 wait"),
    ],
)
def test_the_worst_is_said(folder: Store, deeds: tuple[Callable[[Store], None], ...], text: str) -> None:
    for deed in deeds:
        deed(folder)
    assert judged(folder).text.startswith(text)


def test_a_critical_queue_is_not_hidden_by_an_unknown_one(folder: Store) -> None:
    long_waiting(folder)
    enqueue(folder, 1, queue=OTHER)
    finding = judged(folder)
    assert (finding.level, finding.text[:8]) == ("error", "errands:")


def test_limits_are_those_of_the_configuration(folder: Store) -> None:
    long_waiting(folder)
    assert judged(folder, LIMITS="errands 100/200").level == "ok"


@pytest.mark.parametrize(("jobs", "level"), [(10, "ok"), (11, "warning"), (51, "error")])
def test_without_statistics_the_size_counts(folder: Store, jobs: int, level: str) -> None:
    enqueue(folder, jobs)
    assert judged(folder, STATISTICS="false").level == level
