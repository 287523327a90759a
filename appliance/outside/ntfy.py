"""The road "ntfy": to an address of the person's own, as ntfy's messages or as UnifiedPush wants them."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson

from appliance.base.config import Config
from appliance.base.options import PUSH_NTFY
from appliance.outside.breaker import Breakers
from appliance.outside.delivery import ENCRYPTED, Delivery, delivery, kept
from appliance.outside.guard import Refused
from appliance.outside.road import Left, Outcome, Push, failed, sent

_IN_A_URL = "%:/?#[]@!$&'()*+,;=~"


def road(config: Config, folder: Path, breakers: Breakers) -> "Ntfy | None":
    if not config.get(PUSH_NTFY):
        return None
    return Ntfy(delivery(config, breakers))


class Ntfy:
    """Payloads have both forms, "ntfy" (None: nothing is said) and "unifiedpush" (notify/push/ntfy.py)."""

    name = "ntfy"

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery

    def check(self, url: str) -> None:
        """What can be said of it without calling it. Raises Refused."""
        self._delivery.check(url)

    def send(self, pushes: Sequence[Push], left: Left) -> list[Outcome]:
        return [self._send(push, left) for push in pushes]

    def close(self) -> None:
        self._delivery.close()

    def _send(self, push: Push, left: Left) -> Outcome:
        (device,) = push.devices
        content = push.payload[device.keys["form"]]
        if content is None:
            return sent(0)
        try:
            place = self._delivery.check(device.token)
            body, headers = _request(content, device.keys, urgent=push.urgent)
        except Refused as error:
            return failed(f"the address {error}")
        except (ImportError, ValueError) as error:
            return failed(f"it cannot be encrypted: {error}")
        return self._delivery.post(device, place, body, headers, left)


def _request(
    content: dict[str, Any], keys: Mapping[str, str], *, urgent: bool
) -> tuple[bytes, dict[str, str]]:
    """Body and headers. Raises ImportError, ValueError."""
    if keys["form"] == "ntfy":
        return content["message"].encode(), _ntfy_headers(content)
    body = orjson.dumps(content)
    if "p256dh" not in keys:
        return body, {"Content-Type": "application/json", **kept(urgent=urgent)}
    from appliance.outside.encryption import encrypt

    return encrypt(body, keys), {**ENCRYPTED, **kept(urgent=urgent)}


def _ntfy_headers(content: Mapping[str, str]) -> dict[str, str]:
    """As <https://docs.ntfy.sh/publish/> has them."""
    headers = {
        "Content-Type": "text/plain; charset=utf-8",
        "Title": _text(content["title"]),
        "Click": quote(content["click"], safe=_IN_A_URL),
        "Tags": content["tags"],
        "Priority": content["priority"],
    }
    return {name: value for name, value in headers.items() if value}


def _text(value: str) -> str:
    """On one line; what is not ASCII as RFC 2047 has it, which ntfy reads."""
    line = " ".join("".join(each if each.isprintable() else " " for each in value).split())
    if line.isascii() and "=?" not in line:
        return line
    return f"=?UTF-8?B?{b64encode(line.encode()).decode()}?="
