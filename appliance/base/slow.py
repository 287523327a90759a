"""The last requests that were slow, in memory: for people who want to know what to mend."""

import logging
from collections import deque
from dataclasses import dataclass

from appliance.base.clock import Clock

log = logging.getLogger(__name__)

SLOW = 1.0  # seconds
KEPT = 200


@dataclass(frozen=True, slots=True)
class SlowRequest:
    """`route`: with the names of what stands in its path, not with what stood there. `user_id`: None if it
    was not known."""

    time: float  # when it was answered
    route: str
    seconds: float
    user_id: int | None


class SlowRequests:
    """Any thread may call."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last: deque[SlowRequest] = deque(maxlen=KEPT)

    def took(self, route: str, seconds: float, user_id: int | None) -> None:
        """Log and keep the request if it was slow."""
        if seconds > SLOW:
            log.warning("%s took %.1f s", route, seconds)
            self._last.append(SlowRequest(self._clock.now(), route, seconds, user_id))

    def newest(self) -> list[SlowRequest]:
        """Newest first."""
        return [*self._last.copy()][::-1]
