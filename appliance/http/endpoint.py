"""Endpoints of the API: a function with annotated parameters becomes a route.

    @post("/messages/flags")
    def update_flags(call: Call, *, messages: Integers, op: Text, flag: Text) -> Answer: ...

A keyword parameter annotated `Annotated[type, how]` (model/parameter.py) is taken from the request, one with
a default may be missing; any other one comes from the path. A dict is answered in Zulip's envelope, bytes as
they are. Errors become answers here, and nowhere else.
"""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import bottle
import orjson

from appliance.actions.user.activity import Use
from appliance.base.errors import ApiError, StorageError
from appliance.base.ratelimit import Verdict
from appliance.http import browser, transfer
from appliance.http.declared import Parameter, arguments, declared
from appliance.http.form import parameters, query
from appliance.http.services import Services
from appliance.http.whence import network
from appliance.model.user import User

log = logging.getLogger(__name__)

Answer = dict[str, Any] | bytes
Function = Callable[..., Answer]
PREFIX = "/api/v1"
MAX_CLIENT_NAME = 30
CALLER = "appliance.caller"  # in the environ: the id of the user whose request it is, once that is known
PAGE = "website"  # what the page is called among clients, as Zulip's


@dataclass(frozen=True, slots=True)
class Guest:
    """A request before it is known whose it is."""

    services: Services
    environ: dict[str, Any]
    parameters: dict[str, str]

    @property
    def address(self) -> str:
        return str(self.environ.get("REMOTE_ADDR", ""))

    @property
    def client_name(self) -> str:
        """The `client` parameter, else the page, else the product of the User-Agent."""
        page = PAGE if self.session_token else ""
        agent = self.environ.get("HTTP_USER_AGENT", "").partition("/")[0].strip()
        return (self.parameters.get("client") or page or agent or "Unspecified")[:MAX_CLIENT_NAME]

    @property
    def session_token(self) -> str:
        """Of the browser's session that the request came by, or ""."""
        return browser.token_of(self.environ, self.services.public_url)


@dataclass(frozen=True, slots=True)
class Call(Guest):
    """A request of somebody."""

    user: User


# Whose request it is: checks that they may call, and how often. Raises ApiError.
Caller = Callable[[Services, bottle.BaseRequest], Guest]


@dataclass(frozen=True, slots=True)
class About:
    """What docs/api.md says of an endpoint, besides the first line of its function's docstring.

    `who`: may call it ("": everybody who is signed in); `tells`: kinds of events that it causes, separated by
    blanks; `differs`: how it is not as Zulip describes it at level 313.
    """

    who: str = ""
    tells: str = ""
    differs: str = ""


@dataclass(frozen=True, slots=True)
class Endpoint:
    method: str
    path: str
    function: Function
    caller: Caller
    declared: tuple[Parameter, ...]
    known: frozenset[str]  # names of parameters that are not reported as ignored
    prefix: str = PREFIX
    about: About = About()

    @property
    def public(self) -> bool:
        return self.caller is _anybody

    @property
    def signed_in(self) -> bool:
        """By the API's authentication; neither this nor public: as its module says."""
        return self.caller in (_somebody, _poller, _uploader)

    @property
    def takes_file(self) -> bool:
        return self.caller is _uploader

    @property
    def reads(self) -> frozenset[str]:
        """Names of parameters that are taken from the request without being declared."""
        return self.known - {"client", *(name for each in self.declared for name in each.names)}

    def mount(self, app: bottle.Bottle, services: Services) -> None:
        app.route(self.prefix + self.path, self.method, lambda **path: self._serve(services, path))

    def _serve(self, services: Services, path: dict[str, Any]) -> bytes:
        began = time.perf_counter()
        bottle.response.content_type = "application/json"
        try:
            return self._answer(services, path)
        except ApiError as error:
            return refuse(error)
        except OverflowError:
            return refuse(ApiError("Invalid number: it needs more than 64 bits"))
        except StorageError as error:
            log.error("%s %s: %s", self.method, self.path, error)
            return refuse(Unavailable(str(error)))
        except Exception:
            log.exception("%s %s failed", self.method, self.path)
            return refuse(InternalError())
        finally:
            services.requests.add(kind="poll" if self.caller is _poller else "call")
            took, user_id = time.perf_counter() - began, bottle.request.environ.get(CALLER)
            services.console.slow.took(f"{self.method} {self.path}", took, user_id)

    def _answer(self, services: Services, path: dict[str, Any]) -> bytes:
        call = self.caller(services, bottle.request)  # before anything of the body is looked at
        if isinstance(call, Call):
            call.environ[CALLER] = call.user.id
        if self.caller in _ACTIVE and isinstance(call, Call):  # (a poll is nothing that somebody does)
            services.activity.saw(Use(call.user.id, call.client_name, f"{self.method} {self.path}"))
        answer = self.function(call, **path, **arguments(self.declared, call.parameters))
        if isinstance(answer, bytes):
            return answer
        ignored = sorted(call.parameters.keys() - self.known)
        body = orjson.dumps(
            {
                "result": "success",
                "msg": "",
                **answer,
                **({"ignored_parameters_unsupported": ignored} if ignored else {}),
            },
            option=orjson.OPT_NON_STR_KEYS,
        )
        return body if self.caller is _poller else transfer.answer(body)


