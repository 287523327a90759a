"""Clients of several people, and what a notice brings to the queue of each."""

from collections import defaultdict
from typing import Any

import orjson
import pytest

from appliance.events.descriptor import ClientDescriptor
from appliance.events.processors import deliveries
from appliance.events.queue import Event, EventQueue
from appliance.events.queues import Queues
from appliance.model.message import Message, Person, wide
from appliance.store.transaction import Notice

ANN, BOB, ERIN = 5, 7, 9
SENDER, READER = Person(ANN, "ann@example.org", "Ann"), Person(BOB, "bob@example.org", "Bob")

Body = dict[str, Any]


class Clients:
    def __init__(self) -> None:
        self.queues = Queues()

    def add(self, user_id: int = BOB, **wishes: Any) -> EventQueue:
        queue = EventQueue(f"queue {len(self.queues)}", user_id, ClientDescriptor(**wishes), now=0)
        self.queues.add(queue)
        return queue

    def deliveries(self, event: Body, *users: Any) -> list[tuple[EventQueue, Event]]:
        return list(deliveries(Notice(1, 0, event, list(users)), self.queues))

    def told(self, event: Body, *users: Any) -> dict[str, list[Body]]:
        """The events that a notice brings, by the id of the queue; Bob's if no users are named."""
        found: dict[str, list[Body]] = defaultdict(list)
        for queue, each in self.deliveries(event, *(users or [BOB])):
            found[queue.id].append(orjson.loads(each.body + b"}"))
        return found

    def of_one(self, event: Body, user: Any = BOB, **wishes: Any) -> list[Body]:
        """What one client of Bob's gets."""
        queue = self.add(**wishes)
        return self.told(event, user)[queue.id]


@pytest.fixture
def clients() -> Clients:
    return Clients()


def message(*, topic: str = "lunch", direct: bool = False, client: str = "website", **facts: Any) -> Body:
    """The event of a new message in a private channel (or a direct one), from Ann."""
    where: Body = {"people": (SENDER, READER)} if direct else {"channel_id": 4, "channel_name": "general"}
    sent = Message(
        77, SENDER, 12, "" if direct else topic, "**hi**", "<p>hi</p>", 1_700_000_000, client, **where
    )
    return {"type": "message", "message": wide(sent), "public_channel": False, **facts}
