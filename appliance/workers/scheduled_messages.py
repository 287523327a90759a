"""Queue `scheduled_messages`: a message whose time has come is sent.

Event: {"id": 3, "user_profile_id": 7}
"""

import logging
from functools import partial
from typing import Unpack

from appliance.actions.message import scheduled as actions
from appliance.base.errors import ApiError, StorageError
from appliance.jobs.verdict import Verdict
from appliance.jobs.worker import Context, Options, QueueProcessingWorker, assign_queue
from appliance.model import scheduled_message as model
from appliance.model.scheduled_message import Scheduled
from appliance.store import scheduled_message as table
from appliance.store.transaction import Job
from appliance.workers.parts import Parts

log = logging.getLogger(__name__)


@assign_queue(table.QUEUE)
class ScheduledMessages(QueueProcessingWorker):
    def __init__(self, parts: Parts, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self._store, self._clock = parts.store, parts.clock

    def consume(self, job: Job, context: Context) -> None:
        with self._store.read() as reader:
            message = table.get(reader, job.event()["id"])
        if message is None or message.failure is not None:
            return
        failure = self._send(message, job, context)
        if failure is not None:
            acknowledge = partial(context.acknowledge, job=job)
            actions.fail(self._store, message, failure, acknowledge)

    def _send(self, message: Scheduled, job: Job, context: Context) -> str | None:
        """Why it could not be sent; what may pass is tried again."""
        if self._clock.now() > message.due + model.LATE:
            return model.TOO_LATE
        try:
            actions.send(self._store, message, partial(context.acknowledge, job=job))
        except ApiError as error:
            return error.msg
        except (Verdict, StorageError):
            raise
        except Exception:
            if context.attempt < self.policy.attempts:
                raise
            log.exception("the scheduled message %d cannot be sent", message.id)
            return "Internal server error"
        return None
