"""A road to a push service of tests, as a server that is registered there has it."""

import base64
import json
import os
import time
import uuid
from typing import Any

from nacl.secret import SecretBox

from appliance.base.metrics import Metrics
from appliance.model.device import Device, Kind
from appliance.outside.bouncer.account import Account
from appliance.outside.bouncer.client import Bouncer as Client
from appliance.outside.bouncer.service import BouncerRoad
from appliance.outside.breaker import Breakers
from tests.conftest import MovableClock
from tests.outside.bouncer import Bouncer

REALM = "6f9619ff-8b86-4011-b42d-00cf4fc964ff"
ORG_ID, ORG_KEY = "0f8fad5b-d9cb-469f-a165-70867728950e", "k" * 64
APP = "org.example.app"


def road_to(bouncer: Bouncer, clock: MovableClock, *, org_key: str = ORG_KEY) -> BouncerRoad:
    """Of a server that the service knows, and whose organization it knows."""
    known = {"zulip_org_id": ORG_ID, "zulip_org_key": ORG_KEY, "hostname": "chat.test"}
    bouncer.records.servers.setdefault(ORG_ID, known)
    bouncer.records.realms.setdefault(REALM, {"uuid": REALM})
    breaker = Breakers(clock, Metrics()).of("bouncer")
    return BouncerRoad(Client(Account(bouncer.url, ORG_ID, org_key), breaker))


def phone(device_id: int, kind: Kind = "fcm", user_id: int = 7) -> Device:
    keys = {"app_id": APP} if kind == "apns" else {}
    return Device(device_id, user_id, kind, f"token-{device_id}", keys, 0, 0)


class EncryptedPhone:
    """Makes its key, registers itself, and reads what is encrypted for it."""

    def __init__(self, kind: str, push_account_id: int) -> None:
        self.kind, self.push_account_id = kind, push_account_id
        self.token = f"{kind}-{uuid.uuid4().hex}"
        self._key = os.urandom(SecretBox.KEY_SIZE)

    @property
    def push_key(self) -> str:
        return base64.b64encode(b"\x31" + self._key).decode()

    def registration(self, timestamp: float | None = None) -> dict[str, Any]:
        """What only the push service may read."""
        return {
            "token": self.token,
            "token_kind": self.kind,
            "ios_app_id": APP if self.kind == "apns" else None,
            "timestamp": int(timestamp or time.time()),
        }

    def device(self, device_id: int, at_bouncer: int) -> Device:
        keys = {"kind": self.kind, "push_key": self.push_key, "device_id": at_bouncer, "error_code": None}
        return Device(device_id, 7, "e2ee", str(self.push_account_id), keys, 0, 0)

    def read(self, payload: dict[str, Any]) -> dict[str, Any]:
        content = SecretBox(self._key).decrypt(base64.b64decode(payload["encrypted_data"]))
        found: dict[str, Any] = json.loads(content)
        return found
