"""Queue `missedmessage_emails`: notes that somebody missed a message, to be mailed when their period ends.

Event: {"user_profile_id": 7, "message_id": 991, "trigger": "mentioned", "mentioned_user_group_id": null}
"""

import logging
from typing import Unpack

from appliance.jobs.worker import Context, Options, QueueProcessingWorker, assign_queue
from appliance.store import message as messages
from appliance.store import missed_mail
from appliance.store import user as users
from appliance.store.missed_mail import MissedMail
from appliance.store.transaction import Job, Transaction
from appliance.workers.parts import Parts

log = logging.getLogger(__name__)

PERIOD = "email_notifications_batching_period_seconds"


@assign_queue("missedmessage_emails")
class MissedMessageEmails(QueueProcessingWorker):
    def __init__(self, parts: Parts, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self._store, self._enabled = parts.store, parts.mails_missed

    def consume(self, job: Job, context: Context) -> None:
        """No flush: after a power cut the job is back, and what it did is gone."""
        if not self._enabled:
            return
        self._store.write(lambda transaction: _note(transaction, job, context), flush=False)


def _note(transaction: Transaction, job: Job, context: Context) -> None:
    if not context.acknowledge(transaction, job):
        return  # an earlier try got this far
    event = job.event()
    user = users.with_id(transaction, event["user_profile_id"])
    if user is None or not user.is_active:
        return
    if not messages.flags(transaction, user.id, [event["message_id"]]):
        log.debug("message %d is gone: user %d is not mailed of it", event["message_id"], user.id)
        return
    missed = MissedMail(event["message_id"], event["trigger"], event["mentioned_user_group_id"])
    due = missed_mail.add(transaction, user.id, missed, int(transaction.now()) + user.setting(PERIOD))
    missed_mail.schedule_batch(transaction, user.id, due)
