"""Runs the jobs of the file: hands them to workers, in order, and writes down how each ended.

One process owns all queues, so a claim is only a place in memory, and a finished job is a row deleted some
milliseconds later together with others. What is lost in a crash are claims and such deletions: those jobs run
again. Nothing polls: a commit hands its jobs over, and the keeper sleeps until the next one is due.
"""

import heapq
import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from queue import SimpleQueue

from appliance.base.clock import Clock
from appliance.base.errors import StorageError
from appliance.base.metrics import Metrics
from appliance.base.threads import Threads
from appliance.jobs.verdict import Drop, Fail, Retry
from appliance.jobs.worker import QueueProcessingWorker
from appliance.store import job as job_table
from appliance.store.store import Store
from appliance.store.transaction import Job, Transaction

log = logging.getLogger(__name__)

BODIES_KEPT = 1000  # per queue; of jobs that wait beyond these only the number is in memory
DISK_PAUSE = 2.0  # seconds after which what the disk did not take is tried again
ACK_DELAY = 0.1  # seconds in which finished jobs gather before they are deleted together


class _Lane:
    """One queue: its worker, and what is ready for it (a job, the number of one, or None: stop)."""

    def __init__(self, worker: QueueProcessingWorker) -> None:
        self.worker = worker
        self.ready: SimpleQueue[Job | int | None] = SimpleQueue()


