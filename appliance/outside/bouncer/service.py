"""The road "bouncer": one push a person, who may have several phones, encrypted for each where it can be."""

import logging
import uuid
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from appliance.base.config import Config
from appliance.base.errors import ApplianceError
from appliance.base.options import PUSH_BOUNCER
from appliance.model.device import Device
from appliance.model.push_status import PushStatus
from appliance.model.push_status import parse as push_status
from appliance.outside.bouncer import account
from appliance.outside.bouncer.answer import (
    BouncerError,
    PushDisallowed,
    Refused,
    RetryLater,
    UnknownDevice,
    UnknownRealm,
    UnknownServer,
    listed,
    whole,
)
from appliance.outside.bouncer.client import Bouncer
from appliance.outside.bouncer.sealing import is_possible, sealed
from appliance.outside.breaker import Breakers
from appliance.outside.road import Left, Outcome, Push, Road, RoadUnusable, failed, later, sent

log = logging.getLogger(__name__)

STRANGER = "%s does not know this server's id, or its key: see `appliance push status`"
UNKNOWN_TOKEN = "Token does not exist"
PLATFORMS = (("android", "fcm"), ("apple", "apns"))  # what the service calls the kinds of devices
NO_LIBRARY = "encrypted pushes need the library PyNaCl, which is missing here"
URGENT = {"apns_priority": 10, "apns_push_type": "alert"}
QUIET = {"apns_priority": 5, "apns_push_type": "background"}
SHOWN = {"alert": {"title": "New notification"}, "mutable-content": 1}  # until the phone has decrypted it
UNSEEN = {"content-available": 1}


def road(config: Config, folder: Path, breakers: Breakers) -> Road | None:
    if not config.get(PUSH_BOUNCER):
        return None
    try:
        found = account.configured(config, folder)
    except ApplianceError as error:
        raise RoadUnusable(str(error)) from None
    if found is None:
        raise RoadUnusable(
            "this server is not registered there: run `appliance push register --contact-email ADDRESS`"
        )
    if not is_possible():
        log.warning("push by bouncer: %s", NO_LIBRARY)
    return BouncerRoad(Bouncer(found, breakers.of(urlsplit(found.url).netloc)))


