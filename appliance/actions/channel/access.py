"""Channels: who may know of one, and write there."""

from typing import Any

from appliance.actions.channel import sight as channel_sight
from appliance.actions.channel import standing
from appliance.actions.channel.standing import seers
from appliance.base.errors import ApiError, ChannelDoesNotExist
from appliance.model import permission
from appliance.model.channel import Channel
from appliance.model.user import User
from appliance.store import channel as channels
from appliance.store import edit as edits
from appliance.store import user as users
from appliance.store.connection import Handle
from appliance.store.transaction import Transaction


def access(handle: Handle, user: User, channel_id: int, *, archived: bool = False) -> Channel:
    """A channel that the user may know of; with `archived` also one that is. Raises ApiError as if an
    invisible one did not exist."""
    found = (channels.even_archived if archived else channels.with_id)(handle, channel_id)
    if found is None or not standing.sees(handle, user, found):
        raise ApiError("Invalid channel ID")
    return found


def access_named(handle: Handle, user: User, name: str) -> Channel:
    found = channels.named(handle, name)
    if found is None or not standing.sees(handle, user, found):
        raise ApiError(f"Invalid channel name '{name}'")
    return found


def check_posts(
    handle: Handle, user: User, channel: Channel, missing: ChannelDoesNotExist | None = None
) -> None:
    """Raises ApiError: `missing`, if the user may not even know of the channel. A bot may rely on its owner's
    rights."""
    try:
        permission.check_posts(user, channel, standing.of(handle, user, channel))
    except ApiError as error:
        if not _owner_posts(handle, user, channel):
            raise missing if missing and isinstance(error, ChannelDoesNotExist) else error from None


def _owner_posts(handle: Handle, user: User, channel: Channel) -> bool:
    owner = None if user.bot_owner_id is None else users.with_id(handle, user.bot_owner_id)
    if owner is None or not owner.is_active:
        return False
    try:
        permission.check_posts(owner, channel, standing.of(handle, owner, channel))
    except ApiError:
        return False
    return True


def written_in(transaction: Transaction, channel: Channel) -> None:
    """Somebody has: it may be its first message, or the first for long."""
    if channel.first_message_id is None:
        find_first_message(transaction, channel)
    if not channel.is_recently_active:
        set_active(transaction, channel, True)


def find_first_message(transaction: Transaction, channel: Channel) -> None:
    """Messages have come or gone: tell who may know of the channel if its first one is another. (`channel`
    may be as it was before.)"""
    now = channels.even_archived(transaction, channel.id)
    first = edits.first_of(transaction, channel.recipient_id)
    if now is None or first == now.first_message_id:
        return
    channels.set_first_message(transaction, channel.id, first)
    tell_updated(transaction, now, "first_message_id", first)


def set_active(transaction: Transaction, channel: Channel, active: bool) -> None:
    """Whether anybody wrote there lately."""
    channels.set_activity(transaction, channel.id, active, channel.weekly_traffic)
    tell_updated(transaction, channel, "is_recently_active", active)


def tell_updated(
    transaction: Transaction,
    channel: Channel,
    name: str,
    value: Any,
    user_ids: list[int] | None = None,
    **beside: Any,
) -> None:
    """Of a property of the channel, to `user_ids`, or all who may know of it; `beside`: what the event has
    besides. Of an archived one only clients hear that know of it."""
    event = {
        "type": "stream",
        "op": "update",
        "stream_id": channel.id,
        "name": channel.name,
        "property": name,
        "value": value,
    }
    people = seers(transaction, channel) if user_ids is None else user_ids
    transaction.notice({**event, **channel_sight.clients_that_know(channel), **beside}, people)
