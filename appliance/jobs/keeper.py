"""The pool's own thread: writes off what is done, watches what runs for long, starts what is due.

It sleeps until somebody rings or something is due; an idle pool has nothing for it to do.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence

from appliance.base.clock import Clock
from appliance.base.errors import StorageError
from appliance.jobs import pauses
from appliance.jobs.claim import Claim
from appliance.jobs.lane import Lane
from appliance.jobs.ledger import Ledger
from appliance.store import job as job_table
from appliance.store.store import Store
from appliance.store.transaction import Transaction

log = logging.getLogger(__name__)

CLOCK_STEP = 60.0  # seconds; a clock that goes back by more was set

Chore = Callable[[], bool]


class Keeper:
    def __init__(self, store: Store, clock: Clock, chore: Chore) -> None:
        """`chore` is done each time, and again without a pause while it returns True."""
        self._store, self._clock, self._chore = store, clock, chore
        self._bell, self._hurry = threading.Event(), threading.Event()
        self._stopping = False
        self._ahead = clock.now() - time.monotonic()  # of the wall clock, as it was

    def ring(self) -> None:
        """Any thread; often. Something is to be done in a while."""
        if not self._bell.is_set():
            self._bell.set()

    def hurry(self) -> None:
        """It is to be done now."""
        self._hurry.set()
        self.ring()

    def stop(self) -> None:
        self._stopping = True
        self.hurry()

    def run(self, lanes: Sequence[Lane], ledger: Ledger, replace: Callable[[Lane], None]) -> None:
        """The thread. `replace` starts another thread for a lane."""
        more = False
        while not self._stopping:
            if not more:
                self._bell.wait(_nap(lanes, self._clock))
                self._bell.clear()
                self._hurry.wait(min((*_dues(lanes, self._clock), pauses.ACK)))
            self._hurry.clear()
            more = self._chore()
            self._notice_clock(lanes)
            for lane in lanes:
                self._see_to(lane, ledger, replace)
            self._write_off(lanes, ledger)

    def _see_to(self, lane: Lane, ledger: Ledger, replace: Callable[[Lane], None]) -> None:
        lane.take_up(pauses.DISK)
        if lane.is_due:
            lane.line.wake()
        for claim in list(lane.claims):
            if claim.deadline.late() >= pauses.OVERRUN and _take_away(lane, claim, ledger) and lane.hang():
                replace(lane)

    def _write_off(self, lanes: Sequence[Lane], ledger: Ledger) -> None:
        late = time.monotonic() - pauses.MARK
        long = [claim for lane in lanes for claim in list(lane.claims) if claim.began <= late]
        try:
            ledger.write_off(lanes, running=[job_id for claim in long for job_id in claim.job_ids])
        except Exception as error:
            finished = sum(len(lane.finished) for lane in lanes)
            log.error("%d finished jobs were not deleted: %s", finished, error)
            return
        for claim in long:
            claim.marked = True

    def _notice_clock(self, lanes: Sequence[Lane]) -> None:
        """A clock that went forward makes jobs due. One that went back must not make retries wait for it."""
        ahead = self._clock.now() - time.monotonic()
        back, self._ahead = self._ahead - ahead, ahead
        if back < CLOCK_STEP:
            return
        log.warning("the clock was set back by %.0f s: retries are made as much earlier", back)

        def write(transaction: Transaction) -> None:
            for lane in lanes:
                job_table.hurry_retries(transaction, lane.queue, back)

        try:
            self._store.write(write, flush=False)
            for lane in lanes:
                lane.look()
        except StorageError as error:
            log.error("retries wait for the clock: %s", error)


def _take_away(lane: Lane, claim: Claim, ledger: Ledger) -> bool:
    """The jobs of a thread that has had its time; False: it has ended them this moment."""
    verdict = claim.deadline.overrun()
    if lane.claims.pop(claim, None) is None:
        return False
    claim.deadline.expire()
    ended = [each for each in claim.deliveries if each.ended]
    others = [each.job for each in claim.deliveries if not each.ended]
    for each in ended:
        ledger.settle(lane, each.job, each.verdict)
    if len(claim.deliveries) == 1:
        for job in others:
            ledger.settle(lane, job, verdict)
    else:
        ledger.isolate(lane, others, verdict)
    return True


def _nap(lanes: Sequence[Lane], clock: Clock) -> float | None:
    """Seconds, or None: until somebody rings."""
    naps = [*_naps(lanes, clock)]
    return min(*naps, pauses.LONGEST_NAP) if naps else None


def _naps(lanes: Sequence[Lane], clock: Clock) -> Iterator[float]:
    """In how many seconds there is something to do."""
    yield from _dues(lanes, clock)
    for lane in lanes:
        if lane.finished or lane.waits_for_disk:
            yield pauses.DISK  # what is still there, the disk did not take
        for claim in list(lane.claims):
            yield _until(claim)


def _dues(lanes: Sequence[Lane], clock: Clock) -> Iterator[float]:
    """In how many seconds jobs are to start; those whose time has come wait for threads."""
    for lane in lanes:
        if lane.next_due is not None and not lane.is_due:
            yield max(0.0, lane.next_due / 1000 - clock.now())


def _until(claim: Claim) -> float:
    """Seconds until something is to be done about it."""
    until = pauses.OVERRUN - claim.deadline.late()
    return max(0.0, until if claim.marked else min(until, claim.began + pauses.MARK - time.monotonic()))
