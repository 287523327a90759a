"""The road "web": to browsers, by the push services of their makers (RFC 8030, 8291 and 8292)."""

import hmac
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import orjson

from appliance.base.config import Config
from appliance.base.options import MAIL_FROM, PUSH_CONTACT, PUSH_WEB
from appliance.model.device import Device
from appliance.model.push_key import decoded, encoded
from appliance.outside.breaker import Breakers
from appliance.outside.delivery import ENCRYPTED, Delivery, delivery, kept
from appliance.outside.guard import Place, Refused
from appliance.outside.road import Left, Outcome, Push, RoadUnusable, failed, sent
from appliance.outside.vapid import Vapid

# Safari takes the subscription away from whom three pushes came that showed nothing; others allow some.
SHOWS_ALL = ".push.apple.com"
TOPIC = 24  # bytes, 32 characters of base64url: the longest topic there may be


def road(config: Config, folder: Path, breakers: Breakers) -> "WebPush | None":
    if not config.get(PUSH_WEB):
        return None
    if find_spec("cryptography") is None:
        raise RoadUnusable("the package cryptography is missing; push.web = false if it cannot be had here")
    vapid = Vapid(folder, config.get(PUSH_CONTACT) or config.get(MAIL_FROM))
    return WebPush(vapid, delivery(config, breakers))


class WebPush:
    name = "web"

    def __init__(self, vapid: Vapid, delivery: Delivery) -> None:
        self._vapid, self._delivery = vapid, delivery

    def application_server_key(self) -> str:
        """What a browser subscribes with. Raises RoadUnusable."""
        return self._vapid.public_key()

    def check(self, endpoint: str) -> None:
        """What can be said of it without calling it. Raises Refused."""
        self._delivery.check(endpoint, encrypted=True)

    def send(self, pushes: Sequence[Push], left: Left) -> list[Outcome]:
        return [self._send(push, push.devices[0], left) for push in pushes]

    def close(self) -> None:
        self._delivery.close()

    def _send(self, push: Push, device: Device, left: Left) -> Outcome:
        from appliance.outside.encryption import encrypt

        try:
            place = self._delivery.check(device.token, encrypted=True)
            if not push.urgent and place.host.endswith(SHOWS_ALL):
                return sent(0)
            body = encrypt(orjson.dumps(push.payload), device.keys)
            headers = self._headers(push, device, place)
        except Refused as error:
            return failed(f"the address {error}")
        except RoadUnusable as error:
            return failed(str(error))
        except ValueError as error:
            return failed(f"it cannot be encrypted: {error}")
        outcome = self._delivery.post(device, place, body, headers, left)
        if outcome.kind == "failed":
            self._vapid.forget(place.origin)
        return outcome

    def _headers(self, push: Push, device: Device, place: Place) -> dict[str, str]:
        return {
            **ENCRYPTED,
            **kept(urgent=push.urgent),
            "Authorization": self._vapid.authorization(place.origin),
            **({"Topic": _topic(push.tag, device)} if push.tag else {}),
        }


def _topic(tag: str, device: Device) -> str:
    """The same for the same tag, and no more than that to whoever does not know the browser's secret."""
    return encoded(hmac.digest(decoded(device.keys["auth"]), tag.encode(), "sha256")[:TOPIC])
