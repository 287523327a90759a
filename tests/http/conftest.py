"""Servers on real sockets, and a client that speaks HTTP so plainly that it can also do it wrongly."""

import json
import logging
import select
import shutil
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from wsgiref.types import WSGIApplication

import bottle
import pytest

from appliance.http.lot import State, Ticket
from appliance.http.server import Server
from appliance.model.user import Role, User
from tests.conftest import until
from tests.delivered import SEEN
from tests.http.site import Site
from tests.process.client import Person
from tests.process.server import ServerProcess, populate

POLLED = b'{"result":"success","msg":"","events":['


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


class Client:
    """One connection."""

    def __init__(self, port: int, host: str = "127.0.0.1", receive_buffer: int = 0) -> None:
        self.socket = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(20)
        self.socket.connect((host, port))
        self._file = self.socket.makefile("rb")

    def send(self, *requests: str, version: str = "1.1", headers: str = "", body: bytes = b"") -> None:
        """Requests such as "GET /ping", all in one packet; `headers` end in CR LF each."""
        if body:
            headers += f"Content-Length: {len(body)}\r\n"
        heads = [f"{request} HTTP/{version}\r\nHost: chat.test\r\n{headers}\r\n" for request in requests]
        self.socket.sendall("".join(heads).encode() + body)

    def read(self, *, body: bool = True) -> Answer:
        """The next answer; without `body`, one that only announces its body (to a HEAD)."""
        status = int(self._file.readline().split()[1])
        headers = {}
        while line := self._file.readline().strip().decode():
            name, value = line.split(": ", 1)
            headers[name] = value
        length = int(headers.get("Content-Length", 0)) if body else 0
        content = self._file.read(length)
        if content.startswith(POLLED):
            SEEN.polled(json.loads(content)["events"])
        return Answer(status, headers, content)

    def get(self, path: str, **how: Any) -> Answer:
        self.send(f"GET {path}", **how)
        return self.read()

    def answered(self) -> bool:
        """Is there anything of the next answer?"""
        return bool(select.select([self.socket], [], [], 0)[0])

    def at_end(self) -> bool:
        """Wait until the server says something or closes; True: it closed."""
        return self._file.read(1) == b""

    def close(self) -> None:
        self._file.close()
        self.socket.close()

    def reset(self) -> None:
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def half_close(self) -> None:
        self.socket.shutdown(socket.SHUT_WR)


class Running:
    """A server with its loop in a thread of its own; `adjust` has settings of waitress that are not ours."""

    def __init__(self, app: WSGIApplication, adjust: dict[str, Any], **options: Any) -> None:
        self.server = Server(app, **{"host": "127.0.0.1", "port": 0, "max_body": 1_000_000, **options})
        vars(self.server.adj).update(adjust)
        self.thread = threading.Thread(target=self.server.run, name="socket loop", daemon=True)
        self.thread.start()
        self._clients: list[Client] = []

    def client(self, port: int = 0, **how: Any) -> Client:
        """`port`: one of several, the main one if it is not said."""
        client = Client(port or self.server.port, **how)
        self._clients.append(client)
        return client

    def connections(self) -> int:
        return len(self.server.active_channels)

    def requests(self) -> int:
        """How many run, wait to run or are parked."""
        return sum(len(channel.requests) for channel in list(self.server.active_channels.values()))

    def unread(self) -> bool:
        """A client does not read as fast as it is answered."""
        return any(channel.unread for channel in list(self.server.active_channels.values()))

    def end(self) -> None:
        for client in self._clients:
            client.close()
        self.server.stop()
        self.thread.join(10)
        assert not self.thread.is_alive()


Serve = Callable[..., Running]


@pytest.fixture
def serve(caplog: pytest.LogCaptureFixture) -> Iterator[Serve]:
    """Starts servers. Afterwards they must stop, and have logged no error that the test did not clear."""
    started: list[Running] = []

    def start(app: WSGIApplication, adjust: dict[str, Any] | None = None, **options: Any) -> Running:
        started.append(Running(app, adjust or {}, **options))
        return started[-1]

    yield start
    for running in started:
        running.end()
    lines = [*caplog.get_records("call"), *caplog.get_records("teardown")]
    assert [line for line in lines if line.levelno >= logging.ERROR] == []


