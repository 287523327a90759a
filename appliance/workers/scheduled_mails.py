"""Queue `scheduled_mails`: a mail whose time has come becomes a job of `email_senders`. Event: {"id": 3}."""

import logging
from typing import Any, Unpack

from appliance.jobs.worker import Context, Options, QueueProcessingWorker, assign_queue
from appliance.store import scheduled_mail
from appliance.store.scheduled_mail import ScheduledMail
from appliance.store.transaction import Job, Transaction
from appliance.workers.email_senders import EmailSenders
from appliance.workers.parts import Parts

log = logging.getLogger(__name__)


@assign_queue(scheduled_mail.QUEUE)
class ScheduledMails(QueueProcessingWorker):
    def __init__(self, parts: Parts, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self._store = parts.store

    def consume(self, job: Job, context: Context) -> None:
        """No flush: after a power cut the row and the job are back, and the mail is not."""
        self._store.write(lambda transaction: _deliver(transaction, job, context), flush=False)


def _deliver(transaction: Transaction, job: Job, context: Context) -> None:
    if not context.acknowledge(transaction, job):
        return  # an earlier try got this far
    mail = scheduled_mail.get(transaction, job.event()["id"])
    if mail is None:
        return  # dropped since
    to = _recipients(mail)
    if to:
        transaction.job(EmailSenders.queue, {**mail.data, **to})
    else:
        log.warning("the scheduled mail %d is for nobody: it is dropped", mail.id)
    scheduled_mail.drop(transaction, [mail.id])


def _recipients(mail: ScheduledMail) -> dict[str, Any]:
    if mail.user_ids:
        return {"to_user_ids": mail.user_ids}
    return {"to_emails": [mail.address]} if mail.address else {}
