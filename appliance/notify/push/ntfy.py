"""What an address of a person's own gets: words for ntfy's app, or JSON for a UnifiedPush app."""

from typing import Any

from appliance.notify.push import web
from appliance.notify.push.notification import Notification

MOST_CHARACTERS = 1000  # of a message, so that its UTF-8 has no more than the 4096 bytes that ntfy takes
TAG = "speech_balloon"  # which ntfy's app shows as 💬


def payload(notification: Notification) -> dict[str, Any]:
    """In both forms, of which the device has one; what ntfy has shown, it cannot take back."""
    return {"ntfy": _message(notification), "unifiedpush": web.payload(notification)}


def _message(notification: Notification) -> dict[str, str] | None:
    if notification.kind == "remove":
        return None
    is_personal = notification.common.get("recipient_type") == "private"
    return {
        "title": notification.title[:MOST_CHARACTERS],
        "message": web.text(notification)[:MOST_CHARACTERS],
        "click": notification.link,
        "tags": TAG,
        "priority": "high" if is_personal else "default",
    }
