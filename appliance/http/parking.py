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

import logging
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any

from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import WSGITask

log = logging.getLogger(__name__)

# So many tickets are answered by the thread that has the answers, which gives the least latency. More go to
# the socket loop in one batch: answered clients poll again at once, and would compete with answers to come.
FEW = 8


class State(Enum):
    OPEN = "open"  # the handler still runs
    PARKED = "parked"
    DONE = "done"  # resumed, timed out or gone


class Ticket:
    """One waiting request. The lot's lock guards `state` and `body`."""

    __slots__ = ("body", "due", "lot", "on_gone", "on_timeout", "state", "task")

    def __init__(
        self,
        task: "ParkingTask",
        timeout: float,
        on_timeout: Callable[[], bytes],
        on_gone: Callable[[], None],
    ) -> None:
        self.task = task
        self.lot = task.channel.server.lot
        self.due = math.floor(time.monotonic() + timeout) + 1  # its slot of the wheel
        self.on_timeout = on_timeout
        self.on_gone = on_gone
        self.state = State.OPEN
        self.body: bytes | None = None

    def resume(self, body: bytes) -> bool:
        """Answer it; any thread. False: it was answered before, has timed out, or its client went."""
        return self.lot.resume([(self, body)]) == 1


Park = Callable[[float, Callable[[], bytes], Callable[[], None]], Ticket]


def resume_all(answers: Iterable[tuple[Ticket, bytes]]) -> int:
    """Answer each ticket (all of one server) with its own body; any thread. Returns how many still waited."""
    answers = list(answers)
    return answers[0][0].lot.resume(answers) if answers else 0


class Lot:
    """The tickets of a server: who waits, until when, and whom the socket loop answers next.

    The timer wheel is a set of tickets for each second in which any is due, so that waiting costs nothing.
    `_lock` guards the wheel and the tickets; it is held for a few instructions, never while calling out.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        """`wake` makes the socket loop take its next turn at once."""
        self.stopping = False  # set once, by the socket loop
        self._wake = wake
        self._lock = threading.Lock()
        self._wheel: dict[int, set[Ticket]] = {}  # second of time.monotonic() -> due in it
        self._loop_sleeps_until = math.inf
        self._ready: deque[Ticket] = deque()  # for the socket loop to answer

    @property
    def parked(self) -> int:
        with self._lock:
            return sum(map(len, self._wheel.values()))

    def park(self, ticket: Ticket) -> bool:
        """Let it wait; on a request thread. False: it was resumed already, and is to be answered now."""
        with self._lock:
            if ticket.state is State.DONE:
                return False
            ticket.state = State.PARKED
            self._wheel.setdefault(ticket.due, set()).add(ticket)
            overslept = ticket.due < self._loop_sleeps_until
        if overslept:
            self._wake()
        if not ticket.task.channel.connected:  # it went before the channel held the ticket
            self.drop(ticket)
        return True

    def resume(self, answers: list[tuple[Ticket, bytes]]) -> int:
        """See `resume_all`."""
        parked, waiting = [], 0
        with self._lock:
            for ticket, body in answers:
                if ticket.state is not State.DONE:
                    waiting += 1
                    if self._end(ticket, body):
                        parked.append(ticket)
        if len(parked) > FEW:
            self._ready.extend(parked)
            self._wake()
        else:
            for ticket in parked:
                ticket.task.channel.answer(ticket)
        return waiting

    def drop(self, ticket: Ticket) -> None:
        """Its client went or its handler failed; does nothing if it was answered before."""
        with self._lock:
            if ticket.state is State.DONE:
                return
            self._end(ticket)
        ticket.task.forget()
        try:
            ticket.on_gone()
        except Exception:
            log.exception("on_gone of a parked request failed")

    def next_due(self) -> float:
        """The time.monotonic() until which the socket loop may sleep."""
        with self._lock:
            self._loop_sleeps_until = min(self._wheel, default=math.inf)
            return self._loop_sleeps_until

    def answer_due(self) -> None:
        """Answer whoever is due and whoever was handed over; on the socket loop, once a turn."""
        now = time.monotonic()
        with self._lock:
            seconds = [second for second in self._wheel if second <= now or self.stopping]
            due = [ticket for second in seconds for ticket in self._wheel[second]]
            for ticket in due:
                self._end(ticket)
        for ticket in due:
            ticket.body = _idle_body(ticket)
        self._ready.extend(due)
        while self._ready:
            ticket = self._ready.popleft()
            ticket.task.channel.answer(ticket)

    def _end(self, ticket: Ticket, body: bytes | None = None) -> bool:
        """Lock held. True: it was parked, so the caller has to answer it; else the handler's thread will."""
        was_parked = ticket.state is State.PARKED
        ticket.state, ticket.body = State.DONE, body
        if was_parked:
            slot = self._wheel[ticket.due]
            slot.remove(ticket)
            if not slot:
                del self._wheel[ticket.due]
        return was_parked


def _idle_body(ticket: Ticket) -> bytes | None:
    """The answer to a poll that timed out. None: there is none, and the client gets a 500."""
    try:
        return ticket.on_timeout()
    except Exception:
        log.exception("on_timeout of a parked request failed")
        return None


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
        return environ

    def park(self, timeout: float, on_timeout: Callable[[], bytes], on_gone: Callable[[], None]) -> Ticket:
        self._refuse_ticket()  # that of an earlier call
        self.ticket = Ticket(self, timeout, on_timeout, on_gone)
        return self.ticket

    def execute(self) -> None:
        if self.ticket is None:
            self._handle()
        else:
            self._answer(self.ticket)

    def _handle(self) -> None:
        """On a request thread. An empty 2xx of a handler that holds a ticket means: let it wait."""
        try:
            super().execute()
        except BaseException:
            self._refuse_ticket()
            raise
        ticket = self.ticket
        if ticket is not None and self.status.startswith("2"):
            self._shed()
            self.channel.held = ticket  # from here on the socket loop may drop it
            raise Parked(ticket)

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
        self.request.headers = {"CONNECTION": self.request.headers.get("CONNECTION", "")}

    def _answer(self, ticket: Ticket) -> None:
        """On whichever thread called `service()`; header and body in one write."""
        self.forget()
        if ticket.body is None:
            raise RuntimeError("a parked request has no answer")
        body = ticket.body if self.has_body else b""
        self.remove_content_length_header()  # that of the handler's empty body
        self.content_length = self.content_bytes_written = len(body)
        header = self.build_response_header()
        self.wrote_header = True
        self.channel.write_soon(header if self.request.command == "HEAD" else header + body)

    def build_response_header(self) -> bytes:
        if self.channel.server.lot.stopping:
            self.request.headers = {"CONNECTION": "close"}  # as if the client had asked for it
        return super().build_response_header()

    def forget(self) -> None:
        """Let go of the ticket, and so of each other."""
        self.ticket = self.channel.held = None


class ParkingChannel(HTTPChannel):
    """A connection whose current request may be parked."""

    server: "ParkingServer"
    held: Ticket | None = None  # of requests[0], once its handler has returned

    def task_class(self, _: HTTPChannel, request: Any) -> WSGITask:  # type: ignore[override]
        """What `service()` executes: a class in waitress."""
        ticket, self.held = self.held, None
        return ParkingTask(self, request) if ticket is None else ticket.task

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
        have to go through a temporary file, or to wait until the client has read.
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
