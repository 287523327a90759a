"""How long a worker may take for what it was given."""

import math
import time

from appliance.jobs.verdict import WorkerTimeout


class Deadline:
    """Runs from its making, whatever the wall clock does. `left()` is the timeout of each call outside."""

    __slots__ = ("_end", "_events", "_limit", "_queue")

    def __init__(
        self, limit: float = math.inf, queue: str = "", events: int = 1, began: float | None = None
    ) -> None:
        """`limit`: seconds an event; inf: as long as it takes. `began`: by the monotonic clock; None: now."""
        self._limit, self._queue, self._events = limit * events, queue, events
        self._end = (time.monotonic() if began is None else began) + self._limit

    def left(self) -> float:
        """Seconds, never below 0; inf when there is no limit."""
        return max(0.0, self._end - time.monotonic())

    def late(self) -> float:
        """Seconds since it was over; negative before."""
        return time.monotonic() - self._end

    def check(self) -> None:
        """Raises WorkerTimeout when it is over."""
        if not self.left():
            raise self.overrun()

    def overrun(self) -> WorkerTimeout:
        return WorkerTimeout(self._queue, self._limit, self._events)

    def expire(self) -> None:
        """It is over now: whoever works towards it has lost its jobs to others."""
        self._end = -math.inf
