"""A notification as Zulip's push service gets it, for all phones of a person; the road names them."""

from typing import Any

from appliance.notify.push import apns, fcm
from appliance.notify.push.notification import Notification

PRIORITIES = {"add": "high", "remove": "normal"}


def payload(notification: Notification) -> dict[str, Any]:
    """Of a test, it makes the words itself."""
    if notification.kind == "test":
        return {"realm_uuid": notification.realm_uuid, "base_payload": notification.common}
    return {
        "realm_uuid": notification.realm_uuid,
        "apns_payload": apns.payload(notification),
        "gcm_payload": fcm.data(notification),
        "gcm_options": {"priority": PRIORITIES[notification.kind]},
    }
