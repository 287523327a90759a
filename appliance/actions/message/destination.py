"""Where somebody may write: in a channel and topic, or to people."""

from collections.abc import Sized

from appliance.actions.channel import access as channel_actions
from appliance.actions.message import direct_right
from appliance.actions.user import sight
from appliance.actions.user.sight import Sight
from appliance.base.errors import ApiError, ChannelDoesNotExist
from appliance.model.channel import Channel
from appliance.model.user import User
from appliance.store import channel as channels
from appliance.store import realm as realms
from appliance.store import user as users
from appliance.store.connection import Handle

LARGEST_GROUP = 500  # people in a direct conversation


def place(handle: Handle, sender: User, wanted: str | int, topic: str) -> Channel:
    """The channel, if the sender may begin or go on with the topic there."""
    channel = postable(handle, sender, wanted)
    if not topic and realms.get(handle).setting("mandatory_topics"):
        raise ApiError("Topics are required in this organization.")
    return channel


def postable(handle: Handle, sender: User, wanted: str | int) -> Channel:
    if isinstance(wanted, int):
        channel, missing = channels.with_id(handle, wanted), ChannelDoesNotExist(channel_id=wanted)
    else:
        channel, missing = channels.named(handle, wanted), ChannelDoesNotExist(name=wanted)
    if channel is None:
        raise missing
    channel_actions.check_posts(handle, sender, channel, missing)
    return channel


def people(handle: Handle, sender: User, to: list[int] | list[str]) -> list[User]:
    """The participants, if the sender may write to them."""
    found = participants(handle, sender, to)
    direct_right.check(handle, sender, found)
    return found


def participants(handle: Handle, sender: User, to: list[int] | list[str]) -> list[User]:
    """Everybody in the conversation, the sender included. Raises ApiError with Zulip's texts."""
    if not to:
        raise ApiError("Message must have recipients")
    check_size(to)
    found, known = {sender.id: sender}, sight.of(handle, sender)
    for each in to:
        user = _addressed(handle, known, each)
        if not user.is_active:
            raise ApiError(f"'{user.full_name}' is no longer using Zulip.")
        found[user.id] = user
    return [found[user_id] for user_id in sorted(found)]


def check_size(to: Sized) -> None:
    """Raises ApiError."""
    if len(to) > LARGEST_GROUP:
        raise ApiError(f"A conversation can have {LARGEST_GROUP} people at most.")


def _addressed(handle: Handle, known: Sight, each: int | str) -> User:
    if isinstance(each, int):
        user, unknown = users.with_id(handle, each), f"Invalid user ID {each}"
    else:
        user, unknown = users.with_public_email(handle, each.strip()), f"Invalid email '{each}'"
    if user is None or not known.knows(user):
        raise ApiError(unknown)
    return user
