"""Queue `email_senders`: sends one mail. Event: notify/mail.py."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from appliance.base.errors import StorageError
from appliance.jobs.verdict import Drop, Fail, Retry
from appliance.jobs.worker import Policy, QueueProcessingWorker
from appliance.model.user import User
from appliance.outside.mail import MailDeferred, Mailer, MailRefused
from appliance.store import job as jobs
from appliance.store import user as users
from appliance.store.store import Store
from appliance.store.transaction import Job

if TYPE_CHECKING:  # imported by the first mail: it takes memory
    from email.headerregistry import Address
    from email.message import EmailMessage

LONGEST_MAILBOX = 320  # bytes of a name with its address; mail servers refuse longer ones


class EmailSenders(QueueProcessingWorker):
    queue = "email_senders"
    policy = Policy(attempts=8, first_pause=30.0, longest_pause=600.0)  # about 35 minutes in all

    def __init__(self, store: Store, mailer: Mailer, noreply: str) -> None:
        """`noreply`: the address that mails are from, and that answers go to."""
        self._store, self._mailer, self._noreply = store, mailer, noreply

    def consume(self, job: Job) -> None:
        mail = job.event()
        message = build(mail, self._recipients(mail), self._noreply)
        try:
            self._mailer.send(message)
        except (MailDeferred, StorageError) as error:
            raise Retry(str(error)) from error
        except MailRefused as error:
            raise Fail(str(error)) from error
        self._acknowledge(job)

    def close(self) -> None:
        self._mailer.close()

    def _recipients(self, mail: dict[str, Any]) -> list[User]:
        with self._store.read() as reader:
            found = [each for each in users.with_ids(reader, mail["to_user_ids"]) if each.is_active]
        if not found:
            raise Drop("nobody is left to get the mail")
        return found

    def _acknowledge(self, job: Job) -> None:
        """At once, since a crash before it sends the mail again. What the disk does not take now, the pool
        writes later."""
        with suppress(StorageError):
            self._store.write(lambda transaction: jobs.done(transaction, [job.id]), flush=False)


def build(mail: dict[str, Any], recipients: list[User], noreply: str) -> "EmailMessage":
    """The mail as it goes out. Raises Fail for an address that no mail can be sent to."""
    from email.message import EmailMessage
    from email.policy import SMTP

    message = EmailMessage(SMTP.clone(cte_type="7bit"))  # not every mail server takes bodies of 8 bits
    message["Date"] = datetime.fromtimestamp(mail["date"], UTC)
    message["From"] = _mailbox(mail["from_name"], noreply)
    message["To"] = [_mailbox(each.full_name, each.delivery_email) for each in recipients]
    message["Reply-To"] = _mailbox("", noreply)
    message["Subject"] = mail["subject"]
    for name, value in mail["headers"].items():
        message[name] = value
    message.set_content(mail["text"])
    message.add_alternative(mail["html"], subtype="html")
    return message


def _mailbox(name: str, address: str) -> "Address":
    from email.errors import MessageError
    from email.headerregistry import Address
    from email.policy import SMTP

    local, _, domain = address.rpartition("@")
    try:
        bare = Address(addr_spec=f"{local}@{domain.encode('idna').decode()}")
    except (ValueError, MessageError) as error:
        raise Fail(f"no mail can be sent to {address}: {error}") from error
    named = Address(name, bare.username, bare.domain)
    fits = len(SMTP.header_factory("To", named).fold(policy=SMTP)) <= LONGEST_MAILBOX
    return named if fits else bare
