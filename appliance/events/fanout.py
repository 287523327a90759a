"""Fan-out: notices, in the order of their commits, become events in queues and jobs for workers.

One thread. What it has done is saved now and then: the changed queues, with the number of the last notice
that is in them, in one transaction. After a crash the notices since then are applied again; since ids follow
from notices alone (queue.py), clients notice nothing. Which notifications were enqueued is written together
with them, so that a repetition does not enqueue them twice.
"""

import logging
import time
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

from appliance.base.errors import StorageError
from appliance.base.metrics import Metrics
from appliance.events.processors import deliveries
from appliance.events.queue import EventQueue
from appliance.events.queues import Queues
from appliance.events.waiting import ResumeAll, Waiter
from appliance.store import event_queue as saved_queues
from appliance.store import notice as notice_table
from appliance.store.store import Store
from appliance.store.transaction import Notice, Transaction

log = logging.getLogger(__name__)

JobOrder = tuple[str, dict[str, Any]]  # queue name, event
# What must be mailed or pushed because of a notice, given who has a client that wants messages.
Decide = Callable[[Notice, Callable[[int], bool]], list[JobOrder]]

CLEANUP = "cleanup_queues"  # a notice for us: the queues of its users are to go
RETRY_PAUSE = 1.0  # seconds; when the disk takes nothing
SAVE_AFTER = 5000  # notices; bounds the replay, and the table of notices, between the ticker's saves


