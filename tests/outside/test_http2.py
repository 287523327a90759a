"""The connection by itself; what Apple's pushes see of it is in test_apns.py."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from appliance.outside import http2, http2_exchange, http2_session
from appliance.outside.breaker import Unreachable
from appliance.outside.http2 import Connection
from appliance.outside.http2_exchange import Exchange
from tests.conftest import until
from tests.outside.apns import Apns, Reply
from tests.outside.authority import Authority
from tests.outside.pushes import soon, token

GARBAGE = {
    "no frame": b"HTTP/1.1 200 OK\r\n\r\n",
    "an unknown frame of 16 MiB": b"\xff\xff\xff\xfa" + bytes(5),
    "settings on a stream": bytes([0, 0, 0, 4, 0, 0, 0, 0, 1]),
    "headers that cannot be unpacked": bytes([0, 0, 2, 1, 4, 0, 0, 0, 1]) + b"\xff\xff",
    "an answer to nothing": bytes([0, 0, 1, 1, 5, 0, 0, 0, 9]) + b"\x88",
    "nothing but zeros": bytes(100),
}


@pytest.fixture
def apns(tmp_path: Path) -> Iterator[Apns]:
    server = Apns(tmp_path)
    server.reply = lambda received, by_certificate: server.replies.get(received.token, Reply())  # type: ignore[method-assign]
    yield server
    server.stop()


@pytest.fixture
def connection(apns: Apns, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection]:
    monkeypatch.setattr(http2, "PAUSES", (0.0, 0.01, 0.02))
    monkeypatch.setattr(http2, "LOOK", 0.02)
    monkeypatch.setattr(http2_session, "TENDING", 0.02)
    context = ssl.create_default_context(cafile=apns.authority.file)
    with closing(Connection("127.0.0.1", apns.port, context)) as opened:
        yield opened


def ask(connection: Connection, number: int = 1) -> Exchange:
    return connection.post(f"https://ignored/3/device/{token(number)}", b'{"aps":{}}', {"apns-topic": "x"})


def status(connection: Connection, number: int = 1) -> int:
    return ask(connection, number).answer(soon).status


def test_it_begins_with_the_first_request(apns: Apns, connection: Connection) -> None:
    assert not apns.connections
    assert status(connection) == 200
    assert apns.connections == 1


@pytest.mark.parametrize("garbage", GARBAGE.values(), ids=GARBAGE)
def test_what_is_no_http_2_harms_only_that_request(
    apns: Apns, connection: Connection, garbage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    apns.replies[token(1)] = Reply(garbage=garbage)
    with pytest.raises(Unreachable):
        ask(connection).answer(lambda: 2.0)
    assert status(connection, 2) == 200
    assert "could not be read" not in caplog.text


def test_a_server_that_ends_an_unused_connection_costs_nothing(
    apns: Apns, connection: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    for each in range(3):
        assert status(connection, each) == 200
        apns.drop_connections()
    assert status(connection) == 200
    assert apns.connections == 4
    assert not caplog.messages


def test_a_quiet_server_is_asked_whether_it_is_there(
    apns: Apns, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http2_session, "QUIET", 0.05)
    assert status(connection) == 200
    until(lambda: apns.pings >= 2)
    assert status(connection) == 200
    assert apns.connections == 1


def test_a_connection_that_is_not_used_ends(
    apns: Apns, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http2_session, "IDLE", 0.05)
    assert status(connection) == 200
    until(lambda: not apns.open)
    assert status(connection) == 200
    assert apns.connections == 2


def test_a_request_that_nobody_waits_for_takes_no_room(apns: Apns, connection: Connection) -> None:
    apns.streams = 1
    apns.replies[token(1)] = Reply(hangs=True)
    with pytest.raises(Unreachable, match="no answer came in time"):
        ask(connection).answer(lambda: 0.05)
    assert status(connection, 2) == 200
    assert apns.connections == 1


def test_too_many_requests_are_refused_at_once(
    apns: Apns, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http2, "MOST_WAITING", 10)
    apns.streams = 1
    apns.replies[token(1)] = Reply(hangs=True)
    waiting = [ask(connection) for _ in range(20)]
    with pytest.raises(Unreachable, match="too many requests wait already"):
        waiting[-1].answer(soon)


def test_an_answer_has_its_limit_of_time(
    apns: Apns, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http2_exchange, "LONGEST", 0.05)
    apns.replies[token(1)] = Reply(hangs=True)
    with pytest.raises(Unreachable, match=f"^127.0.0.1:{apns.port} does not work: no answer came in time"):
        ask(connection).answer(lambda: float("inf"))


def test_bodies_wait_for_the_window(apns: Apns, connection: Connection) -> None:
    body = b'{"aps":{},"x":"' + b"x" * (http2.LARGEST_BODY - 17) + b'"}'
    waiting = [connection.post(f"https://x/3/device/{each}", body, {}) for each in range(30)]
    assert {each.answer(soon).status for each in waiting} == {200}
    with pytest.raises(ValueError, match="too large"):
        connection.post("https://x/3/device/1", body + b" ", {})


class Mute:
    """Takes connections over TLS, and says what it is given, or nothing."""

    def __init__(self, context: ssl.SSLContext, words: bytes = b"") -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._context, self._words = context, words
        self._open: list[socket.socket] = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while True:
            try:
                accepted = self._context.wrap_socket(self._listener.accept()[0], server_side=True)
            except OSError:
                return
            accepted.sendall(self._words)
            self._open.append(accepted)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join(10)
        for each in [self._listener, *self._open]:
            each.close()


@pytest.fixture
def mute(tmp_path: Path) -> Iterator[Callable[..., Connection]]:
    """Makes a connection to such a server."""
    authority = Authority(tmp_path)
    with ExitStack() as made:

        def make(*protocols: str, words: bytes = b"") -> Connection:
            context = authority.server_context()
            context.set_alpn_protocols(list(protocols))
            server = made.enter_context(closing(Mute(context, words)))
            trusting = ssl.create_default_context(cafile=authority.file)
            return made.enter_context(closing(Connection("127.0.0.1", server.port, trusting)))

        yield make


def test_a_server_without_http_2_is_named(
    mute: Callable[..., Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http2, "PAUSES", (0.0,))
    with pytest.raises(Unreachable, match="does not work: it does not speak HTTP/2"):
        ask(mute("http/1.1")).answer(soon)


def test_a_server_that_says_nothing_at_all_is_left_in_time(mute: Callable[..., Connection]) -> None:
    connection = mute("h2")
    began = time.monotonic()
    with pytest.raises(Unreachable, match="no answer came in time"):
        ask(connection).answer(lambda: 0.1)
    connection.close()
    assert time.monotonic() - began < 5


def test_a_server_that_is_silent_for_long_is_given_up(
    mute: Callable[..., Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])
    monkeypatch.setattr(http2, "PAUSES", (0.0,))
    monkeypatch.setattr(http2, "LOOK", 0.02)
    monkeypatch.setattr(http2_session, "TENDING", 0.02)
    monkeypatch.setattr(http2_session, "SILENT", 0.1)
    with pytest.raises(Unreachable, match="it answers no more"):
        ask(mute("h2", words=settings)).answer(soon)
