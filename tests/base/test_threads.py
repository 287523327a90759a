"""A thread that crashes is started again; one that returns is done."""

import logging
import threading
from collections.abc import Callable

import pytest

from appliance.base import threads as module
from appliance.base.threads import Threads

SOON = 10  # seconds


@pytest.fixture(autouse=True)
def short_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.001)


def crashing(times: int, then: Callable[[], object]) -> Callable[[], None]:
    left = iter(range(times))

    def run() -> None:
        if next(left, None) is not None:
            raise RuntimeError("on purpose")
        then()

    return run


def test_a_thread_has_its_name_and_ends_when_it_returns() -> None:
    names: list[str] = []
    threads = Threads()
    threads.start("fan-out", lambda: names.append(threading.current_thread().name))
    threads.stop(SOON)
    assert names == ["fan-out"]
    assert threads.crashes == 0


def test_a_crash_is_logged_and_the_thread_runs_again(caplog: pytest.LogCaptureFixture) -> None:
    ran = threading.Event()
    threads = Threads()
    threads.start("fan-out", crashing(2, ran.set))
    assert ran.wait(SOON)
    threads.stop(SOON)
    assert threads.crashes == 2
    assert [record.getMessage() for record in caplog.records] == ["thread fan-out crashed"] * 2
    assert "on purpose" in caplog.text


def test_stopping_does_not_wait_for_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE", 3600.0)
    began = threading.Event()

    def crash() -> None:
        began.set()
        raise RuntimeError("on purpose")

    threads = Threads()
    threads.start("fan-out", crash)
    assert began.wait(SOON)
    threads.stop(SOON)
    assert not any(thread.name == "fan-out" for thread in threading.enumerate())
    assert threads.crashes == 1


def test_a_thread_that_does_not_stop_is_named_and_left(caplog: pytest.LogCaptureFixture) -> None:
    told = threading.Event()

    def stuck() -> None:
        told.wait(SOON)

    threads = Threads()
    threads.start("stuck", stuck)
    with caplog.at_level(logging.WARNING):
        threads.stop(0.01)
    told.set()
    assert "thread stuck did not stop in time" in caplog.text
