"""One TLS connection of http2.py: what is sent and what comes in. Only that one's thread touches it.

Not for import at start: with h2 it takes 3 MB.
"""

import logging
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from h2 import events
from h2.config import H2Configuration
from h2.connection import ConnectionState, H2Connection
from h2.errors import ErrorCodes
from h2.exceptions import H2Error

from appliance.outside.breaker import Unreachable
from appliance.outside.http import CONNECTING, Answer
from appliance.outside.http2_exchange import Exchange

logging.getLogger("hpack").setLevel(logging.INFO)  # below that it logs the headers, of which some are secret

MOST_STREAMS = 1000  # open at once, should the server allow more
LARGEST_ANSWER = 16 * 1024  # bytes; what is beyond is not read
MOST_UNSENT = 1024 * 1024  # bytes
FRAME_HEAD = 9  # bytes, of which the first three are the length of the rest
TENDING = 1.0  # seconds between looks for what is overdue
QUIET = 30.0  # seconds without a byte, after which the server is asked whether it is there
SILENT = 40.0  # … after which it is not
IDLE = 600.0  # seconds without a request, after which the connection ends
DRAINING = 2.0  # seconds for the last answers of a server that goes away


@dataclass(slots=True)
class _Stream:
    exchange: Exchange
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)


class Session:
    def __init__(self, host: str, port: int, context: ssl.SSLContext) -> None:
        """Raises OSError, Unreachable."""
        self.answers = 0  # whoever counts them sets it back
        self._authority = host if port == 443 else f"{host}:{port}"
        self.socket = _encrypted(host, port, context)
        self._h2 = H2Connection(H2Configuration(header_encoding="utf-8", normalize_outbound_headers=False))
        self._h2.initiate_connection()
        self._unsent, self._unread = bytearray(), bytearray()
        self._open: dict[int, _Stream] = {}
        self._refused: list[Exchange] = []
        self._is_ready = self._is_asked = False
        self._ends: float | None = None  # since the server goes away
        self._heard = self._used = self._tended = time.monotonic()

    @property
    def has_room(self) -> bool:
        """For one more request: the server says how many it takes at once, and before that none is sent."""
        most = min(MOST_STREAMS, self._h2.remote_settings.max_concurrent_streams)
        is_open = self._is_ready and self._ends is None
        return is_open and len(self._open) < most and len(self._unsent) < MOST_UNSENT

    @property
    def window(self) -> int:
        """Bytes that the server wants to see of the next request."""
        return min(self._h2.outbound_flow_control_window, self._h2.remote_settings.initial_window_size)

    @property
    def has_unsent(self) -> bool:
        return bool(self._unsent)

    @property
    def is_over(self) -> bool:
        """Nothing more is to come."""
        return not self._open and (self._ends is not None or time.monotonic() - self._used > IDLE)

    def send(self, exchange: Exchange) -> None:
        """Only if there is room, and the window is large enough."""
        stream_id = self._h2.get_next_available_stream_id()
        self._open[stream_id] = _Stream(exchange)
        self._used = time.monotonic()
        pseudo = {
            ":method": "POST", ":scheme": "https", ":authority": self._authority, ":path": exchange.path
        }  # fmt: skip
        self._h2.send_headers(stream_id, [*pseudo.items(), *exchange.headers.items()])
        self._h2.send_data(stream_id, exchange.body, end_stream=True)

    def flush(self) -> None:
        """As much as the connection takes. Raises OSError."""
        self._unsent += self._h2.data_to_send()
        with suppress(ssl.SSLWantWriteError, ssl.SSLWantReadError):
            while self._unsent:
                del self._unsent[: self.socket.send(self._unsent)]

    def receive(self) -> None:
        """All that is there. Raises OSError, Unreachable."""
        with suppress(ssl.SSLWantReadError, ssl.SSLWantWriteError):
            while True:
                data = self.socket.recv(65536)
                if not data:
                    raise Unreachable("it closes the connection")
                self._heard, self._is_asked = time.monotonic(), False
                self._unread += data
                self._take_frames()

    def refused(self) -> list[Exchange]:
        """What has to be sent again; each is named once."""
        refused, self._refused = self._refused, []
        return refused

    def unanswered(self) -> list[Exchange]:
        return self.refused() + [stream.exchange for stream in self._open.values()]

    def tend(self, now: float) -> None:
        """To be called often. Raises Unreachable when the server is there no more."""
        if now - self._tended < TENDING:
            return
        self._tended = now
        self._give_up()
        if now - self._heard > SILENT or (self._ends is not None and now - self._ends > DRAINING):
            raise Unreachable("it answers no more")
        if now - self._heard > QUIET and not self._is_asked:
            self._is_asked = True
            self._h2.ping(b"8 bytes.")
        self.flush()

    def close(self) -> None:
        with suppress(OSError, H2Error):
            self._h2.close_connection()
            self.flush()
        self.socket.close()

    def _give_up(self) -> None:
        """Nobody waits for these answers."""
        for stream_id in [each for each, stream in self._open.items() if stream.exchange.is_given_up]:
            self._reset(stream_id, ErrorCodes.CANCEL)

    def _reset(self, stream_id: int, code: ErrorCodes) -> None:
        del self._open[stream_id]
        with suppress(H2Error):
            self._h2.reset_stream(stream_id, code)

    # -- what comes in

    def _take_frames(self) -> None:
        """One by one, so that what came before a bad one counts, and `_goes_away` is called in between."""
        try:
            for frame in _frames(self._unread, self._h2.max_inbound_frame_size):
                for event in self._h2.receive_data(frame):
                    if handle := _HANDLERS.get(type(event)):
                        handle(self, event)
        except H2Error as error:
            raise Unreachable(f"it sends what is no HTTP/2 ({type(error).__name__})") from None

    def _ready(self, event: events.RemoteSettingsChanged) -> None:
        self._is_ready = True

    def _headers(self, event: events.ResponseReceived) -> None:
        stream = self._open.get(event.stream_id)
        if stream is not None:
            stream.headers = {str(name): str(value) for name, value in event.headers}
            status = stream.headers.get(":status", "")
            stream.status = int(status) if status.isdecimal() else 0

    def _data(self, event: events.DataReceived) -> None:
        self._h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        stream = self._open.get(event.stream_id)
        if stream is not None:
            stream.body += event.data
            if len(stream.body) > LARGEST_ANSWER:
                self._reset(event.stream_id, ErrorCodes.CANCEL)
                self._answer(stream)

    def _ended(self, event: events.StreamEnded) -> None:
        stream = self._open.pop(event.stream_id, None)
        if stream is not None:
            self._answer(stream)

    def _answer(self, stream: _Stream) -> None:
        self.answers += 1
        stream.exchange.answered(Answer(stream.status, stream.headers, bytes(stream.body)))

    def _was_reset(self, event: events.StreamReset) -> None:
        stream = self._open.pop(event.stream_id, None)
        if stream is not None:
            self._refused.append(stream.exchange)

    def _goes_away(self, event: events.ConnectionTerminated) -> None:
        """No more requests on this connection. What the server has seen (all up to an id) it may still
        answer; h2 would call that an error."""
        self._ends = time.monotonic()
        self._h2.state_machine.state = ConnectionState.CLIENT_OPEN
        for stream_id in [each for each in self._open if each > (event.last_stream_id or 0)]:
            self._refused.append(self._open.pop(stream_id).exchange)


_HANDLERS: dict[type, Callable[[Session, Any], None]] = {
    events.RemoteSettingsChanged: Session._ready,
    events.ResponseReceived: Session._headers,
    events.DataReceived: Session._data,
    events.StreamEnded: Session._ended,
    events.StreamReset: Session._was_reset,
    events.ConnectionTerminated: Session._goes_away,
}


def _encrypted(host: str, port: int, context: ssl.SSLContext) -> ssl.SSLSocket:
    plain = socket.create_connection((host, port), CONNECTING)
    try:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        encrypted = context.wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise
    if encrypted.selected_alpn_protocol() != "h2":
        encrypted.close()
        raise Unreachable("it does not speak HTTP/2")
    encrypted.setblocking(False)
    return encrypted


def _frames(unread: bytearray, largest: int) -> Iterator[bytes]:
    """Those that are whole; they are taken away from `unread`. Raises Unreachable for one that may not be."""
    while len(unread) >= FRAME_HEAD:
        size = FRAME_HEAD + int.from_bytes(unread[:3])
        if size > FRAME_HEAD + largest:
            raise Unreachable("it sends what is no HTTP/2 (too large a frame)")
        if len(unread) < size:
            return
        frame = bytes(unread[:size])
        del unread[:size]
        yield frame
