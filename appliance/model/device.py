"""Where pushes go: a phone, a browser, or an address of the person's own."""

from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["apns", "fcm", "e2ee", "web", "ntfy"]


@dataclass(frozen=True, slots=True)
class Device:
    """`token`, by which its road knows it, and `keys` are secret: never listed, never logged.

    kind   token                            keys
    apns   hexadecimal, of Apple            {"app_id": "org.example.app"}
    fcm    registration id, of Google       {}
    e2ee   push_account_id, as text         {"kind": "apns"|"fcm", "push_key": base64, "device_id": int|None,
                                             "error_code": text|None}
    web    endpoint, a URL                  {"p256dh": base64url, "auth": base64url}
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
