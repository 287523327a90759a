import gzip
import logging
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from appliance.base.errors import ApplianceError
from appliance.outside.breaker import Unreachable
from appliance.outside.http import LARGEST_ANSWER, Answer, BadUrl, Http, retry_after
from tests.outside.authority import Authority

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
OK = HEAD + b"{}"


class Server:
    """Says `words` to each request, `gap` seconds between them, and keeps what it was asked."""

    def __init__(self, wrap: Callable[[socket.socket], socket.socket] = lambda plain: plain) -> None:
        self.words: list[bytes] = [OK]
        self.gap = 0.0
        self.requests: list[bytes] = []
        self.connections = 0
        self._wrap = wrap
        self._stopping = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.url = f"http://{self.address}"
        threading.Thread(target=self._run, daemon=True).start()

    def close(self) -> None:
        self._stopping.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _run(self) -> None:
        while True:
            try:
                accepted = self._wrap(self._listener.accept()[0])
            except OSError:
                if self._listener.fileno() < 0:
                    return
                continue
            self.connections += 1
            threading.Thread(target=self._serve, args=(accepted,), daemon=True).start()

    def _serve(self, accepted: socket.socket) -> None:
        with accepted:
            try:
                while request := _request(accepted):
                    self.requests.append(request)
                    self._say(accepted)
            except OSError:
                return

    def _say(self, accepted: socket.socket) -> None:
        for each in self.words:
            accepted.sendall(each)
            if self.gap:
                self._stopping.wait(self.gap)


def _request(accepted: socket.socket) -> bytes:
    """Head and body, or what it is if it is no HTTP."""
    request = accepted.recv(65536)
    head, end, _ = request.partition(b"\r\n\r\n")
    length = re.search(rb"\r\nContent-Length: ([0-9]+)", head)
    while end and length and len(request) < len(head + end) + int(length[1]):
        request += accepted.recv(65536)
    return request


@pytest.fixture
def server() -> Iterator[Server]:
    with closing(Server()) as made:
        yield made


@pytest.fixture
def http() -> Iterator[Http]:
    with closing(Http()) as made:
        yield made


def soon() -> float:
    return 20.0


def test_a_request_and_its_answer(server: Server, http: Http) -> None:
    server.words = [b"HTTP/1.1 418 Teapot\r\nContent-Length: 7\r\nX-Some: Thing\r\n\r\n", b'{"a":1}']
    answer = http.post(f"{server.url}/path?q=1", json={"b": 2}, headers={"X-Mine": "yes"}, left=soon)
    assert (answer.status, answer.headers["x-some"], answer.json()) == (418, "Thing", {"a": 1})
    [request] = server.requests
    assert request.startswith(b"POST /path?q=1 HTTP/1.1\r\n")
    assert request.endswith(b'\r\n\r\n{"b":2}')
    assert b"\r\nX-Mine: yes\r\n" in request
    assert b"\r\nContent-Type: application/json\r\n" in request


def test_forms_and_passwords(server: Server, http: Http) -> None:
    http.post(server.url, data={"a": "ü&b"}, auth=("name", "pass"), left=soon)
    assert server.requests[0].endswith(b"\r\n\r\na=%C3%BC%26b")
    assert b"\r\nAuthorization: Basic bmFtZTpwYXNz\r\n" in server.requests[0]


def test_the_connection_is_kept(server: Server, http: Http) -> None:
    for _ in range(3):
        assert http.get(server.url, left=soon).status == 200
    assert server.connections == 1


