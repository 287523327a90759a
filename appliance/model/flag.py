"""What a message is to one of its recipients: bits of `user_message.flags`, names on the wire."""

from enum import IntFlag
from typing import Any

from appliance.base.errors import ApiError


class Flag(IntFlag):
    READ = 1
    STARRED = 2
    COLLAPSED = 4
    MENTIONED = 8
    STREAM_WILDCARD_MENTIONED = 16
    TOPIC_WILDCARD_MENTIONED = 32
    HAS_ALERT_WORD = 64
    HISTORICAL = 128
    ACTIVE_PUSH = 256  # a push for it is on somebody's phone; never on the wire


# Plain integers, for loops over all recipients: operators of IntFlag take a microsecond each.
READ, MENTIONED = int(Flag.READ), int(Flag.MENTIONED)
STREAM_WILDCARD_MENTIONED = int(Flag.STREAM_WILDCARD_MENTIONED)
TOPIC_WILDCARD_MENTIONED = int(Flag.TOPIC_WILDCARD_MENTIONED)
_WILDCARDS = STREAM_WILDCARD_MENTIONED | TOPIC_WILDCARD_MENTIONED
MENTIONS = MENTIONED | _WILDCARDS
HAS_ALERT_WORD = int(Flag.HAS_ALERT_WORD)
OF_TEXT = MENTIONS | HAS_ALERT_WORD  # what an edit may change

EDITABLE = frozenset({Flag.READ, Flag.STARRED, Flag.COLLAPSED})
HIDDEN = Flag.ACTIVE_PUSH
_NAMES = {int(flag): (flag.name or "").lower() for flag in Flag if flag not in HIDDEN}
_BY_NAME = {name: Flag(flag) for flag, name in _NAMES.items()}


def names(flags: int) -> list[str]:
    """As clients see them; the older `wildcard_mentioned` is added for both kinds of wildcard."""
    listed = [name for flag, name in _NAMES.items() if flags & flag]
    return [*listed, "wildcard_mentioned"] if flags & _WILDCARDS else listed


def change(flag: Flag, on: bool, message_ids: list[int]) -> dict[str, Any]:
    """The event that tells of it."""
    op = "add" if on else "remove"
    return {
        "type": "update_message_flags",
        "op": op,
        "operation": op,
        "flag": _NAMES[flag],
        "messages": message_ids,
        "all": False,
    }


def counts_as_mention(flags: int, muted: bool) -> bool:
    """Of an unread message: by name, or as one of all in a place that is not `muted`."""
    return bool(flags & MENTIONED) or (bool(flags & _WILDCARDS) and not muted)


def editable(name: str) -> Flag:
    """The flag that a client may set or clear. Raises ApiError with Zulip's texts."""
    flag = _BY_NAME.get(name)
    if flag is None:
        raise ApiError(f"Invalid flag: '{name}'")
    if flag not in EDITABLE:
        raise ApiError(f"Flag not editable: '{name}'")
    return flag
