"""Messages per second into a channel of 50, each acknowledged when it is on the disk (durability = full).

Run it with `benchmarks/run send`.

Senders write as fast as they are answered. Server and client have a core each. Some cases run on a disk that
is made as slow as an SD card, and one with all 50 long-polling for what the senders write.
"""

import statistics
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

from benchmarks.client import Connection, Crowd, Listener, Loop
from benchmarks.medium import Medium, compile_shim
from benchmarks.report import milliseconds, rounds, show
from benchmarks.server import CHANNEL, Person, Server, populate

SUBSCRIBERS = 50
SLOW_MS = 20
PLAIN = (
    "Good morning, everybody!",
    "The build is green again, and the release can go out this afternoon.",
    "Who has seen the notes of yesterday's meeting?",
    "Thanks, that was it.",
)
MARKDOWN = (
    "See https://example.com/notes for **all** of it.",
    "It was `fan-out` once more:\n\n* first the log\n* then the *queue*",
)


@dataclass
class Site:
    """A server, what its disk is like, and how many of the subscribers listen."""

    server: Server
    medium: Medium
    people: list[Person]
    loop: Loop = field(default_factory=Loop)

    def listen(self) -> None:
        self.listeners = [Listener(self.loop, self.server.port, each) for each in self.people]

    def writers(self, number: int, texts: Iterable[str]) -> Iterator[tuple[Connection, Iterator[bytes]]]:
        """People who write one text after the other."""
        for person in self.people[:number]:
            connection = Connection(self.server.port, person)
            form = {"type": "stream", "to": CHANNEL, "topic": "benchmark"}
            yield (
                connection,
                cycle([connection.request("POST", "/messages", {**form, "content": each}) for each in texts]),
            )


@dataclass
class Case:
    name: str
    site: Site
    senders: int
    texts: tuple[str, ...] = PLAIN
    rates: list[float] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)
    flushes: int = 0
    cpu: float = 0.0

    def round(self, seconds: float) -> None:
        """Let the senders write for so long."""
        site = self.site
        flushes, cpu = site.medium.flushes, site.server.cpu
        crowd = Crowd(site.loop).run(site.writers(self.senders, self.texts), seconds)
        self.rates.append(crowd.rate)
        self.latencies += crowd.latencies
        self.flushes += site.medium.flushes - flushes
        self.cpu += site.server.cpu - cpu

    def row(self, counted: bool) -> list[str]:
        sent = len(self.latencies)
        return [
            self.name,
            str(self.senders),
            rounds(self.rates),
            milliseconds(self.latencies),
            f"{self.cpu / sent * 1e6:.0f}",
            f"{self.flushes / sent:.2f}" if counted else "not counted",
        ]


def cases(stack: ExitStack, folder: Path, shim: Path | None) -> list[Case]:
    def site(name: str, delay: int) -> Site:
        (folder / name).mkdir()
        people = populate(folder / name, SUBSCRIBERS, SUBSCRIBERS)
        medium = Medium(folder / name, shim, delay)
        return Site(stack.enter_context(Server(folder / name, medium.environment)), medium, people)

    disk, heard = site("disk", 0), site("heard", 0)
    heard.listen()
    found = [
        Case("this disk", disk, 1),
        Case("this disk", disk, 8),
        Case("this disk, Markdown", disk, 8, MARKDOWN),
        Case(f"this disk, {SUBSCRIBERS} listen", heard, 8),
    ]
    if shim:
        slow = site("slow", SLOW_MS)
        found += [Case(f"{SLOW_MS} ms a flush", slow, senders) for senders in (1, 8)]
    return found


def gain(one: Case, eight: Case) -> str:
    ratios = [many / few for few, many in zip(one.rates, eight.rates, strict=True)]
    return f"{one.name}: 8 senders reach **{statistics.median(ratios):.1f} ×** the rate of one."


def main() -> None:
    number, seconds = (2, 1.0) if "--quick" in sys.argv else (5, 2.0)
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        shim = compile_shim(Path(name))
        measured = cases(stack, Path(name), shim)
        for case in measured:
            case.round(1.0)
        for case in measured:
            case.rates, case.latencies, case.flushes, case.cpu = [], [], 0, 0.0  # that was the warm-up
        for _ in range(number):
            for case in measured:
                case.round(seconds)
    notes = [gain(*measured[:2])]
    notes.append(gain(*measured[-2:]) if shim else "The slow medium was left out: there is no gcc.")
    show(
        "Send",
        (
            "medium",
            "senders",
            "messages/s",
            "answer, ms p50 / p99",
            "server's CPU, µs a message",
            "flushes a message",
        ),
        [case.row(counted=shim is not None) for case in measured],
        *notes,
    )


if __name__ == "__main__":
    main()
