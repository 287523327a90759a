"""Circuit breakers: a host of the outside that fails again and again is left alone for a while.

After FAILURES calls in a row that failed, the breaker of a host opens: calls are deferred for COOL_DOWN
seconds. Then one call is let through as a probe, the others wait on. A probe that fails, or never comes back,
opens the breaker for another COOL_DOWN; one that works closes it. What is deferred was not tried, so it costs
no retry.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil

from appliance.base.clock import Clock
from appliance.base.errors import ApplianceError
from appliance.base.metrics import Labels, Metrics

log = logging.getLogger(__name__)

FAILURES = 5  # in a row
COOL_DOWN = 30.0  # seconds
MOST_HOSTS = 1000  # with a breaker; of those that work, the ones unused for longest are forgotten first


class Unreachable(ApplianceError):
    """The host is at fault, not what was to be said to it: what a breaker counts."""


class Deferred(ApplianceError):
    """The host is left alone; `wait`: seconds until a call has a chance."""

    def __init__(self, host: str, wait: float) -> None:
        super().__init__(f"{host} has failed {FAILURES} times in a row and is left alone for {ceil(wait)} s")
        self.wait = wait


class CircuitBreaker:
    """Of one host. Any thread may call it."""

    def __init__(self, host: str, clock: Clock) -> None:
        self.host = host
        self._clock = clock
        self._lock = threading.Lock()  # guards the fields below
        self._failures = 0  # in a row
        self._shut_since = 0.0  # when it opened, or let the last probe through

    @property
    def is_open(self) -> bool:
        return self._failures >= FAILURES

    @contextmanager
    def call(self) -> Iterator[None]:
        """Around a call. Raises Deferred instead of making it; Unreachable of the call counts as a failure,
        whatever else comes of it shows that the host answers."""
        self._admit()
        try:
            yield
        except Unreachable as error:
            self._failed(error)
            raise
        except Exception:
            self._succeeded()
            raise
        self._succeeded()

    def _admit(self) -> None:
        with self._lock:
            if not self.is_open:
                return
            now = self._clock.now()
            passed = now - self._shut_since
            if 0 <= passed < COOL_DOWN:  # negative: the clock was set back
                raise Deferred(self.host, COOL_DOWN - passed)
            self._shut_since = now

    def _failed(self, error: Unreachable) -> None:
        """Logged once until it works again."""
        with self._lock:
            self._failures += 1
            self._shut_since = self._clock.now()
            if self._failures == 1:
                log.error("%s", error)
            if self._failures == FAILURES:
                log.warning("%s failed %d times in a row and is left alone for a while", self.host, FAILURES)

    def _succeeded(self) -> None:
        with self._lock:
            if self._failures:
                log.info("%s works again", self.host)
            self._failures = 0


class Breakers:
    """One for each host of the outside; built once by the runtime."""

    def __init__(self, clock: Clock, metrics: Metrics) -> None:
        self._clock = clock
        self._lock = threading.Lock()  # guards _breakers
        self._breakers: dict[str, CircuitBreaker] = {}  # that used last is last
        metrics.gauge("appliance_breaker_open", "Outside hosts left alone since they fail.", self._gauge)

    def of(self, host: str) -> CircuitBreaker:
        """`host` with its port: what fails together."""
        with self._lock:
            breaker = self._breakers.pop(host, None) or CircuitBreaker(host, self._clock)
            self._breakers[host] = breaker
            if len(self._breakers) > MOST_HOSTS:
                del self._breakers[self._least_wanted()]
            return breaker

    def states(self) -> dict[str, str]:
        """"open" or "closed" by host."""
        with self._lock:
            return {host: "open" if each.is_open else "closed" for host, each in self._breakers.items()}

    def _least_wanted(self) -> str:
        """Lock held."""
        closed = (host for host, each in self._breakers.items() if not each.is_open)
        return next(closed, next(iter(self._breakers)))

    def _gauge(self) -> dict[Labels, float] | float:
        return {(("host", host),): float(state == "open") for host, state in self.states().items()}
