"""A poll that differs from the one before on its connection in `last_event_id` alone: nearly every poll does.

It is neither parsed nor goes through WSGI, which would be half of its cost. The endpoint left a function that
serves it (parking.py: `environ["appliance.again"]`). What that function raises is not answered here: then the
request is parsed, and served as any other.
"""

import re
from collections.abc import Callable
from typing import Any

Headers = list[tuple[str, str]]

# serve(last_event_id, park): the headers of the answer, and its body: empty if the request was parked.
Serve = Callable[[int, Callable[..., Any]], tuple[Headers, bytes]]

LONGEST = 2048  # bytes; a longer request is not kept for comparison
END = b"\r\n\r\n"
POLL = re.compile(rb"GET [^ ]+[?&]last_event_id=(-?[0-9]{1,18})[ &][^\n]*HTTP/1\.1\r\n")


class Again:
    """What the next request of a connection would look like: `before`, a number, `behind`."""

    __slots__ = ("_before", "_behind", "path", "query", "serve")

    def __init__(self, data: bytes, request: Any, serve: Serve) -> None:
        """`request` is `data`, parsed. Raises ValueError if it is not of the kind that may come again."""
        found = POLL.match(data)
        closing = request.headers.get("CONNECTION", "").lower() == "close"
        alone = data.find(END) == len(data) - len(END) and request.body_rcv is None
        if found is None or closing or not alone or data.count(b"last_event_id") > 1:
            raise ValueError
        self._before, self._behind = data[: found.start(1)], data[found.end(1) :]
        self.path: str = request.path
        self.query: str = request.query
        self.serve = serve

    def repeated(self, data: bytes) -> "Repeated | None":
        """The request that `data` is, if it is such a one."""
        if not (data.startswith(self._before) and data.endswith(self._behind)):
            return None
        number = data[len(self._before) : len(data) - len(self._behind)]
        return Repeated(self, int(number), data) if number.isdigit() and len(number) < 19 else None


class Repeated:
    """Stands in a channel's `requests` for the HTTPRequestParser of a request that was not parsed."""

    __slots__ = ("_again", "data", "headers", "last_event_id")
    error = body_rcv = None
    version, command = "1.1", "GET"

    def __init__(self, again: Again, last_event_id: int, data: bytes) -> None:
        self._again, self.last_event_id, self.data = again, last_event_id, data
        self.headers: dict[str, str] = {}  # those that waitress wants to know of: none

    @property
    def path(self) -> str:
        return self._again.path

    @property
    def query(self) -> str:
        """With an older last_event_id."""
        return self._again.query

    def serve(self, park: Callable[..., Any]) -> tuple[Headers, bytes]:
        return self._again.serve(self.last_event_id, park)

    def close(self) -> None:
        """There is no body."""
