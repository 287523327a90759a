"""An event system on a real store, driven without threads unless a test wants them."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from appliance.base.metrics import Metrics
from appliance.events.descriptor import ClientDescriptor
from appliance.events.fanout import FanOut, JobOrder
from appliance.events.queue import EventQueue
from appliance.events.queues import Queues
from appliance.events.registry import QueueRegistry
from appliance.store.store import Store
from appliance.store.transaction import Notice
from tests.conftest import MovableClock

Event = dict[str, Any]


def events_of(queue: EventQueue) -> list[Event]:
    found: list[Event] = orjson.loads(queue.contents())
    return found


def no_decision(notice: Notice, has_client: Callable[[int], bool]) -> list[JobOrder]:
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
        self, store: Store, clock: MovableClock, decide: Any = no_decision, per_user: int = 100
    ) -> None:
        metrics = Metrics()
        self.store, self.queues = store, Queues()
        self.registry = QueueRegistry(store, self.queues, clock, per_user, metrics)
        self.fanout = FanOut(store, self.queues, decide, resume_all, metrics)
        self.registry.restore()
        store.notices_committed = self.fanout.notices_committed
        self.fanout.replay()

    def apply(self) -> None:
        """Do all that was handed over, on this thread."""
        self.fanout.stop()
        self.fanout.run()

    def register(self, user_id: int, **wishes: Any) -> EventQueue:
        with self.store.read() as reader:
            return self.registry.allocate(user_id, ClientDescriptor(**wishes), reader)

    def tell(self, *users: Any, type: str = "example", **event: Any) -> None:
        self.store.write(lambda transaction: transaction.notice({"type": type, **event}, list(users)))

    def events(self, queue: EventQueue | str) -> list[Event]:
        """What is in a queue, by itself or (in another process) by its id."""
        queue_id = queue if isinstance(queue, str) else queue.id
        [found] = [each for each in self.queues.all() if each.id == queue_id]
        return events_of(found)


@pytest.fixture
def start(store: Store, clock: MovableClock) -> Callable[..., EventSystem]:
    """Start a server process; a second one on the same store is the first one's successor after a crash."""
    return lambda *decide, **options: EventSystem(store, clock, *decide, **options)


@pytest.fixture
def system(start: Callable[..., EventSystem]) -> EventSystem:
    return start()
