"""A request that is one of many on a connection of HTTP/2 (http2.py)."""

import time
from collections.abc import Mapping
from concurrent.futures import Future

from appliance.outside.breaker import Unreachable
from appliance.outside.http import Answer, Left

LONGEST = 15.0  # seconds from the request to its answer


class Exchange:
    """A request, and the answer that is to come: within LONGEST seconds, or not at all. `server`: for words
    about it."""

    def __init__(self, server: str, path: str, headers: Mapping[str, str], body: bytes) -> None:
        self._server, self.path, self.headers, self.body = server, path, headers, body
        self.tries = 0
        self._until = time.monotonic() + LONGEST
        self._future: Future[Answer] = Future()

    def answer(self, left: Left) -> Answer:
        """Waits for it; in vain, the request is given up. Raises Unreachable."""
        try:
            return self._future.result(max(0.0, min(left(), self._until - time.monotonic())))
        except TimeoutError:
            self._future.cancel()
            raise Unreachable(f"{self._server} does not work: no answer came in time") from None

    @property
    def is_given_up(self) -> bool:
        return self._future.cancelled()

    def answered(self, answer: Answer) -> None:
        if self._future.set_running_or_notify_cancel():
            self._future.set_result(answer)

    def failed(self, reason: str) -> None:
        if self._future.set_running_or_notify_cancel():
            self._future.set_exception(Unreachable(reason))
