"""A notification as an Android app gets it, by Google's service: data, of which it makes what is seen."""

from typing import Any

from appliance.notify.push.notification import Notification


def payload(notification: Notification) -> dict[str, Any]:
    """Google takes nothing but strings."""
    return {name: _string(value) for name, value in data(notification).items()}


def data(notification: Notification) -> dict[str, Any]:
    """The same before it is strings, as the bouncer gets it."""
    return {**notification.common, **_FORMS[notification.kind](notification)}


def _added(notification: Notification) -> dict[str, Any]:
    return {
        "event": "message",
        "zulip_message_id": notification.message_ids[0],
        "content": notification.body,
        "content_truncated": notification.truncated,
        "sender_full_name": notification.sender_full_name,
        "sender_avatar_url": notification.sender_avatar_url,
    }


def _removed(notification: Notification) -> dict[str, Any]:
    return {
        "event": "remove",
        "zulip_message_ids": ",".join(map(str, notification.message_ids)),
        "zulip_message_id": notification.message_ids[0],
    }


def _tested(notification: Notification) -> dict[str, Any]:
    return {"event": "test"}


def _string(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


_FORMS = {"add": _added, "remove": _removed, "test": _tested}
