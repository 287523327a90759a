"""What a push service knows, and what it answers to each of its endpoints (tests/outside/bouncer.py)."""

import base64
import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

from appliance.model.device import Device, Kind
from appliance.outside.road import Push, Road

Fields = dict[str, Any]
KINDS: dict[str, Kind] = {"1": "apns", "2": "fcm"}
MOST_REMOVED, MOST_ROWS = 200, 10_000
TOO_OLD = 24 * 3600  # seconds


class Refusal(Exception):
    def __init__(self, msg: str, code: str = "BAD_REQUEST", status: int = 400) -> None:
        super().__init__(msg)
        self.status, self.body = status, {"result": "error", "msg": msg, "code": code}


@dataclass
class Row:
    """A phone that gets pushes in the open."""

    who: str  # a UUID, or an id as text
    kind: Kind
    token: str
    ios_app_id: str = ""


@dataclass
class EncryptedDevice:
    realm_uuid: str
    push_account_id: int
    kind: Kind
    token: str
    ios_app_id: str = ""
    expired: bool = False


@dataclass
class Sent:
    """What left for a phone, or would have."""

    kind: Kind
    token: str
    payload: Fields


@dataclass
class Records:
    """`roads`: to the services of the phones' makers, by kind; without one, a push counts as sent."""

    roads: dict[str, Road] = field(default_factory=dict)
    servers: dict[str, Fields] = field(default_factory=dict)
    deactivated: set[str] = field(default_factory=set)
    rows: list[Row] = field(default_factory=list)
    encrypted: dict[int, EncryptedDevice] = field(default_factory=dict)
    realms: dict[str, Fields] = field(default_factory=dict)
    counts: dict[str, list[Fields]] = field(
        default_factory=lambda: {"realm_counts": [], "installation_counts": []}
    )
    sent: list[Sent] = field(default_factory=list)
    notified: list[Fields] = field(default_factory=list)  # bodies of push/notify
    can_push: bool = True
    until: int | None = None
    key: PrivateKey = field(default_factory=PrivateKey.generate)

    @property
    def public_key(self) -> str:
        return base64.b64encode(bytes(self.key.public_key)).decode()

    def sealed(self, registration: Fields) -> str:
        """As a phone does it."""
        box = SealedBox(self.key.public_key)
        return base64.b64encode(box.encrypt(json.dumps(registration).encode())).decode()

    def answer(self, path: str, org_id: str, body: Fields) -> Fields:
        if path not in ENDPOINTS:
            raise Refusal("no such endpoint", status=404)
        return ENDPOINTS[path](self, org_id, body)

    # -- servers

    def register_server(self, _: str, body: Fields) -> Fields:
        org_id, key, hostname = body["zulip_org_id"], body["zulip_org_key"], body["hostname"]
        if len(key) != 64 or uuid.UUID(org_id).version != 4:
            raise Refusal("Invalid UUID")
        if "@" not in body["contact_email"]:
            raise Refusal("Enter a valid email address.")
        others = {each["hostname"] for known, each in self.servers.items() if known != org_id}
        if hostname in others:
            raise Refusal(f"{hostname} was already registered by another server.", "HOSTNAME_ALREADY_IN_USE")
        if org_id in self.servers and self.servers[org_id]["zulip_org_key"] != key:
            raise Refusal("Zulip server auth failure: key does not match role", "INVALID_ZULIP_SERVER")
        created = org_id not in self.servers
        self.servers[org_id] = body
        return {"created": created}

    def deactivate(self, org_id: str, _: Fields) -> Fields:
        self.deactivated.add(org_id)
        return {}

    def known(self, _: str, __: Fields) -> Fields:
        last = {name: rows[-1]["id"] if rows else 0 for name, rows in self.counts.items()}
        return {
            "last_realm_count_id": last["realm_counts"],
            "last_installation_count_id": last["installation_counts"],
            "last_realmauditlog_id": 0,
        }

    def take_statistics(self, _: str, body: Fields) -> Fields:
        tables = {name: json.loads(value) for name, value in body.items()}
        for name, kept in self.counts.items():
            ids = [each["id"] for each in [*kept, *tables[name]]]
            if ids != sorted(set(ids)) or len(tables[name]) > MOST_ROWS:
                raise Refusal("Data is out of order.")
            kept += tables[name]
        self.realms.update({each["uuid"]: each for each in tables["realms"]})
        return {"realms": {each["uuid"]: self._status() for each in tables["realms"]}}

    # -- pushes in the open

    def register(self, _: str, body: Fields) -> Fields:
        kind = _kind(body)
        if kind == "apns" and not body.get("ios_app_id"):
            raise Refusal("Missing ios_app_id")
        whose = _whose(body)
        self.rows = [each for each in self.rows if each.token != body["token"] or each.who not in whose]
        self.rows.append(Row(whose[-1], kind, body["token"], body.get("ios_app_id", "")))
        return {}

    def unregister(self, _: str, body: Fields) -> Fields:
        kind, whose = _kind(body), _whose(body)
        found = [each for each in self._of(whose) if (each.kind, each.token) == (kind, body["token"])]
        if not found:
            raise Refusal("Token does not exist")
        self.rows = [each for each in self.rows if each not in found]
        return {}

    def unregister_all(self, _: str, body: Fields) -> Fields:
        gone = self._of(_whose(body))
        self.rows = [each for each in self.rows if each not in gone]
        return {}

    def notify(self, _: str, body: Fields) -> Fields:
        self._check_plan()
        _check_options(body)
        self.notified.append(body)
        rows = self._of(_whose(body))
        for each in rows:
            payload = body["apns_payload"] if each.kind == "apns" else body["gcm_payload"]
            self._deliver(each, payload, urgent=body["gcm_options"].get("priority") != "normal")
        known = {(each.kind, each.token) for each in rows}
        listed = {"android_devices": "fcm", "apple_devices": "apns"}
        return {
            "total_android_devices": sum(each.kind == "fcm" for each in rows),
            "total_apple_devices": sum(each.kind == "apns" for each in rows),
            "deleted_devices": {
                name: [token for token in body[name] if (kind, token) not in known]
                for name, kind in listed.items()
            },
            "realm": self._status() if body["realm_uuid"] in self.realms else None,
        }

    def test(self, _: str, body: Fields) -> Fields:
        kind = _kind(body)
        for each in self._of(_whose(body)):
            if (each.kind, each.token) == (kind, body["token"]):
                self.sent.append(Sent(kind, each.token, {**body["base_payload"], "event": "test"}))
                return {}
        raise Refusal("Device not recognized by the push bouncer", "INVALID_REMOTE_PUSH_DEVICE_TOKEN")

    # -- encrypted pushes

    def register_encrypted(self, _: str, body: Fields) -> Fields:
        self._check_realm(body)
        if body["bouncer_public_key"] != self.public_key:
            raise Refusal("Invalid bouncer_public_key", "INVALID_BOUNCER_PUBLIC_KEY")
        try:
            box = SealedBox(self.key)
            found = json.loads(box.decrypt(base64.b64decode(body["encrypted_push_registration"])))
        except (CryptoError, ValueError):
            raise Refusal("Invalid encrypted_push_registration") from None
        if time.time() - found["timestamp"] > TOO_OLD:
            raise Refusal("Request expired", "REQUEST_EXPIRED")
        device_id = len(self.encrypted) + 1
        self.encrypted[device_id] = EncryptedDevice(
            body["realm_uuid"],
            body["push_account_id"],
            found["token_kind"],
            found["token"],
            found["ios_app_id"] or "",
        )
        return {"device_id": device_id}

    def notify_encrypted(self, _: str, body: Fields) -> Fields:
        self._check_realm(body)
        self._check_plan()
        counts, gone = {"apns": 0, "fcm": 0}, []
        for each in body["push_requests"]:
            device = self.encrypted.get(each["device_id"])
            if device is None or device.expired:
                gone.append(each["device_id"])
                continue
            self._deliver(device, each["payload"], urgent=_is_urgent(each))
            counts[device.kind] += 1
        return {
            "android_successfully_sent_count": counts["fcm"],
            "apple_successfully_sent_count": counts["apns"],
            "delete_device_ids": gone,
            "realm_push_status": self._status(),
        }

    # -- what they share

    def _deliver(self, row: Row | EncryptedDevice, payload: Fields, *, urgent: bool) -> None:
        self.sent.append(Sent(row.kind, row.token, payload))
        if road := self.roads.get(row.kind):
            device = Device(1, 1, row.kind, row.token, {"app_id": row.ios_app_id}, 0, 0)
            road.send([Push((device,), _for_road(payload), urgent)], lambda: 10.0)

    def _of(self, whose: list[str]) -> list[Row]:
        return [each for each in self.rows if each.who in whose]

    def _status(self) -> Fields:
        return {"can_push": self.can_push, "expected_end_timestamp": self.until}

    def _check_plan(self) -> None:
        if not self.can_push:
            raise Refusal("Your plan does not allow it", "PUSH_NOTIFICATIONS_DISALLOWED")

    def _check_realm(self, body: Fields) -> None:
        if body["realm_uuid"] not in self.realms:
            raise Refusal("Organization not registered", "MISSING_REMOTE_REALM", 403)


