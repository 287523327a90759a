"""Channels: who may know of one."""

from appliance.base.errors import ApiError
from appliance.model import permission
from appliance.model.channel import Channel
from appliance.model.user import User
from appliance.store import channel as channels
from appliance.store import edit as edits
from appliance.store import subscription as subscriptions
from appliance.store import user as users
from appliance.store.connection import Handle
from appliance.store.transaction import Transaction


def access(handle: Handle, user: User, channel_id: int) -> Channel:
    """A channel that the user may know of. Raises ApiError as if an invisible one did not exist."""
    found = channels.with_id(handle, channel_id)
    if found is None or not _sees(handle, user, found):
        raise ApiError("Invalid channel ID")
    return found


def access_named(handle: Handle, user: User, name: str) -> Channel:
    found = channels.named(handle, name)
    if found is None or not _sees(handle, user, found):
        raise ApiError(f"Invalid channel name '{name}'")
    return found


def _sees(handle: Handle, user: User, channel: Channel) -> bool:
    return permission.sees_channel(user, channel, subscriptions.is_subscribed(handle, channel.id, user.id))


def seers(handle: Handle, channel: Channel) -> list[int]:
    """Ids of the active people who may know of the channel."""
    subscribers = set(subscriptions.subscriber_ids(handle, channel.id))
    return [
        user.id
        for user in users.everyone(handle)
        if user.is_active and permission.sees_channel(user, channel, user.id in subscribers)
    ]


def find_first_message(transaction: Transaction, channel: Channel) -> None:
    """Messages have come or gone: tell who may know of the channel if its first one is another."""
    first = edits.first_of(transaction, channel.recipient_id)
    if first == channel.first_message_id:
        return
    channels.set_first_message(transaction, channel.id, first)
    event = {
        "type": "stream",
        "op": "update",
        "stream_id": channel.id,
        "name": channel.name,
        "property": "first_message_id",
        "value": first,
    }
    transaction.notice(event, seers(transaction, channel))
