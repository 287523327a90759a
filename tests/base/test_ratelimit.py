"""So many requests in any minute, per key."""

import pytest

from appliance.base import ratelimit
from appliance.base.errors import RateLimited
from appliance.base.ratelimit import RateLimit


class HandClock:
    def __init__(self) -> None:
        self.time = 1_000_000.0

    def now(self) -> float:
        return self.time


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


def spend_all(limit: RateLimit, key: str, count: int) -> None:
    for _ in range(count):
        limit.spend(key)


def test_so_many_and_no_more(clock: HandClock) -> None:
    limit = RateLimit(3, clock)
    assert [limit.spend("a").remaining for _ in range(3)] == [2, 1, 0]  # type: ignore[union-attr]
    with pytest.raises(RateLimited) as raised:
        limit.spend("a")
    assert raised.value.data["retry-after"] == pytest.approx(20)


def test_keys_do_not_share(clock: HandClock) -> None:
    limit = RateLimit(1, clock)
    limit.spend("a")
    assert limit.spend("b") is not None


def test_a_refused_request_costs_nothing_and_waiting_as_told_is_enough(clock: HandClock) -> None:
    limit = RateLimit(3, clock)
    spend_all(limit, "a", 3)
    for _ in range(5):
        with pytest.raises(RateLimited) as raised:
            limit.spend("a")
    clock.time += raised.value.data["retry-after"] + 0.001
    assert limit.spend("a") is not None


def test_the_verdict_tells_when_all_is_back(clock: HandClock) -> None:
    limit = RateLimit(60, clock)
    verdict = limit.spend("a")
    assert verdict is not None
    assert (verdict.limit, verdict.remaining) == (60, 59)
    assert verdict.reset == pytest.approx(clock.time + 1)


def test_tokens_do_not_pile_up(clock: HandClock) -> None:
    limit = RateLimit(3, clock)
    limit.spend("a")
    clock.time += 3600
    spend_all(limit, "a", 3)
    with pytest.raises(RateLimited):
        limit.spend("a")


def test_a_clock_that_goes_back_takes_nothing_away(clock: HandClock) -> None:
    limit = RateLimit(3, clock)
    limit.spend("a")
    clock.time -= 3600
    verdict = limit.spend("a")
    assert verdict is not None
    assert verdict.remaining == 1


def test_zero_is_no_limit(clock: HandClock) -> None:
    limit = RateLimit(0, clock)
    assert {limit.spend("a") for _ in range(1000)} == {None}


def test_full_buckets_are_forgotten(clock: HandClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ratelimit, "SWEEP_AT", 10)
    limit = RateLimit(60, clock)
    for number in range(10):
        limit.spend(f"old {number}")
    clock.time += 60
    limit.spend("new")
    assert list(limit._buckets) == ["new"]


def test_long_keys_take_little_memory(clock: HandClock) -> None:
    """They are what strangers type as their names."""
    limit = RateLimit(2, clock)
    spend_all(limit, "x" * 4_000_000, 2)
    assert max(map(len, limit._buckets)) <= ratelimit.LONGEST_KEY
    limit.forgive("x" * 4_000_000)
    assert not limit._buckets


def test_what_is_forgiven_is_not_counted(clock: HandClock) -> None:
    limit = RateLimit(2, clock)
    spend_all(limit, "a", 2)
    limit.forgive("a")
    spend_all(limit, "a", 2)
    with pytest.raises(RateLimited):
        limit.spend("a")