ENDPOINTS: dict[str, Callable[[Records, str, Fields], Fields]] = {
    "server/register": Records.register_server,
    "server/deactivate": Records.deactivate,
    "server/analytics/status": Records.known,
    "server/analytics": Records.take_statistics,
    "push/register": Records.register,
    "push/unregister": Records.unregister,
    "push/unregister/all": Records.unregister_all,
    "push/notify": Records.notify,
    "push/test_notification": Records.test,
    "push/e2ee/register": Records.register_encrypted,
    "push/e2ee/notify": Records.notify_encrypted,
}


def _is_urgent(request: Fields) -> bool:
    headers = request.get("http_headers", {})
    return request.get("fcm_priority") == "high" or headers.get("apns_priority") == 10


def _for_road(payload: Fields) -> Fields:
    """What Apple is to show of an encrypted push stands apart; of all others, the road knows what is what."""
    if "aps" not in payload:
        return payload
    custom = {name: value for name, value in payload.items() if name != "aps"}
    return {"alert": payload["aps"].get("alert"), "mutable_content": True, "custom": custom}


def _whose(body: Fields) -> list[str]:
    """The last one is how the row is kept."""
    found = [str(body[name]) for name in ("user_id", "user_uuid") if body.get(name)]
    if not found:
        raise Refusal("Missing user_id or user_uuid")
    return found


def _kind(body: Fields) -> Kind:
    kind = KINDS.get(str(body.get("token_kind")))
    if kind is None:
        raise Refusal("Invalid token type")
    return kind


def _check_options(body: Fields) -> None:
    options = body["gcm_options"]
    default = "high" if body["gcm_payload"].get("event") == "message" else "normal"
    priority = options.get("priority", default)
    if priority not in ("normal", "high"):
        raise Refusal(f"Invalid GCM option to bouncer: priority '{priority}'")
    if unknown := {name: value for name, value in options.items() if name != "priority"}:
        raise Refusal(f"Invalid GCM options to bouncer: {json.dumps(unknown)}")
    ids = str(body["gcm_payload"].get("zulip_message_ids", "")).split(",")
    body["gcm_payload"] |= {"zulip_message_ids": ",".join(ids[-MOST_REMOVED:])} if ids != [""] else {}
