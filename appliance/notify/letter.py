"""The mail as it goes out: headers, addresses, both bodies."""

import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from appliance.model.realm import Realm
from appliance.notify.language import Language
from appliance.notify.mail import one_line
from appliance.notify.mail_job import MailJob
from appliance.notify.template import Unsendable, Words, render

if TYPE_CHECKING:  # imported by the first mail: it takes memory
    from email.headerregistry import Address
    from email.message import EmailMessage

LONGEST_MAILBOX = 320  # bytes of a name with its address; mail servers refuse longer ones
ENCODED_WORD = re.compile(r"=\?(?=[^?]*\?[bq]\?)", re.IGNORECASE)  # how one begins (RFC 2047)


@dataclass(frozen=True, slots=True)
class Mailbox:
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Sender:
    """Who we are in mails. `noreply`: what mails are from, `support`: where people ask for help."""

    realm: Realm
    public_url: str
    noreply: str
    support: str


def _tokenized(sender: Sender) -> str:
    """An address that nobody can guess from another mail, so that others' mail rules do not know it."""
    local, _, domain = sender.noreply.rpartition("@")
    return f"{local}-{secrets.token_hex(12)}@{domain}"


FROM_PLACES: dict[str, Callable[[Sender], str]] = {
    "SUPPORT": lambda sender: sender.support,
    "NO_REPLY": lambda sender: sender.noreply,
    "TOKENIZED_NO_REPLY": _tokenized,
}
NO_REPLY = {"NO_REPLY", "TOKENIZED_NO_REPLY"}


def build(
    job: MailJob, to: list[Mailbox], sender: Sender, language: Language, *, number: int, now: float
) -> "EmailMessage":
    """`number`: the job's; the same makes the same Message-ID. Raises Unsendable, also for an address that no
    mail can be sent to."""
    from email.message import EmailMessage

    from appliance.notify.header import POLICY

    words = _words(job, sender, language)
    headers = {"Message-ID": _id(sender, number), "X-Auto-Response-Suppress": "All", **job.headers}
    message = EmailMessage(POLICY)
    message["Date"] = datetime.fromtimestamp(now if job.date is None else job.date, UTC)
    message["From"] = _from(job, sender)
    message["To"] = [_mailbox(each) for each in to]
    reply_to = _reply_to(job, sender)
    if reply_to:
        message["Reply-To"] = _mailbox(reply_to)
    message["Subject"] = _plain(words.subject)
    for name, value in headers.items():
        message[name] = one_line(value)
    message.set_content(words.text)
    message.add_alternative(words.html, subtype="html")
    message["Content-Language"] = language.code  # before, it would be taken for that of the first body
    return message


def _words(job: MailJob, sender: Sender, language: Language) -> Words:
    if job.template_prefix is None:
        return Words(job.subject, job.text, job.html)
    context = {"realm_name": sender.realm.name, "realm_url": sender.public_url, **job.context}
    return render(job.template_prefix, context, language)


def _id(sender: Sender, number: int) -> str:
    digest = hashlib.sha256(f"{sender.realm.uuid}\n{number}".encode()).hexdigest()[:32]
    return f"<{digest}@{sender.noreply.rpartition('@')[2]}>"


def _from(job: MailJob, sender: Sender) -> "Address":
    given = job.from_address or "NO_REPLY"
    place = FROM_PLACES.get(given)
    name = f"{sender.realm.name} notifications" if job.from_name is None else job.from_name
    return _mailbox(Mailbox(name, place(sender) if place else given))


def _reply_to(job: MailJob, sender: Sender) -> Mailbox | None:
    """Answers to an address that nobody reads should not go to one with a token, either."""
    if job.reply_to_email:
        return mailbox(job.reply_to_email)
    is_noreply = (job.from_address or "NO_REPLY") in NO_REPLY or job.from_address == sender.noreply
    return Mailbox("", sender.noreply) if is_noreply else None


def mailbox(text: str) -> Mailbox:
    """Of `a@b.example` or `Name <a@b.example>`."""
    from email.utils import parseaddr

    return Mailbox(*parseaddr(text))


def _plain(text: str) -> str:
    """What people wrote, in one line. Nothing in it is an encoded word: the standard library would decode it,
    to line breaks or addresses perhaps, and write those."""
    return ENCODED_WORD.sub("= ?", one_line(text))


def _mailbox(box: Mailbox) -> "Address":
    from email.errors import MessageError
    from email.headerregistry import Address
    from email.policy import SMTP

    local, _, domain = box.address.rpartition("@")
    try:
        bare = Address(addr_spec=f"{local}@{domain.encode('idna').decode()}")
    except (ValueError, MessageError, IndexError) as error:
        raise Unsendable(f"no mail can be sent to {box.address or 'nowhere'}: {error}") from error
    named = Address(_plain(box.name), bare.username, bare.domain)
    fits = len(SMTP.header_factory("To", named).fold(policy=SMTP)) <= LONGEST_MAILBOX
    return named if fits else bare
