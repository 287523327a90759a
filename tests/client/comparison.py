"""Do two clients show the same?"""

from typing import Any

import orjson

from tests.client import unread
from tests.client.state import UNKNOWN, ClientState, Row

_OF_THE_QUEUE = frozenset({"queue_id", "last_event_id", "server_timestamp", "unread_msgs"})
_INHERITED = frozenset(
    {
        "desktop_notifications",
        "audible_notifications",
        "push_notifications",
        "email_notifications",
        "wildcard_mentions_notify",
    }
)


def differences(ours: ClientState, theirs: ClientState) -> dict[str, tuple[Any, Any]]:
    """By what it is. What one of them cannot know is left out."""
    pairs = {**_sections(ours, theirs), **_unread(ours, theirs)}
    return {name: (one, other) for name, (one, other) in pairs.items() if one != other}


def _sections(ours: ClientState, theirs: ClientState) -> dict[str, tuple[Any, Any]]:
    keys = (ours.told.keys() | theirs.told.keys()) - _OF_THE_QUEUE
    found = {key: (ours.told.get(key), theirs.told.get(key)) for key in keys}
    return {
        key: (_comparable(ours, key, one), _comparable(theirs, key, other))
        for key, (one, other) in found.items()
        if one != other and UNKNOWN not in (one, other)
    }


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
    if key in ("subscriptions", "unsubscribed") and not client.asked.get("notification_settings_null"):
        value = [_without_inherited(row) for row in value]
    return _unordered(value)


def _without_inherited(row: Row) -> Row:
    """A client that doesn't know null cannot tell what follows the general setting."""
    return {name: value for name, value in row.items() if name not in _INHERITED}


def _unordered(value: Any) -> Any:
    """No list of a snapshot has an order that says something, but for one that has numbers to tell it by."""
    if isinstance(value, list):
        return sorted(
            map(_unordered, value), key=lambda each: orjson.dumps(each, option=orjson.OPT_SORT_KEYS)
        )
    if isinstance(value, dict):
        return {name: _unordered(each) for name, each in value.items()}
    return value
