"""An event system on a real store, driven without threads unless a test wants them."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from appliance.base.metrics import Metrics
from appliance.events.descriptor import ClientDescriptor
from appliance.events.fanout import FanOut
from appliance.events.queue import EventQueue
from appliance.events.queues import Queues
from appliance.events.registry import QueueRegistry
from appliance.events.shards import Shards
from appliance.model.concern import Concern
from appliance.store.store import Store
from appliance.store.transaction import Notice
from tests.conftest import MovableClock

Event = dict[str, Any]


def events_of(queue: EventQueue) -> list[Event]:
    found: list[Event] = orjson.loads(queue.contents())
    return found


def no_decision(notice: Notice, has_client: Callable[[int], bool]) -> list[Concern]:
    return []


class FakeWaiter:
    """A parked request: remembers how it was answered."""

    def __init__(
        self,
        seconds: float = 0,
        on_timeout: Callable[[], bytes] = bytes,
        on_gone: Callable[[], None] = lambda: None,
    ) -> None:
        self.seconds, self.time_out, self.hang_up = seconds, on_timeout, on_gone
        self.bodies: list[Any] = []

    def resume(self, body: bytes) -> bool:
        self.bodies.append(orjson.loads(body))
        return True

    @property
    def events(self) -> list[Event]:
        """Of the one answer."""
        [body] = self.bodies
        found: list[Event] = body["events"]
        return found


def resume_all(answers: list[tuple[Any, bytes]]) -> None:
    for waiter, body in answers:
        waiter.resume(body)


class EventSystem:
    """Queues, registry and fan-out of one server process on the store; `apply` does what its thread does."""

    def __init__(
        self,
        store: Store,
        clock: MovableClock,
        decide: Any = no_decision,
        *,
        per_user: int = 100,
        in_all: int = 1000,
        shards: int = 1,
    ) -> None:
        self.store, self.metrics = store, Metrics()
        self.shards = Shards(store, clock, decide, resume_all, self.metrics, shards)
        self.registry = QueueRegistry(
            store, self.shards, clock, self.metrics, per_user=per_user, in_all=in_all
        )
        self.shards.restore()
        store.notices_committed = self.shards.notices_committed

    @property
    def queues(self) -> Queues:
        """Of the only shard."""
        [found] = self.shards.queues
        return found

    @property
    def fanout(self) -> FanOut:
        return self.shards.of_user(0).fanout

    def apply(self) -> None:
        """Do all that was handed over, on this thread."""
        self.shards.stop()
        for index in range(len(self.shards.queues)):
            self.shards.of_user(index).fanout.run()

    def register(self, user_id: int, **wishes: Any) -> EventQueue:
        with self.store.read() as reader:
            return self.registry.allocate(user_id, ClientDescriptor(**wishes), reader)

    def tell(self, *users: Any, type: str = "example", **event: Any) -> None:
        self.store.write(lambda transaction: transaction.notice({"type": type, **event}, list(users)))

    def events(self, queue: EventQueue | str) -> list[Event]:
        """What is in a queue, by itself or (in another process) by its id."""
        queue_id = queue if isinstance(queue, str) else queue.id
        [found] = [each for queues in self.shards.queues for each in queues.all() if each.id == queue_id]
        return events_of(found)


@pytest.fixture
def start(store: Store, clock: MovableClock) -> Callable[..., EventSystem]:
    """Start a server process; a second one on the same store is the first one's successor after a crash."""
    return lambda *decide, **options: EventSystem(store, clock, *decide, **options)


@pytest.fixture
def system(start: Callable[..., EventSystem]) -> EventSystem:
    return start()
