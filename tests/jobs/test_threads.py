"""The threads of a pool: one that crashes is reported, and started again after longer and longer pauses."""

import logging
import threading
from collections.abc import Iterator

import pytest

from appliance.base import threads as threads_module
from appliance.base.errors import StorageError
from appliance.jobs.lane import Lane
from appliance.store.store import Store
from appliance.store.transaction import Job
from tests.conftest import until
from tests.jobs.errands import Errand, Other, Start, enqueue, waiting


def failing(monkeypatch: pytest.MonkeyPatch, times: int, error: Exception) -> None:
    """Whoever takes a job of the queue `errands` fails so many times before."""
    take, left = Lane.take, iter(range(times))

    def fail_first(lane: Lane, *args: float) -> Job | None:
        if lane.queue == "errands" and next(left, None) is not None:
            raise error
        return take(lane, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(Lane, "take", fail_first)


def test_a_crashed_thread_is_reported_and_started_again(
    store: Store, start: Start, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:  # checklist 40
    monkeypatch.setattr(threads_module, "FIRST_PAUSE", 0.001)
    failing(monkeypatch, 2, RuntimeError("on purpose"))
    crashing, sound = Errand(), Other()
    enqueue(store, 1)
    enqueue(store, 2, queue="others")
    start(crashing, sound)
    until(lambda: not waiting(store))
    assert (crashing.seen, sound.seen) == ([1], [2])
    assert caplog.messages == ["thread job-errands crashed"] * 2
    assert {"job-errands", "job-others"} <= {each.name for each in threading.enumerate()}


def test_jobs_that_cannot_be_read_are_read_later(
    store: Store, start: Start, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:  # checklist 62
    failing(monkeypatch, 2, StorageError("the disk does not answer"))
    worker = Errand()
    enqueue(store, 1)
    start(worker)
    until(lambda: not waiting(store))
    assert worker.seen == [1]
    assert caplog.messages == ["errands: jobs cannot be read: the disk does not answer"] * 2


class Pauses(threading.Event):
    """Lets no time pass, and remembers how long it should have been."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.seen.append(timeout or 0.0)
        return False


def run_with(pauses: Pauses, monkeypatch: pytest.MonkeyPatch, lives: list[float]) -> None:
    """A supervised thread that crashes after so many seconds each, and then returns."""
    now, left = [0.0], iter(lives)

    def live() -> None:
        if (life := next(left, None)) is not None:
            now[0] += life
            raise RuntimeError("on purpose")

    monkeypatch.setattr(threads_module.time, "monotonic", lambda: now[0])
    threads = threads_module.Threads()
    monkeypatch.setattr(threads, "_stopping", pauses)
    threads._run("job-errands", live)


@pytest.fixture
def pauses(caplog: pytest.LogCaptureFixture) -> Iterator[Pauses]:
    with caplog.at_level(logging.CRITICAL):
        yield Pauses()


def test_the_pauses_double_up_to_half_a_minute(
    pauses: Pauses, monkeypatch: pytest.MonkeyPatch
) -> None:  # checklist 123
    run_with(pauses, monkeypatch, [0.1] * 7)
    assert pauses.seen == [1, 2, 4, 8, 16, 30, 30]


def test_a_minute_without_a_crash_is_forgiven(
    pauses: Pauses, monkeypatch: pytest.MonkeyPatch
) -> None:  # checklist 123
    run_with(pauses, monkeypatch, [0.1, 0.1, 0.1, 61, 0.1])
    assert pauses.seen == [1, 2, 4, 1, 2]
