"""What our own page, which a browser wakes for it, gets of a push."""

from typing import Any

import orjson

from appliance.notify.push.notification import LONGEST_TITLE, Notification

LARGEST = 3993  # bytes of JSON: what fits into an encrypted push (RFC 8291)


def payload(notification: Notification) -> dict[str, Any]:
    """Of an `add` or a `test` what is to be shown; of a `remove` only which messages."""
    removed = {"kind": notification.kind, "message_ids": list(notification.message_ids)}
    if notification.kind == "remove":
        return removed
    return _fitted(
        {
            **removed,
            "title": notification.title[:LONGEST_TITLE],
            "body": text(notification),
            "tag": notification.tag,
            "link": notification.link,
            "icon": notification.sender_avatar_url,
        }
    )


def text(notification: Notification) -> str:
    """Who says it, where the title does not tell, and what."""
    return f"{notification.subtitle} {notification.body}".strip()


def _fitted(payload: dict[str, Any]) -> dict[str, Any]:
    """With a body so short that all has no more than LARGEST bytes."""
    excess = len(orjson.dumps(payload)) - LARGEST
    return {**payload, "body": _shortened(payload["body"], excess)} if excess > 0 else payload


def _shortened(text: str, excess: int) -> str:
    """By as many bytes; in JSON no character takes fewer of them than here."""
    ellipsis = "…"
    kept = text.encode()[: -(excess + len(ellipsis.encode()))]
    return kept.decode(errors="ignore") + ellipsis
