"""What is known of one message besides itself: how it came to be what it is, and who has read it."""

from typing import Any

from appliance.actions.message import access as history
from appliance.base.errors import ApiError
from appliance.model.edit import Edit, Visibility, versions, visible
from appliance.model.message import with_named_topics
from appliance.model.user import User
from appliance.store import realm as realms
from appliance.store import received
from appliance.store import user as users
from appliance.store.store import Store


def changes(store: Store, user: User, message_id: int, *, empty_topic_name: bool) -> list[dict[str, Any]]:
    """The body of GET /messages/{id}/history: the message as it was sent and after each change. Raises
    ApiError."""
    with store.read() as reader:
        visibility = realms.get(reader).setting("message_edit_history_visibility_policy")
        [found] = history.since_known(reader, user, [history.access(reader, user, message_id)])
    message = found.message
    if visibility == Visibility.NONE:
        raise ApiError("Message edit history is disabled in this organization")
    now = {
        "topic": message.topic,
        "content": message.content,
        "rendered_content": message.rendered_content,
    }
    first, *later = versions(now, visible(message.edits, visibility))
    sent: Edit = {**first, "timestamp": message.time, "user_id": message.sender.id}
    return [with_named_topics(each, empty_topic_name) for each in (sent, *later)]


def read_by(store: Store, user: User, message_id: int) -> list[int]:
    """Who has read it and lets others know. Raises ApiError."""
    with store.read() as reader:
        message = history.access(reader, user, message_id).message
        if not realms.get(reader).setting("enable_read_receipts"):
            raise ApiError("Read receipts are disabled in this organization.")
        found = users.with_ids(reader, received.readers(reader, message_id, user.id))
    return [each.id for each in found if each.setting("send_read_receipts") and each.id != message.sender.id]
