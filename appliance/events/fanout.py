"""Fan-out: notices, in the order of their commits, become events in queues and jobs for workers.

One thread a shard. What it has done is saved when replaying it would begin to take long: the changed queues,
with the number of the last notice that is in them, in one transaction. After a crash the notices since then
are applied again; since ids follow from notices alone (queue.py), clients notice nothing. Which notifications
were enqueued is written together with them, so that a repetition does not enqueue them twice.

The end of a queue is a notice, too (`cleanup_queue`). So it is clear for every message, and for every replay,
whether the person had a client that would show it, and who missed what the queue still held.
"""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from queue import SimpleQueue

import orjson

from appliance.base.errors import StorageError
from appliance.base.metrics import Metrics
from appliance.events.processors import Delivery, deliveries
from appliance.events.queue import EventQueue
from appliance.events.queues import Queues
from appliance.events.sharding import split
from appliance.events.state import state
from appliance.events.waiting import ResumeAll, Waiter
from appliance.model.concern import Concern, JobOrder
from appliance.store import event_queue as saved_queues
from appliance.store import notice as notice_table
from appliance.store.store import Store
from appliance.store.transaction import Notice, Transaction

log = logging.getLogger(__name__)


# Who must be mailed or pushed because of a notice, given who has a client that wants messages.
Decide = Callable[[Notice, Callable[[int], bool]], list[Concern]]

# A notice for us: these queues of its users are to go, or all that they have now.
CLEANUP = "cleanup_queue"
# And another: who of its users waits asks anew, whereupon some are refused.
POLL_ANEW = "poll_anew"
TOGETHER = 100  # queues whose states are taken without letting polls in between
TRIES = 3  # of telling a notice
RETRY_PAUSE = 1.0  # seconds; when the disk takes nothing
SAVE_AFTER_NOTICES, SAVE_AFTER_EVENTS = 5_000, 500_000  # about a second of replay


class Counters:
    """What the shards count together."""

    def __init__(self, metrics: Metrics) -> None:
        self.events = metrics.counter("appliance_events_total", "Events put into queues, by type.")
        self.seconds = metrics.counter("appliance_fanout_seconds_total", "Time spent on notices, by type.")
        self.removed = metrics.counter("appliance_queues_removed_total", "Event queues removed, by reason.")
        self.saves = metrics.counter("appliance_queue_saves_total", "Times that event queues were saved.")
        self.save_seconds = metrics.counter("appliance_queue_save_seconds_total", "Time spent on that.")