def test_a_connection_that_the_server_has_ended_is_not_used_again(server: Server, http: Http) -> None:
    server.words = [b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"]
    for _ in range(3):
        assert http.get(server.url, left=soon).status == 200


def test_nothing_comes_from_the_environment(
    server: Server, http: Http, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password something\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    assert http.get(server.url, left=soon).status == 200
    assert b"Authorization" not in server.requests[0]


def test_no_redirect_is_followed_and_no_cookie_kept(server: Server, http: Http) -> None:
    moved = f"Location: {server.url}/other\r\nSet-Cookie: a=b\r\nContent-Length: 0"
    server.words = [f"HTTP/1.1 307 Moved\r\n{moved}\r\n\r\n".encode()]
    for _ in range(2):
        assert http.post(server.url, data=b"x", left=soon).status == 307
    assert len(server.requests) == 2
    assert not [each for each in server.requests if b"Cookie" in each or b"/other" in each]


def test_a_large_answer_is_not_read_to_its_end(server: Server, http: Http) -> None:
    server.words = [b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n", b"x" * 1_000_000]
    answer = http.get(server.url, left=soon)
    assert len(answer.body) == LARGEST_ANSWER
    server.words = [OK]
    assert http.get(server.url, left=soon).body == b"{}"


SLOW = {
    "nothing": [b""],
    "a byte of the head now and then": [bytes([each]) for each in HEAD * 5],
    "headers without end": [b"HTTP/1.1 200 OK\r\n"] + [b"X-A: b\r\n"] * 90,
    "a byte of the body now and then": [b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", *[b"x"] * 99],
    "half an answer": [HEAD, b"{", b""],
}


def test_what_is_compressed_is_not_unpacked(server: Server, http: Http) -> None:
    """64 MB of zeros are 64 KB so."""
    body = gzip.compress(bytes(1 << 26))
    server.words = [b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"]
    server.words += [b"Content-Length: %d\r\n\r\n" % len(body), body]
    assert http.post(server.url, left=soon).body == body[: LARGEST_ANSWER]
    assert b"gzip" not in server.requests[0]


@pytest.mark.parametrize("words", SLOW.values(), ids=SLOW)
def test_a_slow_answer_is_not_waited_for(server: Server, http: Http, words: list[bytes]) -> None:
    server.words, server.gap = words, 0.1
    began = time.monotonic()
    with pytest.raises(Unreachable, match=f"^{server.address} does not work: timed out$"):
        http.get(server.url, left=soon, answering=0.5)
    assert time.monotonic() - began < 3


def test_fewer_seconds_are_left_than_an_answer_has(server: Server, http: Http) -> None:
    server.words = []
    began = time.monotonic()
    with pytest.raises(Unreachable, match="timed out"):
        http.get(server.url, left=lambda: 0.2)
    with pytest.raises(Unreachable, match="timed out"):
        http.get(server.url, left=lambda: -5.0)
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    "words", [b"garbage\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"\x00\xff" * 100, b"HTTP/1.1 200 OK\r\n" * 70_000]
)
def test_garbage_is_no_answer(server: Server, http: Http, words: bytes) -> None:
    server.words = [words, b"\r\n\r\n"]
    with pytest.raises(Unreachable, match=f"^{server.address} does not work: "):
        http.get(server.url, left=soon, answering=1)


def test_nobody_is_there(http: Http) -> None:
    with pytest.raises(Unreachable, match=r"^127\.0\.0\.1:1 does not work: connection refused$"):
        http.get("http://127.0.0.1:1/", left=soon)


@pytest.mark.parametrize(
    "url",
    ["", "word", "//127.0.0.1/", "ftp://127.0.0.1/", "file:///etc/passwd", "http://", "http://[::1/",
     "http://a b/", "http://127.0.0.1:99999/", "http://127.0.0.1:x/", f"http://{'ü' * 70}.example/"],
)  # fmt: skip
def test_what_is_no_address(http: Http, url: str) -> None:
    with pytest.raises(BadUrl, match=r"^it is no address of the web$"):
        http.get(url, left=soon)


def test_a_certificate_is_checked(  # checklist 251
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path)
    context = authority.server_context()
    with closing(Server(lambda plain: context.wrap_socket(plain, server_side=True))) as server:
        url = f"https://{server.address}/"
        with closing(Http()) as http, pytest.raises(Unreachable, match="its certificate is not accepted"):
            http.get(url, left=soon)
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
        with closing(Http()) as http:
            assert http.get(url, left=soon).status == 200


def test_encryption_that_does_not_come_about(server: Server, http: Http) -> None:
    server.words = [b"HTTP/1.1 400 Bad Request\r\n\r\n"]
    with pytest.raises(Unreachable, match="no encrypted connection comes about"):
        http.get(f"https://{server.address}/", left=soon)


def test_connections_are_opened_as_one_wants(server: Server) -> None:
    asked = []

    def connect(host: str, port: int, seconds: float) -> socket.socket:
        asked.append((host, port, seconds))
        return socket.create_connection(("127.0.0.1", int(server.address.rpartition(":")[2])), seconds)

    with closing(Http(connect=connect)) as http:
        assert http.get("http://chat.example:8080/", left=soon).status == 200
    assert asked == [("chat.example", 8080, 5.0)]
    assert b"\r\nHost: chat.example:8080\r\n" in b"\r\n" + server.requests[0]


def test_who_opens_connections_may_refuse() -> None:
    def connect(host: str, port: int, seconds: float) -> socket.socket:
        raise ApplianceError("not there")

    with closing(Http(connect=connect)) as http, pytest.raises(ApplianceError, match=r"^not there$"):
        http.get("http://chat.example/", left=soon)


def test_no_address_is_told(server: Server, http: Http, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    http.get(f"{server.url}/secret", auth=("name", "password"), left=soon)
    told = caplog.text
    for url in ("http://127.0.0.1:1/secret", "http://name:secret@127.0.0.1:1/", "https://127.0.0.1:1/secret"):
        with pytest.raises(Unreachable) as caught:
            http.get(url, left=soon)
        told += str(caught.value)
    assert "secret" not in told
    assert "password" not in told


@pytest.mark.parametrize(
    ("body", "found"), [(b'{"a":1}', {"a": 1}), (b"", {}), (b"[1]", {}), (b"\xff", {}), (b"null", {})]
)
def test_an_answer_that_is_no_object_is_empty(body: bytes, found: dict[str, int]) -> None:
    assert Answer(200, {}, body).json() == found


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0), ("120", 120.0), ("1.5", None), ("-3", None), ("", None), ("soon", None), ("²", None),
        ("Wed, 21 Oct 2015 07:28:30 GMT", 30.0), ("Wed, 21 Oct 2015 07:27:00 GMT", 0.0),
        ("Wed, 21 Oct 2015 07:28:30 -0000", 30.0), ("Wed, 99 Oct 2015 07:28:30 GMT", None),
    ],
)  # fmt: skip
def test_retry_after(value: str, seconds: float | None) -> None:
    assert retry_after(value, 1_445_412_480.0) == seconds
