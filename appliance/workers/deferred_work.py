"""Queue `deferred_work`: what an action leaves to be done in many small transactions, or unseen.

Events: {"type": "mark_stream_messages_as_read_for_everyone", "stream_recipient_id": 12, "min_id": 400}
        {"type": "mail_password_reset", "email": "ann@example.org"}
"""

import logging
import time
from typing import Any, Unpack

from appliance.actions.channel import archive as channel_archive
from appliance.actions.user import password_reset
from appliance.jobs.policy import Policy
from appliance.jobs.worker import Context, Options, QueueProcessingWorker, assign_queue
from appliance.store.transaction import Job
from appliance.workers.parts import Parts

log = logging.getLogger(__name__)


@assign_queue(channel_archive.QUEUE, policy=Policy(timeout=None))
class DeferredWork(QueueProcessingWorker):
    def __init__(self, parts: Parts, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self._store, self._public_url = parts.store, parts.public_url
        self._kinds = {
            channel_archive.MARK_READ: self._mark_read,
            password_reset.KIND: self._mail_password_reset,
        }

    def consume(self, job: Job, context: Context) -> None:
        event = job.event()
        began = time.perf_counter()
        self._kinds[event["type"]](event)
        log.info("%s took %d ms", event["type"], (time.perf_counter() - began) * 1000)

    def _mark_read(self, event: dict[str, Any]) -> None:
        """What takes too long goes on in a job of its own, after those that wait."""
        next_id = channel_archive.mark_read(
            self._store, event["stream_recipient_id"], event.get("min_id", 0)
        )
        if next_id is not None:
            rest = {**event, "min_id": next_id}
            self._store.write(lambda transaction: transaction.job(channel_archive.QUEUE, rest))

    def _mail_password_reset(self, event: dict[str, Any]) -> None:
        password_reset.mail(self._store, event["email"], self._public_url)
