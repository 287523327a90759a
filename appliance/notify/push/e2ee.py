"""A notification as it is before the road encrypts it for each phone, by the kind of the phone."""

from typing import Any

from appliance.notify.push import apns, fcm
from appliance.notify.push.notification import Notification


def payload(notification: Notification) -> dict[str, Any]:
    return {
        "realm_uuid": notification.realm_uuid,
        "apns": apns.payload(notification),
        "fcm": fcm.data(notification),
    }
