"""What tests of the roads push."""

from typing import Any

from appliance.model.device import Device, Kind
from appliance.outside.road import Push

APP_ID = "org.example.chat"
SECRET_WORDS = "the surprise party is at eight"


def soon() -> float:
    """Seconds that a push has."""
    return 20.0


def device(token: str, kind: Kind = "apns", number: int = 1) -> Device:
    keys = {"app_id": APP_ID} if kind == "apns" else {}
    return Device(number, 7, kind, token, keys, created=1_700_000_000, last_used=1_700_000_000)


def token(number: int) -> str:
    """Hexadecimal, as Apple's are."""
    return f"{number:064x}"


def apple(
    to: str = token(1), *, number: int = 1, urgent: bool = True, tag: str = "", **payload: Any
) -> Push:
    """`payload`: in the place of what a message gets."""
    alert = {"title": "Ann", "subtitle": "", "body": SECRET_WORDS}
    custom = {"zulip": {"message_ids": [991], "user_id": 7}}
    made = payload or {"alert": alert, "sound": "default", "badge": 0, "custom": custom}
    return Push((device(to, number=number),), made, urgent, tag)


def google(to: str = "registration-1", *, number: int = 1, urgent: bool = True, **payload: Any) -> Push:
    made = payload or {"event": "message", "zulip_message_id": 991, "content": SECRET_WORDS}
    return Push((device(to, "fcm", number),), made, urgent)
