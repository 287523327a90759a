"""Turns of requests that wait for somebody outside: few at once, so that threads are left for all others."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from appliance.base.errors import ApiError


class Busy(ApiError):
    status = 503
    code = "BUSY"

    def __init__(self) -> None:
        super().__init__("Others are being served, or your last request of this kind: try again in a moment")
        self.headers = {"Retry-After": "5"}


class Turns:
    """For `most` people at once, one each. Any thread may ask."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()  # guards _taken
        self._taken: set[int] = set()  # by people's ids

    @contextmanager
    def of(self, user_id: int) -> Iterator[None]:
        """Raises Busy at once, rather than wait."""
        with self._lock:
            if user_id in self._taken or len(self._taken) >= self._most:
                raise Busy
            self._taken.add(user_id)
        try:
            yield
        finally:
            with self._lock:
                self._taken.remove(user_id)
