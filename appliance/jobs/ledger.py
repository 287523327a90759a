"""Writes down how jobs ended: at once what failed, together what is done, and which ones run for long.

What is lost in a crash is that some jobs are done: those run again. No flush is ever waited for.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from appliance.base.clock import Clock
from appliance.base.errors import StorageError
from appliance.base.metrics import Metrics
from appliance.jobs.errors import ErrorFile
from appliance.jobs.lane import Lane
from appliance.jobs.policy import DROP
from appliance.jobs.verdict import Drop, Fail, InterruptConsume, Retry, WorkerTimeout
from appliance.store import job as job_table
from appliance.store.store import Store
from appliance.store.transaction import Job, Transaction, UnreadableBody

log = logging.getLogger(__name__)

LONGEST_TRIAL = 60.0  # seconds that a suspect waits for another that may hang
MANY = 1000  # finished jobs of a queue that do not wait for more


class Ledger:
    """Of all lanes of a process. `ring` and `hurry` are the keeper's, who has the rest written."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        metrics: Metrics,
        errors: ErrorFile,
        ring: Callable[[], None],
        hurry: Callable[[], None],
    ) -> None:
        self._store, self._clock, self._errors = store, clock, errors
        self._ring, self._hurry = ring, hurry
        self._ended = metrics.counter("appliance_jobs_total", "Jobs by queue and how they ended.")
        self._writing = threading.Lock()  # one thread empties the lanes' lists at a time
        self._marked: set[int] = set()  # with a row in job_running that says so
        self._suspects: set[int] = set()  # with one that says that they may have killed the process
        self._trial = threading.Lock()  # whose turn it is among those

    # -- the verdicts

    def settle(self, lane: Lane, job: Job, verdict: BaseException | None) -> None:
        """Any thread, once for each time that the job was delivered."""
        if verdict is None:
            self.finish(lane, job)
            return
        for kind, write in _VERDICTS.items():
            if isinstance(verdict, kind):
                write(self, lane, job, verdict)
                return

    def finish(self, lane: Lane, job: Job) -> None:
        lane.finished.append(job.id)
        (self._hurry if len(lane.finished) >= MANY else self._ring)()

    def _interrupted(self, lane: Lane, job: Job, verdict: BaseException) -> None:
        self.finish(lane, job)

    def _drop(self, lane: Lane, job: Job, verdict: BaseException) -> None:
        log.info("%s: job %d dropped: %s", job.queue, job.id, verdict, extra=_tags(job))
        self._ended.add(queue=lane.queue, how="dropped")

        def write(transaction: Transaction) -> None:
            job_table.done(transaction, [job.id])
            self._unmark(transaction, [job.id])

        self._note(lane, job, write)

    def _fail(self, lane: Lane, job: Job, verdict: BaseException) -> None:
        self._record(lane, job)
        self._bury(lane, job, str(verdict), logging.ERROR)

    def _retry(self, lane: Lane, job: Job, verdict: BaseException) -> None:
        assert isinstance(verdict, Retry)
        self._try_again(lane, job, str(verdict), verdict)

    def _timed_out(self, lane: Lane, job: Job, verdict: BaseException) -> None:
        text = "%s: job %d: %s"
        log.error(text, job.queue, job.id, verdict, extra={**_tags(job), **_grouping(lane)})
        self._record(lane, job)
        self._try_again(lane, job, str(verdict), None)

    def _failed(self, lane: Lane, job: Job, verdict: BaseException) -> None:
        text = "Problem handling data on queue %s: job %d failed"
        log.error(text, job.queue, job.id, exc_info=verdict, extra=_tags(job))
        self._record(lane, job)
        self._try_again(lane, job, f"{type(verdict).__name__}: {verdict}", None)

    def _put_off(self, lane: Lane, job: Job, verdict: BaseException) -> None:
        """The disk takes nothing, and that is not the job's fault: it counts as no try."""
        log.error("%s: job %d waits for the disk: %s", job.queue, job.id, verdict, extra=_tags(job))
        self._ended.add(queue=lane.queue, how="put off")
        lane.put_off(job)
        self._hurry()

    def isolate(self, lane: Lane, jobs: list[Job], verdict: WorkerTimeout) -> None:
        """A batch took too long: which of them was it? They come again, alone."""
        if jobs:
            log.error("%s: %s", lane.queue, verdict, extra={**_tags(*jobs), **_grouping(lane)})
            lane.deliver_alone(jobs)

    # -- what they lead to

    def _try_again(self, lane: Lane, job: Job, error: str, verdict: Retry | None) -> None:
        """`verdict` None: it has failed, and that is in the log already."""
        job.failed_tries += verdict is None or verdict.counts
        if job.failed_tries >= lane.policy.attempts:
            self._exhausted(lane, job, error, logging.WARNING if verdict is None else logging.ERROR)
            return
        run_at = self._when(lane, job, verdict)
        log.warning(
            "%s: job %d will be tried again in %.1f s: %s",
            job.queue,
            job.id,
            run_at / 1000 - self._clock.now(),
            error,
            extra=_tags(job),
        )
        self._ended.add(queue=lane.queue, how="retried")

        def write(transaction: Transaction) -> None:
            job_table.retry(transaction, job.id, job.failed_tries, run_at, error)
            if job.id in self._suspects:
                job_table.rest(transaction, job.id)
            else:
                self._unmark(transaction, [job.id])

        if self._note(lane, job, write):
            lane.due_at(run_at)
            self._hurry()

    def _when(self, lane: Lane, job: Job, verdict: Retry | None) -> int:
        """Milliseconds, rounded up: it is never early."""
        if verdict is not None and verdict.at is not None:
            return int(verdict.at * 1000) + 1
        if verdict is not None and verdict.delay is not None:
            pause = verdict.delay
        else:
            pause = lane.policy.pause(max(1, job.failed_tries))
        return int((self._clock.now() + pause) * 1000) + 1

    def _exhausted(self, lane: Lane, job: Job, error: str, level: int) -> None:
        if lane.policy.exhausted == DROP:
            self._drop(lane, job, Drop(f"{error} (after {job.failed_tries} tries)"))
        else:
            self._bury(lane, job, error, level)

    def _bury(self, lane: Lane, job: Job, error: str, level: int) -> None:
        """`level` of the log: a failure is an error there once."""
        text = "%s: job %d is a dead letter after %d tries: %s"
        log.log(level, text, job.queue, job.id, job.failed_tries, error, extra=_tags(job))
        self._ended.add(queue=lane.queue, how="dead")

        def write(transaction: Transaction) -> None:
            job_table.bury(transaction, job.id, job.failed_tries, error)
            self._unmark(transaction, [job.id])

        self._note(lane, job, write)

    def _note(self, lane: Lane, job: Job, write: Callable[[Transaction], None]) -> bool:
        """Write down how it ended; False: the disk took nothing, and the job is put off."""
        try:
            self._store.write(write, flush=False)
        except StorageError as error:
            self._put_off(lane, job, error)
            return False
        lane.held.discard(job.id)
        self._marked.discard(job.id)
        return True

    def _record(self, lane: Lane, job: Job) -> None:
        try:
            events = [job.event()]
        except UnreadableBody:
            events = [job.body]  # type: ignore[list-item]
        self._errors.append(lane.queue, events)

    # -- what is written together

    def write_off(self, lanes: Iterable[Lane], running: Iterable[int] = ()) -> None:
        """Delete the finished jobs of these lanes; mark those that are `running`. Raises StorageError."""
        with self._writing:
            finished = [(lane, _taken(lane)) for lane in lanes]
            ids = sorted(job_id for _, of_lane in finished for job_id in of_lane)
            mark = [job_id for job_id in running if job_id not in self._marked]
            if not ids and not mark:
                return
            try:
                self._store.write(lambda transaction: self._write(transaction, ids, mark), flush=False)
            except BaseException:
                for lane, of_lane in finished:
                    lane.finished.extendleft(reversed(of_lane))
                raise
            self._marked.update(mark)
            self._marked.difference_update(ids)
            for lane, of_lane in finished:
                self._count(lane, of_lane)

    def _write(self, transaction: Transaction, ids: list[int], mark: list[int]) -> None:
        if ids:
            job_table.done(transaction, ids)
        self._unmark(transaction, ids)
        if mark:
            job_table.mark(transaction, mark)

    def _unmark(self, transaction: Transaction, ids: list[int]) -> None:
        marked = (self._marked | self._suspects).intersection(ids)
        if marked:
            job_table.unmark(transaction, marked)

    def _count(self, lane: Lane, ids: list[int]) -> None:
        if ids:
            self._ended.add(len(ids), queue=lane.queue, how="done")
        if lane.held:
            lane.held.difference_update(ids)

    def release(self, job_ids: list[int]) -> None:
        """They did not end before this process does, in peace: nobody is to be blamed."""
        if job_ids:
            self._store.write(lambda transaction: job_table.unmark(transaction, job_ids), flush=False)

    # -- after a crash

    def blame(self, lanes: list[Lane]) -> None:
        """For jobs that ran when the former owner of these lanes died, that was a failed try."""
        by_queue = {lane.queue: lane for lane in lanes}
        found = self._store.write(
            lambda transaction: job_table.suspects(transaction, [*by_queue]), flush=False
        )
        for job in found:
            self._suspects.add(job.id)
            log.error("%s: job %d: %s", job.queue, job.id, DIED, extra=_tags(job))
            self._try_again(by_queue[job.queue], job, DIED, None)

    def suspects(self, job: Job) -> bool:
        """It ran when the process died."""
        return job.id in self._suspects

    @contextmanager
    def trial(self) -> Iterator[None]:
        """Suspects run one after the other: what is innocent is not to run beside what kills, twice."""
        mine = self._trial.acquire(timeout=LONGEST_TRIAL)
        try:
            yield
        finally:
            if mine:
                self._trial.release()


DIED = "the process died while it ran"

_Write = Callable[[Ledger, Lane, Job, BaseException], None]
_VERDICTS: dict[type[BaseException], _Write] = {
    InterruptConsume: Ledger._interrupted,
    Drop: Ledger._drop,
    Fail: Ledger._fail,
    UnreadableBody: Ledger._fail,
    Retry: Ledger._retry,
    WorkerTimeout: Ledger._timed_out,
    StorageError: Ledger._put_off,
    BaseException: Ledger._failed,
}


def _tags(*jobs: Job) -> dict[str, object]:
    """What a log record says besides its text (base/errortracking.py)."""
    return {"queue": jobs[0].queue, "jobs": [job.id for job in jobs]}


def _grouping(lane: Lane) -> dict[str, object]:
    """Timeouts of a queue are one trouble."""
    return {"grouping": ("timeout", lane.queue)}


def _taken(lane: Lane) -> list[int]:
    return [lane.finished.popleft() for _ in range(len(lane.finished))]
