"""The birth and death of event queues.

A queue that is to go is closed at once: its client finds it no more. Fan-out removes it when it comes to the
notice that says so (fanout.py).
"""

import logging
import secrets
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import RLock

import orjson

from appliance.base.clock import Clock
from appliance.base.metrics import Metrics
from appliance.events.descriptor import ClientDescriptor
from appliance.events.fanout import CLEANUP
from appliance.events.queue import EventQueue, QueueFacts
from appliance.events.shards import Shards
from appliance.events.state import state
from appliance.events.waiting import Waiter
from appliance.store import event_queue as saved_queues
from appliance.store import notice as notice_table
from appliance.store.connection import Reader
from appliance.store.event_queue import SavedQueue
from appliance.store.store import Store
from appliance.store.transaction import Transaction

log = logging.getLogger(__name__)


class QueueRegistry:
    def __init__(
        self, store: Store, shards: Shards, clock: Clock, metrics: Metrics, *, per_user: int, in_all: int
    ) -> None:
        """`per_user`, `in_all`: queues that one person, and all together, may have; with one more, the
        longest unused is closed."""
        self._store, self._shards, self._clock = store, shards, clock
        self._per_user, self._in_all = per_user, in_all
        self._created = metrics.counter("appliance_queues_created_total", "Event queues created.")

    @property
    def count(self) -> int:
        return len(self._shards)

    def facts(self) -> list[QueueFacts]:
        return self._shards.facts()

    def allocate(self, user_id: int, client: ClientDescriptor, snapshot: Reader) -> EventQueue:
        """A new queue, and with it `snapshot` set to the very moment at which it begins: what the reader sees
        is not in the queue, and what comes later is."""
        queue = EventQueue(
            str(uuid.UUID(bytes=secrets.token_bytes(16), version=4)), user_id, client, self._clock.now()
        )

        def write(transaction: Transaction) -> None:
            queue.born = notice_table.newest(transaction)
            saved_queues.add(transaction, _saved(queue))
            tell(transaction)
            transaction.after_commit(lambda: self._begin(queue, snapshot))

        with self._closing(self._surplus_of(user_id), "too many of one person") as tell:
            self._store.write(write, last=True)
        self._created.add()
        log.debug("event queue %s of user %d (%s) created", queue.id, user_id, client.client_type_name)
        if self.count > self._in_all:
            self._close(self._surplus_in_all(), "too many in all")
        return queue

    def _begin(self, queue: EventQueue, snapshot: Reader) -> None:
        """Write lock held: nothing is committed between the queue's first notice and the snapshot."""
        snapshot.begin()
        queues = self._shards.of_user(queue.user_id).queues
        with queues.lock:
            queues.add(queue)

    def delete(self, queue_id: str, user_id: int) -> None:
        """As the client asks. Raises BadEventQueueId."""
        queues = self._shards.of_user(user_id).queues
        with queues.lock:
            queue = queues.get(queue_id, user_id)
        self._close([queue], "deleted")

    def collect_idle(self) -> None:
        """Close the queues whose clients have not polled for longer than they said they might."""
        began, now = time.perf_counter(), self._clock.now()
        idle = self._find(lambda queue: _expired(queue, now))
        if not idle:
            return
        self._close(idle, "idle")
        log.info(
            "%d of %d event queues were idle, closed in %.1f ms; on %d a client waits",
            len(idle),
            self.count,
            (time.perf_counter() - began) * 1000,
            len(self._find(lambda queue: queue.waiter is not None)),
        )

    def _find(self, wanted: Callable[[EventQueue], bool]) -> list[EventQueue]:
        found: list[EventQueue] = []
        for queues in self._shards.queues:
            with queues.lock:
                found += filter(wanted, queues.all())
        return found

    def _surplus_of(self, user_id: int) -> list[EventQueue]:
        """What has to go for one more."""
        queues = self._shards.of_user(user_id).queues
        with queues.lock:
            own = list(queues.of_user(user_id))
        return _longest_unused(own, len(own) + 1 - self._per_user)

    def _surplus_in_all(self) -> list[EventQueue]:
        everything = self._find(lambda queue: not queue.closed)
        return _longest_unused(everything, len(everything) - self._in_all)

    def _close(self, queues: list[EventQueue], why: str) -> None:
        with self._closing(queues, why) as tell:
            self._store.write(tell)

    @contextmanager
    def _closing(self, queues: list[EventQueue], why: str) -> Iterator[Callable[[Transaction], None]]:
        """Close `queues` and answer who waits; what it gives tells fan-out, by a notice, to remove them. If
        that fails they are open again."""
        closed, left = [], list[tuple[Waiter, bytes]]()
        for queue in queues:
            with self._lock_of(queue):
                if not queue.closed:
                    closed.append(queue)
                    queue.closed = True
                    if queue.waiter is not None:
                        left.append((queue.waiter, queue.answer()))
                        queue.waiter = None
        try:
            yield lambda transaction: _tell(transaction, closed, why)
        except BaseException:
            for queue in closed:
                queue.closed = False
            raise
        finally:
            for waiter, body in left:
                waiter.resume(body)

    def _lock_of(self, queue: EventQueue) -> RLock:
        return self._shards.of_user(queue.user_id).queues.lock


def _tell(transaction: Transaction, closed: list[EventQueue], why: str) -> None:
    if closed:
        event = {"type": CLEANUP, "queue_ids": [queue.id for queue in closed], "why": why}
        transaction.notice(event, sorted({queue.user_id for queue in closed}))


def _expired(queue: EventQueue, now: float) -> bool:
    unused = queue.waiter is None and not queue.closed
    return unused and now - queue.last_connection_time >= queue.client.queue_timeout


def _longest_unused(queues: list[EventQueue], count: int) -> list[EventQueue]:
    if count <= 0:
        return []
    open_ones = [queue for queue in queues if not queue.closed]
    return sorted(open_ones, key=lambda queue: (queue.waiter is not None, queue.last_connection_time))[:count]


def _saved(queue: EventQueue) -> SavedQueue:
    return SavedQueue(
        queue.id,
        queue.user_id,
        orjson.dumps(queue.client.to_json()).decode(),
        queue.born,
        state(queue, queue.born),
    )
