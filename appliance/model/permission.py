"""Who may do what, in one place."""

from appliance.base.errors import ApiError, ChannelDoesNotExist, NotAllowed
from appliance.model.channel import Channel
from appliance.model.user import Role, User

WILDCARD_MENTION_THRESHOLD = 15  # people; beyond these only admins may mention all of them


def sees_channel(user: User, channel: Channel, subscribed: bool) -> bool:
    """Its name and that it exists. Everyone but guests sees public ones; admins also private ones."""
    if subscribed:
        return True
    return user.is_admin if channel.invite_only else not user.is_guest


def reads_channel(user: User, channel: Channel, subscribed: bool) -> bool:
    """Its history, beyond what was sent to the person."""
    if subscribed:
        return channel.history_public_to_subscribers
    return not channel.invite_only and not user.is_guest


def reads_message(user: User, channel: Channel | None, subscribed: bool, received: bool) -> bool:
    """One message: `channel` None is a direct one, `received` says whether it was sent to the person.

    After leaving a private channel not even what was received in it can be read.
    """
    if channel is None:
        return received
    return reads_channel(user, channel, subscribed) or (received and subscribed)


def joins_channel(user: User, channel: Channel, subscribed: bool) -> bool:
    """Subscribe oneself."""
    return subscribed or (not channel.invite_only and not user.is_guest)


def adds_to_channel(user: User, channel: Channel, subscribed: bool) -> bool:
    """Subscribe others."""
    return not user.is_guest and joins_channel(user, channel, subscribed)


def check_posts(user: User, channel: Channel, subscribed: bool) -> None:
    """Raises what Zulip answers to who may not send there."""
    if subscribed:
        return
    if channel.invite_only and not user.is_admin:
        raise ChannelDoesNotExist(name=channel.name)
    if channel.invite_only or user.is_guest:
        raise ApiError(f"Not authorized to send to channel '{channel.name}'")


def check_mentions_channel(user: User, recipients: int) -> None:
    if recipients > WILDCARD_MENTION_THRESHOLD and not user.is_admin:
        raise ChannelMentionNotAllowed


def check_mentions_topic(user: User, participants: int) -> None:
    if participants > WILDCARD_MENTION_THRESHOLD and not user.is_admin:
        raise TopicMentionNotAllowed


class ChannelMentionNotAllowed(ApiError):
    code = "STREAM_WILDCARD_MENTION_NOT_ALLOWED"

    def __init__(self) -> None:
        super().__init__("You do not have permission to use channel wildcard mentions in this channel.")


class TopicMentionNotAllowed(ApiError):
    code = "TOPIC_WILDCARD_MENTION_NOT_ALLOWED"

    def __init__(self) -> None:
        super().__init__("You do not have permission to use topic wildcard mentions in this topic.")


def manages_bot(user: User, bot: User) -> bool:
    """Sees its key, and changes it."""
    return user.is_admin or bot.bot_owner_id == user.id


def check_makes_bots(user: User) -> None:
    if user.is_guest or user.is_bot:
        raise ApiError("Insufficient permission")


def check_admin(user: User) -> None:
    if not user.is_admin:
        raise NotAllowed("Must be an organization administrator")


def check_creates_channels(user: User) -> None:
    if user.is_guest:
        raise NotAllowed("Insufficient permission")


def check_gives_role(user: User, role: Role) -> None:
    """Nobody gives a role above their own."""
    check_admin(user)
    if role < user.role:
        raise NotAllowed("Must be an organization owner")
