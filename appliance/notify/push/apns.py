"""A notification as Apple's service gets it; what is in `custom` stands beside `aps` in the end."""

from typing import Any

from appliance.notify.push.notification import LONGEST_TITLE, Notification

SOUND = "default"


def payload(notification: Notification) -> dict[str, Any]:
    return _FORMS[notification.kind](notification)


def _added(notification: Notification) -> dict[str, Any]:
    alert = {
        "title": notification.title[:LONGEST_TITLE],
        "subtitle": notification.subtitle,
        "body": notification.body,
    }
    about = {**notification.common, "message_ids": list(notification.message_ids)}
    return {"alert": alert, "sound": SOUND, "badge": 0, "custom": {"zulip": about}}


def _removed(notification: Notification) -> dict[str, Any]:
    ids = ",".join(map(str, notification.message_ids))
    about = {**notification.common, "event": "remove", "zulip_message_ids": ids}
    return {"badge": 0, "custom": {"zulip": about}}


def _tested(notification: Notification) -> dict[str, Any]:
    alert = {"title": notification.title, "body": notification.body}
    about = {**notification.common, "event": "test"}
    return {"alert": alert, "sound": SOUND, "custom": {"zulip": about}}


_FORMS = {"add": _added, "remove": _removed, "test": _tested}
