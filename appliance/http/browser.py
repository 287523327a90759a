"""The page in a browser calls the API too: with the cookie of its session in place of a key.

A browser sends its cookies with whatever asks for it, so a session counts for nothing unless a page of ours
asks: one of another origin can neither send HEADER (the server answers no such preflight, http/cors.py: not
to an origin of `server.cors_origins` either), nor claim to be of this origin.
"""

from typing import Any

from appliance.actions.realm import closing
from appliance.actions.user import session as sessions
from appliance.base.errors import Unauthorized
from appliance.http.auth import NO_HEADER, authenticate
from appliance.http.page import cookie, same_site
from appliance.http.services import Services
from appliance.model.user import User

HEADER = "HTTP_X_REQUESTED_WITH"
WHOSE = "HTTP_X_USER_ID"  # for whom the page was loaded: somebody else may have signed in since
AUTHORIZATION = "HTTP_AUTHORIZATION"
# All of a request that tells whose it is.
IDENTIFYING = (
    AUTHORIZATION, "HTTP_COOKIE", HEADER, WHOSE, "HTTP_SEC_FETCH_SITE", "HTTP_ORIGIN", "HTTP_HOST",
    "PATH_INFO",
)  # fmt: skip


class ForeignRequest(Unauthorized):
    status = 403


def caller(services: Services, environ: dict[str, Any], *, notes: bool = True) -> User:
    """By key or by session; `notes`: as of session.user_of. Raises ApiError."""
    try:
        return by_session(services, environ, notes=notes) or authenticate(services.store, environ)
    except Unauthorized as error:
        if HEADER in environ:  # else the browser asks for a name and password, and the page waits for that
            error.headers.pop("WWW-Authenticate", None)
        raise


def by_session(services: Services, environ: dict[str, Any], *, notes: bool = True) -> User | None:
    """Who is signed in at this browser; None: the request is to be told by its key. Raises Unauthorized where
    the session has ended or is another's than the page, ForeignRequest for what was not sent by a page of
    ours, RealmDeactivated."""
    token = token_of(environ, services.public_url)
    if not token:
        return None
    if HEADER not in environ or not same_site(environ, services.public_url):
        raise ForeignRequest("This was not sent by a page of this server")
    user = sessions.user_of(services.store, token, services.clock.now(), notes=notes)
    if user is None:
        with services.store.read() as reader:
            closing.check_open(reader)
        raise Unauthorized(NO_HEADER)
    if environ.get(WHOSE, str(user.id)) != str(user.id):
        raise Unauthorized("Somebody else is signed in at this browser")
    return user


def token_of(environ: dict[str, Any], public_url: str) -> str:
    """Of the session that the request goes by; "": it has a key, or nothing."""
    return "" if environ.get(AUTHORIZATION) else cookie(environ, public_url)
