"""Who may do what, in one place."""

from collections.abc import Callable
from dataclasses import dataclass

from appliance.base.errors import ApiError, ChannelDoesNotExist, NotAllowed
from appliance.model.channel import Channel
from appliance.model.user import Role, User

WILDCARD_MENTION_THRESHOLD = 15  # people; to mention more at once takes a right


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody is to a channel: in it or not; `holds` says of one of its permissions (model/group.py)
    whether they are in the group that it names."""

    subscribed: bool
    holds: Callable[[str], bool]


# Whom these name may read and join a private channel; whom the last one names may know of it.
GIVING_CONTENT = ("can_add_subscribers_group", "can_subscribe_group")
GIVING_SIGHT = (*GIVING_CONTENT, "can_administer_channel_group")


def _granted(user: User, standing: Standing, *names: str) -> bool:
    """By one of the channel's permissions; none of these is for guests."""
    return not user.is_guest and any(map(standing.holds, names))


def sees_channel(user: User, channel: Channel, standing: Standing) -> bool:
    """Its name and that it exists. Everyone but guests sees public ones; admins also private ones."""
    if standing.subscribed or channel.is_web_public:
        return True
    if not channel.invite_only or user.is_admin:
        return not user.is_guest
    return _granted(user, standing, *GIVING_SIGHT)


def sees_subscribers(user: User, channel: Channel, standing: Standing) -> bool:
    """Who is in it. Guests know that of the channels that they are in."""
    return standing.subscribed or (not user.is_guest and sees_channel(user, channel, standing))


def joins_channel(user: User, channel: Channel, standing: Standing) -> bool:
    """Subscribe oneself; who may do so may read it as if they had."""
    if standing.subscribed or channel.is_web_public:
        return True
    return not user.is_guest and (not channel.invite_only or _granted(user, standing, *GIVING_CONTENT))


def reads_channel(user: User, channel: Channel, standing: Standing) -> bool:
    """Its history, beyond what was sent to the person."""
    return channel.history_public_to_subscribers and joins_channel(user, channel, standing)


def reads_message(user: User, channel: Channel | None, standing: Standing, received: bool) -> bool:
    """One message: `channel` None is a direct one, `received` says whether it was sent to the person.

    After leaving a private channel not even what was received in it can be read.
    """
    if channel is None:
        return received
    return joins_channel(user, channel, standing) and (received or channel.history_public_to_subscribers)


def adds_to_channel(user: User, channel: Channel, standing: Standing, *, anywhere: bool) -> bool:
    """Subscribe others. `anywhere`: the organization lets them, wherever they may be themselves."""
    if _granted(user, standing, "can_add_subscribers_group"):
        return True
    return anywhere and not user.is_guest and joins_channel(user, channel, standing)


def administers_channel(user: User, standing: Standing) -> bool:
    """Changes and archives it. To open it, or to close it, one must also be able to join it."""
    return user.is_admin or _granted(user, standing, "can_administer_channel_group")


def removes_from_channel(user: User, standing: Standing) -> bool:
    """Unsubscribe others. (One's own bots everybody may.)"""
    names = ("can_remove_subscribers_group", "can_administer_channel_group")
    return user.is_admin or _granted(user, standing, *names)


def check_administers(user: User, standing: Standing) -> None:
    if not administers_channel(user, standing):
        raise CannotAdministerChannel


def check_posts(user: User, channel: Channel, standing: Standing) -> None:
    """Raises what Zulip answers to who may not send there."""
    if not sees_channel(user, channel, standing):
        raise ChannelDoesNotExist(name=channel.name)
    if not standing.holds("can_send_message_group"):
        raise ApiError("You may not post in this channel.")
    if not standing.subscribed and (user.is_guest or not joins_channel(user, channel, standing)):
        raise ApiError(f"Not authorized to send to channel '{channel.name}'")


class CannotAdministerChannel(ApiError):
    code = "CANNOT_ADMINISTER_CHANNEL"

    def __init__(self) -> None:
        super().__init__("You may not administer this channel.")


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


def check_admin(user: User) -> None:
    if not user.is_admin:
        raise NotAllowed("Must be an organization administrator")


def check_owner(user: User) -> None:
    if user.role != Role.OWNER:
        raise NotAllowed("Must be an organization owner")


def reads_sent_mail(user: User, to: str, *, about_messages: bool) -> bool:
    """The text of a mail that the server has sent to an address. What somebody missed is theirs alone; the
    others may hold links that let whoever has them in, as only owners could."""
    return to.lower() == user.delivery_email.lower() or (user.role == Role.OWNER and not about_messages)


def check_touches_owner(user: User, *roles: Role) -> None:
    """Owners are made, changed and deactivated by owners only."""
    if Role.OWNER in roles:
        check_owner(user)


def check_invites_as(user: User, role: Role) -> None:
    """As whom somebody may invite: owners are made by owners, administrators and moderators by those."""
    check_touches_owner(user, role)
    if role < Role.MEMBER:
        check_admin(user)


def check_changes_role(user: User, other: User, role: Role) -> None:
    check_admin(user)
    if other.role != role:
        check_touches_owner(user, other.role, role)