class FanOut:
    def __init__(
        self, store: Store, queues: Queues, decide: Decide, resume_all: ResumeAll, metrics: Metrics
    ) -> None:
        self._store, self._queues = store, queues
        self._decide, self._resume_all = decide, resume_all
        self._inbox: SimpleQueue[list[Notice] | None] = SimpleQueue()
        self._stopping = False
        with store.read() as reader:
            self._applied = notice_table.position(reader, "applied")
            self._decided = notice_table.position(reader, "decided")
        self._saved = self._applied
        self._save_wanted = False
        self._dropped_ids: list[str] = []  # of queues whose rows are to go with the next save
        self._events = metrics.counter("appliance_events_total", "Events put into queues, by type.")
        self._seconds = metrics.counter("appliance_fanout_seconds_total", "Time spent on notices, by type.")
        self._dropped = metrics.counter(
            "appliance_queues_dropped_total", "Event queues dropped by the server, by reason."
        )
        metrics.gauge("appliance_notices_behind", "Notices handed over but not applied.", self._inbox.qsize)

    # -- any thread

    def notices_committed(self, notices: list[Notice]) -> None:
        self._inbox.put(notices)

    def look(self) -> None:
        """Find notices that another process has put into the file."""
        self._inbox.put([])

    def save_soon(self) -> None:
        """Save what has changed since the last time, if anything has."""
        if self._applied > self._saved:
            self._save_wanted = True
            self._inbox.put([])

    def stop(self) -> None:
        self._stopping = True
        self._inbox.put(None)

    # -- the fan-out thread

    def replay(self) -> None:
        """Before the thread starts: apply what was committed after the last save."""
        self._catch_up()

    def run(self) -> None:
        while (notices := self._inbox.get()) is not None:
            if not notices or notices[0].id > self._applied + 1:
                self._catch_up()
            self._apply([notice for notice in notices if notice.id > self._applied])
            if self._save_wanted or self._applied - self._saved > SAVE_AFTER:
                self.save()

    def save(self) -> None:
        """Write changed queues and how far they are; also called after the thread has ended."""
        self._save_wanted = False
        if self._applied == self._saved:
            return
        with self._queues.lock:
            states = [(queue.state(), queue.id) for queue in self._queues.all() if queue.changed]
        try:
            self._store.write(lambda transaction: self._write_save(transaction, states), flush=False)
            self._saved = self._applied
            self._dropped_ids.clear()
        except Exception as error:
            log.error("event queues were not saved: %s", error)
            with self._queues.lock:
                for queue in self._queues.all():
                    queue.changed = True

    def _write_save(self, transaction: Transaction, states: list[tuple[bytes, str]]) -> None:
        saved_queues.save_states(transaction, states)
        saved_queues.drop(transaction, self._dropped_ids)
        notice_table.set_position(transaction, "applied", self._applied)
        notice_table.set_position(transaction, "decided", self._decided)
        notice_table.prune(transaction)

    def _catch_up(self) -> None:
        while True:
            with self._store.read() as reader:
                missed = notice_table.after(reader, self._applied)
            if not missed:
                return
            self._store.flush()
            self._apply(missed)

    def _apply(self, notices: list[Notice]) -> None:
        orders: list[JobOrder] = []
        touched: dict[str, EventQueue] = {}
        for notice in notices:
            with self._queues.lock:
                self._deliver(notice, touched)
            orders += self._orders(notice)
            self._applied = notice.id
        self._answer(touched)
        if not orders or self._enqueue(orders):
            self._decided = max(self._decided, self._applied)  # a long replay is still behind it

    def _deliver(self, notice: Notice, touched: dict[str, EventQueue]) -> None:
        """A notice that cannot be told is logged and left out: the next ones must not wait for it."""
        kind = notice.event["type"]
        began = time.perf_counter()
        if kind == CLEANUP:
            for user_id in notice.users:
                for queue in list(self._queues.of_user(user_id)):
                    self._drop(queue, "its owner was locked out")
            return
        try:
            pushed = 0
            for queue, event in list(deliveries(notice, self._queues)):
                queue.push(event, notice.time)
                touched[queue.id] = queue
                pushed += 1
            self._events.add(pushed, type=kind)
        except Exception:
            log.exception("notice %d (%s) was not told", notice.id, kind)
        self._seconds.add(time.perf_counter() - began, type=kind)

    def _answer(self, touched: dict[str, EventQueue]) -> None:
        """Answer the waiting clients of the queues that got something."""
        answers: list[tuple[Waiter, bytes]] = []
        with self._queues.lock:
            for queue in touched.values():
                if queue.waiter is not None and not queue.empty:  # (another poll may have fetched it all)
                    answers.append((queue.waiter, poll_answer(queue)))
                    queue.waiter = None
                elif queue.overflowing:
                    self._drop(queue, "its client does not fetch events")
        if answers:
            self._resume_all(answers)

    def _drop(self, queue: EventQueue, why: str) -> None:
        """Lock held. A client that still waits is left to its timeout: it must not get anything more."""
        log.warning("event queue of user %d with %d events dropped: %s", queue.user_id, len(queue), why)
        self._dropped.add(why=why)
        self._queues.remove(queue)
        self._dropped_ids.append(queue.id)

    def _orders(self, notice: Notice) -> list[JobOrder]:
        if notice.id <= self._decided:
            return []
        try:
            with self._queues.lock:
                return self._decide(notice, self._queues.accepts_messages)
        except Exception:
            log.exception("notice %d: no decision whom to notify", notice.id)
            return []

    def _enqueue(self, orders: list[JobOrder]) -> bool:
        """No flush: after a power cut the notices come again, and with them the decision."""

        def write(transaction: Transaction) -> None:
            for queue, event in orders:
                transaction.job(queue, event)
            notice_table.set_position(transaction, "decided", self._applied)

        while True:
            try:
                self._store.write(write, flush=False)
                return True
            except StorageError as error:
                log.error("%d notifications wait: %s", len(orders), error)
            if self._stopping:
                return False
            time.sleep(RETRY_PAUSE)


def poll_answer(queue: EventQueue) -> bytes:
    """The body of an answer to GET /events; lock of `Queues` held."""
    return b'{"result":"success","msg":"","events":%b,"queue_id":"%b"}' % (
        queue.contents(),
        queue.id.encode(),
    )
