# checklist 59: all of this file
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from appliance.base.metrics import Metrics
from appliance.outside import breaker as breaker_module
from appliance.outside.breaker import COOL_DOWN, FAILURES, Breakers, CircuitBreaker, Deferred, Unreachable
from tests.conftest import MovableClock

HOST = "mail.example.org:25"


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def breakers(clock: MovableClock, metrics: Metrics) -> Breakers:
    return Breakers(clock, metrics)


@pytest.fixture
def breaker(breakers: Breakers) -> CircuitBreaker:
    return breakers.of(HOST)


def fail(breaker: CircuitBreaker, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(Unreachable), breaker.call():
            raise Unreachable("down")


def succeed(breaker: CircuitBreaker) -> None:
    with breaker.call():
        pass


def is_deferred(breaker: CircuitBreaker) -> float:
    """Seconds that a call is to wait."""
    with pytest.raises(Deferred) as caught, breaker.call():
        raise AssertionError("called")
    return caught.value.wait


def test_a_few_failures_defer_nothing(breaker: CircuitBreaker) -> None:
    fail(breaker, FAILURES - 1)
    succeed(breaker)
    fail(breaker, FAILURES - 1)
    succeed(breaker)


def test_after_enough_failures_in_a_row_calls_are_deferred(
    breaker: CircuitBreaker, clock: MovableClock
) -> None:
    fail(breaker, FAILURES)
    assert is_deferred(breaker) == COOL_DOWN
    clock.advance(COOL_DOWN - 1)
    assert is_deferred(breaker) == 1


def test_a_probe_that_works_closes_it(breaker: CircuitBreaker, clock: MovableClock) -> None:
    fail(breaker, FAILURES)
    clock.advance(COOL_DOWN)
    succeed(breaker)
    fail(breaker, FAILURES - 1)
    succeed(breaker)


def test_a_probe_that_fails_opens_it_anew(breaker: CircuitBreaker, clock: MovableClock) -> None:
    fail(breaker, FAILURES)
    clock.advance(COOL_DOWN)
    fail(breaker)
    assert is_deferred(breaker) == COOL_DOWN


def test_there_is_one_probe_at_a_time(breaker: CircuitBreaker, clock: MovableClock) -> None:
    fail(breaker, FAILURES)
    clock.advance(COOL_DOWN)
    with breaker.call():
        assert is_deferred(breaker) == COOL_DOWN
    succeed(breaker)


def test_a_probe_that_never_comes_back_makes_way_for_another(
    breaker: CircuitBreaker, clock: MovableClock
) -> None:
    fail(breaker, FAILURES)
    clock.advance(COOL_DOWN)
    with breaker.call():
        clock.advance(COOL_DOWN)
        succeed(breaker)


def test_of_many_threads_one_probes(breaker: CircuitBreaker, clock: MovableClock) -> None:
    fail(breaker, FAILURES)
    clock.advance(COOL_DOWN)
    all_there, called = threading.Barrier(8), []

    def attempt() -> None:
        all_there.wait(10)
        with suppress(Deferred, Unreachable), breaker.call():
            called.append(1)
            raise Unreachable("down")

    with ThreadPoolExecutor(8) as pool:
        for each in [pool.submit(attempt) for _ in range(8)]:
            each.result(10)
    assert called == [1]


def test_no_failure_of_many_threads_is_lost(breaker: CircuitBreaker) -> None:
    with ThreadPoolExecutor(FAILURES) as pool:
        for each in [pool.submit(fail, breaker) for _ in range(FAILURES)]:
            each.result(10)
    assert is_deferred(breaker)


def test_a_host_that_answers_no_is_not_at_fault(breaker: CircuitBreaker) -> None:
    fail(breaker, FAILURES - 1)
    with pytest.raises(ValueError, match="no"), breaker.call():
        raise ValueError("no")
    fail(breaker, FAILURES - 1)
    succeed(breaker)


@pytest.mark.parametrize("seconds", [-3600, 86_400])
def test_a_clock_that_is_set_prolongs_nothing(
    breaker: CircuitBreaker, clock: MovableClock, seconds: int
) -> None:
    fail(breaker, FAILURES)
    clock.advance(seconds)
    succeed(breaker)


def test_hosts_fail_on_their_own(breakers: Breakers, breaker: CircuitBreaker) -> None:
    fail(breaker, FAILURES)
    succeed(breakers.of("other.example.org:443"))
    assert breakers.of(HOST) is breaker
    assert breakers.states() == {"other.example.org:443": "closed", HOST: "open"}


def test_the_state_is_a_metric(breakers: Breakers, breaker: CircuitBreaker, metrics: Metrics) -> None:
    breakers.of("other:443")
    fail(breaker, FAILURES)
    assert f'appliance_breaker_open{{host="{HOST}"}} 1\n' in metrics.text()
    assert 'appliance_breaker_open{host="other:443"} 0\n' in metrics.text()


def test_trouble_is_logged_when_it_begins_and_when_it_ends(
    breaker: CircuitBreaker, clock: MovableClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    fail(breaker, FAILURES)
    for _ in range(2):
        clock.advance(COOL_DOWN)
        fail(breaker)
    clock.advance(COOL_DOWN)
    succeed(breaker)
    first, opened, closed = [record.getMessage() for record in caplog.records]
    assert first == "down"
    assert opened.startswith(f"{HOST} failed {FAILURES} times in a row")
    assert closed == f"{HOST} works again"


def test_of_too_many_hosts_one_that_works_is_forgotten(
    breakers: Breakers, breaker: CircuitBreaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(breaker_module, "MOST_HOSTS", 2)
    fail(breaker, FAILURES)
    breakers.of("a")
    breakers.of("b")
    assert breakers.states() == {HOST: "open", "b": "closed"}