ENDPOINTS: list[Endpoint] = []


def _anybody(services: Services, request: bottle.BaseRequest) -> Guest:
    guest = Guest(services, request.environ, parameters(request))
    _show(services.per_address.spend(network(request.environ)))
    return guest


def _somebody(services: Services, request: bottle.BaseRequest) -> Call:
    user = _authenticated(services, request)
    _show(services.per_user.spend(str(user.id)))
    return Call(services, request.environ, parameters(request), user)


def _poller(services: Services, request: bottle.BaseRequest) -> Call:
    """Counted apart from the other requests. On the socket loop, which must not wait for the disk."""
    user = _authenticated(services, request, notes=False)
    _show(services.per_user_polls.spend(str(user.id)))
    return Call(services, request.environ, parameters(request), user)


def _uploader(services: Services, request: bottle.BaseRequest) -> Call:
    """The body has a file: the function reads it (http/uploads.py)."""
    user = _authenticated(services, request)
    _show(services.per_user.spend(str(user.id)))
    return Call(services, request.environ, query(request), user)


_ACTIVE = (_somebody, _uploader)


def _authenticated(services: Services, request: bottle.BaseRequest, *, notes: bool = True) -> User:
    """Wrong keys count against the address that tries them."""
    try:
        return browser.caller(services, request.environ, notes=notes)
    except ApiError:
        services.per_address.spend(network(request.environ))
        raise


Declaration = Callable[[Function], Function]


def declare(
    method: str,
    path: str,
    caller: Caller = _somebody,
    *,
    reads: Iterable[str] = (),
    prefix: str = PREFIX,
    about: About = About(),
) -> Declaration:
    """`reads`: parameters that `caller`, or the function, takes from the request itself."""

    def keep(function: Function) -> Function:
        taken = declared(function)
        known = {"client", *reads, *(name for each in taken for name in each.names)}
        endpoint = Endpoint(method, path, function, caller, taken, frozenset(known), prefix, about)
        ENDPOINTS.append(endpoint)
        return function

    return keep


def get(path: str, *, public: bool = False, polls: bool = False, **about: str) -> Declaration:
    """`public`: no authentication; `polls`: counted apart from the others; `about`: fields of About."""
    return declare("GET", path, _anybody if public else _poller if polls else _somebody, about=About(**about))


def post(path: str, *, public: bool = False, reads: Iterable[str] = (), **about: str) -> Declaration:
    return declare("POST", path, _anybody if public else _somebody, reads=reads, about=About(**about))


def upload(path: str, *, reads: Iterable[str] = (), **about: str) -> Declaration:
    """A POST of a file, which the function takes from the request (http/uploads.py)."""
    return declare("POST", path, _uploader, reads=reads, about=About(**about))


def put(path: str, **about: str) -> Declaration:
    return declare("PUT", path, about=About(**about))


def patch(path: str, *, reads: Iterable[str] = (), **about: str) -> Declaration:
    return declare("PATCH", path, reads=reads, about=About(**about))


def delete(path: str, *, polls: bool = False, **about: str) -> Declaration:
    return declare("DELETE", path, _poller if polls else _somebody, about=About(**about))


def _show(verdict: Verdict | None) -> None:
    for name, value in verdict.headers.items() if verdict else ():
        bottle.response.set_header(name, value)


class Unavailable(ApiError):
    status = 503
    code = "STORAGE_ERROR"


class InternalError(ApiError):
    status = 500
    code = "INTERNAL_SERVER_ERROR"

    def __init__(self) -> None:
        super().__init__("Internal server error")


def refuse(error: ApiError) -> bytes:
    """Make the answer of an error."""
    bottle.response.status = error.status
    bottle.response.content_type = "application/json"
    for name, value in error.headers.items():
        bottle.response.set_header(name, value)
    return orjson.dumps(error.body())
