"""Channels (streams on the wire) and subscriptions."""

import re
from dataclasses import dataclass, field
from typing import Any

from appliance.base.errors import ApiError
from appliance.model import group
from appliance.model.group import ID
from appliance.model.group_setting import Value, groups_of, only
from appliance.model.privacy import Privacy

MAX_NAME, MAX_DESCRIPTION = 60, 1024
DAY = 24 * 3600
ACTIVE_DAYS = 180  # for which a channel counts as active after it was made, or somebody wrote
TRAFFIC_DAYS, YOUNG_DAYS = 28, 7  # traffic is of the first; younger than the second there is none
FOREVER = -1  # days of retention
RETENTION = {"unlimited": FOREVER, "forever": FOREVER, "realm_default": None}  # the words for it
COLOR = re.compile(r"#(?:[0-9a-fA-F]{3}){1,2}")
COLORS = (
    "#76ce90", "#fae589", "#a6c7e5", "#e79ab5", "#bfd56f", "#f4ae55", "#b0a5fd", "#addfe5",
    "#f5ce6e", "#c2726a", "#94c849", "#bd86e5", "#ee7e4a", "#a6dcbf", "#95a5fd", "#53a063",
)  # fmt: skip
# By the group that may write there: the number that older clients know it by.
POST_POLICIES = {
    ID["role:everyone"]: 1,
    ID["role:administrators"]: 2,
    ID["role:fullmembers"]: 3,
    ID["role:moderators"]: 4,
}
EVERYBODY_POSTS, ADMINS_POST = 1, 2
NO_ADDRESS = ""  # of mails to a channel: they do not become messages


@dataclass(frozen=True, slots=True)
class Channel:
    """`permissions`: by their names in model/group.py, where they are not the default;
    `message_retention_days`: None: as the organization's, -1: for ever; `weekly_traffic`: messages a week,
    None: too young to tell."""

    id: int
    name: str
    description: str
    rendered_description: str
    invite_only: bool
    history_public_to_subscribers: bool
    is_web_public: bool
    is_archived: bool
    creator_id: int | None
    date_created: int
    first_message_id: int | None
    recipient_id: int
    is_default: bool = False
    permissions: dict[str, Value] = field(default_factory=dict)
    message_retention_days: int | None = None
    weekly_traffic: int | None = None
    is_recently_active: bool = True

    @property
    def privacy(self) -> Privacy:
        return Privacy(self.invite_only, self.history_public_to_subscribers, self.is_web_public)

    def permission(self, name: str) -> Value:
        """Whom one of CHANNEL_PERMISSIONS names."""
        found = self.permissions.get(name)
        return self._default(name) if found is None else found

    def _default(self, name: str) -> Value:
        default = group.CHANNEL_PERMISSIONS[name].default
        if default in ID:
            return ID[default]
        return ID["role:nobody"] if self.creator_id is None else only(self.creator_id)

    @property
    def post_policy(self) -> int:
        """1: everybody, 2: admins, 3: no new members, 4: moderators; 1 also where no number says it."""
        value = self.permission("can_send_message_group")
        return POST_POLICIES.get(value, EVERYBODY_POSTS) if isinstance(value, int) else EVERYBODY_POSTS


@dataclass(frozen=True, slots=True)
class Subscription:
    """One person's place in a channel. None in a notification setting: as the person's own setting says."""

    channel_id: int
    user_id: int
    active: bool
    color: str
    is_muted: bool
    pin_to_top: bool
    desktop_notifications: bool | None
    audible_notifications: bool | None
    push_notifications: bool | None
    email_notifications: bool | None
    wildcard_mentions_notify: bool | None


def public(channel: Channel) -> dict[str, Any]:
    """The channel object of the API at level 372."""
    return {
        "stream_id": channel.id,
        "name": channel.name,
        "description": channel.description,
        "rendered_description": channel.rendered_description,
        "date_created": channel.date_created,
        "creator_id": channel.creator_id,
        "first_message_id": channel.first_message_id,
        "invite_only": channel.invite_only,
        "is_web_public": channel.is_web_public,
        "is_archived": channel.is_archived,
        "is_recently_active": channel.is_recently_active,
        "history_public_to_subscribers": channel.history_public_to_subscribers,
        "message_retention_days": channel.message_retention_days,
        "stream_weekly_traffic": channel.weekly_traffic,
        **{name: channel.permission(name) for name in group.CHANNEL_PERMISSIONS},
        **posting(channel),
    }


