"""POST /register per second in a small realm: an event queue on the disk, and the state of everything.

Run it with `benchmarks/run register`.

People register as fast as they are answered, with the wishes of a phone. Everybody has as many queues as they
may when it begins, so each new one costs them an old one: that is counted too.
"""

import json
import sys
import tempfile
from itertools import repeat
from pathlib import Path

from appliance.actions.message.send import Draft, send_to_channel
from appliance.base.clock import SystemClock
from appliance.store import user as users
from appliance.store.store import Store
from benchmarks.client import Connection, Crowd, Loop
from benchmarks.report import milliseconds, rounds, show
from benchmarks.server import Person, Server, populate, subscribe

PEOPLE, MESSAGES = 10, 200
CHANNELS = ("everybody", "design", "kitchen", "news", "support")
CLIENTS = (1, 4)
WISHES = {
    "apply_markdown": "true",
    "client_gravatar": "false",
    "slim_presence": "true",
    "include_subscribers": "true",
    "client_capabilities": json.dumps(
        {
            "notification_settings_null": True,
            "bulk_message_deletion": True,
            "stream_typing_notifications": True,
            "user_settings_object": True,
            "include_deactivated_groups": True,
            "empty_topic_name": True,
        }
    ),
}


def small_realm(folder: Path) -> list[Person]:
    people = populate(folder, PEOPLE)
    store = Store(folder, SystemClock())
    try:
        with store.read() as reader:
            everyone = users.everyone(reader)
        for channel in CHANNELS:
            subscribe(store, everyone, channel)
        for number in range(MESSAGES):
            draft = Draft(everyone[number % PEOPLE], f"Message {number}", "benchmark", read_by_sender=True)
            send_to_channel(store, draft, CHANNELS[number % len(CHANNELS)], f"topic {number % 7}")
    finally:
        store.close()
    return people


class Case:
    def __init__(self, server: Server, people: list[Person]) -> None:
        self.server, self.people = server, people
        self.rates: list[float] = []
        self.latencies: list[float] = []
        self.cpu = 0.0

    def round(self, seconds: float) -> None:
        connections = [Connection(self.server.port, each) for each in self.people]
        asking = [(each, repeat(each.request("POST", "/register", WISHES))) for each in connections]
        cpu = self.server.cpu
        crowd = Crowd(Loop()).run(asking, seconds)
        self.cpu += self.server.cpu - cpu
        self.rates.append(crowd.rate)
        self.latencies += crowd.latencies

    def row(self) -> list[str]:
        return [
            str(len(self.people)),
            rounds(self.rates),
            milliseconds(self.latencies),
            f"{self.cpu / len(self.latencies) * 1e6:.0f}",
        ]


def main() -> None:
    number, seconds = (2, 1.0) if "--quick" in sys.argv else (5, 2.0)
    with tempfile.TemporaryDirectory() as name:
        people = small_realm(Path(name))
        with Server(Path(name)) as server:
            warm_up(server, people)
            size = answer_size(server, people[0])
            cases = [Case(server, people[:clients]) for clients in CLIENTS]
            for _ in range(number):
                for case in cases:
                    case.round(seconds)
    show(
        "Register",
        ("clients", "register/s", "answer, ms p50 / p99", "server's CPU, µs each"),
        [case.row() for case in cases],
        f"{PEOPLE} people, {len(CHANNELS)} channels, {MESSAGES} messages: an answer of {size >> 10} KiB.",
    )


def warm_up(server: Server, people: list[Person]) -> None:
    """Until everybody who takes part has as many queues as they may."""
    for person in people[: max(CLIENTS)]:
        connection = Connection(server.port, person)
        for _ in range(60):
            connection.ask(connection.request("POST", "/register", WISHES))


def answer_size(server: Server, person: Person) -> int:
    connection = Connection(server.port, person)
    return len(connection.ask(connection.request("POST", "/register", WISHES)))


if __name__ == "__main__":
    main()
