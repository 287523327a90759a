"""Pages for browsers: plain HTML, made here, that works without a script.

A `Page` answers with what its function returns for a `Visit`; a `Form` also takes what was typed, and comes
back with a sentence and all but the password when that was no good. Errors become pages here, and nowhere
else. Neither paths nor what was typed is ever logged: links and forms hold secrets.
"""

import logging
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import bottle

from appliance.actions.realm import organization as realm_actions
from appliance.actions.user import session as sessions
from appliance.base.errors import ApiError, ApplianceError, RateLimited, StorageError
from appliance.http import static
from appliance.http.form import parameters
from appliance.http.services import Services
from appliance.http.whence import network
from appliance.model import credential
from appliance.model.user import User

log = logging.getLogger(__name__)

Function = Callable[..., str | bytes]  # (visit, **what the path says) -> HTML; bytes: as they travel

COOKIE = "appliance_session"
TEMPLATES = [str(Path(__file__).parent / "templates")]
SECRET = "password"  # the field that is never shown again

HEADERS = {
    "Content-Type": "text/html; charset=UTF-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'",
    # Not "no-referrer": browsers then send "Origin: null" with our own forms, and over plain HTTP, where they
    # do not send Sec-Fetch-Site, those could not be told from others'.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",  # a page that opens ours gets no hold of it
    "Cache-Control": "no-store",
}

REFUSALS = {  # status -> title and sentence
    403: ("Not allowed", "You may not see this page."),
    404: ("Nothing here", "There is no page at this address. Look for a mistake in it."),
    405: ("Nothing to see here", "This address is for sending a form, not for opening."),
    410: ("This link has ended", "It was used already, or is too old."),
    500: ("Something went wrong", "It is a mistake of the server, and is in its log. Try again later."),
    503: ("Not possible now", "The server cannot write to its disk. Tell who looks after it."),
}


class SignedOut(ApplianceError):
    """The page is for somebody, and the browser is nobody's."""


class ForeignForm(ApiError):
    status = 403

    def __init__(self) -> None:
        super().__init__("This form was sent from another site. Open the page here and send it again.")


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a browser. `user`: who is signed in there."""

    services: Services
    environ: Mapping[str, Any]
    form: Mapping[str, str]
    user: User | None

    @property
    def me(self) -> User:
        if self.user is None:
            raise SignedOut
        return self.user

    def typed(self, name: str) -> str:
        return self.form.get(name, "")

    def show(self, template: str, **facts: Any) -> str:
        """The HTML of a template, which knows these names, and `facts`."""
        known = {
            "realm_name": realm_actions.get(self.services.store).name,
            "site": self.services.public_url,
            "me": self.user,
            "typed": {name: text for name, text in self.form.items() if name != SECRET},
            "error": None,
        }
        return render(template, **{**known, **facts})


@dataclass(frozen=True, slots=True)
class Page:
    """`foreign`: what is sent here may come from another site."""

    method: str
    path: str
    function: Function
    foreign: bool = False

    def mount(self, app: bottle.Bottle, services: Services) -> None:
        app.route(self.path, self.method, lambda **path: self._serve(services, path))

    def _serve(self, services: Services, path: dict[str, str]) -> str | bytes:
        _set_headers(HEADERS)
        try:
            return self.function(_visit(services, self.foreign), **path)
        except SignedOut:
            return go(f"/login?{urlencode({'next': bottle.request.path})}")
        except ApiError as error:
            return refuse(error.status, _sentence(error))
        except StorageError as error:
            log.error("%s %s: %s", self.method, self.path, error)
            return refuse(503)
        except Exception:
            log.exception("%s %s failed", self.method, self.path)
            return refuse(500)


def _no_facts(visit: Visit) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Form:
    """`facts`: what the template needs besides what was typed; raises when the form is not to be had.

    `deed`: does what was asked. An ApiError shows the form again. `foreign`: as of a Page.
    """

    path: str
    template: str
    deed: Function
    facts: Callable[..., dict[str, Any]] = _no_facts
    foreign: bool = False

    def mount(self, app: bottle.Bottle, services: Services) -> None:
        Page("GET", self.path, self.show).mount(app, services)
        Page("POST", self.path, self.send, self.foreign).mount(app, services)

    def show(self, visit: Visit, **path: str) -> str:
        return visit.show(self.template, **self.facts(visit, **path))

    def send(self, visit: Visit, **path: str) -> str | bytes:
        facts = self.facts(visit, **path)
        try:
            return self.deed(visit, **path)
        except ApiError as error:
            bottle.response.status = error.status
            _set_headers(error.headers)
            return visit.show(self.template, **facts, error=_sentence(error))


def render(template: str, **facts: Any) -> str:
    """`{{…}}` in a template is escaped."""
    return str(
        bottle.template(
            template, template_lookup=TEMPLATES, address=static.address, limits=credential, **facts
        )
    )


def refuse(status: int, sentence: str = "") -> str:
    """A page that says why there is no other. It needs nothing that may be broken."""
    title, usual = REFUSALS.get(status, ("This did not work", "The server did not understand the request."))
    bottle.response.status = status
    _set_headers(HEADERS)
    return render("refusal.html", realm_name="", me=None, error=None, title=title, text=sentence or usual)


def go(path: str) -> str:
    """Send the browser on to a page of ours."""
    bottle.response.status = 303
    bottle.response.set_header("Location", path)
    return ""


def same_site(environ: Mapping[str, Any], public_url: str) -> bool:
    """Was this sent by a page of ours?

    Browsers tell by Sec-Fetch-Site, over plain HTTP only by Origin. What sends neither is no browser, and so
    has no cookie of somebody who did not mean it.
    """
    site = environ.get("HTTP_SEC_FETCH_SITE")
    if site is not None:
        return site in ("same-origin", "none")
    origin = environ.get("HTTP_ORIGIN")
    if origin is None or origin == public_url:
        return True
    _, separator, host = origin.partition("://")
    return bool(separator) and host == environ.get("HTTP_HOST")


def cookie_name(public_url: str) -> str:
    """Over HTTPS with the prefix that no other server of the same domain can set (RFC 6265bis 4.1.3.2)."""
    return f"__Host-{COOKIE}" if public_url.startswith("https:") else COOKIE


def cookie(environ: Mapping[str, Any], public_url: str) -> str:
    """The token of this browser's session, or "". Read here: cookies of other servers may be malformed."""
    wanted = cookie_name(public_url)
    pairs = (each.strip().partition("=") for each in environ.get("HTTP_COOKIE", "").split(";"))
    return next((value for name, _, value in pairs if name == wanted), "")


def _visit(services: Services, foreign: bool) -> Visit:
    """What is sent is refused before it is read."""
    request = bottle.request
    if request.method == "POST":
        if not foreign and not same_site(request.environ, services.public_url):
            raise ForeignForm
        services.per_address.spend(network(request.environ))
    token = cookie(request.environ, services.public_url)
    user = sessions.user_of(services.store, token, services.clock.now()) if token else None
    return Visit(services, request.environ, parameters(request), user)


def _sentence(error: ApiError) -> str:
    if isinstance(error, RateLimited):
        minutes = math.ceil(error.data["retry-after"] / 60)
        return f"That was tried too often. Try again in {minutes} minute{'s' if minutes > 1 else ''}."
    return error.msg


def _set_headers(headers: Mapping[str, str]) -> None:
    for name, value in headers.items():
        bottle.response.set_header(name, value)
