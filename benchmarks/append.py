"""What it costs to put events into queues, in this process, on one thread: no sockets, no file.

Run it with `benchmarks/run append`.

The first table has one queue for each of the recipients, who want the message in so many forms. In the second
one the same message goes to 50 people while others have queues too: those must not cost anything.
"""

import os
import sys
import time
from dataclasses import replace
from itertools import cycle, islice

from appliance.events.descriptor import ClientDescriptor
from appliance.events.processors import deliveries
from appliance.events.queue import EventQueue
from appliance.events.queues import Queues
from appliance.model.message import Message, Person, wide
from appliance.store.transaction import Notice
from benchmarks.process import CLIENT_CORE
from benchmarks.report import rounds, show

QUEUES, SHAPES = 1000, (1, 4)
RECIPIENTS, OTHERS = 50, (0, 100, 1000, 10_000)
MESSAGES = 100  # a round
CLIENT = ClientDescriptor(client_type_name="benchmark", event_types=("message",))
CLIENTS = (
    CLIENT,
    replace(CLIENT, apply_markdown=True),
    replace(CLIENT, empty_topic_name=True),
    replace(CLIENT, apply_markdown=True, empty_topic_name=True),
)
SENDER = Person(1, "p1@example.com", "Person 1")
TEXT = "The build is green again, and the release can go out this afternoon."


def notice(number: int, recipients: int) -> Notice:
    """Of a message to the first `recipients` people."""
    now = 1_700_000_000 + number
    message = Message(
        id=number, sender=SENDER, recipient_id=1, topic="benchmark", content=TEXT,
        rendered_content=f"<p>{TEXT}</p>", time=now, client="benchmark", channel_id=1, channel_name="all",
    )  # fmt: skip
    event = {"type": "message", "message": wide(message), "public_channel": True}
    return Notice(number, now * 1000, event, list(range(1, recipients + 1)))


def tell(told: Notice, queues: Queues) -> int:
    """As fan-out does. Returns how many queues got it."""
    found = list(deliveries(told, queues))
    for queue, event in found:
        queue.push(event, told.time)
    return len(found)


def round_of(people: int, shapes: int, recipients: int) -> float:
    """Seconds that a message takes, when each of so many people has a queue."""
    queues = Queues()
    for user_id, client in enumerate(islice(cycle(CLIENTS[:shapes]), people), start=1):
        queues.add(EventQueue(f"queue {user_id}", user_id, client, 0.0, 0))
    notices = [notice(number, recipients) for number in range(1, MESSAGES + 1)]
    began = time.perf_counter()
    told = sum(tell(each, queues) for each in notices)
    took = time.perf_counter() - began
    if told != recipients * MESSAGES:
        raise RuntimeError(f"{told} events were put into queues, not {recipients * MESSAGES}")
    return took / MESSAGES


def main() -> None:
    number = 3 if "--quick" in sys.argv else 15
    os.sched_setaffinity(0, {CLIENT_CORE})
    appended: dict[int, list[float]] = {shapes: [] for shapes in SHAPES}
    others: dict[int, list[float]] = {each: [] for each in OTHERS}
    for _ in range(number):
        for shapes, rates in appended.items():
            rates.append(QUEUES / round_of(QUEUES, shapes, QUEUES))
        for more, times in others.items():
            times.append(round_of(RECIPIENTS + more, max(SHAPES), RECIPIENTS) * 1e6)
    show(
        "Append",
        (f"a message to {QUEUES:,} queues, in how many forms", "events/s"),
        [(shapes, rounds(rates)) for shapes, rates in appended.items()],
    )
    show(
        f"A message to {RECIPIENTS} people",
        ("queues of others", "µs a message"),
        [(f"{more:,}", rounds(times)) for more, times in others.items()],
    )


if __name__ == "__main__":
    main()
