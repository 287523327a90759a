"""The event of a job for the queue `email_senders`, in all its forms.

    {"to_user_ids": [7]}            or "to_emails": ["a@b.example"]: exactly one; "to_user_id": 7 and
                                    "to_email": "a@b.example" are older forms
    "subject", "text", "html"       what it says (notify/mail.py), or
    "template_prefix", "context"    the name of a template (notify/template.py) and what it needs
    "from_name"                     default: "<organization> notifications"
    "from_address"                  an address, or a place: SUPPORT, NO_REPLY (default), TOKENIZED_NO_REPLY
    "reply_to_email"                a mailbox; default for a no-reply address: the no-reply address
    "realm_id"                      null, or the organization's
    "language"                      default: the first recipient's
    "date", "headers"               seconds since the epoch (default: now), further headers by name
"""

from dataclasses import dataclass, field, fields
from typing import Any

from appliance.notify.template import Unsendable

QUEUE = "email_senders"
REALM_ID = 1  # a file holds one organization
OLDER = {"to_user_id": "to_user_ids", "to_email": "to_emails"}


@dataclass(frozen=True, slots=True)
class MailJob:
    to_user_ids: list[int] | None = None
    to_emails: list[str] | None = None
    subject: str = ""
    text: str = ""
    html: str = ""
    template_prefix: str | None = None
    context: dict[str, Any] = field(default_factory=dict)
    from_name: str | None = None
    from_address: str | None = None
    reply_to_email: str | None = None
    realm_id: int | None = None
    language: str | None = None
    date: float | None = None
    headers: dict[str, str] = field(default_factory=dict)


# What each field may be. Of a list, or of the values of an object: what is in it.
KINDS: dict[str, tuple[type, ...]] = {
    "to_user_ids": (list, int),
    "to_emails": (list, str),
    "context": (dict, object),
    "headers": (dict, str),
    "realm_id": (int,),
    "date": (float,),
}


def read(event: Any) -> MailJob:
    """Fields that it does not know (failed_tries, …) are left out. Raises Unsendable."""
    if not isinstance(event, dict):
        raise Unsendable("the event is not an object")
    modern = {name: event[name] for name in _NAMES if event.get(name) is not None}
    for older, name in OLDER.items():
        if event.get(older) is not None:
            modern.setdefault(name, [event[older]])
    wrong = [name for name, value in modern.items() if not _fits(value, KINDS.get(name, (str,)))]
    if wrong:
        raise Unsendable(f"the event has a wrong {', '.join(wrong)}")
    job = MailJob(**modern)
    if bool(job.to_user_ids) == bool(job.to_emails):
        raise Unsendable("the event must have exactly one of to_user_ids and to_emails")
    if job.realm_id not in (None, REALM_ID):
        raise Unsendable(f"there is no organization {job.realm_id}")
    if not (job.template_prefix or job.text):
        raise Unsendable("the event has neither a text nor a template_prefix")
    return job


_NAMES = [each.name for each in fields(MailJob)]


def _fits(value: object, kinds: tuple[type, ...]) -> bool:
    kind, *inner = kinds
    if isinstance(value, bool) or not isinstance(value, (int, float) if kind is float else kind):
        return False
    within = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return all(_fits(each, tuple(inner)) for each in within) if inner != [object] else True
