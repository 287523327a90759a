"""Reading messages: which ones somebody may read, and what they are shown of them."""

from collections.abc import Callable, Collection
from dataclasses import replace
from functools import cache
from typing import Any

from appliance.actions.channel import standing
from appliance.actions.user import sight
from appliance.base.errors import ApiError
from appliance.model import edit, permission
from appliance.model.flag import Flag, names
from appliance.model.message import Message, Shape, by_nobody, payload, wide
from appliance.model.user import User
from appliance.store import channel as channels
from appliance.store import message as messages
from appliance.store import realm as realms
from appliance.store.connection import Handle, Reader
from appliance.store.message import Received
from appliance.store.store import Store


def fetch_one(store: Store, user: User, message_id: int, shape: Shape) -> dict[str, Any]:
    """The body of GET /messages/{id}. Raises ApiError."""
    with store.read() as reader:
        [found] = since_known(reader, user, [access(reader, user, message_id, archived=True)])
        shape, hidden = allowed(reader, shape), hidden_people(reader, user, [found])
    return {"message": shown(found, shape, hidden), "raw_content": found.message.content}


def access(handle: Handle, user: User, message_id: int, *, archived: bool = False) -> Received:
    """Raises ApiError, the same for a message that may not be read as for none."""
    found = messages.with_id(handle, user.id, message_id)
    if found is None or not readable(handle, user, [found], archived=archived):
        raise ApiError("Invalid message(s)")
    return found


def allowed(reader: Reader, shape: Shape) -> Shape:
    """With as much of edit histories as the organization shows."""
    return shape._replace(edits=realms.get(reader).setting("message_edit_history_visibility_policy"))


def since_known(handle: Handle, user: User, found: list[Received]) -> list[Received]:
    """With their edit histories as far as these say nothing of channels that the user may not read."""

    @cache
    def knows(channel_id: int) -> bool:
        channel = channels.even_archived(handle, channel_id)
        return channel is not None and permission.joins_channel(
            user, channel, standing.of(handle, user, channel)
        )

    return [
        replace(each, message=replace(each.message, edits=tuple(edit.since_known(each.message.edits, knows))))
        if each.message.edits
        else each
        for each in found
    ]


def as_told(handle: Handle, user: User, found: list[Received]) -> list[Message]:
    """As mails and pushes tell the user of them."""
    hidden = hidden_people(handle, user, found)
    return [by_nobody(each.message) if each.message.sender.id in hidden else each.message for each in found]


def hidden_people(reader: Handle, user: User, found: list[Received]) -> frozenset[int]:
    """Senders, and who reacted, of whom the user may not know."""
    messages = [each.message for each in found]
    reactors = {reaction.user_id for each in messages for reaction in each.reactions}
    return sight.hidden(reader, user, {each.sender.id for each in messages} | reactors)


def shown(received: Received, shape: Shape, hidden: Collection[int] = ()) -> dict[str, Any]:
    """The message object of the API. One that was never sent to the user counts as read. `hidden`: people of
    whom they may not know."""
    message = received.message
    if message.sender.id in hidden:
        shape = shape._replace(sees_sender=False)
    if hidden and message.reactions:
        known = (each.by_nobody() if each.user_id in hidden else each for each in message.reactions)
        message = replace(message, reactions=tuple(known))
    flags = Flag.READ | Flag.HISTORICAL if received.flags is None else received.flags
    return {**payload(wide(message), shape), "flags": names(flags)}


def readable(
    handle: Handle, user: User, found: list[Received], *, archived: bool = False
) -> list[Received]:
    """Those that the user may read. `archived`: also those in archived channels, where nothing can be done
    with them any more."""
    rules: dict[
        int | None, Callable[[bool], bool]
    ] = {}  # by channel: may one that was received, or not, be read
    for each in found:
        channel_id = each.message.channel_id
        if channel_id not in rules:
            rules[channel_id] = _rule(handle, user, channel_id, archived)
    return [each for each in found if rules[each.message.channel_id](each.flags is not None)]


def _rule(
    handle: Handle, user: User, channel_id: int | None, archived: bool
) -> Callable[[bool], bool]:
    if channel_id is None:
        return lambda received: received
    channel = (channels.even_archived if archived else channels.with_id)(handle, channel_id)
    if channel is None:
        return lambda received: False
    own = standing.of(handle, user, channel)
    return lambda received: permission.reads_message(user, channel, own, received)
