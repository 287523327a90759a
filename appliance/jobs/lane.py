"""One queue in memory: some of its jobs, ready; where the others are in the file; who works on what."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Collection
from pathlib import Path

from appliance.base.clock import Clock
from appliance.jobs.claim import Claim
from appliance.jobs.lease import Lease
from appliance.jobs.line import FOREVER, Bell, Line
from appliance.jobs.statistics import QueueStatistics
from appliance.jobs.worker import LoopQueueProcessingWorker, Worker
from appliance.store import job as job_table
from appliance.store.job import Span
from appliance.store.store import Store
from appliance.store.transaction import Job

log = logging.getLogger(__name__)

MOST_STUCK = 3  # threads of a queue that hang; with one more, one place stays empty

BLOCK = 4096  # ids: a step in which the file is looked through, and a span of jobs that wait in it
FEW = 100  # finished jobs; more do not wait for others when all is done
CAREFUL_JOBS = 5000  # after a crash; more than can have been done without their deletion being written


class Lane:
    """Of a queue, or one shard of it. At most `prefetch` jobs are in memory: ready, or claimed.

    `_lock` guards the spans, what was taken from them, and `next_due`. Who commits waits for it: nobody reads
    the file in it, but before, under `_reading`.
    """

    def __init__(
        self, worker: Worker, store: Store, clock: Clock, hurry: Callable[[], None], told: Path | None
    ) -> None:
        """`hurry` the keeper along; `told`: the folder for statistics, None: they are not written."""
        self.worker, self.queue, self.policy = worker, worker.queue_name, worker.policy
        self._store, self._clock, self._hurry, self._told = store, clock, hurry, told
        self.lease = Lease(store.folder, self.queue)
        self.statistics = QueueStatistics(self.queue, None, clock)
        self.line = Line()
        self.claims: dict[Claim, Claim] = {}  # who takes one out decides how its jobs ended
        self.finished: deque[int] = deque()  # not deleted from the file yet
        self.held: set[int] = set()  # jobs with a time that are in memory, or finished
        self.stuck = 0  # threads whose jobs were taken away, and that have not come back yet
        self._missing = 0  # places without a thread
        self._unused = self.policy.concurrency - 1  # places that no thread was needed for yet
        self.careful = 0  # jobs to be marked before they start
        self.stopping = False
        self.next_due: int | None = None  # milliseconds
        self._put_off: list[tuple[float, Job]] = []
        self._alone: set[int] = set()  # jobs of a batch that failed
        self._lock, self._reading = threading.Lock(), threading.Lock()
        self._spans: deque[Span] = deque()
        self._newest = 0  # the last job that was taken from a span, or came past them
        batch = self.policy.batch_size if isinstance(worker, LoopQueueProcessingWorker) else 1
        self._prefetch = max(self.policy.prefetch, batch)

    def own(self) -> None:
        """With the lease: statistics are written by who works the queue. After a crash, take care."""
        self.statistics = QueueStatistics(self.queue, self._told, self._clock)
        self.careful = CAREFUL_JOBS if self.lease.crashed else 0

    # -- jobs come

    def admit(self, job: Job) -> None:
        """It was committed just now; in commit order."""
        if job.run_at is not None:
            self.due_at(job.run_at)
            return
        with self._lock:
            if job.id > self._newest:
                self._append(job)

    def _append(self, job: Job) -> None:
        if self._spans or len(self.line) + len(self.claims) >= self._prefetch:
            self._spill(Span(self.queue, job.id, job.id, 1))
        else:
            self._newest = job.id
            self.line.put(job)

    def admit_span(self, span: Span) -> None:
        """Jobs were found in the file; in the order of ids."""
        with self._lock:
            if span.last > self._newest:
                self._spill(span)
        self.line.wake()

    def _spill(self, span: Span) -> None:
        last = self._spans[-1] if self._spans else None
        if last is None or span.last - last.first >= BLOCK:
            self._spans.append(span)
        elif span.last > last.last:
            self._spans[-1] = last._replace(last=span.last, number=last.number + span.number)

    def due_at(self, run_at: int) -> None:
        """A job is to start then (milliseconds)."""
        with self._lock:
            if self.next_due is None or run_at < self.next_due:
                self.next_due = run_at

    def put_off(self, job: Job) -> None:
        self._put_off.append((time.monotonic(), job))

    @property
    def waits_for_disk(self) -> bool:
        return bool(self._put_off)

    def take_up(self, pause: float) -> None:
        """Let the jobs start that were put off `pause` seconds ago."""
        late = [each for each in self._put_off if each[0] + pause <= time.monotonic()]
        for each in late:
            self._put_off.remove(each)
            self.line.put(each[1])

    def deliver_alone(self, jobs: Collection[Job]) -> None:
        """They come again, before all others, each in a batch of its own: one of them is bad."""
        self._alone.update(job.id for job in jobs)
        self.line.put_first(jobs)

    def is_alone(self, job: Job) -> bool:
        """So is what has failed before. Asked by who takes it out of the line."""
        return job.failed_tries > 0 or job.id in self._alone

    # -- jobs go

    def take(self, bell: Bell, timeout: float = FOREVER) -> Job | None:
        """The next job, on a worker's thread; None: there is none within `timeout` seconds, or all stops."""
        end = time.monotonic() + timeout
        while not self.stopping:
            job = self.line.pop()
            if job is not None:
                return job
            if self._refill():
                continue
            left = FOREVER if timeout == FOREVER else end - time.monotonic()
            if timeout != FOREVER and left <= 0:
                return None
            if len(self.finished) > FEW:
                self._hurry()
            self.line.sleep(bell, left, unless=self._has_more)
        return None

    def _has_more(self) -> bool:
        """There are jobs in the file that could start."""
        return bool(self._spans) or self.is_due

    def _refill(self) -> bool:
        """Take jobs out of the file. False: there are none to start now. Raises StorageError."""
        if not self._spans and not self.is_due:
            return False
        with self._reading:
            if not len(self.line):
                room = max(1, self._prefetch - len(self.claims))
                self._take_due(room // 2 if self._spans else room)
                self._take_ready(room)
            return bool(len(self.line) or self._spans)

    @property
    def is_due(self) -> bool:
        """There are jobs in the file whose time has come."""
        due = self.next_due
        return due is not None and due <= self._clock.now() * 1000

    def _take_due(self, room: int) -> None:
        if not self.is_due:
            return
        with self._lock:
            due, self.next_due = self.next_due, None  # set again below, or by who commits one meanwhile
        try:
            with self._store.read() as reader:
                found = job_table.due(reader, self.queue, self._clock.now(), max(1, room), self.held)
                self.held.update(job.id for job in found)
                following = job_table.next_due(reader, self.queue, self.held)
        except BaseException:
            self._due_again(due)
            raise
        self.line.put_all(found)
        self._due_again(following)

    def _due_again(self, run_at: int | None) -> None:
        if run_at is not None:
            self.due_at(run_at)
            self._hurry()  # the keeper has not counted on it: it may have slept since the last was due

    def _take_ready(self, room: int) -> None:
        """From the first span. As long as it is there, jobs that are committed go behind it."""
        with self._lock:
            if not self._spans:
                return
            span, first = self._spans[0], self._newest + 1
        with self._store.read() as reader:
            found = job_table.ready(reader, self.queue, max(span.first, first), span.last, room)
        with self._lock:
            self._shorten(span, found, exhausted=len(found) < room)
            self.line.put_all(found)

    def _shorten(self, span: Span, found: list[Job], *, exhausted: bool) -> None:
        """Lock held. Those were found in the first span, which was `span` then, and may be longer by now."""
        longer = self._spans[0]
        if exhausted and longer.last == span.last:
            self._spans.popleft()
        else:
            self._spans[0] = longer._replace(number=max(0, longer.number - len(found)))
        if exhausted:
            self._newest = max(self._newest, span.last)
        elif found:
            self._newest = found[-1].id

    def look(self) -> None:
        """Somebody else has changed the file: forget jobs that are gone, and see what is due."""
        ready = self.line.ids()
        with self._store.read() as reader:
            gone = set(ready) - job_table.existing(reader, ready)
            following = job_table.next_due(reader, self.queue, self.held)
        self.line.forget(gone)
        if following is not None:
            self.due_at(following)
        self.line.wake()

    def grow(self) -> bool:
        """A thread begins to work. True: there is to be another, which waits for the next job."""
        if not self._unused or self.line.is_awaited:
            return False
        with self._lock:
            grows = self._unused > 0
            self._unused -= grows
        return grows

    def hang(self) -> bool:
        """A thread whose jobs were taken away does not return. True: there may be another in its place."""
        with self._lock:
            self.stuck += 1
            replaced = self.stuck <= MOST_STUCK
            self._missing += not replaced
        if not replaced:
            log.error("%s: paused, since %d of its threads hang", self.queue, self.stuck)
        return replaced

    def come_back(self) -> bool:
        """A thread that hung has found out. True: nobody has its place."""
        log.warning("%s: a thread that hung has come back; what it did does not count", self.queue)
        with self._lock:
            self.stuck -= 1
            free = self._missing > 0
            self._missing -= free
        return free

    @property
    def behind(self) -> int:
        """0: nothing is ready."""
        return len(self.line) + len(self._spans)

    @property
    def backlog(self) -> int:
        """Jobs ready but not begun."""
        return len(self.line) + sum(span.number for span in self._spans.copy())

    def close(self) -> None:
        self.worker.close()
        self.statistics.close()
        self.lease.release()
