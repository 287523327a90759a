"""Parked requests: a long poll waits as a socket and a few kB of memory, without a thread.

A handler that has nothing to say yet parks its request and returns an empty body; the status and headers that
it set are kept for the answer. `timeout` is in seconds and up to one second late:

    ticket = environ["appliance.park"](timeout, on_timeout, on_gone)

Then exactly one of three things happens to the ticket, once:

    ticket.resume(body)    returns True; on any thread. `resume_all` answers many tickets
    on_timeout() -> body   is called; on the socket loop. So are all that wait when the server stops
    on_gone()              is called: the client went (socket loop), or the handler failed or wrote a body
                           after all (request thread)

Both callbacks are short, and take no lock that anyone holds while resuming.

How it hangs on waitress 3, by subclassing alone: `HTTPChannel.service()` runs `requests[0]` and catches
`Exception`. `Parked` is a BaseException, so it unwinds `service()` before the request is popped: the channel
stays busy, without a thread. The loop goes on reading its socket, which is how a hang-up is noticed (only not
while further requests are queued behind the parked one). Calling `service()` again writes the answer and runs
waitress's own epilogue: the next pipelined request, closing, the error page.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.task import WSGITask

from appliance.http.again import LONGEST, Again, Repeated, Serve
from appliance.http.lot import Lot, Ticket


class Parked(BaseException):
    """Unwinds `HTTPChannel.service()`."""

    def __init__(self, ticket: Ticket) -> None:
        super().__init__()
        self.ticket = ticket


class ParkingTask(WSGITask):
    """A request that may park: executed once by its handler and, if it did, once more to be answered."""

    channel: "ParkingChannel"
    request: Any  # an HTTPRequestParser; the stubs name another class
    ticket: Ticket | None = None

    def get_environment(self) -> dict[str, Any]:
        environ = super().get_environment()
        environ["appliance.park"] = self.park
        environ["appliance.port"] = self.channel.port
        environ["appliance.again"] = self.again
        return environ

    def park(self, timeout: float, on_timeout: Callable[[], bytes], on_gone: Callable[[], None]) -> Ticket:
        self._refuse_ticket()  # that of an earlier call
        self.ticket = Ticket(self, timeout, on_timeout, on_gone)
        return self.ticket

    def again(self, serve: Serve) -> None:
        """`serve` the connection's next request, if it differs in its last_event_id alone (again.py)."""
        with suppress(ValueError):
            self.channel.again = Again(self.channel.arrived, self.request, serve)

    def execute(self) -> None:
        if self.ticket is None:
            self._handle()
        else:
            self._answer(self.ticket)

    def _handle(self) -> None:
        """On a request thread. An empty 2xx of a handler that holds a ticket means: let it wait."""
        try:
            if isinstance(self.request, Repeated):
                self._serve_again(self.request)
            else:
                super().execute()
        except BaseException:
            self._refuse_ticket()
            raise
        ticket = self.ticket
        if ticket is not None and self.status.startswith("2"):
            self._shed()
            self.channel.held = ticket  # from here on the socket loop may drop it
            raise Parked(ticket)

    def _serve_again(self, request: Repeated) -> None:
        try:
            self.response_headers, body = request.serve(self.park)
        except Exception:
            self.request = self.channel.parse(request.data)
            super().execute()
        else:
            if body:
                self._write(body)

    def write(self, data: bytes) -> None:
        """The handler answers by itself, or `finish` does for it."""
        self._refuse_ticket()
        super().write(data)

    def _refuse_ticket(self) -> None:
        if self.ticket is not None:
            self.ticket.lot.drop(self.ticket)

    def _shed(self) -> None:
        """Drop what no answer needs: 3.7 of the 7.7 kB of a waiting request."""
        self.environ = None
        if isinstance(self.request, Repeated):
            self.request.data = b""
        else:
            self.request.headers = {"CONNECTION": self.request.headers.get("CONNECTION", "")}

    def _answer(self, ticket: Ticket) -> None:
        """On whichever thread called `service()`."""
        self.forget()
        if ticket.body is None:
            raise RuntimeError("a parked request has no answer")
        self.remove_content_length_header()  # that of the handler's empty body
        self._write(ticket.body if self.has_body else b"")

    def _write(self, body: bytes) -> None:
        """Header and body in one."""
        self.content_length = self.content_bytes_written = len(body)
        header = self.build_response_header()
        self.wrote_header = True
        self.channel.write_soon(header if self.request.command == "HEAD" else header + body)

    def build_response_header(self) -> bytes:
        if self.channel.server.lot.stopping:
            self.request.headers = {"CONNECTION": "close"}  # as if the client had asked for it
        return super().build_response_header()

    def set_close_on_finish(self) -> None:
        """Not because an answer without a body (204, 304) has no length, as waitress would."""
        closing = self.request.headers.get("CONNECTION", "").lower() == "close"
        if self.has_body or closing or self.request.version != "1.1":
            super().set_close_on_finish()

    def forget(self) -> None:
        """Let go of the ticket, and so of each other."""
        self.ticket = self.channel.held = None


class ParkingChannel(HTTPChannel):
    """A connection whose current request may be parked."""

    server: "ParkingServer"
    requests: list[Any]  # HTTPRequestParser or Repeated; the stubs say less
    port: int  # of ours, that the client connected to; a proxy's headers do not change it
    arrived = b""  # the bytes of requests[0], if they came alone and in one piece
    again: Again | None = None  # what the next request is compared with
    held: Ticket | None = None  # of requests[0], once its handler has returned

    def task_class(self, _: HTTPChannel, request: Any) -> WSGITask:  # type: ignore[override]
        """What `service()` executes: a class in waitress."""
        ticket, self.held = self.held, None
        return ParkingTask(self, request) if ticket is None else ticket.task

    def received(self, data: bytes) -> bool:
        """On the socket loop, the only one that adds a request while there is none."""
        at_rest = not (self.requests or self.request or self.will_close or self.close_when_flushed)
        repeated = self.again.repeated(data) if self.again and at_rest else None
        if repeated is None:
            self.again, self.arrived = None, data if at_rest and len(data) <= LONGEST else b""
            return super().received(data)
        self.requests.append(repeated)
        self.server.add_task(self)  # type: ignore[arg-type]  # (the stubs name another class)
        return True

    def parse(self, data: bytes) -> HTTPRequestParser:
        """The request that `data` is, as if it had just come."""
        self.again, self.arrived = None, data
        request = self.parser_class(self.adj)
        request.received(data)
        return request

    def service(self) -> None:
        """Run requests[0], or write its answer if it was parked; on a request thread or by `answer`."""
        try:
            super().service()
        except Parked as parked:
            if not self.server.lot.park(parked.ticket):
                super().service()

    def answer(self, ticket: Ticket) -> None:
        """On the socket loop or the thread that resumed the ticket; neither may wait for a slow client.

        So an answer that does not fit into the output buffer's memory is left to a request thread: it may
        have to go through a temporary file. Or the client must read first, what it was told before.
        """
        if self.total_outbufs_len + len(ticket.body or b"") < self.adj.outbuf_overflow:
            self.service()
        else:
            self.server.add_task(self)  # type: ignore[arg-type]  # (the stubs name another class)

    def handle_close(self) -> None:
        """On the socket loop."""
        super().handle_close()
        ticket = self.held
        if ticket is not None:
            ticket.lot.drop(ticket)


class ParkingServer(TcpWSGIServer):
    """A server with a lot; `server.Server` gives it its loop."""

    lot: Lot
