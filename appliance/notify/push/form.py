"""In which form each road takes a notification, by the name of the road."""

from collections.abc import Callable
from typing import Any

from appliance.notify.push import apns, bouncer, e2ee, fcm, ntfy, web
from appliance.notify.push.notification import Notification

Form = Callable[[Notification], dict[str, Any]]

FORMS: dict[str, Form] = {
    "apns": apns.payload,
    "bouncer": bouncer.payload,
    "fcm": fcm.payload,
    "ntfy": ntfy.payload,
    "web": web.payload,
}
ENCRYPTED: Form = e2ee.payload  # by the bouncer, to devices that get encrypted pushes
