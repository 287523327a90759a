"""Pushes that their person asks for, to see that they work; and the registration for encrypted ones."""

import binascii
import time
from base64 import b64decode
from collections.abc import Sequence
from typing import Annotated

from appliance.actions.personal import device as actions
from appliance.actions.personal.device import AT_BOUNCER
from appliance.base.errors import ApiError
from appliance.http.endpoint import Answer, Call, post
from appliance.model.device import Device, Kind
from appliance.model.parameter import Natural, Text, natural, one_of, text
from appliance.notify.push import compose
from appliance.notify.push.compose import Place
from appliance.notify.push.form import ENCRYPTED, FORMS
from appliance.notify.push.notification import Notification
from appliance.outside.bouncer import sealing
from appliance.outside.road import Outcome, Push, failed, later
from appliance.store import device as devices
from appliance.store import realm as realms

PATIENCE = 20.0  # seconds for all devices together
KEY_LENGTH, KEY_VERSION = 33, 0x31  # bytes; the first one


class UnknownDevice(ApiError):
    code = "INVALID_PUSH_DEVICE_TOKEN"

    def __init__(self) -> None:
        super().__init__("Device not recognized")


class UnknownToBouncer(ApiError):
    code = "INVALID_REMOTE_PUSH_DEVICE_TOKEN"

    def __init__(self) -> None:
        super().__init__("Device not recognized by the push bouncer")


class NoActiveDevice(ApiError):
    code = "NO_ACTIVE_PUSH_DEVICE"

    def __init__(self) -> None:
        super().__init__("User has no active push device")


class ServiceFails(ApiError):
    """The push service does not answer, or not now."""

    status = 502


@post("/mobile_push/test_notification")
def send_test(call: Call, *, token: Annotated[str | None, text] = None) -> Answer:
    """A push to see that it works: to the phone with `token`, or to all. 503 `BUSY` while one's last is on
    its way, or those of two others."""
    actions.check_person(call.user)
    phones = _own(call, *AT_BOUNCER)
    chosen = [each for each in phones if token in (None, each.token)]
    if token is not None and not chosen:
        raise UnknownDevice
    _send(call, chosen)
    return {}


@post("/mobile_push/e2ee/test_notification", differs="not described there")
def send_encrypted_test(call: Call, *, push_account_id: Annotated[int | None, natural] = None) -> Answer:
    """An encrypted push to see that it works."""
    actions.check_person(call.user)
    active = [each for each in _own(call, "e2ee") if each.keys["device_id"] is not None]
    chosen = [each for each in active if push_account_id is None or each.token == str(push_account_id)]
    if not chosen:
        raise NoActiveDevice
    _send(call, chosen)
    return {}


@post("/appliance/devices/<device_id:int>/test", differs="not of Zulip")
def send_test_to_one(call: Call, *, device_id: int) -> Answer:
    """A push to a device of any kind, to see that it works."""
    chosen = [each for each in _own(call) if each.id == device_id]
    if not chosen:
        raise UnknownDevice
    _send(call, chosen)
    return {}


@post("/mobile_push/register", tells="push_device", differs="not described there")
def register(
    call: Call,
    *,
    token_kind: Annotated[Kind, one_of("apns", "fcm")],
    push_account_id: Natural,
    push_key: Text,
    bouncer_public_key: Text,
    encrypted_push_registration: Text,
) -> Answer:
    """A phone gets encrypted pushes; an event `push_device` tells how it ends."""
    actions.check_person(call.user)
    if call.services.roads.named("bouncer") is None:
        raise ApiError("Server is not configured to use push notification service.")
    if not sealing.is_possible():
        raise ApiError("This server cannot encrypt push notifications.")
    _check_key(push_key)
    sealed = {
        "bouncer_public_key": bouncer_public_key,
        "encrypted_push_registration": encrypted_push_registration,
    }
    actions.register_encrypted(call.services.store, call.user, push_account_id, token_kind, push_key, sealed)
    return {}


def _check_key(push_key: str) -> None:
    try:
        key = b64decode(push_key, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_LENGTH or key[0] != KEY_VERSION:
        raise ApiError("Invalid `push_key`")


def _own(call: Call, *kinds: Kind) -> list[Device]:
    with call.services.store.read() as reader:
        return devices.of_user(reader, call.user.id, *kinds)


def _send(call: Call, chosen: Sequence[Device]) -> None:
    """To all of them, though some may fail. Raises ApiError of the first that did; Busy."""
    with call.services.store.read() as reader:
        place = Place(realms.get(reader), call.services.public_url)
    notification = compose.tested(call.user, place)
    end = time.monotonic() + PATIENCE
    with call.services.push_tests.of(call.user.id):
        failures = [_failure(call, each, _one(call, each, notification, end)) for each in chosen]
    for failure in filter(None, failures):
        raise failure


def _one(call: Call, device: Device, notification: Notification, end: float) -> Outcome:
    name = call.services.roads.of(device) or ""
    road = call.services.roads.named(name)
    if road is None:
        return failed("Push notifications are not configured on this server.")
    if name == "bouncer" and device.kind in AT_BOUNCER and not device.keys.get("at_bouncer"):
        return later("The push service does not know the device yet.")
    form = ENCRYPTED if device.kind == "e2ee" else FORMS[name]
    (outcome,) = road.send([Push((device,), form(notification))], lambda: max(0.0, end - time.monotonic()))
    return outcome


def _failure(call: Call, device: Device, outcome: Outcome) -> ApiError | None:
    if outcome.gone or outcome.kind == "gone":
        call.services.store.write(lambda transaction: devices.drop(transaction, [device.id]))
        return UnknownToBouncer() if call.services.roads.of(device) == "bouncer" else UnknownDevice()
    if outcome.kind == "later":
        return ServiceFails(outcome.reason)
    return ApiError(outcome.reason) if outcome.kind == "failed" else None
