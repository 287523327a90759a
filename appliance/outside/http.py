"""Requests to services of the outside: verified, bounded in time and size, and without surprises.

No redirect is followed, no cookie kept, no proxy or password taken from the environment; certificates are
checked against the system's (OpenSSL obeys SSL_CERT_FILE). An answer of any status is an answer.
"""

import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import orjson

from appliance import __version__
from appliance.base.errors import ApplianceError

if TYPE_CHECKING:  # imported by the first request: requests takes 10 MB
    from appliance.outside.pool import Connect, Pool

CONNECTING = 5.0  # seconds
ANSWERING = 10.0  # seconds until the answer is there to its last byte
MOMENT = 0.1  # seconds that are tried even when no time is left
LARGEST_ANSWER = 64 * 1024  # bytes, for most services

Left = Callable[[], float]  # seconds until it should be done


class BadUrl(ApplianceError):
    """No request can be made of this address."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`headers` in lower case; of the body no more than was asked for."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    def json(self) -> dict[str, Any]:
        """{} when it is no JSON object."""
        try:
            found = orjson.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def wait(self, now: float) -> float | None:
        """Seconds that it asks for in Retry-After, which has them or a date; None: it does not."""
        return retry_after(self.headers.get("retry-after", ""), now)


def retry_after(value: str, now: float) -> float | None:
    """Seconds from `now`, as RFC 9110 10.2.3 has them; None for what cannot be read."""
    if value.isdecimal():
        return float(value[:9])
    try:
        date = parsedate_to_datetime(value)
        return max(0.0, date.replace(tzinfo=date.tzinfo or UTC).timestamp() - now)
    except (ValueError, OverflowError):
        return None


def connected(host: str, port: int, seconds: float) -> socket.socket:
    return socket.create_connection((host, port), seconds)


class Http:
    """Keeps connections for the next request. Any thread may ask, several at once."""

    def __init__(
        self, connections: int = 8, connect: "Connect" = connected, largest: int = LARGEST_ANSWER
    ) -> None:
        """`connections` are kept to a host at most. `connect` opens them, TLS comes on top; what it raises
        besides OSError goes through to who asks. `largest`: bytes of a body that are read."""
        self._connections, self._connect, self._largest = connections, connect, largest
        self._lock = threading.Lock()  # guards _pool
        self._pool: Pool | None = None

    def post(
        self,
        url: str,
        *,
        left: Left,
        data: bytes | Mapping[str, str] | None = None,
        json: object = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        answering: float = ANSWERING,
    ) -> Answer:
        """`data`: the body, or the fields of a form; or `json`, something to serialise. `auth`: name and
        password of HTTP Basic. `answering`: seconds for the answer, fewer if fewer are `left`.

        Raises Unreachable (breaker.py) when no whole answer came, BadUrl.
        """
        headers = dict(headers or {})
        if json is not None:
            data = orjson.dumps(json)
            headers.setdefault("Content-Type", "application/json")
        return self._send("POST", url, left, answering, data=data, headers=headers, auth=auth)

    def get(
        self,
        url: str,
        *,
        left: Left,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        answering: float = ANSWERING,
    ) -> Answer:
        """As `post`."""
        return self._send("GET", url, left, answering, headers=dict(headers or {}), auth=auth)

    def close(self) -> None:
        with self._lock:
            if self._pool is not None:
                self._pool.close()

    def _send(self, method: str, url: str, left: Left, answering: float, **parts: Any) -> Answer:
        parts["headers"].setdefault("User-Agent", f"appliance/{__version__}")
        seconds = max(MOMENT, left())
        times = min(CONNECTING, seconds), min(answering, seconds)
        try:
            return Answer(*self._opened().send(method, url, *times, **parts))
        except ValueError as error:
            raise BadUrl(str(error)) from None

    def _opened(self) -> "Pool":
        from appliance.outside.pool import Pool

        with self._lock:
            if self._pool is None:
                self._pool = Pool(self._connections, self._connect, self._largest)
            return self._pool
