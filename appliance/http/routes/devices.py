"""Devices of Zulip's phone apps, and the list of all that a person has. No token is ever answered."""

import binascii
from base64 import b64decode

from appliance.actions.personal import device as actions
from appliance.base.errors import ApiError
from appliance.http.endpoint import Answer, Call, delete, get, post
from appliance.model.device import listed
from appliance.model.parameter import Text
from appliance.store import device as devices

LONGEST_TOKEN = 4096  # characters
LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-")  # of an app's id


@post("/users/me/apns_device_token", differs="not described there; apps call it")
def add_apple(call: Call, *, token: Text, appid: Text) -> Answer:
    """An iPhone gets pushes; `token` may be hexadecimal, which is base64 as well."""
    actions.check_person(call.user)
    _check_apple(token)
    if not appid or not LETTERS.issuperset(appid):
        raise ApiError("appid has invalid format")
    actions.register(call.services.store, call.user, "apns", token, {"app_id": appid})
    return {}


@delete("/users/me/apns_device_token")
def remove_apple(call: Call, *, token: Text) -> Answer:
    """An iPhone gets no more pushes."""
    actions.check_person(call.user)
    _check_apple(token)
    actions.unregister(call.services.store, call.user, "apns", token)
    return {}


@post("/users/me/android_gcm_reg_id")
def add_android(call: Call, *, token: Text) -> Answer:
    """An Android phone gets pushes."""
    actions.check_person(call.user)
    _check_length(token)
    actions.register(call.services.store, call.user, "fcm", token, {})
    return {}


@delete("/users/me/android_gcm_reg_id")
def remove_android(call: Call, *, token: Text) -> Answer:
    """An Android phone gets no more pushes."""
    actions.check_person(call.user)
    _check_length(token)
    actions.unregister(call.services.store, call.user, "fcm", token)
    return {}


@get("/appliance/devices", differs="not of Zulip")
def own(call: Call) -> Answer:
    """One's devices of all kinds, without their tokens: id, kind, label, when used last, last error."""
    with call.services.store.read() as reader:
        return {"devices": [listed(each) for each in devices.of_user(reader, call.user.id)]}


@delete("/appliance/devices/<device_id:int>", differs="not of Zulip")
def remove(call: Call, *, device_id: int) -> Answer:
    """One of them gets no more pushes."""
    actions.remove(call.services.store, call.user, device_id)
    return {}


def _check_length(token: str) -> None:
    if not 0 < len(token) <= LONGEST_TOKEN:
        raise ApiError("Empty or invalid length token")


def _check_apple(token: str) -> None:
    _check_length(token)
    try:
        b64decode(token, validate=True)
    except (binascii.Error, ValueError):  # the latter: it is not even ASCII
        raise ApiError("Invalid APNS token") from None
