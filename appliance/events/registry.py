"""The birth and death of event queues."""

import logging
import secrets
import uuid

import orjson

from appliance.base.clock import Clock
from appliance.base.metrics import Metrics
from appliance.events.descriptor import ClientDescriptor
from appliance.events.fanout import poll_answer
from appliance.events.queue import EventQueue
from appliance.events.queues import Queues
from appliance.events.waiting import Waiter
from appliance.store import event_queue as saved_queues
from appliance.store import notice as notice_table
from appliance.store.connection import Reader
from appliance.store.event_queue import SavedQueue
from appliance.store.store import Store
from appliance.store.transaction import Transaction

log = logging.getLogger(__name__)


class QueueRegistry:
    def __init__(self, store: Store, queues: Queues, clock: Clock, per_user: int, metrics: Metrics) -> None:
        """`per_user`: queues that one person may have; with one more, the longest unused is dropped."""
        self._store, self._queues, self._clock, self._per_user = store, queues, clock, per_user
        self._born = metrics.counter("appliance_queues_created_total", "Event queues created.")
        self._died = metrics.counter("appliance_queues_removed_total", "Event queues removed, by reason.")
        metrics.gauge("appliance_queues", "Event queues.", lambda: len(queues))

    @property
    def count(self) -> int:
        return len(self._queues)

    def allocate(self, user_id: int, client: ClientDescriptor, snapshot: Reader) -> EventQueue:
        """A new queue, and with it `snapshot` set to the very moment at which it begins: what the reader sees
        is not in the queue, and what comes later is."""
        queue = EventQueue(
            str(uuid.UUID(bytes=secrets.token_bytes(16), version=4)), user_id, client, self._clock.now()
        )

        def write(transaction: Transaction) -> None:
            queue.born = notice_table.newest(transaction)
            saved_queues.add(transaction, _saved(queue))
            transaction.after_commit(lambda: self._begin(queue, snapshot))

        self._store.write(write, last=True)
        self._born.add()
        self._enforce_limit(user_id)
        return queue

    def _begin(self, queue: EventQueue, snapshot: Reader) -> None:
        """Write lock held: nothing is committed between the queue's first notice and the snapshot."""
        snapshot.begin()
        with self._queues.lock:
            self._queues.add(queue)

    def restore(self) -> None:
        """At start: all queues as they were saved. How long each was idle is not known: that starts anew."""
        with self._store.read() as reader:
            saved = saved_queues.everything(reader)
        for each in saved:
            try:
                queue = self._restored(each)
            except Exception:
                log.exception("event queue %s cannot be restored: its client will register again", each.id)
                continue
            self._queues.add(queue)
        log.info("%d event queues restored", len(self._queues))

    def _restored(self, saved: SavedQueue) -> EventQueue:
        client = ClientDescriptor.from_json(orjson.loads(saved.descriptor))
        queue = EventQueue(saved.id, saved.user_id, client, self._clock.now(), saved.born)
        queue.restore(saved.state)
        return queue

    def delete(self, queue_id: str, user_id: int) -> None:
        """As the client asks. Raises BadEventQueueId."""
        with self._queues.lock:
            queue = self._queues.get(queue_id, user_id)
        self._remove([queue], "deleted")

    def delete_of_user(self, user_id: int) -> None:
        """All of somebody who may not come again."""
        with self._queues.lock:
            gone = list(self._queues.of_user(user_id))
        self._remove(gone, "deactivated")

    def collect_idle(self) -> None:
        """Drop the queues whose clients have not polled for longer than they said they might."""
        now = self._clock.now()
        with self._queues.lock:
            idle = [queue for queue in self._queues.all() if _expired(queue, now)]
        self._remove(idle, "idle")

    def _enforce_limit(self, user_id: int) -> None:
        with self._queues.lock:
            of_user = sorted(self._queues.of_user(user_id), key=lambda queue: queue.last_connection_time)
            surplus = of_user[: max(0, len(of_user) - self._per_user)]
        self._remove(surplus, "surplus")

    def _remove(self, gone: list[EventQueue], why: str) -> None:
        if not gone:
            return
        left: list[tuple[Waiter, bytes]] = []
        with self._queues.lock:
            for queue in gone:
                if queue.waiter is not None:
                    left.append((queue.waiter, poll_answer(queue)))
                    queue.waiter = None
                self._queues.remove(queue)
        for waiter, body in left:
            waiter.resume(body)
        ids = [queue.id for queue in gone]
        self._store.write(lambda transaction: saved_queues.drop(transaction, ids), flush=False)
        self._died.add(len(gone), why=why)
        log.info("%d event queues removed (%s), %d left", len(gone), why, len(self._queues))


def _expired(queue: EventQueue, now: float) -> bool:
    return queue.waiter is None and now - queue.last_connection_time >= queue.client.queue_timeout


def _saved(queue: EventQueue) -> SavedQueue:
    return SavedQueue(
        queue.id, queue.user_id, orjson.dumps(queue.client.to_json()).decode(), queue.born, queue.state()
    )