class FanOut:
    def __init__(
        self,
        store: Store,
        queues: Queues,
        decide: Decide,
        resume_all: ResumeAll,
        counters: Counters,
        share: tuple[int, int] = (0, 1),
    ) -> None:
        """`share`: (index, count) of the shard that it is for; user ids modulo count are its people."""
        self._store, self._queues = store, queues
        self._decide, self._resume_all, self._counters = decide, resume_all, counters
        self._index, self._shards = share
        self._inbox: SimpleQueue[list[Notice] | None] = SimpleQueue()
        self._stopping = self._replaying = False
        with store.read() as reader:
            self.applied, self.decided = notice_table.position(reader, self._index)
        self._saved = self.applied
        self._pushed = 0  # since the last save
        self._dropped_ids: list[str] = []  # of queues whose rows are to go

    # -- any thread

    @property
    def behind(self) -> int:
        """Batches of notices that were handed over and not applied."""
        return self._inbox.qsize()

    def notices_committed(self, notices: list[Notice]) -> None:
        self._inbox.put(notices)

    def look(self) -> None:
        """Find notices that another process has put into the file."""
        self._inbox.put([])

    def stop(self) -> None:
        self._stopping = True
        self._inbox.put(None)

    # -- the fan-out thread

    def replay(self) -> None:
        """Before the thread starts: apply what was committed after the last save."""
        self._replaying = True
        self._catch_up()
        self._replaying = False

    def run(self) -> None:
        while (notices := self._inbox.get()) is not None:
            if not notices or notices[0].id > self.applied + 1:
                self._catch_up()
            self._apply([notice for notice in notices if notice.id > self.applied])
            if self.applied - self._saved > SAVE_AFTER_NOTICES or self._pushed > SAVE_AFTER_EVENTS:
                self.save()

    def save(self, *, stopping: bool = False) -> None:
        """Write changed queues and how far they are. `stopping`: all queues, after the thread has ended;
        from then on it is known how long each has been idle."""
        if self.applied == self._saved and not stopping:
            return
        began = time.perf_counter()
        with self._queues.lock:
            due = [queue for queue in self._queues.all() if queue.changed or stopping]
        states: list[tuple[bytes, str]] = []
        for start in range(0, len(due), TOGETHER):
            states += self._states(due[start : start + TOGETHER])
        try:
            self._store.write(lambda transaction: self._write_save(transaction, states), flush=stopping)
        except Exception as error:
            log.error("event queues were not saved: %s", error)
            for queue in due:
                queue.changed = True
            return
        self._saved, self._pushed = self.applied, 0
        self._dropped_ids.clear()
        seconds = time.perf_counter() - began
        self._counters.saves.add()
        self._counters.save_seconds.add(seconds)
        log.info("%d event queues saved in %.1f ms", len(states), seconds * 1000)

    def _states(self, queues: list[EventQueue]) -> list[tuple[bytes, str]]:
        """A few at a time: polls wait for the lock. Nothing else puts events into queues meanwhile."""
        with self._queues.lock:
            for queue in queues:
                queue.changed = False
            return [(state(queue, self.applied), queue.id) for queue in queues]

    def _write_save(self, transaction: Transaction, states: list[tuple[bytes, str]]) -> None:
        saved_queues.save_states(transaction, states)
        saved_queues.drop(transaction, self._dropped_ids)
        notice_table.set_position(transaction, self._index, self.applied, self.decided)
        notice_table.prune(transaction)

    def _catch_up(self) -> None:
        while True:
            with self._store.read() as reader:
                missed = notice_table.after(reader, self.applied)
            if not missed:
                return
            self._store.flush()
            self._apply(missed)

    def _apply(self, notices: list[Notice]) -> None:
        orders: list[JobOrder] = []
        touched: dict[str, EventQueue] = {}
        for notice in map(self._ours, notices):
            with self._queues.lock:
                found = self._tell(notice, touched)
            orders += found if notice.id > self.decided else ()
            self.applied = notice.id
        if not self._replaying:  # (a replay knows nothing of what was acknowledged since the save)
            orders += self._answer(touched)
        if not orders or self._enqueue(orders):
            self.decided = max(self.decided, self.applied)  # a long replay is still behind it

    def _ours(self, notice: Notice) -> Notice:
        """For the people of this shard only; messages of public channels also go by who else listens."""
        if self._shards == 1:
            return notice
        by_shard = split(notice.users, lambda user_id: user_id % self._shards)
        return replace(notice, users=by_shard.get(self._index, []))

    def _tell(self, notice: Notice, touched: dict[str, EventQueue]) -> list[JobOrder]:
        """Put the events into their queues; what is to be enqueued at once. Lock held."""
        if notice.event["type"] == CLEANUP:
            return self._clean_up(notice)
        if notice.event["type"] == POLL_ANEW:
            return self._have_asked_anew(notice, touched)
        concerns = self._concerns(notice)
        self._deliver(notice, touched, {each.user_id: each.if_missed for each in concerns if each.if_missed})
        return [order for each in concerns for order in each.now]

    def _concerns(self, notice: Notice) -> list[Concern]:
        try:
            return self._decide(notice, lambda user_id: self._queues.accepts_messages(user_id, notice.id))
        except Exception:
            log.exception("notice %d: no decision whom to notify", notice.id)
            return []

    def _deliver(
        self, notice: Notice, touched: dict[str, EventQueue], if_missed: dict[int, list[JobOrder]]
    ) -> None:
        """A notice that cannot be told is logged and left out: the next ones must not wait for it."""
        began = time.perf_counter()
        found = self._deliveries(notice)
        for queue, event in found:
            event_id = queue.push(event, notice.time)
            touched[queue.id] = queue
            if if_missed and queue.user_id in if_missed:
                queue.if_missed[event_id] = if_missed[queue.user_id]
        self._pushed += len(found)
        kind = notice.event["type"]
        self._counters.events.add(len(found), type=kind)
        seconds = time.perf_counter() - began
        self._counters.seconds.add(seconds, type=kind)
        log.debug("notice %d (%s): %d events, %.1f ms", notice.id, kind, len(found), seconds * 1000)

    def _deliveries(self, notice: Notice) -> list[Delivery]:
        for tries_left in reversed(range(TRIES)):
            try:
                return list(deliveries(notice, self._queues))
            except Exception:
                if not tries_left:
                    log.exception("notice %d was not told: %s", notice.id, notice.event["type"])
        return []

    def _answer(self, touched: dict[str, EventQueue]) -> list[JobOrder]:
        """Answer the waiting clients of the queues that got something; drop who never fetches."""
        answers: list[tuple[Waiter, bytes]] = []
        orders: list[JobOrder] = []
        with self._queues.lock:
            for queue in touched.values():
                if queue.waiter is not None and not queue.empty:  # (another poll may have fetched it all)
                    answers.append((queue.waiter, queue.answer()))
                    queue.waiter = None
                elif queue.overflowing:
                    orders += self._remove([queue], "its client does not fetch events")
        if answers:
            self._resume_all(answers)
        return orders

    def _clean_up(self, notice: Notice) -> list[JobOrder]:
        """Lock held."""
        chosen = notice.event.get("queue_ids")
        wanted = None if chosen is None else frozenset(chosen)
        all_of_them = "hearing_public_channels" not in notice.event
        gone = [
            queue
            for user_id in notice.users
            for queue in self._queues.of_user(user_id)
            if (queue.born < notice.id if wanted is None else queue.id in wanted)
            and (all_of_them or queue.client.hears_public_channels)
        ]
        return self._remove(gone, notice.event.get("why", "its owner was locked out"))

    def _have_asked_anew(self, notice: Notice, touched: dict[str, EventQueue]) -> list[JobOrder]:
        """Lock held."""
        for user_id in notice.users:
            for queue in self._queues.of_user(user_id):
                if queue.waiter is not None:
                    queue.push_heartbeat()
                    touched[queue.id] = queue
        return []

    def _remove(self, gone: list[EventQueue], why: str) -> list[JobOrder]:
        """Lock held; what people missed whose last queue went. A client that still waits is left to its
        timeout: it must not get anything more."""
        if not gone:
            return []
        for queue in gone:
            self._queues.remove(queue)
            self._dropped_ids.append(queue.id)
        self._counters.removed.add(len(gone), why=why)
        owners = sorted({queue.user_id for queue in gone})
        log.info(
            "%d event queues of users %s removed (%s), %d left", len(gone), owners, why, len(self._queues)
        )
        return _missed(queue for queue in gone if not self._queues.of_user(queue.user_id))

    def _enqueue(self, orders: list[JobOrder]) -> bool:
        """No flush: after a power cut the notices come again, and with them the decision."""

        def write(transaction: Transaction) -> None:
            for queue, event in orders:
                transaction.job(queue, event)
            saved_queues.drop(transaction, self._dropped_ids)  # never to be asked again what was missed
            notice_table.set_position(transaction, self._index, None, self.applied)

        while True:
            try:
                self._store.write(write, flush=False)
                self._dropped_ids.clear()
                return True
            except StorageError as error:
                log.error("%d notifications wait: %s", len(orders), error)
            if self._stopping:
                return False
            time.sleep(RETRY_PAUSE)


def _missed(queues: Iterable[EventQueue]) -> list[JobOrder]:
    """Each once, also where two queues of a person go at the same time."""
    held = (order for queue in queues for orders in queue.if_missed.values() for order in orders)
    return list({orjson.dumps(order): order for order in held}.values())
