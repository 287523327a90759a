"""Channels, and what they are to the one who registers."""

from typing import Any

from appliance.actions.snapshot.moment import Moment
from appliance.model import channel as channel_model
from appliance.model import permission
from appliance.model.channel import Channel
from appliance.store import channel as channels
from appliance.store import subscription as subscriptions

_INHERITED = {
    "desktop_notifications": "enable_stream_desktop_notifications",
    "audible_notifications": "enable_stream_audible_notifications",
    "push_notifications": "enable_stream_push_notifications",
    "email_notifications": "enable_stream_email_notifications",
    "wildcard_mentions_notify": "wildcard_mentions_notify",
}


def stream(moment: Moment) -> dict[str, Any]:
    return {"streams": [channel_model.public(channel) for channel, _ in moment.channels]}


def subscription(moment: Moment) -> dict[str, Any]:
    """Channels that the user is in, was in, and could be in."""
    listed = (
        subscriptions.subscribers_by_channel(moment.reader) if moment.wishes.include_subscribers else None
    )
    now_in: list[dict[str, Any]] = []
    was_in: list[dict[str, Any]] = []
    never_in: list[dict[str, Any]] = []
    for channel, own in moment.channels:
        inside = None if listed is None else _inside(moment, channel, listed)
        if own is None:
            never_in.append(
                channel_model.public(channel) | ({} if inside is None else {"subscribers": inside})
            )
        else:
            shown = channel_model.subscribed(channel, own, inside)
            (now_in if own.active else was_in).append(_inheriting(moment, shown))
    return {"subscriptions": now_in, "unsubscribed": was_in, "never_subscribed": never_in}


def _inside(moment: Moment, channel: Channel, listed: dict[int, list[int]]) -> list[int]:
    """Who is in it, if the user may know that. `listed`: by channel."""
    knows = permission.sees_subscribers(moment.user, channel, moment.standing(channel))
    return listed.get(channel.id, []) if knows else []


def _inheriting(moment: Moment, shown: dict[str, Any]) -> dict[str, Any]:
    """Clients that don't know null get what it stands for."""
    if moment.client.notification_settings_null:
        return shown
    meant = {
        name: moment.user.setting(global_name)
        for name, global_name in _INHERITED.items()
        if shown[name] is None
    }
    return shown | meant


def default_streams(moment: Moment) -> dict[str, Any]:
    """Not for guests, who would see in it which public channels there are."""
    known = [] if moment.user.is_guest else channels.defaults(moment.reader)
    return {"realm_default_streams": [channel.id for channel in known]}
