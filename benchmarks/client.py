"""A cheap load client: raw sockets, one thread, one epoll. It must cost far less than what it measures."""

import resource
import select
import socket
import time
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Self
from urllib.parse import urlencode

import orjson

from benchmarks.server import Person

AGENT = "ZulipMobile/1.0"  # a program in which the sender reads what they send

PATIENCE = 30.0  # seconds without an answer after which the benchmark gives up


def raise_file_limit() -> None:
    """Each connection is an open file."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class Connection:
    """A keep-alive connection of somebody: one request at a time."""

    def __init__(self, port: int, person: Person) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        secret = b64encode(f"{person.email}:{person.api_key}".encode()).decode()
        self._headers = (
            f"Host: 127.0.0.1:{port}\r\nUser-Agent: {AGENT}\r\nAuthorization: Basic {secret}\r\n".encode()
        )
        self._received = b""

    def request(self, method: str, path: str, form: dict[str, Any] | None = None) -> bytes:
        """The bytes of a request, to be sent once or often."""
        body = urlencode(form).encode() if form else b""
        about = (
            b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n" % len(body)
            if body
            else b""
        )
        return b"%b /api/v1%b HTTP/1.1\r\n%b%b\r\n%b" % (
            method.encode(), path.encode(), self._headers, about, body,
        )  # fmt: skip

    def send(self, request: bytes) -> None:
        self.socket.sendall(request)

    def receive(self) -> bytes | None:
        """Take what has come (waits if nothing has): the body of the answer, or None if more is to come."""
        chunk = self.socket.recv(1 << 16)
        if not chunk:
            raise ConnectionError("the server closed the connection")
        self._received += chunk
        head, end, body = self._received.partition(b"\r\n\r\n")
        if not end or len(body) < _content_length(head):
            return None
        self._received = b""
        if not head.startswith(b"HTTP/1.1 200 "):
            raise ConnectionError(f"{head.splitlines()[0].decode()}: {body.decode()}")
        return body

    def ask(self, request: bytes) -> bytes:
        """Send and wait."""
        self.send(request)
        while (body := self.receive()) is None:
            pass
        return body


def _content_length(head: bytes) -> int:
    _, _, rest = head.partition(b"\r\nContent-Length: ")
    return int(rest.partition(b"\r\n")[0])


class Loop:
    """Many connections: whose answer is complete is told of it."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._watched: dict[int, tuple[Connection, Callable[[bytes], None]]] = {}

    def add(self, connection: Connection, on_answer: Callable[[bytes], None]) -> None:
        self._watched[connection.socket.fileno()] = connection, on_answer
        self._epoll.register(connection.socket, select.EPOLLIN)

    def until(self, done: Callable[[], object]) -> None:
        """Turn until it is done. Raises TimeoutError when that takes too long."""
        deadline = time.monotonic() + PATIENCE
        while not done():
            if time.monotonic() > deadline:
                raise TimeoutError(f"the server has not answered for {PATIENCE:.0f} s")
            self.turn(1.0)

    def drop(self, connection: Connection) -> None:
        """Close it."""
        del self._watched[connection.socket.fileno()]
        connection.socket.close()

    def turn(self, timeout: float) -> None:
        """Handle what is there, or comes within `timeout` seconds."""
        for fd, _ in self._epoll.poll(timeout):
            connection, on_answer = self._watched[fd]
            body = connection.receive()
            if body is not None:
                on_answer(body)


class Listener:
    """A client that long-polls for messages, always."""

    def __init__(self, loop: Loop, port: int, person: Person) -> None:
        self.person = person
        self.polls = 0
        self.on_messages: Callable[[list[dict[str, Any]]], None] = _ignore
        self._connection = Connection(port, person)
        queue = self._register()
        self._request = self._connection.request(
            "GET", f"/events?queue_id={queue['queue_id']}&last_event_id=LAST"
        )
        self._last = queue["last_event_id"]
        loop.add(self._connection, self._answered)
        self._poll()

    def _register(self) -> dict[str, Any]:
        wanted = {"event_types": '["message"]', "fetch_event_types": "[]", "apply_markdown": "true"}
        answer = self._connection.ask(self._connection.request("POST", "/register", wanted))
        queue: dict[str, Any] = orjson.loads(answer)
        return queue

    def _poll(self) -> None:
        self.polls += 1
        self._connection.send(self._request.replace(b"LAST", b"%d" % self._last, 1))

    def _answered(self, body: bytes) -> None:
        events = orjson.loads(body)["events"]
        if events:
            self._last = events[-1]["id"]
        self._poll()
        messages = [event for event in events if event["type"] == "message"]
        if messages:
            self.on_messages(messages)


def _ignore(_: list[dict[str, Any]]) -> None:
    """Nobody waits for them."""


class Crowd:
    """Connections that ask again as soon as they are answered, until the time is over."""

    def __init__(self, loop: Loop) -> None:
        self.latencies: list[float] = []  # seconds
        self.rate = 0.0  # answers per second
        self._loop, self._busy, self._until = loop, 0, 0.0

    def run(self, askers: Iterable[tuple[Connection, Iterator[bytes]]], seconds: float) -> Self:
        """Each with its requests; returns when the last one has its answer."""
        began = time.perf_counter()
        self._until = began + seconds
        for connection, requests in askers:
            self._start(connection, requests.__next__)
        self._loop.until(lambda: not self._busy)
        self.rate = len(self.latencies) / (time.perf_counter() - began)
        return self

    def _start(self, connection: Connection, request: Callable[[], bytes]) -> None:
        began = time.perf_counter()

        def answered(_: bytes) -> None:
            nonlocal began
            now = time.perf_counter()
            self.latencies.append(now - began)
            began = now
            if now < self._until:
                connection.send(request())
            else:
                self._loop.drop(connection)
                self._busy -= 1

        self._busy += 1
        self._loop.add(connection, answered)
        connection.send(request())
