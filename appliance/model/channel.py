"""Channels (streams on the wire) and subscriptions."""

import re
from dataclasses import dataclass
from typing import Any

from appliance.base.errors import ApiError
from appliance.model import group

MAX_NAME, MAX_DESCRIPTION = 60, 1024
COLOR = re.compile(r"#(?:[0-9a-fA-F]{3}){1,2}")
COLORS = (
    "#76ce90", "#fae589", "#a6c7e5", "#e79ab5", "#bfd56f", "#f4ae55", "#b0a5fd", "#addfe5",
    "#f5ce6e", "#c2726a", "#94c849", "#bd86e5", "#ee7e4a", "#a6dcbf", "#95a5fd", "#53a063",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Channel:
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
        "is_announcement_only": False,
        "is_recently_active": True,
        "history_public_to_subscribers": channel.history_public_to_subscribers,
        "message_retention_days": None,
        "stream_post_policy": 1,
        "stream_weekly_traffic": None,
        **{name: group.ID[each.default] for name, each in group.CHANNEL_PERMISSIONS.items()},
    }


def subscribed(
    channel: Channel, subscription: Subscription, subscriber_ids: list[int] | None
) -> dict[str, Any]:
    """The subscription object of the API: the channel, and what it is to this person."""
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


def color(used: set[str]) -> str:
    """The first colour that is not taken yet."""
    return next((each for each in COLORS if each not in used), COLORS[len(used) % len(COLORS)])


def check_property(name: str, value: Any) -> str | int:
    """A subscription's property as stored. Raises ApiError with Zulip's texts."""
    if name == "color":
        if not isinstance(value, str) or not COLOR.fullmatch(value):
            raise ApiError(f"{name} is not a valid hex color code")
        return value.lower()
    if not isinstance(value, bool):
        raise ApiError(f"{name} is not a boolean")
    return int(not value if name == "in_home_view" else value)


def told_properties(name: str, value: Any) -> list[tuple[str, Any]]:
    """What clients are told of a change: muting has two names, the older one first."""
    if name in ("is_muted", "in_home_view"):
        muted = value if name == "is_muted" else not value
        return [("in_home_view", not muted), ("is_muted", muted)]
    return [(name, value.lower() if name == "color" else value)]