def posting(channel: Channel) -> dict[str, Any]:
    """What older clients know of who may write there."""
    return {
        "stream_post_policy": channel.post_policy,
        "is_announcement_only": channel.post_policy == ADMINS_POST,
    }


def subscribed(
    channel: Channel, subscription: Subscription, subscriber_ids: list[int] | None
) -> dict[str, Any]:
    """The subscription object of the API: the channel, and what it is to this person. Without its address
    zulip-terminal 0.7 cannot show what a channel is."""
    own = {
        "color": subscription.color,
        "is_muted": subscription.is_muted,
        "in_home_view": not subscription.is_muted,
        "pin_to_top": subscription.pin_to_top,
        "desktop_notifications": subscription.desktop_notifications,
        "audible_notifications": subscription.audible_notifications,
        "push_notifications": subscription.push_notifications,
        "email_notifications": subscription.email_notifications,
        "wildcard_mentions_notify": subscription.wildcard_mentions_notify,
        "email_address": NO_ADDRESS,
    }
    listed = {} if subscriber_ids is None else {"subscribers": subscriber_ids}
    return {**public(channel), **own, **listed}


def check_name(name: str) -> str:
    """The name without blanks around it. Raises ApiError with Zulip's texts."""
    name = name.strip()
    if not name:
        raise ApiError("Channel name can't be empty.")
    if len(name) > MAX_NAME:
        raise ApiError(f"Channel name too long (limit: {MAX_NAME} characters).")
    if not name.isprintable():
        raise ApiError("Invalid character in channel name.")
    return name


def check_description(description: str) -> str:
    """In one line. Raises ApiError."""
    description = " ".join(description.splitlines())
    if len(description) > MAX_DESCRIPTION:
        raise ApiError(f"description is too long (limit: {MAX_DESCRIPTION} characters)")
    return description


def check_retention(given: Any) -> int | None:
    """Days, or one of the words of RETENTION. Raises ApiError."""
    if isinstance(given, str) and given in RETENTION:
        return RETENTION[given]
    if type(given) is not int or not 0 < given < 2**31:
        raise ApiError(f"Bad value for 'message_retention_days': {given}")
    return given


def is_active(created: int, newest: int | None, now: float) -> bool:
    """`created`, and when the newest message was sent (None: there is none): Unix seconds."""
    return now - max(created, newest or 0) < ACTIVE_DAYS * DAY


def weekly_traffic(messages: int, created: int, now: float) -> int | None:
    """Messages a week, to two digits, from their number in the last TRAFFIC_DAYS; None: too young to tell."""
    days = min(int(now - created) // DAY, TRAFFIC_DAYS)
    if days < YOUNG_DAYS:
        return None
    average = messages * 7 // days
    return round(average, 2 - len(str(average))) if average else min(messages, 1)


def objections(group_id: int, channels: list[Channel]) -> list[dict[str, Any]]:
    """Where channels need a group, so that it cannot be deactivated, as Zulip lists that."""
    found = [
        (each.id, [name for name, value in each.permissions.items() if group_id in groups_of(value)])
        for each in channels
    ]
    return [
        {"type": "channel", "channel_id": channel_id, "settings": names}
        for channel_id, names in found
        if names
    ]


def color(used: set[str]) -> str:
    """The first colour that is not taken yet."""
    return next((each for each in COLORS if each not in used), COLORS[len(used) % len(COLORS)])


def whole_color(color: str) -> str:
    """Of one that COLOR matches, the form with six digits: zulip-flutter reads no other."""
    digits = color.lower().removeprefix("#")
    return "#" + (digits if len(digits) == 6 else "".join(each * 2 for each in digits))


def check_property(name: str, value: Any) -> str | int:
    """A subscription's property as stored. Raises ApiError with Zulip's texts."""
    if name == "color":
        if not isinstance(value, str) or not COLOR.fullmatch(value):
            raise ApiError(f"{name} is not a valid hex color code")
        return whole_color(value)
    if not isinstance(value, bool):
        raise ApiError(f"{name} is not a boolean")
    return int(not value if name == "in_home_view" else value)


def told_properties(name: str, value: Any) -> list[tuple[str, Any]]:
    """What clients are told of a change: muting has two names, the older one first."""
    if name in ("is_muted", "in_home_view"):
        muted = value if name == "is_muted" else not value
        return [("in_home_view", not muted), ("is_muted", muted)]
    return [(name, whole_color(value) if name == "color" else value)]
