"""Apple's push service for tests, and for who wants to watch: `python -m tests.outside.apns`.

HTTP/2 over TLS on 127.0.0.1, checked as Apple does; it answers any reason that Apple documents, and behaves
as badly as it is told to.
"""

import asyncio
import json
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from h2 import events
from h2.config import H2Configuration
from h2.connection import ConnectionState, H2Connection
from h2.errors import ErrorCodes
from h2.exceptions import ProtocolError
from h2.settings import SettingCodes

from tests.outside.authority import Authority, private

FRAME = 16_384  # bytes; all of a body must fit into the window that the client gives
KEY_ID, TEAM_ID = "KEY1234567", "TEAM123456"
# https://developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns
REASONS = {
    "BadCollapseId": 400, "BadDeviceToken": 400, "BadExpirationDate": 400, "BadMessageId": 400,
    "BadPriority": 400, "BadTopic": 400, "DeviceTokenNotForTopic": 400, "DuplicateHeaders": 400,
    "IdleTimeout": 400, "InvalidPushType": 400, "MissingDeviceToken": 400, "MissingTopic": 400,
    "PayloadEmpty": 400, "TopicDisallowed": 400,
    "BadCertificate": 403, "BadCertificateEnvironment": 403, "ExpiredProviderToken": 403, "Forbidden": 403,
    "InvalidProviderToken": 403, "MissingProviderToken": 403, "UnrelatedKeyIdInToken": 403,
    "BadEnvironmentKeyIdInToken": 403,
    "BadPath": 404, "MethodNotAllowed": 405, "ExpiredToken": 410, "Unregistered": 410,
    "PayloadTooLarge": 413, "TooManyProviderTokenUpdates": 429, "TooManyRequests": 429,
    "InternalServerError": 500, "ServiceUnavailable": 503, "Shutdown": 503,
}  # fmt: skip


@dataclass(frozen=True)
class Reply:
    """`hangs`: none comes; `resets`: the stream is; `drops`: the connection is; `garbage`: in its place."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    hangs: bool = False
    resets: bool = False
    drops: bool = False
    garbage: bytes = b""


def refusal(reason: str, *headers: tuple[str, str]) -> Reply:
    stamp = {"timestamp": int(time.time() * 1000)} if REASONS[reason] == 410 else {}
    return Reply(REASONS[reason], json.dumps({"reason": reason, **stamp}).encode(), headers)


@dataclass(frozen=True)
class Received:
    token: str
    headers: dict[str, str]
    payload: dict[str, Any]


@dataclass
class _Request:
    headers: dict[str, str]
    body: bytearray = field(default_factory=bytearray)


class Apns:
    """Listens on 127.0.0.1:`port`, in a thread of its own.

    `replies`: what a device token gets instead of a 200; `first_replies`: what the next requests get, whoever
    they are for. `received`: what was answered by 200. `largest`: most streams that were ever open at once on
    a connection. `accepts_after`: the oldest moment at which a provider token may have been made.
    """

    def __init__(
        self, folder: Path, *, latency: float = 0.0, streams: int = 500, expired: bool = False, port: int = 0
    ) -> None:
        self.authority = Authority(folder)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.key_file = folder / "AuthKey.p8"
        self.key_file.write_bytes(private(self.key))
        self.latency, self.streams = latency, streams
        self.accepts_after = 0.0
        self.replies: dict[str, Reply] = {}
        self.first_replies: list[Reply] = []
        self.received: list[Received] = []
        self.provider_tokens: Counter[str] = Counter()
        self.connections = self.largest = self.pings = 0
        self.seen: Callable[[Received], None] = lambda received: None
        self.open: set[_Connection] = set()
        self._loop = asyncio.new_event_loop()
        self._context = self.authority.server_context(expired=expired, asks=True)
        self._context.set_alpn_protocols(["h2"])
        self._server = self._loop.run_until_complete(self._listen(port))
        self.port: int = self._server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever, name="apns", daemon=True)
        self._thread.start()

    @property
    def tokens(self) -> list[str]:
        return [each.token for each in self.received]

    def drop_connections(self) -> None:
        """Without a word."""
        self._run(self._each(_Connection.drop))

    def go_away(self, *, seen: bool = True) -> None:
        """All connections end; requests on their way are still answered, or were not `seen`."""
        self._run(self._each(lambda connection: connection.go_away(seen)))

    def stop_listening(self) -> None:
        self._run(self._close())

    def stop(self) -> None:
        self.stop_listening()
        self.drop_connections()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def wait(self) -> None:
        """Until it is stopped."""
        self._thread.join()

    def reply(self, received: Received, by_certificate: bool) -> Reply:
        """What a request gets, checked in Apple's order: who it is from, and then all else."""
        if self.first_replies:
            return self.first_replies.pop(0)
        problem = "" if by_certificate else self._mistrust(received.headers.get("authorization", ""))
        problem = problem or _mistake(received)
        return refusal(problem) if problem else self.replies.get(received.token, Reply())

    def _mistrust(self, authorization: str) -> str:
        token = authorization.removeprefix("bearer ")
        if not token:
            return "MissingProviderToken"
        try:
            public = self.key.public_key()
            claims = jwt.decode(token, public, algorithms=["ES256"], options={"verify_iat": False})
            is_ours = claims["iss"] == TEAM_ID and jwt.get_unverified_header(token)["kid"] == KEY_ID
        except (jwt.PyJWTError, KeyError):
            is_ours = False
        if not is_ours:
            return "InvalidProviderToken"
        self.provider_tokens[token] += 1
        return "ExpiredProviderToken" if claims["iat"] < self.accepts_after else ""

    async def _listen(self, port: int) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        return await loop.create_server(lambda: _Connection(self), "127.0.0.1", port, ssl=self._context)

    async def _close(self) -> None:
        self._server.close()

    async def _each(self, deed: Callable[["_Connection"], None]) -> None:
        for connection in list(self.open):
            deed(connection)

    def _run(self, deed: Any) -> None:
        asyncio.run_coroutine_threadsafe(deed, self._loop).result(10)


