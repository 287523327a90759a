"""The server around the handlers: where it listens, what it refuses, whom it believes."""

import resource
import threading
from wsgiref.types import StartResponse, WSGIEnvironment

import orjson
import pytest

from appliance.http.server import MOST_FILES, MOST_HEADER_BYTES, Server
from tests.conftest import until
from tests.http.conftest import Client, Polls, Running, Serve

MIB = 1 << 20


@pytest.fixture
def running(serve: Serve, polls: Polls) -> Running:
    return serve(polls)


@pytest.fixture
def client(running: Running) -> Client:
    return running.client()


# The server


def test_it_says_which_port_it_got(running: Running) -> None:
    assert running.server.port > 0
    assert running.client().get("/ping").body == b"pong"


def test_it_listens_on_ipv6(serve: Serve, polls: Polls) -> None:
    running = serve(polls, host="::1")
    assert running.client(host="::1").get("/ping").body == b"pong"


@pytest.mark.parametrize("host", ["127.0.0.1", "192.0.2.1", "no.such.host.invalid"])
def test_where_it_cannot_listen_is_an_oserror(running: Running, polls: Polls, host: str) -> None:
    threads = set(threading.enumerate())
    with pytest.raises(OSError):  # noqa: PT011  # in use, not ours, unknown
        Server(polls, host, running.server.port, max_body=1)
    assert set(threading.enumerate()) <= threads


REFUSED = {
    b"NONSENSE\r\n\r\n": (400, "BAD_REQUEST"),
    b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n": (400, "BAD_REQUEST"),
    b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n": (501, "BAD_REQUEST"),
    b"GET / HTTP/1.1\r\nX: %s\r\n\r\n" % (b"x" * MOST_HEADER_BYTES): (431, "BAD_REQUEST"),
    b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (1 << 40): (413, "REQUEST_TOO_LARGE"),
}


@pytest.mark.parametrize(("request_", "refusal"), REFUSED.items())
def test_what_it_refuses_is_told_as_the_api_does(
    client: Client, request_: bytes, refusal: tuple[int, str]
) -> None:
    client.socket.sendall(request_)
    answer = client.read()
    body = orjson.loads(answer.body)
    assert (answer.status, body.pop("code")) == refusal
    assert body.pop("msg")
    assert body == {"result": "error"}
    assert (answer.headers["Content-Type"], answer.headers["Server"]) == ("application/json", "appliance")
    assert client.at_end()


def test_who_was_refused_and_stays_is_closed_in_the_end(
    serve: Serve, polls: Polls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appliance.http.server.LINGER_SECONDS", 0)
    running = serve(polls, {"cleanup_interval": 1})
    client = running.client()
    client.socket.sendall(b"NONSENSE\r\n\r\n")
    assert client.read().status == 400
    assert client.at_end()
    until(lambda: running.connections() == 0)


def test_a_body_may_have_just_the_limit(client: Client) -> None:
    client.send("POST /size", body=bytes(1_000_000))
    assert client.read().body == b"1000000"


@pytest.mark.parametrize("size", [1_000_001, 30_000_000])
def test_who_sends_a_larger_body_gets_to_read_the_refusal(client: Client, size: int) -> None:
    client.send("POST /size", body=bytes(size))
    assert client.read().status == 413
    assert client.at_end()


def test_a_chunked_body_has_the_same_limit(client: Client) -> None:
    client.send("POST /size", headers="Transfer-Encoding: chunked\r\n")
    chunk = b"%x\r\n%s\r\n" % (100_000, bytes(100_000))
    client.socket.sendall(chunk * 300 + b"0\r\n\r\n")
    assert client.read().status == 413


def test_who_asks_before_sending_a_larger_body_hears_no(client: Client) -> None:
    headers = "Expect: 100-continue\r\nContent-Length: 1000001\r\n"
    client.send("POST /size", headers=headers)
    assert client.read().status == 413
    assert client.at_end()


def test_who_asks_before_sending_a_body_may(client: Client) -> None:
    client.send("POST /size", headers="Expect: 100-continue\r\nContent-Length: 3\r\n")
    assert client.read().status == 100
    client.socket.sendall(b"abc")
    assert client.read().body == b"3"


FORWARDED = "X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: chat.example.com\r\n"


@pytest.mark.parametrize(
    ("proxies", "seen"),
    [
        (["127.0.0.1"], ["192.0.2.7", "https", "chat.example.com", True]),
        (["192.0.2.1"], ["127.0.0.1", "http", "chat.test", False]),
        ([], ["127.0.0.1", "http", "chat.test", False]),
    ],
)
def test_only_trusted_proxies_are_believed(serve: Serve, proxies: list[str], seen: list[object]) -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        start_response("200 OK", [])
        names = ("REMOTE_ADDR", "wsgi.url_scheme", "HTTP_HOST")
        return [orjson.dumps([*map(environ.get, names), "HTTP_X_FORWARDED_FOR" in environ])]

    client = serve(app, trusted_proxies=proxies).client()
    assert orjson.loads(client.get("/", headers=FORWARDED).body) == seen


def test_a_proxy_that_is_trusted_and_errs_is_told(serve: Serve, polls: Polls) -> None:
    client = serve(polls, trusted_proxies=["127.0.0.1"]).client()
    answer = client.get("/ping", headers="X-Forwarded-Proto: gopher\r\n")
    assert (answer.status, orjson.loads(answer.body)["code"]) == (400, "BAD_REQUEST")


def test_connections_beyond_the_limit_wait_for_a_place(serve: Serve, polls: Polls) -> None:
    running = serve(polls, {"connection_limit": 2 + 2})  # the listener and the wake-up pipe count too
    first, second, third = running.client(), running.client(), running.client()
    assert [first.get("/ping").body, second.get("/ping").body] == [b"pong", b"pong"]
    third.send("GET /ping")
    assert running.connections() == 2
    first.close()
    assert third.read().body == b"pong"


def test_it_raises_the_limit_of_open_files(serve: Serve, polls: Polls) -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))
    try:
        serve(polls)
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == min(MOST_FILES, before[1])
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
