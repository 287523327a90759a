"""Pages that sign a browser in and out: with address and password, or by a one-time link."""

from typing import Any

import bottle

from appliance.actions.realm import organization as realm_actions
from appliance.actions.user import login_link
from appliance.actions.user import session as sessions
from appliance.http.auth import log_in
from appliance.http.page import COOKIE, Form, Page, Visit, cookie, go
from appliance.model.user import User


def _log_in(visit: Visit) -> str:
    return sign_in(visit, log_in(visit.services, visit.typed("email"), visit.typed("password")))


def _sign_in_facts(visit: Visit) -> dict[str, Any]:
    """`anybody`: may come without an invitation."""
    return {"anybody": not realm_actions.get(visit.services.store).setting("invite_required")}


def _log_out(visit: Visit) -> str:
    sessions.end(visit.services.store, cookie(visit.environ))
    _set_cookie(visit, "", 0)
    return go("/")


def _owner_facts(visit: Visit, token: str) -> dict[str, Any]:
    login_link.check_owners(visit.services.store, token, visit.services.clock.now())
    return {}


def _become_owner(visit: Visit, token: str) -> str:
    owner = login_link.become_owner(
        visit.services.store,
        token,
        realm_name=visit.typed("realm_name"),
        email=visit.typed("email"),
        full_name=visit.typed("full_name"),
        password=visit.typed("password"),
    )
    return sign_in(visit, owner)


def _link_facts(visit: Visit, token: str) -> dict[str, Any]:
    return {"whose": login_link.whose(visit.services.store, token, visit.services.clock.now())}


def _follow_link(visit: Visit, token: str) -> str:
    return sign_in(visit, login_link.follow(visit.services.store, token, visit.typed("password")))


def sign_in(visit: Visit, user: User) -> str:
    _set_cookie(visit, sessions.begin(visit.services.store, user), sessions.LIFETIME)
    return go("/")


def _set_cookie(visit: Visit, token: str, seconds: int) -> None:
    bottle.response.set_cookie(
        COOKIE,
        token,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="lax",
        secure=visit.services.public_url.startswith("https:"),
    )


SIGN_IN = Form("/login", "sign_in.html", _log_in, _sign_in_facts)
PAGES = (
    SIGN_IN,
    Form("/owner/<token>", "owner.html", _become_owner, _owner_facts),
    Form("/login/<token>", "link.html", _follow_link, _link_facts),
    Page("POST", "/logout", _log_out),
)
