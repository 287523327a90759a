"""What came of a push: the verdict on its job, what it says of the devices, and the figures."""

import logging

from appliance.base.metrics import Metrics
from appliance.jobs.verdict import Fail, Retry, Verdict
from appliance.outside.road import Outcome
from appliance.store import device as devices
from appliance.store.transaction import Transaction
from appliance.workers.push_order import Sending

log = logging.getLogger(__name__)

LONGEST_WAIT = 6 * 3600.0  # seconds; a service that asks for more is asked again sooner
A_DAY = 86_400
COUNTED_AS = {"sent": "sent", "gone": "gone", "later": "retried", "failed": "failed"}


def retry(outcome: Outcome, about: str, *, last: bool) -> Retry:
    """`about`: whose, and by which road; `last`: the job has no more tries."""
    if last and outcome.tried:
        log.warning("%s: given up: %s", about, outcome.reason)
    wait = None if outcome.wait is None else min(max(0.0, outcome.wait), LONGEST_WAIT)
    return Retry(outcome.reason, wait, counts=outcome.tried)


def verdict(outcome: Outcome, about: str, *, last: bool) -> Verdict | None:
    """None: its job is done. The others as of `retry`."""
    if outcome.kind == "later":
        return retry(outcome, about, last=last)
    if outcome.kind == "failed":
        return Fail(f"{about}: {outcome.reason}")
    if outcome.gone:
        log.info("%s: %d devices are no more: %s", about, len(outcome.gone), outcome.reason)
    return None


def note(transaction: Transaction, sending: Sending, outcome: Outcome) -> None:
    """Of a device that works, a row at most once a day."""
    if outcome.gone:
        devices.drop(transaction, outcome.gone)
    if outcome.kind in ("later", "failed"):
        devices.failed(transaction, [each.id for each in sending.push.devices], outcome.reason)
    if outcome.kind == "sent":
        for each in sending.push.devices:
            if each.error or transaction.now() - each.last_used > A_DAY:
                devices.used(transaction, each.id)


class PushCounts:
    """The figures of one road. Any thread."""

    def __init__(self, road: str, metrics: Metrics) -> None:
        self._road = road
        self._pushes = metrics.counter("appliance_pushes_total", "Pushes by road and what came of them.")
        self._seconds = metrics.counter(
            "appliance_push_seconds_sum", "Seconds from messages until a service had their pushes."
        )
        self._timed = metrics.counter("appliance_push_seconds_count", "Pushes whose seconds were added up.")

    def add(self, sending: Sending, outcome: Outcome, now: float) -> None:
        count = outcome.count if outcome.kind == "sent" else 1
        self._pushes.add(count, road=self._road, outcome=COUNTED_AS[outcome.kind])
        if outcome.kind == "sent" and sending.written is not None:
            self._seconds.add(max(0.0, now - sending.written), road=self._road)
            self._timed.add(road=self._road)
