"""SQL of messages whose time is over.

Messages are looked at by their age in their place, the oldest first, which is nearly always the order of
their ids: where the oldest is to stay, no others are looked at.
"""

from appliance.store.connection import Handle

_OLDEST = "(SELECT time FROM message WHERE recipient_id = recipient.id ORDER BY message.id LIMIT 1)"


def conversations_due(handle: Handle, before: int) -> list[int]:
    """Recipients of the direct conversations that have a message from before that time (epoch seconds)."""
    rows = handle.rows(
        f"SELECT id FROM recipient WHERE channel_id IS NULL AND {_OLDEST} < ? ORDER BY id", before
    )
    return [recipient_id for (recipient_id,) in rows]


def due(handle: Handle, recipient_id: int, before: int, limit: int) -> list[tuple[int, str]]:
    """(id, topic) of those that were sent before that time, among the `limit` oldest."""
    rows = handle.rows(
        "SELECT id, topic, time FROM message WHERE recipient_id = ? ORDER BY id LIMIT ?", recipient_id, limit
    )
    return [(message_id, topic) for message_id, topic, time in rows if time < before]
