"""What thousands of waiting long polls cost: memory, processor, and how long others wait because of them.

Run it with `benchmarks/run pollers`.

Each poller is a person with an event queue and a connection of their own. Server and client have a core each.
"""

import random
import sys
import tempfile
import time
from itertools import repeat
from operator import truediv
from pathlib import Path
from statistics import median

from benchmarks.client import Connection, Crowd, Listener, Loop, raise_file_limit
from benchmarks.report import milliseconds, percentile, rounds, show
from benchmarks.server import Person, Server, populate

SIZES = (1, 100, 1000, 10_000)
EVENTS = 600  # one at a time
REQUESTS = 600
PAUSE = 0.005  # seconds between two events
WAITING_SECONDS = 5.0
HEARTBEAT_CYCLE = 60.0  # seconds in which each poller gets its heartbeat and polls again
CROWD = 4  # connections that ask for GET /server_settings as fast as they are answered
CROWD_ROUNDS, CROWD_SECONDS = 5, 1.0


class Scene:
    """`number` pollers who wait, and one person who does something."""

    def __init__(self, server: Server, people: list[Person]) -> None:
        self.server, self.loop = server, Loop()
        self._actor = Connection(server.port, people[0])
        self._answered = False
        self.loop.add(self._actor, self._on_answer)
        self._warm_up(people[1])
        before = server.rss
        self.listeners = [Listener(self.loop, server.port, each) for each in people[2:]]
        self.wait(1.0)
        self.kibibytes_each = (server.rss - before) / len(self.listeners)

    def _on_answer(self, _: bytes) -> None:
        self._answered = True

    def _warm_up(self, person: Person) -> None:
        """One poller more, who is not counted, gets some messages."""
        first = Listener(self.loop, self.server.port, person)
        for _ in range(100):
            self.event_latency(first)
            self.request_latency()

    def wait(self, seconds: float) -> None:
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            self.loop.turn(left)

    def cpu_share(self, seconds: float) -> float:
        """Of one core, while nobody does anything."""
        cpu, began = self.server.cpu, time.perf_counter()
        self.wait(seconds)
        return (self.server.cpu - cpu) / (time.perf_counter() - began)

    def event_latency(self, listener: Listener) -> tuple[float, float]:
        """Seconds from sending a direct message until the event is there, and until the sender's answer."""
        form = {"type": "direct", "to": f"[{listener.person.id}]", "content": "Are you there?"}
        request = self._actor.request("POST", "/messages", form)
        arrived: list[float] = []
        listener.on_messages = lambda _: arrived.append(time.perf_counter())
        began = time.perf_counter()
        answered = self._ask(request)
        self.loop.until(lambda: arrived)
        return arrived[0] - began, answered - began

    def request_latency(self) -> float:
        """Seconds that a small request takes."""
        began = time.perf_counter()
        return self._ask(self._actor.request("GET", "/users/me")) - began

    def settings_rates(self, alone: Server) -> tuple[list[float], list[float]]:
        """GET /server_settings per second here and at a server where nobody waits, which take turns."""
        rates: dict[Server, list[float]] = {alone: [], self.server: []}
        for _ in range(CROWD_ROUNDS):
            for server, found in rates.items():
                found.append(self._settings_rate(server))
        return rates[self.server], rates[alone]

    def _settings_rate(self, server: Server) -> float:
        connections = [Connection(server.port, self.listeners[0].person) for _ in range(CROWD)]
        asking = [(each, repeat(each.request("GET", "/server_settings"))) for each in connections]
        return Crowd(self.loop).run(asking, CROWD_SECONDS).rate

    def _ask(self, request: bytes) -> float:
        """When the answer came."""
        self._answered = False
        self._actor.send(request)
        self.loop.until(lambda: self._answered)
        return time.perf_counter()


def measure(folder: Path, number: int, last: bool) -> tuple[list[str], str]:
    """The row of the table, and for the `last` one what heartbeats cost."""
    people = populate(folder, number + 2)
    with Server(folder) as server, Server(folder.with_name(f"{folder.name} alone")) as alone:
        scene = Scene(server, people)
        waiting = scene.cpu_share(WAITING_SECONDS)
        events = []
        for _ in range(EVENTS):
            events.append(scene.event_latency(random.choice(scene.listeners)))
            scene.wait(PAUSE)
        requests = [scene.request_latency() for _ in range(REQUESTS)]
        here, elsewhere = scene.settings_rates(alone)
        heartbeats = _heartbeats(scene) if last else ""
    arrived, answered = zip(*events, strict=True)
    return [
        f"{number:,}",
        "–" if number == 1 else f"**{scene.kibibytes_each:.1f}**",
        f"{waiting:.2%}",
        f"**{milliseconds(arrived)}** / {percentile(arrived, 1) * 1000:.2f}",
        milliseconds(answered),
        milliseconds([there - sent for there, sent in events]),
        milliseconds(requests),
        rounds(here),
        f"**{median(map(truediv, here, elsewhere)):.0%}**",
    ], heartbeats


def _heartbeats(scene: Scene) -> str:
    polls = sum(each.polls for each in scene.listeners)
    share = scene.cpu_share(HEARTBEAT_CYCLE)
    polls = sum(each.polls for each in scene.listeners) - polls
    return (
        f"With the heartbeats: in {HEARTBEAT_CYCLE:.0f} s {len(scene.listeners):,} pollers polled {polls:,}"
        f" times anew, which took {share:.1%} of a core."
    )


def main() -> None:
    raise_file_limit()
    quick = "--quick" in sys.argv
    sizes = SIZES[:-1] if quick else SIZES
    with tempfile.TemporaryDirectory() as name:
        measured = [measure(Path(name) / str(size), size, size == sizes[-1] and not quick) for size in sizes]
    show(
        "Pollers",
        (
            "waiting",
            "KiB of RSS each",
            "CPU while they wait",
            "one event to one of them, ms p50 / p99 / worst",
            "its sender's answer, ms p50 / p99",
            "the event after that, ms p50 / p99",
            "GET /users/me beside them, ms p50 / p99",
            f"GET /server_settings/s, {CROWD} at once",
            "of a server's where nobody waits",
        ),
        [row for row, _ in measured],
        *(text for _, text in measured if text),
    )


if __name__ == "__main__":
    main()
