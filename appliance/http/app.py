"""The WSGI application: the API's endpoints, and what it answers to requests for none of them."""

from collections.abc import Callable
from typing import Any

import bottle

from appliance.base.errors import ApiError
from appliance.http import avatar, cors, exports, outbox, page, pages, probes, routes, static, uploaded
from appliance.http.endpoint import ENDPOINTS, PREFIX, InternalError, refuse
from appliance.http.router import Router
from appliance.http.services import Services

__all__ = ["is_poll", "make_app", "routes"]

POLL = f"{PREFIX}/events"


def make_app(services: Services) -> bottle.Bottle:
    app = bottle.Bottle()
    del app.router  # bottle has nothing replaced silently
    app.router = router = Router()
    app.config["json.enable"] = False  # endpoints serialise by themselves
    app.default_error_handler = _error
    for endpoint in ENDPOINTS:
        endpoint.mount(app, services)
    probes.mount(app, services)
    pages.mount(app, services)
    avatar.mount(app, services)
    exports.mount(app, services)
    outbox.mount(app, services)
    uploaded.mount(app, services)
    static.mount(app)
    cors.mount(app, services.cors_origins)
    router.ready()
    return app


def is_poll(request: Any) -> bool:
    """Whether `request` (an HTTPRequestParser) is a long poll: it has its answer in memory, or parks. Without
    a queue's id it may make a queue, which takes the disk."""
    return bool(
        request.path == POLL
        and request.command == "GET"
        and "&queue_id=" in f"&{request.query}"
        and request.body_rcv is None
    )


class NotFound(ApiError):
    status = 404
    code = "NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("Not found")


class MethodNotAllowed(ApiError):
    status = 405
    code = "METHOD_NOT_ALLOWED"

    def __init__(self, allowed: list[str]) -> None:
        super().__init__("Method Not Allowed", allowed_methods=allowed)
        self.headers["Allow"] = ",".join(allowed)


def _error(response: bottle.HTTPError) -> bytes | str:
    """What bottle itself refuses: in the API's form, or as a page for a browser that is not in the API. A
    question for the methods is not refused."""
    if response.status_code == 405 and bottle.request.method == "OPTIONS":
        bottle.response.status = 204
        bottle.response.set_header("Allow", ",".join(_allowed(response)))
        return b""
    if not bottle.request.path.startswith("/api/") and "text/html" in bottle.request.get_header("Accept", ""):
        return page.refuse(int(response.status_code))
    make = _REFUSALS.get(response.status_code)
    error = make(response) if make else ApiError(str(response.body))
    body = refuse(error)
    response.content_type = "application/json"
    for name, value in error.headers.items():
        response.set_header(name, value)
    return body


def _allowed(response: bottle.HTTPError) -> list[str]:
    """Methods, as bottle knows them; it answers HEAD wherever there is a GET."""
    methods = {each for each in (response.get_header("Allow") or "").split(",") if each}
    return sorted(methods | ({"HEAD"} if "GET" in methods else set()))


_REFUSALS: dict[int, Callable[[bottle.HTTPError], ApiError]] = {
    404: lambda response: NotFound(),
    405: lambda response: MethodNotAllowed(_allowed(response)),
    500: lambda response: InternalError(),
}
