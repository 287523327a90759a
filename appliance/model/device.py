"""Where pushes go: a phone, a browser, or an address of the person's own."""

from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

Kind = Literal["apns", "fcm", "e2ee", "web", "ntfy"]


@dataclass(frozen=True, slots=True)
class Device:
    """`token`, by which its road knows it, and `keys` are secret: never listed, never logged.

    kind   token                            keys
    apns   of Apple, as the app sent it     {"app_id": "org.example.app"}, "at_bouncer": true once it knows it
    fcm    registration id, of Google       {}, "at_bouncer"
    e2ee   push_account_id, as text         {"kind": "apns"|"fcm", "push_key": base64, "device_id": int|None,
                                             "error_code": text|None}
    web    endpoint, a URL                  {"p256dh": base64url, "auth": base64url}, "session": id of the one
                                            that it was registered by, with which it ends
    ntfy   URL of the person's own          {"form": "ntfy"|"unifiedpush"} and, for encrypted UnifiedPush,
                                            p256dh and auth
    """

    id: int
    user_id: int
    kind: Kind
    token: str = field(repr=False)
    keys: dict[str, Any] = field(repr=False)
    created: int
    last_used: int
    error: str | None = None


def listed(device: Device) -> dict[str, Any]:
    """As its person sees it in GET /appliance/devices."""
    return {
        "id": device.id,
        "kind": device.kind,
        "label": _label(device),
        "created": device.created,
        "last_used": device.last_used,
        "error": device.error,
    }


def registration(device: Device) -> dict[str, Any]:
    """How far it is with encrypted pushes for it, as POST /register tells."""
    if code := device.keys["error_code"]:
        return {"status": "failed", "error_code": code}
    return {"status": "pending" if device.keys["device_id"] is None else "active"}


def _label(device: Device) -> str:
    """What tells it from the others: the app, or the host that its pushes go to; of addresses no more, since
    who knows one can push there."""
    if device.kind in ("web", "ntfy"):
        return urlsplit(device.token).hostname or ""
    if device.kind == "apns":
        return str(device.keys["app_id"])
    return {"apns": "iOS", "fcm": "Android"}[device.keys.get("kind", "fcm")]
