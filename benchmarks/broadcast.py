"""A thousand people in one channel, in which ten messages a second are written: how late they come, and what
each event costs, beside a minimal long-poll server on tornado.

Run it with `benchmarks/run broadcast`.

The messages are sent by the clock, whether or not the server keeps up, and how late they come is counted from
the moment at which they were due. A round fails if an event is lost or comes twice.
"""

import json
import sys
import tempfile
import time
from array import array
from collections import deque
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import cycle
from operator import truediv
from pathlib import Path
from statistics import median
from typing import Any

import orjson

from benchmarks.client import Connection, Listener, Loop, raise_file_limit
from benchmarks.process import Process, free_port
from benchmarks.report import milliseconds, rounds, show
from benchmarks.server import CHANNEL, Person, Server, populate

PEOPLE, QUICK_PEOPLE = 1000, 200
RATE = 10  # messages/s
SENDERS = 10  # of the people, in turn
TEXT = "The build is green again, and the release can go out this afternoon."
LINGER = 0.5  # seconds after the last event in which a second copy of one could still come


class Hearer:
    """Which messages somebody got, and when."""

    def __init__(self, listener: Listener) -> None:
        self.message_ids, self.times = array("q"), array("d")
        self.polls_before = listener.polls
        self.listener = listener
        listener.on_messages = self._hear

    def _hear(self, events: list[dict[str, Any]]) -> None:
        now = time.perf_counter()
        self.message_ids.extend(event["message"]["id"] for event in events)
        self.times.extend(now for _ in events)

    @property
    def polls(self) -> int:
        return self.listener.polls - self.polls_before


class Sender:
    """Writes when told to, one message at a time; what is due meanwhile waits."""

    def __init__(self, loop: Loop, port: int, person: Person) -> None:
        self.due_times: dict[int, float] = {}  # message id -> time.perf_counter()
        self._due: deque[float] = deque()  # the first one is being sent
        self._connection = Connection(port, person)
        form = {"type": "stream", "to": CHANNEL, "topic": "benchmark", "content": TEXT}
        self._request = self._connection.request("POST", "/messages", form)
        loop.add(self._connection, self._answered)

    @property
    def busy(self) -> bool:
        return bool(self._due)

    def write(self, due: float) -> None:
        self._due.append(due)
        if len(self._due) == 1:
            self._connection.send(self._request)

    def _answered(self, body: bytes) -> None:
        self.due_times[orjson.loads(body)["id"]] = self._due.popleft()
        if self._due:
            self._connection.send(self._request)


@dataclass
class Hall:
    """A server whose people all listen."""

    name: str
    server: Process
    people: list[Person]
    latencies: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)  # seconds of the server's processor for an event
    answers: list[float] = field(default_factory=list)  # for an event

    def __post_init__(self) -> None:
        self.loop = Loop()
        self.listeners = [Listener(self.loop, self.server.port, each) for each in self.people]
        self.senders = [Sender(self.loop, self.server.port, each) for each in self.people[:SENDERS]]

    def round(self, seconds: float) -> None:
        """Raises RuntimeError if somebody did not get each message exactly once."""
        hearers = [Hearer(each) for each in self.listeners]
        cpu = self.server.cpu
        sent = self._write(int(seconds * RATE))
        self.loop.until(lambda: all(len(each.times) >= len(sent) for each in hearers))
        self._spend(LINGER)
        delivered = len(sent) * len(hearers)
        self.costs.append((self.server.cpu - cpu) / delivered)
        self.answers.append(sum(each.polls for each in hearers) / delivered)
        for each in hearers:
            self._check(each, sent)

    def _write(self, number: int) -> dict[int, float]:
        """Message id -> when it was due."""
        began = time.perf_counter()
        for position, sender in zip(range(number), cycle(self.senders), strict=False):
            due = began + position / RATE
            self._spend(due - time.perf_counter())
            sender.write(due)
        self.loop.until(lambda: not any(each.busy for each in self.senders))
        sent = {message: due for each in self.senders for message, due in each.due_times.items()}
        for each in self.senders:
            each.due_times.clear()
        return sent

    def _spend(self, seconds: float) -> None:
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            self.loop.turn(left)

    def _check(self, hearer: Hearer, sent: dict[int, float]) -> None:
        if sorted(hearer.message_ids) != sorted(sent):
            lost = len(sent.keys() - set(hearer.message_ids))
            doubled = len(hearer.message_ids) - len(set(hearer.message_ids))
            raise RuntimeError(f"{self.name}: {lost} events lost, {doubled} doubled")
        heard = zip(hearer.message_ids, hearer.times, strict=True)
        self.latencies += [at - sent[message] for message, at in heard]

    def forget(self) -> None:
        """That was the warm-up."""
        for each in (self.latencies, self.costs, self.answers):
            each.clear()

    def row(self) -> list[str]:
        return [
            self.name,
            f"{len(self.latencies):,}",
            f"**{milliseconds(self.latencies)}** / {max(self.latencies) * 1000:.0f}",
            rounds([each * 1e6 for each in self.costs]),
            f"{median(self.answers):.2f}",
            f"{median(map(truediv, self.costs, self.answers)) * 1e6:.0f}",
        ]


def tornado(template: dict[str, Any]) -> Process:
    port = free_port()
    return Process([sys.executable, "-m", "benchmarks.tornado_peer", str(port), json.dumps(template)], port)


def an_event(hall: Hall) -> dict[str, Any]:
    """A message as this server tells it, for the peer to tell the same."""
    heard: list[dict[str, Any]] = []
    for listener in hall.listeners:
        listener.on_messages = heard.extend
    hall.senders[0].write(0)
    hall.loop.until(lambda: len(heard) == len(hall.listeners) and not hall.senders[0].busy)
    hall.senders[0].due_times.clear()
    return {name: value for name, value in heard[0].items() if name != "id"}


def measure(halls: Sequence[Hall], number: int, seconds: float) -> None:
    """They take turns; one warm-up."""
    for hall in halls:
        hall.round(min(seconds, 3.0))
        hall.forget()
    for _ in range(number):
        for hall in halls:
            hall.round(seconds)


def main() -> None:
    raise_file_limit()
    people, number, seconds = (QUICK_PEOPLE, 1, 3.0) if "--quick" in sys.argv else (PEOPLE, 2, 30.0)
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        audience = populate(Path(name), people, people)
        halls = [Hall("the appliance", stack.enter_context(Server(Path(name))), audience)]
        if find_spec("tornado"):
            peer = stack.enter_context(tornado(an_event(halls[0])))
            halls.append(Hall("tornado 6, minimal", peer, audience))
        measure(halls, number, seconds)
    show(
        f"Broadcast: {people:,} listen, {RATE} messages/s for {seconds:.0f} s",
        (
            "server",
            "events delivered, none lost or doubled",
            "from due to there, ms p50 / p99 / worst",
            "server's CPU, µs an event",
            "answers an event",
            "µs an answer",
        ),
        [hall.row() for hall in halls],
        comparison(halls) if len(halls) > 1 else "tornado is not installed (benchmarks/requirements.txt).",
    )


def comparison(halls: Sequence[Hall]) -> str:
    ratio = median(map(truediv, *(hall.costs for hall in halls)))
    return f"An event takes **{ratio:.2f} ×** the processor time that it takes on tornado."


if __name__ == "__main__":
    main()
