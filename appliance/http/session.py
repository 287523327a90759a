"""Pages that sign a browser in and out: with address and password, or by a one-time link."""

import re
from typing import Any

import bottle

from appliance.actions.realm import organization as realm_actions
from appliance.actions.user import login_link
from appliance.actions.user import session as sessions
from appliance.http.auth import log_in
from appliance.http.page import Form, Page, Visit, cookie, cookie_name, go
from appliance.model.session import label
from appliance.model.user import User

KEPT = 400 * 24 * 3600  # seconds; as long as browsers allow: when a session ends, the server decides
HERE = re.compile(r"/(?![/\\])[!-\[\]-~]{0,2000}")  # an address that no browser takes for another server's


def _show_sign_in(visit: Visit) -> str:
    return go(_next(visit)) if visit.user else SIGN_IN.show(visit)


def _log_in(visit: Visit) -> str:
    user = log_in(visit.services, visit.typed("email"), visit.typed("password"))
    return sign_in(visit, user, _next(visit))


def _next(visit: Visit) -> str:
    """What the browser asked for before it had to sign in."""
    wanted = visit.typed("next")
    return wanted if HERE.fullmatch(wanted) else "/"


def _sign_in_facts(visit: Visit) -> dict[str, Any]:
    """`anybody`: may come without an invitation."""
    return {"anybody": not realm_actions.get(visit.services.store).setting("invite_required")}


def _log_out(visit: Visit) -> str:
    sessions.end(visit.services.store, _token(visit))
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


def sign_in(visit: Visit, user: User, path: str = "/") -> str:
    """And go on to an address of ours. The session that this browser had before ends."""
    browser = label(visit.environ.get("HTTP_USER_AGENT", ""))
    _set_cookie(visit, sessions.begin(visit.services.store, user, browser, _token(visit)), KEPT)
    return go(path)


def _token(visit: Visit) -> str:
    return cookie(visit.environ, visit.services.public_url)


def _set_cookie(visit: Visit, token: str, seconds: int) -> None:
    bottle.response.set_cookie(
        cookie_name(visit.services.public_url),
        token,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="lax",
        secure=visit.services.public_url.startswith("https:"),
    )


# Its form goes to the address at which it is shown, so that a browser keeps what is behind the "#" of it.
SIGN_IN = Form("/login", "sign_in.html", _log_in, _sign_in_facts)
PAGES = (
    Page("GET", "/login", _show_sign_in),
    Page("POST", "/login", SIGN_IN.send),
    Page("POST", "/", SIGN_IN.send),
    Form("/owner/<token>", "owner.html", _become_owner, _owner_facts),
    Form("/login/<token>", "link.html", _follow_link, _link_facts),
    Page("POST", "/logout", _log_out),
)
