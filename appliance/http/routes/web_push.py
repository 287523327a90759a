"""Browsers that get pushes. An endpoint is a secret: it is never shown, not to its owner either."""

import logging
from typing import NoReturn

from appliance.actions.personal import device as devices
from appliance.actions.user import session as sessions
from appliance.base.errors import ApiError
from appliance.http.endpoint import Answer, Call, delete, get, post
from appliance.model import push_key
from appliance.model.parameter import Text
from appliance.outside.guard import Refused
from appliance.outside.road import RoadUnusable
from appliance.outside.web_push import WebPush

log = logging.getLogger(__name__)


class RoadClosed(ApiError):
    """The administrator has switched off this way of pushing, or it cannot be used here."""

    status = 503
    code = "PUSH_ROAD_CLOSED"


@get("/appliance/web_push", differs="not of Zulip")
def key(call: Call) -> Answer:
    """The key to subscribe with; made when it is asked for the first time."""
    try:
        return {"application_server_key": _road(call).application_server_key()}
    except RoadUnusable as error:
        log.error("no pushes by web: %s", error)
        closed()


@post("/appliance/web_push", differs="not of Zulip")
def subscribe(call: Call, *, endpoint: Text, p256dh: Text, auth: Text) -> Answer:
    """Pushes to this browser, by what its PushSubscription has; again: changes nothing but the keys. Where a
    browser's session asks, they end with it."""
    devices.check_person(call.user)
    try:
        _road(call).check(endpoint)
    except Refused as error:
        raise ApiError(f"Invalid endpoint: it {error}") from None
    keys = {**push_key.keys(p256dh, auth), **_session(call)}
    return {"device_id": devices.register(call.services.store, call.user, "web", endpoint, keys)}


def _session(call: Call) -> dict[str, int]:
    """By which it asks; with a key, none."""
    with call.services.store.read() as reader:
        found = sessions.id_of(reader, call.session_token, call.services.clock.now())
    return {} if found is None else {"session": found}


@delete("/appliance/web_push", differs="not of Zulip")
def unsubscribe(call: Call, *, endpoint: Text) -> Answer:
    """No more pushes to it; also when the road is closed."""
    devices.unregister(call.services.store, call.user, "web", endpoint)
    return {}


def _road(call: Call) -> WebPush:
    road = call.services.roads.named(WebPush.name)
    return road if isinstance(road, WebPush) else closed()


def closed() -> NoReturn:
    raise RoadClosed("This server sends no pushes of this kind")
