"""A push service for tests, as Zulip runs one for its phone apps: who may ask, and all that it is asked.

By hand: `python -m tests.outside.bouncer [PORT]` prints what to configure, and then each request.
"""

import base64
import json
import socket
import ssl
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self
from urllib.parse import parse_qsl

from tests.outside.bouncer_records import Fields, Records, Refusal

PREFIX = "/api/v1/remotes/"
UNSIGNED = frozenset({"server/register"})


@dataclass(frozen=True)
class Asked:
    """`path` below PREFIX; `headers` in lower case."""

    path: str
    org_id: str
    body: Fields
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Reply:
    """What a request gets in place of its answer."""

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)
    how: Literal["whole", "hangs", "closes"] = "whole"


def refusal(msg: str, code: str, status: int = 400) -> Reply:
    return Reply(status, json.dumps({"result": "error", "msg": msg, "code": code}).encode())


class Bouncer:
    """Listens on 127.0.0.1:`port`, in threads of its own.

    `replies`: what the next requests get, in turn, instead of an answer. `asked`: all that came. `limit`:
    requests of a server in a minute.
    """

    def __init__(self, port: int = 0, *, tls: ssl.SSLContext | None = None) -> None:
        self.records = Records()
        self.asked: list[Asked] = []
        self.replies: list[Reply] = []
        self.limit = 1000
        self.on_request: Callable[[Asked], None] = self.asked.append
        self.ended = threading.Event()
        self._times: deque[float] = deque()
        self._lock = threading.Lock()  # guards records and what is above
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.bouncer = self
        if tls:
            self._server.socket = tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.port: int = self._server.server_address[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def sent(self) -> list[Any]:
        """What left for phones."""
        return self.records.sent

    def paths(self) -> list[str]:
        return [each.path for each in self.asked]

    def bodies(self, path: str) -> list[Fields]:
        return [each.body for each in self.asked if each.path == path]

    def take(self, asked: Asked, key: str) -> Reply:
        """In the thread of its connection."""
        with self._lock:
            self.on_request(asked)
            if self.replies:
                return self.replies.pop(0)
            try:
                self._admit(asked, key)
                found = self.records.answer(asked.path, asked.org_id, asked.body)
            except Refusal as error:
                return Reply(error.status, json.dumps(error.body).encode())
            return Reply(200, json.dumps({"result": "success", "msg": "", **found}).encode())

    def _admit(self, asked: Asked, key: str) -> None:
        now = time.monotonic()
        self._times.append(now)
        while now - self._times[0] > 60:
            self._times.popleft()
        if len(self._times) > self.limit:
            raise Refusal("API usage exceeded rate limit", "RATE_LIMIT_HIT", 429)
        known = self.records.servers.get(asked.org_id)
        if asked.path in UNSIGNED:
            return
        if "@" in asked.org_id:
            raise Refusal("Must validate with valid Zulip server API key")
        if known is None or known["zulip_org_key"] != key:
            raise Refusal("Zulip server auth failure: key does not match role", "INVALID_ZULIP_SERVER", 401)
        if asked.org_id in self.records.deactivated:
            raise Refusal("The mobile push notification service registration is deactivated", status=401)

    def stop(self) -> None:
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    bouncer: Bouncer

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), (OSError, ssl.SSLError)):  # who breaks off may do so
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        scheme, _, encoded = headers.get("authorization", "").partition(" ")
        org_id, _, key = (
            base64.b64decode(encoded).decode().partition(":") if scheme == "Basic" else ("", "", "")
        )
        asked = Asked(self.path.removeprefix(PREFIX), org_id, _fields(body, headers), headers)
        reply = self.server.bouncer.take(asked, key)
        getattr(self, reply.how)(reply)

    def whole(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)

    def hangs(self, _: Reply) -> None:
        self.server.bouncer.ended.wait(30)
        self.close_connection = True

    def closes(self, _: Reply) -> None:
        self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Nothing."""


def _fields(body: bytes, headers: Mapping[str, str]) -> Fields:
    if headers.get("content-type") == "application/json":
        found: Fields = json.loads(body)
        return found
    return dict(parse_qsl(body.decode(), keep_blank_values=True))


def main() -> None:
    with Bouncer(int(sys.argv[1]) if len(sys.argv) > 1 else 0) as bouncer:
        bouncer.on_request = lambda asked: print(asked.path, json.dumps(asked.body), flush=True)
        print(f'config.toml:  [push]\n              bouncer = "{bouncer.url}"')
        print("then:         appliance push register --contact-email you@example.org")
        print("public key:   " + bouncer.records.public_key, flush=True)
        with suppress(KeyboardInterrupt):
            bouncer.ended.wait()


if __name__ == "__main__":
    main()
