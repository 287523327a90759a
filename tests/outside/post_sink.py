"""A web server for tests that keeps what is posted to it, and answers as well or badly as it is told to."""

import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal, Self

DRIP = 0.05  # seconds between two bytes of an answer that drips


@dataclass(frozen=True)
class Posted:
    """`headers` in lower case."""

    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    status: int = 201
    headers: Mapping[str, str] = field(default_factory=dict)
    how: Literal["whole", "hangs", "closes", "garbles", "drips"] = "whole"
    body: bytes = b""


class PostSink:
    """Listens on 127.0.0.1:`port`, in threads of its own.

    `replies`: what the next requests get, in turn; after that all get `reply`.
    """

    def __init__(self, port: int = 0, reply: Reply | None = None) -> None:
        self.posted: list[Posted] = []
        self.replies: list[Reply] = []
        self.reply = reply or Reply()
        self.ended = threading.Event()
        self.connections = 0
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.sink = self
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def server(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.server}"

    def encrypt(self, context: ssl.SSLContext) -> None:
        """Before the first connection."""
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def take(self, posted: Posted) -> Reply:
        """In the thread of its connection."""
        self.posted.append(posted)
        return self.replies.pop(0) if self.replies else self.reply

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
    sink: PostSink

    def handle_error(self, *_: object) -> None:
        """A client that goes away is nothing to talk about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Server

    def setup(self) -> None:
        self.server.sink.connections += 1
        super().setup()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.server.sink.take(Posted(self.path, headers, body))
        getattr(self, reply.how)(reply)

    do_GET = do_POST  # noqa: N815 (the library's name)

    def whole(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)

    def hangs(self, _: Reply) -> None:
        self.server.sink.ended.wait(30)
        self.close_connection = True

    def closes(self, _: Reply) -> None:
        self.close_connection = True

    def garbles(self, _: Reply) -> None:
        self.wfile.write(b"\x16\x03\x01 this is not HTTP\r\n\r\n")
        self.close_connection = True

    def drips(self, _: Reply) -> None:
        self.close_connection = True
        for byte in b"HTTP/1.1 201 Created\r\nX-Long: " + b"x" * 10_000:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            if self.server.sink.ended.wait(DRIP):
                return

    def log_message(self, *_: object) -> None:
        """Nothing."""
