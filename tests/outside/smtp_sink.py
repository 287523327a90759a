"""A mail server for tests: it keeps what it gets, and behaves as badly as it is told to."""

import asyncio
import threading
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


class SmtpSink:
    """Listens on 127.0.0.1:`port`, in a thread of its own.

    `answers`: what it says instead of 250, by command (MAIL, RCPT, DATA, NOOP). `hang_up_at`: commands (or
    CONNECT) at which it closes the connection, each time that one is in the list. `silent_at`: commands that
    it never answers. `seen`: the commands that came; `senders`: those of envelopes. `options` are those of
    aiosmtpd's SMTP.
    """

    def __init__(self, **options: Any) -> None:
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []  # the same, as they came
        self.connections = 0
        self.answers: dict[str, str] = {}
        self.hang_up_at: list[str] = []
        self.silent_at: set[str] = set()
        self.seen: list[str] = []
        self.senders: list[str] = []
        self._options = {"hostname": "sink.test", **options}
        self._open: set[asyncio.Transport] = set()
        self._loop = asyncio.new_event_loop()
        self._server = self._loop.run_until_complete(self._listen(0))
        self.port: int = self._server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever, name="smtp sink", daemon=True)
        self._thread.start()

    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.mails]

    def drop_connections(self) -> None:
        """Wait until the clients' connections are closed."""
        self._run(self._drop())

    def go_away(self) -> None:
        """Refuse connections until `come_back`."""
        self._run(self._close())

    def come_back(self) -> None:
        self._server = self._run(self._listen(self.port))

    def stop(self) -> None:
        self.go_away()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _listen(self, port: int) -> asyncio.Server:
        make = lambda: _Connection(self, **self._options)  # noqa: E731
        return await asyncio.get_running_loop().create_server(make, "127.0.0.1", port)

    async def _close(self) -> None:
        self._server.close()
        await self._drop()

    async def _drop(self) -> None:
        for transport in list(self._open):
            transport.abort()
        while self._open:
            await asyncio.sleep(0.001)

    def _run(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    def connected(self, transport: asyncio.Transport) -> None:
        self.connections += 1
        self._open.add(transport)
        if "CONNECT" in self.hang_up_at:
            self.hang_up_at.remove("CONNECT")
            transport.abort()

    def disconnected(self, transport: asyncio.Transport) -> None:
        self._open.discard(transport)

    # -- the handler of aiosmtpd

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        self.senders.append(address)
        return await self._answer("MAIL", server)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await self._answer("RCPT", server)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = await self._answer("DATA", server)
        if answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            mail = message_from_bytes(envelope.content, policy=default)
            assert isinstance(mail, EmailMessage)
            self.mails.append(mail)
            self.raw.append(envelope.content)
        return answer

    async def handle_NOOP(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, words: str
    ) -> str:
        return await self._answer("NOOP", server)

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.seen.append("QUIT")
        return "221 Bye"

    async def _answer(self, command: str, server: SMTP) -> str:
        self.seen.append(command)
        if command in self.silent_at:
            await asyncio.Event().wait()
        if command in self.hang_up_at:
            self.hang_up_at.remove(command)
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
            return "421 gone"
        return self.answers.get(command, "250 OK")


class _Connection(SMTP):
    def __init__(self, sink: SmtpSink, **options: Any) -> None:
        super().__init__(sink, loop=asyncio.get_running_loop(), **options)
        self._sink = sink
        self._socket: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        if self._socket is None:  # STARTTLS makes a connection a second time
            self._sink.connected(transport)
            self._socket = transport
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self._socket is not None:
            self._sink.disconnected(self._socket)
        super().connection_lost(error)