def _mistake(received: Received) -> str:
    headers = received.headers
    checks = {
        "MissingTopic": "apns-topic" in headers,
        "BadExpirationDate": headers.get("apns-expiration", "0").isdecimal(),
        "BadPriority": headers.get("apns-priority", "10") in ("1", "5", "10"),
        "InvalidPushType": headers.get("apns-push-type") in ("alert", "background"),
        "BadCollapseId": len(headers.get("apns-collapse-id", "")) <= 64,
        "BadMessageId": len(headers.get("apns-id", " " * 36)) == 36,
        "PayloadEmpty": "aps" in received.payload,
        "PayloadTooLarge": len(json.dumps(received.payload)) <= 4096,
    }
    return next((reason for reason, is_well in checks.items() if not is_well), "")


class _Connection(asyncio.Protocol):
    def __init__(self, apns: Apns) -> None:
        self._apns = apns
        self._h2 = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
        self._requests: dict[int, _Request] = {}
        self._unanswered: set[int] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._apns.connections += 1
        self._apns.open.add(self)
        self._has_certificate = bool(transport.get_extra_info("peercert"))
        self._h2.initiate_connection()
        self._h2.update_settings({SettingCodes.MAX_CONCURRENT_STREAMS: self._apns.streams})
        self._flush()

    def connection_lost(self, error: Exception | None) -> None:
        self._apns.open.discard(self)

    def data_received(self, data: bytes) -> None:
        try:
            for event in self._h2.receive_data(data):
                self._handle(event)
        except ProtocolError:
            self.drop()
        self._flush()

    def drop(self) -> None:
        self._apns.open.discard(self)
        self._transport.abort()

    def go_away(self, seen: bool) -> None:
        last = max(self._unanswered, default=0) if seen else 0
        self._h2.close_connection(ErrorCodes.NO_ERROR, b'{"reason":"Shutdown"}', last)
        self._flush()
        self._h2.state_machine.state = ConnectionState.SERVER_OPEN  # h2 would answer nothing more
        self._apns.open.discard(self)
        if not seen:
            self._transport.close()

    def _handle(self, event: events.Event) -> None:
        if isinstance(event, events.RequestReceived):
            self._requests[event.stream_id] = _Request(dict(event.headers))  # type: ignore[arg-type]
            self._unanswered.add(event.stream_id)
            self._apns.largest = max(self._apns.largest, len(self._unanswered))
        elif isinstance(event, events.DataReceived):
            self._requests[event.stream_id].body += event.data
            self._h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, events.StreamEnded):
            self._asked(event.stream_id, self._requests.pop(event.stream_id))
        elif isinstance(event, events.StreamReset):
            self._unanswered.discard(event.stream_id)
        elif isinstance(event, events.PingReceived):
            self._apns.pings += 1

    def _asked(self, stream_id: int, request: _Request) -> None:
        token = request.headers[":path"].removeprefix("/3/device/")
        received = Received(token, request.headers, json.loads(request.body))
        reply = self._apns.reply(received, self._has_certificate)
        asyncio.get_running_loop().call_later(self._apns.latency, self._answer, stream_id, received, reply)

    def _answer(self, stream_id: int, received: Received, reply: Reply) -> None:
        if reply.drops:
            self.drop()
        if reply.garbage:
            self._transport.write(reply.garbage)
            return
        if reply.hangs or self._transport.is_closing() or stream_id not in self._unanswered:
            return
        self._unanswered.discard(stream_id)
        if reply.resets:
            self._h2.reset_stream(stream_id, ErrorCodes.REFUSED_STREAM)
        else:
            self._say(stream_id, received, reply)
        self._flush()

    def _say(self, stream_id: int, received: Received, reply: Reply) -> None:
        if reply.status == 200:
            self._apns.received.append(received)
            self._apns.seen(received)
        apns_id = ("apns-id", received.headers.get("apns-id", ""))
        head = [(":status", str(reply.status)), apns_id, *reply.headers]
        self._h2.send_headers(stream_id, head, end_stream=not reply.body)
        for start in range(0, len(reply.body), FRAME):
            rest = len(reply.body) - start
            self._h2.send_data(stream_id, reply.body[start : start + FRAME], end_stream=rest <= FRAME)

    def _flush(self) -> None:
        data = self._h2.data_to_send()
        if data and not self._transport.is_closing():
            self._transport.write(data)


def main() -> None:
    """Optional argument: the port."""
    with tempfile.TemporaryDirectory(prefix="apns-") as folder:
        apns = Apns(Path(folder), port=int(sys.argv[1]) if len(sys.argv) > 1 else 0)
        apns.seen = lambda received: print(received.token, json.dumps(received.payload, indent=2), flush=True)
        print(
            f"export SSL_CERT_FILE={apns.authority.file}\n"
            f"export APPLIANCE_PUSH_APNS_SERVER=127.0.0.1:{apns.port}\n"
            f"export APPLIANCE_PUSH_APNS_KEY={apns.key_file}\n"
            f"export APPLIANCE_PUSH_APNS_KEY_ID={KEY_ID} APPLIANCE_PUSH_APNS_TEAM_ID={TEAM_ID}",
            flush=True,
        )
        apns.wait()


if __name__ == "__main__":
    main()
