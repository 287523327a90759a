"""Runs the jobs of the file: hands them to workers, in order, and writes down how each ended.

A queue is worked by one process (lease.py), so that a claim is only a place in memory, and a finished job
is a row deleted some milliseconds later together with others. What is lost in a crash are claims and such
deletions: those jobs run again. Nothing polls: a commit hands its jobs over, another process sends a signal.

    commit ──▶ JobPool.jobs_committed ──▶ Lane ──▶ Line ──▶ Post (a thread) ──▶ worker
    file ───▶ JobPool.look                 ▲ spans of the file             │
                                           └── Keeper ◀── Ledger ◀─────────┘ verdicts
"""

import logging
import os
import threading
from collections.abc import Iterable, Mapping
from functools import partial
from typing import NamedTuple, cast

from appliance.base.clock import Clock
from appliance.base.errors import StorageError
from appliance.base.metrics import Metrics
from appliance.base.threads import Threads
from appliance.jobs import lease
from appliance.jobs.errors import ErrorFile
from appliance.jobs.keeper import Keeper
from appliance.jobs.lane import BLOCK, Lane
from appliance.jobs.ledger import Ledger
from appliance.jobs.post import Post
from appliance.jobs.statistics import QueueStatistics
from appliance.jobs.worker import Worker
from appliance.store import job as job_table
from appliance.store.job import Span
from appliance.store.store import Store
from appliance.store.transaction import Job

log = logging.getLogger(__name__)

SMALL_GAP = 16  # ids: so few are looked through in a commit


class _Block(NamedTuple):
    """What was found in the file up to the id `last`."""

    last: int
    spans: list[Span]
    timed: list[tuple[str, int]]


