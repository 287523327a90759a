"""A thread's place at a lane: it takes jobs, has the worker consume them, and says how they ended."""

import math
import time
from collections.abc import Callable
from typing import cast

from appliance.base.clock import Clock
from appliance.base.errors import StorageError
from appliance.jobs import pauses
from appliance.jobs.claim import Claim
from appliance.jobs.deadline import Deadline
from appliance.jobs.lane import Lane, log
from appliance.jobs.ledger import Ledger
from appliance.jobs.line import make_bell
from appliance.jobs.worker import Context, Delivery, LoopQueueProcessingWorker, QueueProcessingWorker
from appliance.store.store import Store
from appliance.store.transaction import Job

TOGETHER = 0.05  # seconds


class Post:
    def __init__(
        self,
        lane: Lane,
        ledger: Ledger,
        store: Store,
        clock: Clock,
        ring: Callable[[], None],
        start_another: Callable[[Lane], None],
    ) -> None:
        self._start_another = start_another
        self._lane, self._ledger, self._store, self._clock, self._ring = lane, ledger, store, clock, ring
        self._bell = make_bell()
        worker, policy = lane.worker, lane.policy
        self._loop = worker if isinstance(worker, LoopQueueProcessingWorker) else None
        self._single = cast(QueueProcessingWorker, worker)
        unlimited = worker.disable_timeout or policy.timeout is None
        self._limit = math.inf if unlimited else policy.timeout or math.inf
        self._events, self._since = 0, 0.0  # done, but not counted yet; since when

    def run(self) -> None:
        """Until the pool stops, or its jobs are taken away. Supervised: it is called again if it crashes."""
        log.debug("%s: worker started", self._lane.queue)
        self._run()
        log.debug("%s: worker stopped", self._lane.queue)

    def _run(self) -> None:
        while not self._lane.stopping:
            try:
                jobs = self._gather()
            except StorageError as error:
                queue = self._lane.queue
                log.error("%s: jobs cannot be read: %s", queue, error, extra={"queue": queue})
                self._lane.line.sleep(self._bell, pauses.DISK)
                continue
            if not jobs:
                continue
            if self._lane.grow():
                self._start_another(self._lane)
            if self._ledger.suspects(jobs[0]):
                with self._ledger.trial():
                    mine = self._work(jobs)
            else:
                mine = self._work(jobs)
            if not mine and not self._lane.come_back():
                return

    def _gather(self) -> list[Job]:
        """One job; for a loop worker, a batch. Jobs that have failed before are alone."""
        first = self._lane.take(self._bell)
        if first is None:
            return []
        jobs = [first]
        if self._loop is not None and not self._lane.is_alone(first):
            self._fill(jobs)
        return jobs

    def _fill(self, jobs: list[Job]) -> None:
        policy = self._lane.policy
        end = time.monotonic() + policy.sleep_delay
        while len(jobs) < policy.batch_size:
            job = self._lane.take(self._bell, max(0.0, end - time.monotonic()))
            if job is None:
                return
            if self._lane.is_alone(job):
                self._lane.line.put_first([job])
                return
            jobs.append(job)

    def _work(self, jobs: list[Job]) -> bool:
        """False: they were taken away meanwhile, and the place is somebody else's."""
        lane = self._lane
        if lane.careful or jobs[0].failed_tries:
            self._mark(jobs)
        began = time.monotonic()
        if not self._events:
            self._since = began
            lane.statistics.started()
        claim = Claim(
            [Delivery(job) for job in jobs], Deadline(self._limit, lane.queue, len(jobs), began), began
        )
        lane.claims[claim] = claim
        self._ring()
        raised = self._consume(claim)
        if lane.claims.pop(claim, None) is None:
            return False
        self._settle(claim, raised)
        return True

    def _mark(self, jobs: list[Job]) -> None:
        """One of these may kill the process. What is done is written off first, so as not to be blamed."""
        self._lane.careful = max(0, self._lane.careful - len(jobs))
        try:
            self._ledger.write_off([self._lane], running=[job.id for job in jobs])
        except StorageError as error:
            tags = {"queue": self._lane.queue, "jobs": [job.id for job in jobs]}
            log.error("%s: jobs are not marked: %s", self._lane.queue, error, extra=tags)

    def _consume(self, claim: Claim) -> BaseException | None:
        """What the worker raised is a verdict, whatever it is: SystemExit must not end the thread."""
        try:
            if self._loop is not None:
                self._loop.consume_batch(claim.deliveries, self._context(claim))
            else:
                self._single.consume(claim.deliveries[0].job, self._context(claim))
        except BaseException as error:
            return error
        return None

    def _context(self, claim: Claim) -> Context:
        attempt = max([each.job.failed_tries for each in claim.deliveries]) + 1
        return Context(self._lane.queue, attempt, claim.deadline, self._clock, self._store)

    def _settle(self, claim: Claim, raised: BaseException | None) -> None:
        """`raised` is the verdict of a lone job; in a batch, it may be about any: they come again, alone."""
        alone, lane = len(claim.deliveries) == 1, self._lane
        done, again = 0, []
        for each in claim.deliveries:
            if raised is not None and not each.ended and not alone:
                again.append(each.job)
                continue
            verdict = each.verdict if each.ended else raised
            done += verdict is None
            self._ledger.settle(lane, each.job, verdict)
        self._count(done)
        if again:
            log.warning("%s: a batch of %d failed: %s", lane.queue, len(claim.deliveries), raised)
            lane.deliver_alone(again)

    def _count(self, done: int) -> None:
        """For the statistics, which are told of quick jobs together."""
        self._events += done
        now, behind = time.monotonic(), self._lane.behind
        if not behind or now - self._since >= TOGETHER:
            self._lane.statistics.consumed(self._events, now - self._since, behind)
            self._events = 0
