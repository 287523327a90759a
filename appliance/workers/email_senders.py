"""Queue `email_senders`: sends mails, one by one on a connection that is kept. Event: notify/mail_job.py."""

import logging
import math
from collections.abc import Sequence
from contextlib import suppress
from typing import Unpack

from appliance.base.errors import StorageError
from appliance.jobs.deadline import Deadline
from appliance.jobs.policy import Policy
from appliance.jobs.verdict import Drop, Fail, Retry
from appliance.jobs.worker import Context, Delivery, LoopQueueProcessingWorker, Options, assign_queue
from appliance.model.user import User
from appliance.notify.language import ENGLISH, Language, spoken
from appliance.notify.letter import Mailbox, Sender, build, mailbox
from appliance.notify.mail_job import MailJob, read
from appliance.notify.template import Unsendable
from appliance.outside.breaker import Deferred
from appliance.outside.mail import MailDeferred, MailRefused
from appliance.store import realm as realms
from appliance.store import user as users
from appliance.store.transaction import Job
from appliance.workers.parts import Parts

log = logging.getLogger(__name__)


class EmailSendingWorker(LoopQueueProcessingWorker):
    """What all queues of mails share: each mail of a batch ends on its own, in its own time."""

    def __init__(self, parts: Parts, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self._parts = parts

    def consume_batch(self, deliveries: Sequence[Delivery], context: Context) -> None:
        for delivery in deliveries:
            context.deadline.check()
            try:
                self._send(delivery.job, context)
                self._acknowledge(delivery.job, context)
            except Exception as error:
                delivery.end(error)
            else:
                delivery.end()

    def close(self) -> None:
        self._parts.mailer.close()

    def _send(self, job: Job, context: Context) -> None:
        """Raises verdicts."""
        own = Deadline(self.policy.timeout or math.inf)
        try:
            mail = read(job.event())
            to, sender, language = self._about(job, mail)
            letter = build(mail, to, sender, language, number=job.id, now=context.clock.now())
            self._parts.mailer.send(letter, lambda: min(own.left(), context.deadline.left()))
        except Deferred as error:
            raise Retry(str(error), error.wait, counts=False) from error
        except (MailDeferred, StorageError) as error:
            raise Retry(str(error)) from error
        except (MailRefused, Unsendable) as error:
            raise Fail(str(error)) from error

    def _about(self, job: Job, mail: MailJob) -> tuple[list[Mailbox], Sender, Language]:
        with self._parts.store.read() as reader:
            realm = realms.get(reader)
            people = [each for each in users.with_ids(reader, mail.to_user_ids or []) if each.is_active]
        to = [Mailbox(each.full_name, each.delivery_email) for each in people]
        to += map(mailbox, mail.to_emails or [])
        if not to:
            raise Drop("nobody is left to get the mail")
        sender = Sender(realm, self._parts.public_url, self._parts.noreply, self._parts.support)
        return to, sender, spoken(mail.language or _language_of(job, people))

    def _acknowledge(self, job: Job, context: Context) -> None:
        """At once, since a crash before it sends the mail again. What the disk does not take now, the pool
        writes later."""
        with suppress(StorageError):
            self._parts.store.write(lambda transaction: context.acknowledge(transaction, job), flush=False)


def _language_of(job: Job, people: list[User]) -> str:
    if people:
        language: str = people[0].setting("default_language")
        return language
    log.warning("%s: job %d names no language, nor a person with one: it is in English", job.queue, job.id)
    return ENGLISH


# Its tries take about 35 minutes. A batch is what has gathered while the last one was sent: no mail waits.
@assign_queue(
    "email_senders", policy=Policy(attempts=8, first_pause=30.0, longest_pause=600.0, sleep_delay=0.0)
)
class EmailSenders(EmailSendingWorker):
    pass
