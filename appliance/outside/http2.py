"""Many requests at once to one server, over one connection of HTTP/2.

One thread, started by the first request, does all that is read and written. Who asks gets an Exchange and
waits for it as long as they like. What was sent on a connection that broke before the answer came is sent
again on the next one, so a request must mean the same when it comes twice.

    any thread             the thread of the connection
    post() -> _waiting ──▶ session (one TLS connection) ──▶ Exchange.answer()
"""

import logging
import selectors
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from appliance.outside.breaker import Unreachable
from appliance.outside.http2_exchange import Exchange
from appliance.outside.trouble import why

if TYPE_CHECKING:  # imported by the thread: h2 takes 3 MB
    from appliance.outside.http2_session import Session

log = logging.getLogger(__name__)

LARGEST_BODY = 16_384  # bytes; every server takes a frame of that, and opens its window for more in time
MOST_WAITING = 10_000  # requests that are not sent yet
TRIES = 3  # of a request: connections on which it was sent, or that did not come about
PAUSES = (0.0, 0.2, 1.0, 5.0)  # seconds before a connection, after so many in a row that brought no answer
SHUT_DOWN = "the server shuts down"
LOOK = 1.0  # seconds between looks for what is overdue, while there is a connection


class Connection:
    """To one server; `context` says whom to trust and who we are. There is a connection only while it is
    used: it ends when nothing was asked for a while, and comes back with the next request."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext) -> None:
        self.host, self.port = host, port
        self._context = context
        context.set_alpn_protocols(["h2"])
        self._lock = threading.Lock()  # guards the four below
        self._waiting: deque[Exchange] = deque()
        self._is_woken = self._is_closed = False
        self._thread: threading.Thread | None = None
        self._wakes, self._wake = socket.socketpair()
        self._wakes.setblocking(False)
        self._wake.setblocking(False)
        self._closing = threading.Event()
        # Of the thread:
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._wakes, selectors.EVENT_READ)
        self._session: Session | None = None
        self._fruitless = 0  # connections in a row that brought no answer

    def post(self, url: str, content: bytes, headers: Mapping[str, str]) -> Exchange:
        """Any thread; returns at once. `url`: its path counts, all goes to the one server. `content`:
        LARGEST_BODY bytes at most, else ValueError. This is what apns2 wants of a connection."""
        if len(content) > LARGEST_BODY:
            raise ValueError("the body is too large")
        exchange = Exchange(f"{self.host}:{self.port}", quote(urlsplit(url).path), headers, content)
        with self._lock:
            refusal = self._refusal()
            if not refusal:
                self._waiting.append(exchange)
                self._rouse()
        if refusal:
            exchange.failed(refusal)
        return exchange

    def close(self) -> None:
        """Whoever still waits is told. It may be called twice."""
        with self._lock:
            if self._is_closed:
                return
            self._is_closed = True
            self._signal()
        self._closing.set()
        if self._thread is not None:
            self._thread.join(10)
        for each in (self._selector, self._wake, self._wakes):
            each.close()

    def _refusal(self) -> str:
        """Lock held."""
        if self._is_closed:
            return SHUT_DOWN
        return "too many requests wait already" if len(self._waiting) >= MOST_WAITING else ""

    def _rouse(self) -> None:
        """Lock held."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name=f"http2 {self.host}", daemon=True)
            self._thread.start()
        self._signal()

    def _signal(self) -> None:
        """Lock held. One byte is enough for all that is asked until the thread looks."""
        if not self._is_woken:
            self._is_woken = True
            self._wake.send(b"x")

    # -- the thread

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                self._turn()
            except (OSError, Unreachable) as error:
                self._lose(error)
            except Exception as error:
                log.exception("%s:%d: an answer could not be read", self.host, self.port)
                self._lose(error)
        self._end()

    def _turn(self) -> None:
        if self._session is None and self._next_size() is not None:
            self._connect()
        if self._session is not None:
            self._fill(self._session)
        for key, _ in self._selector.select(LOOK if self._session else None):
            if key.fileobj is self._wakes:
                self._listen()
            elif self._session is not None:
                self._session.receive()
        if self._session is not None:
            self._look_after(self._session)

    def _connect(self) -> None:
        from appliance.outside.http2_session import Session

        self._closing.wait(PAUSES[min(self._fruitless, len(PAUSES) - 1)])
        self._fruitless += 1
        self._session = Session(self.host, self.port, self._context)
        self._selector.register(self._session.socket, selectors.EVENT_READ)

    def _fill(self, session: "Session") -> None:
        """Send what there is room for."""
        while session.has_room and (self._next_size() or 0) <= session.window:
            exchange = self._take()
            if exchange is None:
                break
            exchange.tries += 1
            session.send(exchange)
        session.flush()
        writing = selectors.EVENT_WRITE if session.has_unsent else 0
        self._selector.modify(session.socket, selectors.EVENT_READ | writing)

    def _next_size(self) -> int | None:
        """Bytes of the body that is to be sent next; None: nobody waits. Those given up are forgotten."""
        with self._lock:
            while self._waiting and self._waiting[0].is_given_up:
                self._waiting.popleft()
            return len(self._waiting[0].body) if self._waiting else None

    def _take(self) -> Exchange | None:
        with self._lock:
            return self._waiting.popleft() if self._waiting else None

    def _listen(self) -> None:
        with self._lock, suppress(BlockingIOError):
            self._is_woken = False
            self._wakes.recv(64)

    def _look_after(self, session: "Session") -> None:
        if session.answers:
            self._fruitless = session.answers = 0
        self._again(session.refused(), "the server refuses the request")
        session.tend(time.monotonic())
        if session.is_over:
            self._drop("the connection ended")

    def _lose(self, error: Exception) -> None:
        """The connection broke, or none came about; then that was a try of all that wait."""
        reason = f"{self.host}:{self.port} does not work: {_words(error)}"
        if self._session is not None:
            self._drop(reason)
            return
        with self._lock:
            waiting, self._waiting = self._waiting, deque()
        for each in waiting:
            each.tries += TRIES if isinstance(error, ssl.SSLError) else 1
        self._again(waiting, reason)

    def _drop(self, reason: str) -> None:
        session, self._session = self._session, None
        if session is not None:
            self._selector.unregister(session.socket)
            session.close()
            self._again(session.unanswered(), reason)

    def _again(self, exchanges: Collection[Exchange], reason: str) -> None:
        """Send them before all others, if they may be tried once more."""
        for each in exchanges:
            if each.tries >= TRIES:
                each.failed(reason)
        with self._lock:
            self._waiting.extendleft(each for each in reversed([*exchanges]) if each.tries < TRIES)

    def _end(self) -> None:
        self._drop(SHUT_DOWN)
        for each in self._waiting:
            each.failed(SHUT_DOWN)


def _words(error: Exception) -> str:
    return str(error) if isinstance(error, Unreachable) else why(error)