class Polls(bottle.Bottle):  # type: ignore[misc]
    """An app whose /events parks under the name `q`, for `timeout` s, and then does what `then` says."""

    def __init__(self) -> None:
        super().__init__()
        self.tickets: dict[str, Ticket] = {}
        self.ends: list[tuple[str, str]] = []  # ("gone" or "timeout", q)
        self.go_on = threading.Event()
        self.afterwards: dict[str, Callable[[Ticket], bytes]] = {"dawdle": self._dawdle}  # `then`
        self.add_hook("after_request", lambda: bottle.response.set_header("X-Frame-Options", "DENY"))
        self.route("/ping", callback=lambda: b"pong")
        self.route("/zeros", callback=lambda: bytes(int(bottle.request.query.n)))
        self.route("/size", ["POST"], lambda: str(len(bottle.request.body.read())).encode())
        self.route("/wait", callback=self._wait)
        self.route("/events", ["GET", "HEAD", "POST"], self._events)

    def _events(self) -> bytes:
        query = bottle.request.query
        q, timeout = query.q, float(query.timeout or 30)
        bottle.response.content_type = "application/json"
        ticket = bottle.request.environ["appliance.park"](
            timeout, lambda: self._idle(q), lambda: self.ends.append(("gone", q))
        )
        self.tickets[q] = ticket
        return self.afterwards[query.then](ticket) if query.then else b""

    def _wait(self) -> bytes:
        self.go_on.wait(10)
        return b"went on"

    def _dawdle(self, ticket: Ticket) -> bytes:
        self.go_on.wait(10)
        return b""

    def _idle(self, q: str) -> bytes:
        self.ends.append(("timeout", q))
        return b"idle"

    def ticket(self, q: str) -> Ticket:
        """The ticket of that name, once it is parked."""
        until(lambda: q in self.tickets and self.tickets[q].state is State.PARKED)
        return self.tickets[q]


@pytest.fixture
def polls() -> Polls:
    return Polls()


# The whole program, for the tests of the API


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One for all tests; none of their requests may have surprised it."""
    folder = tmp_path_factory.mktemp("api") / "data"
    server = ServerProcess(folder, populate(folder)).start()
    yield server
    server.end()
    assert "Traceback" not in server.log
    assert " ERROR " not in server.log


@pytest.fixture(scope="package")
def hamlet(server: ServerProcess) -> Person:
    return server.people("hamlet")[0]


@pytest.fixture(scope="package")
def cordelia(server: ServerProcess) -> Person:
    return server.people("cordelia")[0]


@pytest.fixture
def client(server: ServerProcess) -> Iterator[Client]:
    client = Client(server.port)
    yield client
    client.close()


def send_poll(
    client: Client,
    person: Person,
    queue_id: str,
    last_event_id: int = -1,
    *,
    times: int = 1,
    headers: str = "",
) -> None:
    """`times`: so often in one packet."""
    poll = f"GET /api/v1/events?queue_id={queue_id}&last_event_id={last_event_id}"
    client.send(*[poll] * times, headers=f"Authorization: {person.authorization}\r\n{headers}")


# -- the pages


@pytest.fixture
def settings() -> dict[Any, Any]:
    """Options of the server that a test's parameters change."""
    return {}


@pytest.fixture
def site(tmp_path: Path, beginning: Path, settings: dict[Any, Any]) -> Iterator[Site]:
    """Nobody is there yet."""
    running = Site(shutil.copytree(beginning, tmp_path / "data"), settings)
    yield running
    running.runtime.stop()


@pytest.fixture
def olga(site: Site) -> User:
    return site.add("Olga Owner", Role.OWNER)


@pytest.fixture
def ann(site: Site, olga: User) -> User:
    return site.add("Ann Member")
