"""What the workers of all roads share: from jobs to pushes, and back to how each job has ended.

Events, of the queues push_apns, push_fcm, push_web and push_ntfy (push_bouncer.py has others, too):

    {"type": "add", "user_profile_id": 7, "device_id": 3, "message_id": 991, "trigger": "mentioned",
     "mentioned_user_group_id": null}
    {"type": "remove", "user_profile_id": 7, "device_id": 3, "message_ids": [991, 992], "time": 1700000000}
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Unpack

from appliance.base.errors import StorageError
from appliance.jobs.policy import Policy
from appliance.jobs.verdict import Drop, Retry
from appliance.jobs.worker import (
    Context,
    Delivery,
    LoopQueueProcessingWorker,
    Options,
    QueueProcessingWorker,
    Worker,
)
from appliance.model.device import Device
from appliance.notify.push.compose import Place
from appliance.notify.push.form import FORMS, Form
from appliance.outside.road import Outcome
from appliance.outside.roads import TO_PHONES
from appliance.store import device as device_table
from appliance.store import push_day
from appliance.store import realm as realms
from appliance.store.connection import Handle
from appliance.store.transaction import Job, Transaction
from appliance.workers.parts import Parts
from appliance.workers.push_order import Sending, prepare
from appliance.workers.push_outcome import PushCounts, note, verdict

MENDING = 600.0  # seconds between two looks whether a road that is set up wrongly has been mended

# If the service does not say when, four tries take 11 minutes at least (32 at most): a failure of ten minutes
# costs no push, and one of seconds little time.
OUTLASTING = Policy(first_pause=30.0, growth=6.0, longest_pause=1800.0)
ONE_BY_ONE = replace(OUTLASTING, concurrency=8)  # a thread waits for one answer
TOGETHER = replace(OUTLASTING, sleep_delay=0.0)  # what gathers while the last batch is sent: no push waits


@dataclass(slots=True)
class _Task:
    """`end`: how its job has ended, as Delivery.end takes it; None, and nothing to send: it is done."""

    job: Job
    sending: Sending | None = None
    outcome: Outcome | None = None
    end: Exception | None = None


class PushingWorker(Worker):
    """The base of both kinds below. `road`: its name (outside/roads.py)."""

    road: ClassVar[str]

    def __init__(self, parts: Parts, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.parts = parts
        self._counts = PushCounts(self.road, parts.metrics)

    def form(self, event: dict[str, Any]) -> Form:
        return FORMS[self.road]

    def devices(self, handle: Handle, event: dict[str, Any]) -> list[Device]:
        """For which the job is, as far as they are still there."""
        device = device_table.with_id(handle, event["device_id"])
        return [device] if device and device.user_id == event["user_profile_id"] else []

    def push(self, jobs: Sequence[Job], context: Context) -> list[Exception | None]:
        """How each has ended. What is done is acknowledged, together with what it says of devices."""
        tasks = [_Task(job) for job in jobs]
        self._prepare(tasks, context)
        self._send(tasks, context)
        with suppress(StorageError):  # the pool writes later what the disk does not take now
            self.parts.store.write(lambda transaction: self._settle(transaction, tasks, context), flush=False)
        return [each.end for each in tasks]

    def _prepare(self, tasks: list[_Task], context: Context) -> None:
        """A job that makes no sense must not keep the others of a batch."""
        with self.parts.store.read() as reader:
            reader.begin()
            place = Place(realms.get(reader), self.parts.public_url, self.parts.redact)
            for each in tasks:
                try:
                    each.sending = self._prepared(reader, each.job.event(), place, context.clock.now())
                except Exception as error:
                    each.end = error

    def _prepared(self, handle: Handle, event: dict[str, Any], place: Place, now: float) -> Sending | None:
        return prepare(handle, event, self.devices(handle, event), self.form(event), place, now)

    def _send(self, tasks: list[_Task], context: Context) -> None:
        going = [(each, each.sending) for each in tasks if each.sending]
        road = self.parts.roads.named(self.road)
        if road is None:
            for task, _ in going:
                task.end = self._no_road()
            return
        outcomes = road.send([sending.push for _, sending in going], context.deadline.left) if going else []
        now = context.clock.now()
        for (task, sending), outcome in zip(going, outcomes, strict=True):
            self._counts.add(sending, outcome, now)
            about = f"user {sending.user_id}: no push by {self.road}"
            last = task.job.failed_tries + 1 >= self.policy.attempts
            task.outcome, task.end = outcome, verdict(outcome, about, last=last)

    def _no_road(self) -> Drop | Retry:
        mistake = self.parts.roads.mistakes.get(self.road)
        return (
            Retry(mistake, MENDING, counts=False) if mistake else Drop("the road is not configured any more")
        )

    def _settle(self, transaction: Transaction, tasks: list[_Task], context: Context) -> None:
        for each in tasks:
            if each.end is None:
                context.acknowledge(transaction, each.job)
            if each.sending and each.outcome:
                note(transaction, each.sending, each.outcome)
        count = sum(each.outcome.count for each in tasks if each.outcome and each.outcome.kind == "sent")
        if count and self.road in TO_PHONES:
            push_day.add(transaction, count)


class PushWorker(PushingWorker, QueueProcessingWorker):
    """A push at a time, each in a thread that waits for the answer."""

    def consume(self, job: Job, context: Context) -> None:
        (end,) = self.push([job], context)
        if end is not None:
            raise end


class PushBatchWorker(PushingWorker, LoopQueueProcessingWorker):
    """Many pushes at a time on one connection."""

    def consume_batch(self, deliveries: Sequence[Delivery], context: Context) -> None:
        ends = self.push([each.job for each in deliveries], context)
        for each, end in zip(deliveries, ends, strict=True):
            each.end(end)
