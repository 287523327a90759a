"""The shards of the process: each has the event queues of its people, and a fan-out thread of its own.

A person's shard is their id modulo the number of shards. There is one unless [events] shards says otherwise
(sharding.py); under Python's global lock more of them isolate rather than hasten.
"""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import orjson

from appliance.base.clock import Clock
from appliance.base.metrics import Metrics
from appliance.base.threads import Threads
from appliance.events.descriptor import ClientDescriptor
from appliance.events.fanout import Counters, Decide, FanOut
from appliance.events.queue import EventQueue, QueueFacts
from appliance.events.queues import Queues
from appliance.events.state import Bodies, restore
from appliance.events.waiting import ResumeAll
from appliance.store import event_queue as saved_queues
from appliance.store import notice as notice_table
from appliance.store.connection import Reader
from appliance.store.event_queue import SavedQueue
from appliance.store.store import Store
from appliance.store.transaction import Notice

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shard:
    queues: Queues
    fanout: FanOut


class Shards:
    def __init__(
        self,
        store: Store,
        clock: Clock,
        decide: Decide,
        resume_all: ResumeAll,
        metrics: Metrics,
        count: int = 1,
    ) -> None:
        self._store, self._clock = store, clock
        counters = Counters(metrics)

        def shard(index: int, count: int) -> Shard:
            queues = Queues()
            return Shard(queues, FanOut(store, queues, decide, resume_all, counters, (index, count)))

        self._make = shard
        self._count = count
        self._all: list[Shard] = []
        metrics.gauge("appliance_queues", "Event queues.", self.__len__)
        metrics.gauge("appliance_queue_events", "Events in them.", lambda: self._sum(len))
        metrics.gauge("appliance_queue_bytes", "Bytes of events in them.", lambda: self._sum(EventQueue.size))
        metrics.gauge("appliance_notices_behind", "Batches of notices not applied yet.", self._behind)

    def __len__(self) -> int:
        return sum(len(each.queues) for each in self._all)

    def of_user(self, user_id: int) -> Shard:
        return self._all[user_id % len(self._all)]

    @property
    def queues(self) -> list[Queues]:
        return [each.queues for each in self._all]

    def facts(self) -> list[QueueFacts]:
        now = self._clock.now()
        return [queue.facts(now) for queue in self._each()]

    # -- at start and stop, before and after the threads

    def restore(self) -> None:
        """All queues as they were: as saved, and what was told since. With as many shards as they were saved
        from, which then hand over to as many as there are to be."""
        began = time.perf_counter()
        with self._store.read() as reader:
            before = notice_table.shards(reader)
            self._all = [self._make(index, before) for index in range(before)]
            self._fill(reader)
        while len({self._replayed(each) for each in self._all}) > 1:
            log.info("a command has just told more")  # all shards are to be at the same notice
        if before != self._count:
            self._reshard()
        seconds = time.perf_counter() - began
        log.info("%d event queues restored in %.1f ms", len(self), seconds * 1000)

    def start(self, threads: Threads) -> None:
        for index, each in enumerate(self._all):
            threads.start(f"fan-out-{index}" if index else "fan-out", each.fanout.run)

    def stop(self) -> None:
        for each in self._all:
            each.fanout.stop()

    def save(self) -> None:
        """At the end."""
        for each in self._all:
            each.fanout.save(stopping=True)
        self._store.write(notice_table.set_stopped)

    # -- any thread

    def notices_committed(self, notices: list[Notice]) -> None:
        for each in self._all:
            each.fanout.notices_committed(notices)

    def look(self) -> None:
        for each in self._all:
            each.fanout.look()

    # -- inside

    def _fill(self, reader: Reader) -> None:
        now = self._clock.now()
        idle_known = notice_table.stopped(reader)
        for queue in _restored(saved_queues.everything(reader), now):
            if not idle_known:
                queue.last_connection_time = now
            self.of_user(queue.user_id).queues.add(queue)

    def _replayed(self, shard: Shard) -> int:
        shard.fanout.replay()
        return shard.fanout.applied

    def _reshard(self) -> None:
        for each in self._all:
            each.fanout.save(stopping=True)
        found, at = list(self._each()), self._all[0].fanout.applied
        self._store.write(lambda transaction: notice_table.set_shards(transaction, self._count, at))
        self._all = [self._make(index, self._count) for index in range(self._count)]
        for queue in found:
            self.of_user(queue.user_id).queues.add(queue)

    def _each(self) -> Iterator[EventQueue]:
        for each in self._all:
            with each.queues.lock:
                found = each.queues.all()
            yield from found

    def _sum(self, size: Callable[[EventQueue], int]) -> float:
        return sum(map(size, self._each()))

    def _behind(self) -> float:
        return sum(each.fanout.behind for each in self._all)


def _restored(saved: list[SavedQueue], now: float) -> Iterator[EventQueue]:
    """Those that can be read."""
    bodies = Bodies()
    for each in saved:
        try:
            client = ClientDescriptor.from_json(orjson.loads(each.descriptor))
            queue = EventQueue(each.id, each.user_id, client, now, each.born)
            restore(queue, each.state, bodies)
        except Exception as error:
            log.error(
                "event queue %s cannot be restored (%r): its client will register again", each.id, error
            )
        else:
            yield queue


def saved_facts(store: Store, now: float) -> list[QueueFacts]:
    """Of the queues as they were saved last, for when no server runs."""
    with store.read() as reader:
        found = saved_queues.everything(reader)
    return [queue.facts(now) for queue in _restored(found, now)]
