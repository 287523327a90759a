"""Addresses of people's own that get pushes. Whoever knows one can read along: only a hint of it is shown."""

from typing import Annotated, Any
from urllib.parse import urlsplit

from appliance.actions.personal import device as devices
from appliance.base.errors import ApiError
from appliance.http.endpoint import Answer, Call, delete, get, post
from appliance.http.routes.web_push import closed
from appliance.model import push_key
from appliance.model.device import Device
from appliance.model.parameter import Text, one_of, text
from appliance.outside.guard import Refused
from appliance.outside.ntfy import Ntfy
from appliance.store import device as device_table

Key = Annotated[str | None, text]
Form = Annotated[str, one_of("ntfy", "unifiedpush")]


@get("/appliance/ntfy", differs="not of Zulip")
def own(call: Call) -> Answer:
    """The addresses of one's own that pushes go to; only a hint of each."""
    with call.services.store.read() as reader:
        found = device_table.of_user(reader, call.user.id, "ntfy")
    return {"addresses": [_shown(each) for each in found]}


@post("/appliance/ntfy", differs="not of Zulip")
def add(call: Call, *, url: Text, form: Form = "ntfy", p256dh: Key = None, auth: Key = None) -> Answer:
    """Pushes to an address of one's own. `p256dh` and `auth` come together, and with UnifiedPush alone: then
    they are encrypted."""
    devices.check_person(call.user)
    _check(call, url)
    keys = _keys(form, p256dh, auth)
    return {"device_id": devices.register(call.services.store, call.user, "ntfy", url, keys)}


@delete("/appliance/ntfy", differs="not of Zulip")
def remove(call: Call, *, url: Text) -> Answer:
    """No more pushes to it; also when the road is closed."""
    devices.unregister(call.services.store, call.user, "ntfy", url)
    return {}


def _check(call: Call, url: str) -> None:
    road = call.services.roads.named(Ntfy.name)
    if not isinstance(road, Ntfy):
        closed()
    try:
        road.check(url)
    except Refused as error:
        raise ApiError(f"Invalid url: it {error}") from None


def _keys(form: str, p256dh: str | None, auth: str | None) -> dict[str, Any]:
    if p256dh is None and auth is None:
        return {"form": form}
    if p256dh is None or auth is None or form == "ntfy":
        raise ApiError("p256dh and auth come together, and only with the form unifiedpush")
    return {"form": form, **push_key.keys(p256dh, auth)}


def _shown(device: Device) -> dict[str, Any]:
    return {
        "device_id": device.id,
        "form": device.keys["form"],
        "url": _hint(device.token),
        "encrypted": "p256dh" in device.keys,
        "error": device.error,
    }


def _hint(url: str) -> str:
    """Enough to tell one's own apart."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/…{url[-2:]}"
