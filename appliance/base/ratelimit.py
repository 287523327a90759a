"""Rate limits: so many requests in any period, per key.

A token bucket per key: `limit` tokens, refilled evenly. Buckets that are full again are forgotten, so memory
is bounded by the keys of the last period.
"""

import math
import threading
from dataclasses import dataclass

from appliance.base.clock import Clock
from appliance.base.errors import RateLimited

MINUTE = 60.0
SWEEP_AT = 10_000  # buckets
LONGEST_KEY = 254  # characters, as of an address: keys may be anybody's words, and stay in memory


@dataclass(slots=True)
class Verdict:
    """What the X-RateLimit headers say: `remaining` requests, full again at `reset` (epoch seconds)."""

    limit: int
    remaining: int
    reset: float

    @property
    def headers(self) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(math.ceil(self.reset)),
        }


class RateLimit:
    def __init__(self, limit: int, clock: Clock, period: float = MINUTE) -> None:
        """`limit` requests in `period` seconds; 0 switches it off."""
        self._limit, self._period = limit, period
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: dict[str, tuple[float, float]] = {}  # key -> (tokens, at)

    def spend(self, key: str) -> Verdict | None:
        """Take one token of `key`; None when the limit is off. Raises RateLimited when there is none."""
        if not self._limit:
            return None
        key = key[:LONGEST_KEY]
        now = self._clock.now()
        rate = self._limit / self._period
        with self._lock:
            tokens, at = self._buckets.get(key, (float(self._limit), now))
            tokens = min(self._limit, tokens + max(0.0, now - at) * rate)
            if tokens < 1:
                refusal = RateLimited((1 - tokens) / rate)
                refusal.headers |= Verdict(self._limit, 0, now + (self._limit - tokens) / rate).headers
                raise refusal
            self._buckets[key] = (tokens - 1, now)
            if len(self._buckets) > SWEEP_AT:
                self._sweep(now, rate)
        return Verdict(self._limit, int(tokens - 1), now + (self._limit - tokens + 1) / rate)

    def forgive(self, key: str) -> None:
        """Give all tokens back: what was counted turned out to be no abuse."""
        with self._lock:
            self._buckets.pop(key[:LONGEST_KEY], None)

    def _sweep(self, now: float, rate: float) -> None:
        self._buckets = {
            key: (tokens, at)
            for key, (tokens, at) in self._buckets.items()
            if tokens + (now - at) * rate < self._limit
        }
