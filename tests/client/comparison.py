"""Do two clients show the same?"""

from typing import Any

import orjson

from tests.client import unread
from tests.client.state import UNKNOWN, ClientState, Row

_OF_THE_QUEUE = frozenset(
    {"queue_id", "last_event_id", "server_timestamp", "presence_last_update_id", "unread_msgs"}
)
_RIGHTS = {  # for older clients: they follow from groups, whoever is moved into which
    "can_create_streams",
    "can_create_public_streams",
    "can_create_private_streams",
    "can_create_web_public_streams",
    "can_subscribe_other_users",
    "can_invite_others_to_realm",
}
_INHERITED = {
    "desktop_notifications",
    "audible_notifications",
    "push_notifications",
    "email_notifications",
    "wildcard_mentions_notify",
}
_OF_SUBSCRIPTIONS = {*_INHERITED, "color", "email_address", "is_muted", "in_home_view", "pin_to_top"}
_TRAFFIC = {"stream_weekly_traffic"}
_CHANNELS = {"streams", "subscriptions", "unsubscribed", "never_subscribed"}


def differences(ours: ClientState, theirs: ClientState) -> dict[str, tuple[Any, Any]]:
    """By what it is. What one of them cannot know is left out."""
    pairs = {**_sections(ours, theirs), **_unread(ours, theirs)}
    return {name: (one, other) for name, (one, other) in pairs.items() if one != other}


def _sections(ours: ClientState, theirs: ClientState) -> dict[str, tuple[Any, Any]]:
    one, other = (_shown(each.told) for each in (ours, theirs))
    keys = (one.keys() | other.keys()) - _OF_THE_QUEUE - _RIGHTS
    found = {key: (one.get(key), other.get(key)) for key in keys}
    return {
        key: (_comparable(ours, key, one), _comparable(theirs, key, other))
        for key, (one, other) in found.items()
        if one != other and UNKNOWN not in (one, other)
    }


def _shown(told: Row) -> Row:
    """Channels that come back into sight are new to a client: it cannot know that one has been in one. Nor is
    it told how much is written there."""
    shown = {name: _without(rows, _TRAFFIC) if name in _CHANNELS else rows for name, rows in told.items()}
    if "unsubscribed" in shown:
        others = [*shown.pop("unsubscribed"), *shown.pop("never_subscribed")]
        shown["not subscribed"] = _without(others, _OF_SUBSCRIPTIONS)
    return shown


def _without(rows: list[Row], names: set[str]) -> list[Row]:
    return [{name: value for name, value in row.items() if name not in names} for row in rows]


def _unread(ours: ClientState, theirs: ClientState) -> dict[str, tuple[Any, Any]]:
    one, other = unread.mentions(ours), unread.mentions(theirs)
    known = [each for each in one if one[each] is not None and other.get(each) is not None]
    return {
        "unread": (unread.by_place(ours), unread.by_place(theirs)),
        "unread count": (unread.count(ours), unread.count(theirs)),
        "mentions": ({each: one[each] for each in known}, {each: other[each] for each in known}),
    }


def _comparable(client: ClientState, key: str, value: Any) -> Any:
    if key == "presences":  # events say who came back; times are asked for
        return sorted(value)
    if key == "subscriptions" and not client.asked.get("notification_settings_null"):
        # a client that doesn't know null cannot tell what follows the general setting
        value = _without(value, _INHERITED)
    return _unordered(value)


def _unordered(value: Any) -> Any:
    """No list of a snapshot has an order that says something, but for one that has numbers to tell it by."""
    if isinstance(value, list):
        return sorted(
            map(_unordered, value), key=lambda each: orjson.dumps(each, option=orjson.OPT_SORT_KEYS)
        )
    if isinstance(value, dict):
        return {name: _unordered(each) for name, each in value.items()}
    return value
