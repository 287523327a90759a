"""Tickets, and the lot that they wait in: who waits, until when, and who answers them (parking.py)."""

import logging
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any

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
        task: Any,  # the parking.ParkingTask that it is of
        timeout: float,
        on_timeout: Callable[[], bytes],
        on_gone: Callable[[], None],
    ) -> None:
        self.task = task
        self.lot: Lot = task.channel.server.lot
        self.due = math.floor(time.monotonic() + timeout) + 1  # its slot of the wheel
        self.on_timeout = on_timeout
        self.on_gone = on_gone
        self.state = State.OPEN
        self.body: bytes | None = None

    def resume(self, body: bytes) -> bool:
        """Answer it; any thread. False: it was answered before, has timed out, or its client went."""
        return self.lot.resume([(self, body)]) == 1


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
