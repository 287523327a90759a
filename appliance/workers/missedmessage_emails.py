"""Queue `missedmessage_emails`: notes that somebody missed a message, to be mailed when their period ends.

Event: {"user_profile_id": 7, "message_id": 991, "trigger": "mentioned", "mentioned_user_group_id": null}
"""

from appliance.jobs.worker import QueueProcessingWorker
from appliance.store import job as jobs
from appliance.store import message as messages
from appliance.store import missed_mail
from appliance.store import user as users
from appliance.store.missed_mail import MissedMail
from appliance.store.store import Store
from appliance.store.transaction import Job, Transaction
from appliance.workers.missedmessage_email_batches import schedule_batch

PERIOD = "email_notifications_batching_period_seconds"


class MissedMessageEmails(QueueProcessingWorker):
    queue = "missedmessage_emails"

    def __init__(self, store: Store) -> None:
        self._store = store

    def consume(self, job: Job) -> None:
        """No flush: after a power cut the job is back, and what it did is gone."""
        self._store.write(lambda transaction: _note(transaction, job), flush=False)


def _note(transaction: Transaction, job: Job) -> None:
    jobs.done(transaction, [job.id])
    if not transaction.changes():
        return  # an earlier try got this far
    event = job.event()
    user = users.with_id(transaction, event["user_profile_id"])
    if user is None or not user.is_active:
        return
    if not messages.flags(transaction, user.id, [event["message_id"]]):
        return  # deleted since
    missed = MissedMail(event["message_id"], event["trigger"], event["mentioned_user_group_id"])
    due = missed_mail.add(transaction, user.id, missed, int(transaction.now()) + user.setting(PERIOD))
    schedule_batch(transaction, user.id, due)
