"""Mails in the outbox, where they go without a mail server, as administrators see them in the console.

The text of one is only for whom it was sent to and, unless it tells what somebody missed, for owners.
"""

from pathlib import Path
from typing import Any

from appliance.base.errors import ApiError
from appliance.base.options import MAIL_HOST
from appliance.http.endpoint import Answer, Call, get
from appliance.http.services import Services
from appliance.model.permission import check_admin, reads_sent_mail
from appliance.model.user import User
from appliance.outside import sent_mail
from appliance.outside.outbox import FOLDER
from appliance.outside.sent_mail import SentMail

MOST_LISTED = 50


class NoSuchMail(ApiError):
    status = 404

    def __init__(self) -> None:
        super().__init__("There is no such mail for you to read")


@get("/appliance/admin/mails", polls=True, who="admins", differs="not of Zulip")
def mails(call: Call) -> Answer:
    """The last 50, newest first. `readable`: whether one may read its text. `mail_server`: where mails go; if
    there is one, they do not stay here."""
    check_admin(call.user)
    found = sent_mail.newest(folder(call.services), MOST_LISTED)
    return {
        "mail_server": call.services.console.config.get(MAIL_HOST),
        "mails": [_shown(each, call.user) for each in found],
    }


@get("/appliance/admin/mails/<name>", who="admins", differs="not of Zulip")
def mail(call: Call, *, name: str) -> Answer:
    """The text of one; its HTML is at /admin/mails/{name}."""
    check_admin(call.user)
    found = readable(call.services, call.user, name)
    if found is None:
        raise NoSuchMail
    return {**_shown(found, call.user), "text": sent_mail.body(folder(call.services), name, "plain")}


def folder(services: Services) -> Path:
    return services.store.folder / FOLDER


def readable(services: Services, user: User, name: str) -> SentMail | None:
    """The mail in the file of that name; None: there is none that this person may read."""
    found = sent_mail.find(folder(services), name)
    return found if found and _may_read(user, found) else None


def _may_read(user: User, mail: SentMail) -> bool:
    return user.is_admin and reads_sent_mail(user, mail.to, about_messages=mail.about_messages)


def _shown(mail: SentMail, user: User) -> dict[str, Any]:
    """Where somebody has missed something is in the subject, too."""
    may_read = _may_read(user, mail)
    return {
        "name": mail.name,
        "time": mail.time,
        "to": mail.to,
        "subject": mail.subject if may_read or not mail.about_messages else "",
        "about_messages": mail.about_messages,
        "readable": may_read,
    }
