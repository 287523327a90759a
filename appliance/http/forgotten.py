"""The page for who has forgotten their password: a mail brings them a one-time link, where mails are sent."""

from typing import Any

from appliance.actions.user import password_reset
from appliance.base.errors import ApiError
from appliance.http.page import Form, Visit


def _facts(visit: Visit) -> dict[str, Any]:
    return {"mails": visit.services.sends_mail}


def _ask(visit: Visit) -> str:
    """The answer is the same whether there is such an account."""
    services, email = visit.services, visit.typed("email")
    if not services.sends_mail:
        raise ApiError("This server sends no mails.")
    services.mails.spend(email.strip().lower())
    password_reset.ask(services.store, email)
    return visit.show("forgotten_asked.html", email=email)


PAGES = (Form("/forgot", "forgotten.html", _ask, _facts),)