class JobPool:
    def __init__(
        self, store: Store, workers: Iterable[QueueProcessingWorker], clock: Clock, metrics: Metrics
    ) -> None:
        self._store, self._clock = store, clock
        self._lanes = {worker.queue: _Lane(worker) for worker in workers}
        self._lock = threading.Lock()  # guards _newest and _due
        self._newest = 0  # the last job that was handed over
        self._due: list[tuple[int, int, str]] = []  # heap of (run_at in ms, id, queue)
        self._finished: deque[int] = deque()
        self._bell = threading.Event()  # wakes the keeper
        self._stopping = threading.Event()
        self._ended = metrics.counter("appliance_jobs_total", "Jobs by queue and how they ended.")

    def start(self, threads: Threads) -> None:
        """Take over what waits in the file, then what is committed from now on."""
        self._store.jobs_committed = self.jobs_committed
        self.look()
        threads.start("job-keeper", self._keep)
        for queue, lane in self._lanes.items():
            for number in range(lane.worker.policy.concurrency):
                threads.start(f"job-{queue}-{number}", partial(self._work, lane))

    def stop(self) -> None:
        """Let every worker finish its job; what waits stays in the file."""
        self._stopping.set()
        for lane in self._lanes.values():
            for _ in range(lane.worker.policy.concurrency):
                lane.ready.put(None)
        self._bell.set()

    def close(self) -> None:
        """After the threads are gone."""
        self._forget_finished()
        for lane in self._lanes.values():
            lane.worker.close()

    def waiting(self) -> dict[str, int]:
        """Jobs ready but not begun, by queue."""
        return {queue: lane.ready.qsize() for queue, lane in self._lanes.items()}

    # -- handing over

    def jobs_committed(self, jobs: list[Job]) -> None:
        """The thread that led the commit, write lock held: in commit order."""
        with self._lock:
            if jobs[0].id > self._newest + 1:
                self._take_unseen(before=jobs[0].id)
            for job in jobs:
                if job.id > self._newest:
                    self._newest = job.id
                    self._admit(job.id, job.queue, job.run_at, job)

    def look(self) -> None:
        """Find jobs that another process has put into the file."""
        with self._lock:
            self._take_unseen(before=None)

    def recheck(self) -> None:
        """The clock was set: jobs may be due that were not."""
        self._bell.set()

    def _take_unseen(self, before: int | None) -> None:
        with self._store.read() as reader:
            unseen = job_table.waiting(reader, self._newest)
        for job_id, queue, run_at in unseen:
            if before is None or job_id < before:
                self._newest = job_id
                self._admit(job_id, queue, run_at, None)

    def _admit(self, job_id: int, queue: str, run_at: int | None, job: Job | None) -> None:
        """Lock held."""
        lane = self._lanes.get(queue)
        if lane is None:
            return  # no worker of this program; it stays in the file and is seen in `jobs list`
        if run_at is not None:
            heapq.heappush(self._due, (run_at, job_id, queue))
            self._bell.set()
        elif job is not None and lane.ready.qsize() < BODIES_KEPT:
            lane.ready.put(job)
        else:
            lane.ready.put(job_id)

    # -- a worker's thread

    def _work(self, lane: _Lane) -> None:
        while (item := lane.ready.get()) is not None and not self._stopping.is_set():
            try:
                job = item if isinstance(item, Job) else self._load(item)
            except StorageError as error:
                log.error("%s: a job cannot be read: %s", lane.worker.queue, error)
                lane.ready.put(item)
                self._stopping.wait(DISK_PAUSE)
                continue
            if job is not None:
                self._run(lane, job)

    def _load(self, job_id: int) -> Job | None:
        with self._store.read() as reader:
            return job_table.get(reader, job_id)

    def _run(self, lane: _Lane, job: Job) -> None:
        try:
            lane.worker.consume(job)
        except Drop as verdict:
            log.info("%s: job %d dropped: %s", job.queue, job.id, verdict)
            self._finish(job, "dropped")
        except Fail as verdict:
            self._bury(job, str(verdict))
        except Retry as verdict:
            self._failed(lane, job, str(verdict), verdict.delay)
        except StorageError as error:
            self._put_off(job, error)
        except Exception as error:
            log.exception("%s: job %d failed", job.queue, job.id)
            self._failed(lane, job, f"{type(error).__name__}: {error}", None)
        else:
            self._finish(job, "done")

    def _finish(self, job: Job, how: str) -> None:
        self._ended.add(queue=job.queue, how=how)
        self._finished.append(job.id)
        self._bell.set()

    def _failed(self, lane: _Lane, job: Job, error: str, delay: float | None) -> None:
        job.failed_tries += 1
        if job.failed_tries >= lane.worker.policy.attempts:
            self._bury(job, error)
            return
        pause = lane.worker.policy.pause(job.failed_tries) if delay is None else delay
        run_at = self._clock.now() + pause
        log.warning("%s: job %d will be tried again in %.1f s: %s", job.queue, job.id, pause, error)
        self._ended.add(queue=job.queue, how="retried")
        if self._note(job, lambda t: job_table.retry(t, job.id, job.failed_tries, run_at, error)):
            self._schedule(job, run_at)

    def _bury(self, job: Job, error: str) -> None:
        log.error(
            "%s: job %d is a dead letter after %d tries: %s", job.queue, job.id, job.failed_tries, error
        )
        self._ended.add(queue=job.queue, how="dead")
        self._note(job, lambda t: job_table.bury(t, job.id, job.failed_tries, error))

    def _note(self, job: Job, write: Callable[[Transaction], None]) -> bool:
        """Write down how it ended; False: the disk took nothing, and the job is put off."""
        try:
            self._store.write(write, flush=False)
        except StorageError as error:
            self._put_off(job, error)
            return False
        return True

    def _put_off(self, job: Job, error: StorageError) -> None:
        """The disk takes nothing, and that is not the job's fault: it counts as no try."""
        log.error("%s: job %d waits for the disk: %s", job.queue, job.id, error)
        self._ended.add(queue=job.queue, how="put off")
        self._schedule(job, self._clock.now() + DISK_PAUSE)

    def _schedule(self, job: Job, run_at: float) -> None:
        with self._lock:
            heapq.heappush(self._due, (int(run_at * 1000) + 1, job.id, job.queue))
        self._bell.set()

    # -- the keeper's thread

    def _keep(self) -> None:
        while not self._stopping.is_set():
            self._bell.wait(self._until_due())
            self._bell.clear()
            self._start_due()
            if self._finished:
                self._stopping.wait(ACK_DELAY)
                self._forget_finished()

    def _until_due(self) -> float | None:
        """Seconds, or None: until somebody rings."""
        pauses = [DISK_PAUSE] if self._finished else []  # what is still there, the disk did not take
        with self._lock:
            if self._due:
                pauses.append(max(0.0, self._due[0][0] / 1000 - self._clock.now()))
        return min(pauses, default=None)

    def _start_due(self) -> None:
        now = self._clock.now() * 1000
        with self._lock:
            while self._due and self._due[0][0] <= now:
                _, job_id, queue = heapq.heappop(self._due)
                self._lanes[queue].ready.put(job_id)

    def _forget_finished(self) -> None:
        finished = [self._finished.popleft() for _ in range(len(self._finished))]
        if not finished:
            return
        try:
            self._store.write(lambda transaction: job_table.done(transaction, finished), flush=False)
        except Exception as error:
            log.error("%d finished jobs were not deleted: %s", len(finished), error)
            self._finished += finished