class BouncerRoad:
    """`listener` is told what the service thinks of the organization, on the thread that sends."""

    name = "bouncer"

    def __init__(self, client: Bouncer) -> None:
        self.client = client
        self.listener: Callable[[PushStatus | None], None] = _ignore

    def send(self, pushes: Sequence[Push], left: Left) -> list[Outcome]:
        """The devices of a push are all of the encrypted kind, or none is."""
        return [self._judged(partial(self._send, each, left), each.devices) for each in pushes]

    def register(self, device: Device, realm_uuid: str, left: Left) -> Outcome:
        who = identity(device.user_id, realm_uuid)
        return self._judged(lambda: _done(self.client.register(device, who, left)))

    def unregister(self, device: Device, realm_uuid: str, left: Left) -> Outcome:
        """That the service does not know it is as good."""
        who = identity(device.user_id, realm_uuid)

        def tell() -> Outcome:
            try:
                return _done(self.client.unregister(device, who, left))
            except Refused as error:
                if error.text != UNKNOWN_TOKEN:
                    raise
                return sent(0)

        return self._judged(tell)

    def unregister_all(self, user_id: int, realm_uuid: str, left: Left) -> Outcome:
        who = identity(user_id, realm_uuid)
        return self._judged(lambda: _done(self.client.unregister_all(who, left)))

    def register_encrypted(
        self,
        push_account_id: int,
        encrypted_push_registration: str,
        bouncer_public_key: str,
        realm_uuid: str,
        left: Left,
    ) -> int | Outcome:
        """The id of the device there. Failed: the reason is the code of the error."""
        body = {
            "realm_uuid": realm_uuid,
            "push_account_id": push_account_id,
            "encrypted_push_registration": encrypted_push_registration,
            "bouncer_public_key": bouncer_public_key,
        }
        try:
            return self.client.register_encrypted(body, left)
        except RetryLater as error:
            return later(str(error), error.wait, tried=error.tried)
        except (UnknownRealm, UnknownServer, PushDisallowed) as error:  # a person can mend these meanwhile
            log.error("a device cannot be registered: %s", error)
            return later(str(error))
        except Refused as error:
            return failed(error.code)
        except BouncerError as error:
            return failed(str(error))

    def close(self) -> None:
        self.client.close()

    def _judged(self, deed: Callable[[], Outcome], devices: Sequence[Device] = ()) -> Outcome:
        try:
            return deed()
        except RetryLater as error:
            return later(str(error), error.wait, tried=error.tried)
        except UnknownDevice as error:
            return Outcome("gone", str(error), gone=tuple(each.id for each in devices))
        except (PushDisallowed, UnknownRealm) as error:
            log.warning("no pushes for this organization: %s", error)
            self.listener(PushStatus(False, None))
            return failed(str(error))
        except UnknownServer as error:
            log.error(STRANGER, self.client.account.url)
            return failed(str(error))
        except (BouncerError, ImportError) as error:
            return failed(NO_LIBRARY if isinstance(error, ImportError) else str(error))

    def _send(self, push: Push, left: Left) -> Outcome:
        if push.devices[0].kind == "e2ee":
            return self._send_encrypted(push, left)
        who = identity(push.devices[0].user_id, push.payload["realm_uuid"])
        if "base_payload" in push.payload:
            return _done(self.client.test_notification(push.devices[0], {**push.payload, **who}, left))
        devices = {f"{name}_devices": _tokens(push, kind) for name, kind in PLATFORMS}
        found = self.client.notify({**push.payload, **who, **devices}, left)
        self.listener(push_status(found.get("realm")))
        return sent(_count(found, "total_android_devices", "total_apple_devices"), _unknown(push, found))

    def _send_encrypted(self, push: Push, left: Left) -> Outcome:
        requests = [_request(each, push) for each in push.devices]
        body = {"realm_uuid": push.payload["realm_uuid"], "push_requests": requests}
        found = self.client.notify_encrypted(body, left)
        self.listener(push_status(found.get("realm_push_status")))
        expired = listed(found.get("delete_device_ids"))
        ids = tuple(each.id for each in push.devices if each.keys["device_id"] in expired)
        return sent(_count(found, "android_successfully_sent_count", "apple_successfully_sent_count"), ids)


def identity(user_id: int, realm_uuid: str) -> dict[str, Any]:
    """The UUID of a person is made of the organization's, so that it need not be kept."""
    user_uuid = uuid.uuid5(uuid.UUID(realm_uuid), str(user_id))
    return {"user_id": user_id, "user_uuid": str(user_uuid), "realm_uuid": realm_uuid}


def _request(device: Device, push: Push) -> dict[str, Any]:
    """For one device: what the push service may see, and what it may not."""
    kind = device.keys["kind"]
    account = int(device.token)
    secret = {
        "push_account_id": account,
        "encrypted_data": sealed(push.payload[kind], device.keys["push_key"]),
    }
    whose = {"device_id": device.keys["device_id"]}
    if kind == "fcm":
        return {**whose, "fcm_priority": "high" if push.urgent else "normal", "payload": secret}
    shown = {**secret, "aps": SHOWN if push.urgent else UNSEEN}
    return {**whose, "http_headers": URGENT if push.urgent else QUIET, "payload": shown}


def _tokens(push: Push, kind: str) -> list[str]:
    return [each.token for each in push.devices if each.kind == kind]


def _unknown(push: Push, found: dict[str, Any]) -> tuple[int, ...]:
    """Ids of the devices that the service does not have any more."""
    deleted = found.get("deleted_devices")
    if not isinstance(deleted, dict):
        return ()
    lost: dict[str, list[Any]] = {kind: listed(deleted.get(f"{name}_devices")) for name, kind in PLATFORMS}
    return tuple(each.id for each in push.devices if each.token in lost[each.kind])


def _count(found: dict[str, Any], *names: str) -> int:
    return sum(whole(found.get(name)) for name in names)


def _done(_: dict[str, Any]) -> Outcome:
    """The answer says no more than that."""
    return sent(0)


def _ignore(_: PushStatus | None) -> None:
    """Nobody wants to know."""
