"""Reading messages: which ones somebody may read, and what they are shown of them."""

from collections.abc import Callable
from typing import Any

from appliance.base.errors import ApiError
from appliance.model import permission
from appliance.model.flag import Flag, names
from appliance.model.message import Shape, payload, wide
from appliance.model.user import User
from appliance.store import channel as channels
from appliance.store import message as messages
from appliance.store import realm as realms
from appliance.store import subscription as subscriptions
from appliance.store.connection import Handle, Reader
from appliance.store.message import Received
from appliance.store.store import Store


def fetch_ids(store: Store, user: User, message_ids: list[int], shape: Shape) -> dict[str, Any]:
    """GET /messages with `message_ids`: those that the user may read."""
    with store.read() as reader:
        found = readable(reader, user, messages.with_ids(reader, user.id, message_ids))
        shape = allowed(reader, shape)
    return {"messages": [shown(each, shape) for each in found], "history_limited": False}


def one(store: Store, user: User, message_id: int) -> Received:
    with store.read() as reader:
        return access(reader, user, message_id)


def fetch_one(store: Store, user: User, message_id: int, shape: Shape) -> dict[str, Any]:
    """The body of GET /messages/{id}. Raises ApiError."""
    with store.read() as reader:
        found = access(reader, user, message_id)
        shape = allowed(reader, shape)
    return {"message": shown(found, shape), "raw_content": found.message.content}


def access(handle: Handle, user: User, message_id: int) -> Received:
    """Raises ApiError, the same for a message that may not be read as for none."""
    found = messages.with_id(handle, user.id, message_id)
    if found is None or not readable(handle, user, [found]):
        raise ApiError("Invalid message(s)")
    return found


def allowed(reader: Reader, shape: Shape) -> Shape:
    """With as much of edit histories as the organisation shows."""
    return shape._replace(edits=realms.get(reader).setting("message_edit_history_visibility_policy"))


def shown(received: Received, shape: Shape) -> dict[str, Any]:
    """The message object of the API. One that was never sent to the user counts as read."""
    flags = Flag.READ | Flag.HISTORICAL if received.flags is None else received.flags
    return {**payload(wide(received.message), shape), "flags": names(flags)}


def readable(handle: Handle, user: User, found: list[Received]) -> list[Received]:
    """Those that the user may read."""
    rules: dict[
        int | None, Callable[[bool], bool]
    ] = {}  # by channel: may one that was received, or not, be read
    for each in found:
        channel_id = each.message.channel_id
        if channel_id not in rules:
            rules[channel_id] = _rule(handle, user, channel_id)
    return [each for each in found if rules[each.message.channel_id](each.flags is not None)]


def _rule(handle: Handle, user: User, channel_id: int | None) -> Callable[[bool], bool]:
    if channel_id is None:
        return lambda received: permission.reads_message(user, None, False, received)
    channel = channels.with_id(handle, channel_id)
    if channel is None:
        return lambda received: False
    subscribed = subscriptions.is_subscribed(handle, channel_id, user.id)
    return lambda received: permission.reads_message(user, channel, subscribed, received)
