"""The page behind the links that end mails. GET asks, since mail scanners follow links; POST does it, from
the page's button or from a mail program (RFC 8058)."""

from typing import Any

from appliance.actions.personal import unsubscribe as deeds
from appliance.http.page import Form, Visit
from appliance.notify.unsubscribe import KINDS, PATH
from appliance.store.scheduled_mail import Kind

MAILS = {
    "missed_messages": "mails about messages that you missed",
    "digest": "summaries of what happened while you were away",
    "login": "mails about new logins to your account",
    "marketing": "mails about news of this server",
    "welcome": "mails that help you begin",
}


def _facts(visit: Visit, kind: str, key: str) -> dict[str, Any]:
    deeds.person(visit.services.store, visit.services.secret, kind, key)
    return {"mails": MAILS[kind]}


def _unsubscribe(visit: Visit, kind: str, key: str) -> str:
    deeds.unsubscribe(visit.services.store, visit.services.secret, kind, key)
    return visit.show("unsubscribed.html", mails=MAILS[kind], has_setting=not isinstance(KINDS[kind], Kind))


# It goes by the link and not by who is signed in, so there is nothing that another site could make use of.
PAGES = (Form(f"{PATH}/<kind>/<key>", "unsubscribe.html", _unsubscribe, _facts, foreign=True),)