class JobPool:
    def __init__(
        self,
        store: Store,
        workers: Iterable[Worker],
        clock: Clock,
        metrics: Metrics,
        *,
        statistics: bool = True,
    ) -> None:
        """`statistics`: whether their files are written."""
        self._store, self._clock = store, clock
        self._owned: dict[str, Lane] = {}  # with our lease
        self._keeper = Keeper(store, clock, self._catch_up)
        told = store.folder if statistics else None
        lanes = [Lane(each, store, clock, self._keeper.hurry, told) for each in workers]
        self._lanes = {lane.queue: lane for lane in lanes}
        self._ledger = Ledger(
            store, clock, metrics, ErrorFile(store.folder, clock), self._keeper.ring, self._keeper.hurry
        )
        self._lock = threading.Lock()  # guards the next three, and the order in which lanes get jobs
        self._seen = 0  # up to this id, the lanes know of all jobs
        self._newest = 0  # the last id that is known to be in the file
        self._elsewhere: set[str] = set()  # queues of other processes that have got new jobs
        self._threads: Threads | None = None
        self._stopping = False

    def start(self, threads: Threads) -> None:
        """Take over what waits in the file, then what is committed from now on."""
        self._threads = threads
        mine = [lane for lane in self._lanes.values() if lane.lease.take()]
        self._store.jobs_committed = self.jobs_committed  # first: what is taken over may make more jobs
        self._take_over(mine)
        log.info("queues worked: %d", len(mine))
        for lane in self._lanes.values():
            if lane not in mine:
                log.info("%s: worked by another process for now", lane.queue)
                lane.lease.take_later(partial(self._take_over_later, lane))
        threads.start("job-keeper", self._keep)

    def stop(self) -> None:
        """Let every worker finish its job; what waits stays in the file."""
        self._stopping = True
        for lane in self._lanes.values():
            lane.stopping = True
            lane.line.close()
        self._keeper.stop()

    def close(self) -> None:
        """After the threads are gone, or have had their time: what runs still is released."""
        lanes = list(self._owned.values())
        running = [claim for lane in lanes for claim in list(lane.claims) if lane.claims.pop(claim, None)]
        for claim in running:
            claim.deadline.expire()
        try:
            self._ledger.write_off(lanes)
            self._ledger.release([job_id for claim in running for job_id in claim.job_ids])
        except StorageError as error:
            log.error("finished jobs were not deleted, and will run again: %s", error)
        for lane in self._lanes.values():
            lane.close()

    def waiting(self) -> dict[str, int]:
        """Jobs ready but not begun, by queue of this process."""
        return {queue: lane.backlog for queue, lane in self._owned.items()}

    @property
    def statistics(self) -> Mapping[str, QueueStatistics]:
        """Of the queues that this process works."""
        return {queue: lane.statistics for queue, lane in self._owned.items()}

    # -- queues

    def _take_over(self, lanes: list[Lane]) -> None:
        """With their leases."""
        for lane in lanes:
            lane.own()
        crashed = [lane for lane in lanes if lane.lease.crashed]
        self._owned |= {lane.queue: lane for lane in lanes}
        if crashed:
            self._ledger.blame(crashed)
        self._look_at_newest(again=True)
        for lane in lanes:
            lane.look()
        self._catch_up()
        for lane in lanes:
            self._start_post(lane)

    def _take_over_later(self, lane: Lane) -> None:
        """The lease's thread."""
        if not self._stopping:
            log.info("%s: taken over", lane.queue)
            self._take_over([lane])

    def _start_post(self, lane: Lane) -> None:
        assert self._threads is not None
        post = Post(lane, self._ledger, self._store, self._clock, self._keeper.ring, self._start_another)
        self._threads.start(f"job-{lane.queue}", post.run)

    def _start_another(self, lane: Lane) -> None:
        """A thread that has taken a job: without another one it does its own nonetheless."""
        try:
            self._start_post(lane)
        except RuntimeError as error:
            log.error("%s: no further thread: %s", lane.queue, error)

    # -- handing over

    def jobs_committed(self, jobs: list[Job]) -> None:
        """The thread that led the commit, write lock held: in commit order."""
        with self._lock:
            gap = jobs[0].id - 1 - self._newest  # jobs of another process
            if 0 < gap <= SMALL_GAP and self._seen == self._newest:
                self._newest += gap
                self._admit_block(self._read_block(self._seen, self._newest))
            if self._seen < self._newest or gap > SMALL_GAP:
                self._newest = max(self._newest, jobs[-1].id)  # they are found after those before them
                self._keeper.hurry()
                return
            self._seen = self._newest = max(self._newest, jobs[-1].id)
            for job in jobs:
                lane = self._owned.get(job.queue)
                if lane is None:
                    self._is_elsewhere(job.queue)
                    continue
                lane.admit(job)
                if job.run_at is not None:
                    self._keeper.hurry()

    def look(self) -> None:
        """Another process has changed the file: forget jobs that are gone, and find those that are new."""
        for lane in self._owned.values():
            lane.look()
        self._look_at_newest()
        self._keeper.hurry()

    def _look_at_newest(self, *, again: bool = False) -> None:
        """What is new in the file is to be looked through; `again`: all of it."""
        with self._store.read() as reader:
            newest = job_table.newest(reader)
        with self._lock:
            self._newest = max(self._newest, newest)
            if again:
                self._seen = 0

    def recheck(self) -> None:
        """The clock was set: jobs may be due that were not."""
        self._keeper.hurry()

    def _catch_up(self) -> bool:
        """Look through the next block of the file. True: there are more. The keeper's chore.

        It is read without the lock: commits do not wait for the disk. Who has read what somebody else has
        admitted meanwhile, or what is to be looked through again, has read in vain.
        """
        seen, newest = self._seen, self._newest
        block = self._read_block(seen, newest) if seen < newest else None
        with self._lock:
            if block is not None and self._seen == seen:
                self._admit_block(block)
            elsewhere, self._elsewhere = self._elsewhere, set()
            behind = self._seen < self._newest
        self._tell_others(elsewhere)
        return behind

    def _read_block(self, seen: int, newest: int) -> _Block:
        """The first jobs after `seen`, up to `newest`."""
        with self._store.read() as reader:
            first = job_table.next_id(reader, seen) or newest + 1
            last = min(newest, first - 1 + BLOCK)
            return _Block(last, job_table.spans(reader, first, last), job_table.timed(reader, first, last))

    def _admit_block(self, block: _Block) -> None:
        """Lock held."""
        for span in block.spans:
            lane = self._owned.get(span.queue)
            if lane is not None:
                lane.admit_span(span)
            else:
                self._is_elsewhere(span.queue)
        for queue, run_at in block.timed:
            lane = self._owned.get(queue)
            if lane is not None:
                lane.due_at(run_at)
            else:
                self._is_elsewhere(queue)
        self._seen = block.last

    # -- other processes

    def _is_elsewhere(self, queue: str) -> None:
        """Lock held. No worker of this process: it stays in the file, and who has the queue is told."""
        self._elsewhere.add(queue)
        self._keeper.ring()

    def _tell_others(self, queues: set[str]) -> None:
        """Once for all commits of the last moments."""
        for pid in {lease.owner(self._store.folder, queue) for queue in queues} - {None, os.getpid()}:
            lease.tell(cast(int, pid))

    def _keep(self) -> None:
        self._keeper.run([*self._lanes.values()], self._ledger, self._start_post)
