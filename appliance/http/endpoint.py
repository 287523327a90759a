"""Endpoints of the API: a function with annotated parameters becomes a route.

    @post("/messages/flags")
    def update_flags(call: Call, *, messages: Integers, op: Text, flag: Text) -> Answer: ...

A keyword parameter annotated `Annotated[type, how]` (model/parameter.py) is taken from the request, one with
a default may be missing; any other one comes from the path. A dict is answered in Zulip's envelope, bytes as
they are. Errors become answers here, and nowhere else.
"""

import inspect
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import bottle
import orjson

from appliance.actions.activity import Use
from appliance.base.errors import ApiError, MissingParameter, StorageError
from appliance.base.ratelimit import Verdict
from appliance.http.auth import authenticate
from appliance.http.form import parameters
from appliance.http.services import Services
from appliance.model.parameter import Alias, Parse
from appliance.model.user import User

log = logging.getLogger(__name__)

Answer = dict[str, Any] | bytes
Function = Callable[..., Answer]
PREFIX = "/api/v1"
SLOW = 1.0  # seconds after which a request is logged
MAX_CLIENT_NAME = 30


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
        """The `client` parameter, else the product of the User-Agent."""
        agent = self.environ.get("HTTP_USER_AGENT", "")
        return (self.parameters.get("client") or agent.partition("/")[0].strip() or "Unspecified")[
            :MAX_CLIENT_NAME
        ]


@dataclass(frozen=True, slots=True)
class Call(Guest):
    """A request of somebody."""

    user: User


# Whose request it is: checks that they may call, and how often. Raises ApiError.
Caller = Callable[[Services, bottle.BaseRequest], Guest]


@dataclass(frozen=True, slots=True)
class Parameter:
    """`names`: its own and its aliases, as clients may send them."""

    name: str
    names: tuple[str, ...]
    parse: Parse
    required: bool


@dataclass(frozen=True, slots=True)
class Endpoint:
    method: str
    path: str
    function: Function
    caller: Caller
    declared: tuple[Parameter, ...]
    known: frozenset[str]  # names of parameters that are not reported as ignored
    prefix: str = PREFIX

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
            if (took := time.perf_counter() - began) > SLOW:
                log.warning("%s %s took %.1f s", self.method, self.path, took)

    def _answer(self, services: Services, path: dict[str, Any]) -> bytes:
        call = self.caller(services, bottle.request)  # before anything of the body is looked at
        if self.caller is _somebody and isinstance(call, Call):  # (a poll is nothing that somebody does)
            services.activity.saw(Use(call.user.id, call.client_name, f"{self.method} {self.path}"))
        answer = self.function(call, **path, **self._arguments(call.parameters))
        if isinstance(answer, bytes):
            return answer
        ignored = sorted(call.parameters.keys() - self.known)
        return orjson.dumps(
            {
                "result": "success",
                "msg": "",
                **answer,
                **({"ignored_parameters_unsupported": ignored} if ignored else {}),
            },
            option=orjson.OPT_NON_STR_KEYS,
        )

    def _arguments(self, given: Mapping[str, str]) -> dict[str, Any]:
        arguments = {}
        for each in self.declared:
            for name in each.names:
                if name in given:
                    arguments[each.name] = each.parse(name, given[name])
                    break
            else:
                if each.required:
                    raise MissingParameter(each.names[0])
        return arguments


ENDPOINTS: list[Endpoint] = []


def _anybody(services: Services, request: bottle.BaseRequest) -> Guest:
    guest = Guest(services, request.environ, parameters(request))
    _show(services.per_address.spend(guest.address))
    return guest


def _somebody(services: Services, request: bottle.BaseRequest) -> Call:
    user = _authenticated(services, request)
    _show(services.per_user.spend(str(user.id)))
    return Call(services, request.environ, parameters(request), user)


def _poller(services: Services, request: bottle.BaseRequest) -> Call:
    """Counted apart from the other requests."""
    user = _authenticated(services, request)
    _show(services.per_user_polls.spend(str(user.id)))
    return Call(services, request.environ, parameters(request), user)


def _authenticated(services: Services, request: bottle.BaseRequest) -> User:
    """Wrong keys count against the address that tries them."""
    try:
        return authenticate(services.store, request.environ)
    except ApiError:
        services.per_address.spend(str(request.environ.get("REMOTE_ADDR", "")))
        raise


def declare(
    method: str, path: str, caller: Caller = _somebody, *, reads: Iterable[str] = (), prefix: str = PREFIX
) -> Callable[[Function], Function]:
    """`reads`: parameters that `caller`, or the function, takes from the request itself."""

    def keep(function: Function) -> Function:
        declared = tuple(_declared(function))
        known = {"client", *reads, *(name for each in declared for name in each.names)}
        ENDPOINTS.append(Endpoint(method, path, function, caller, declared, frozenset(known), prefix))
        return function

    return keep


def get(path: str, *, public: bool = False, polls: bool = False) -> Callable[[Function], Function]:
    """`public`: no authentication; `polls`: counted apart from the other requests."""
    return declare("GET", path, _anybody if public else _poller if polls else _somebody)


def post(path: str, *, public: bool = False) -> Callable[[Function], Function]:
    return declare("POST", path, _anybody if public else _somebody)


def patch(path: str, *, reads: Iterable[str] = ()) -> Callable[[Function], Function]:
    return declare("PATCH", path, reads=reads)


def delete(path: str, *, polls: bool = False) -> Callable[[Function], Function]:
    return declare("DELETE", path, _poller if polls else _somebody)


def _declared(function: Function) -> list[Parameter]:
    hints = get_type_hints(function, include_extras=True)
    return [
        _parameter(each, get_args(hints[each.name])[1:])
        for each in inspect.signature(function).parameters.values()
        if get_origin(hints[each.name]) is Annotated
    ]


def _parameter(declared: inspect.Parameter, notes: tuple[Any, ...]) -> Parameter:
    aliases = tuple(note.name for note in notes if isinstance(note, Alias))
    parse = next(note for note in notes if not isinstance(note, Alias))
    return Parameter(
        declared.name, (declared.name, *aliases), parse, declared.default is inspect.Parameter.empty
    )


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
