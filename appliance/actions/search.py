"""Reading a part of a narrow, around an anchor."""

from dataclasses import dataclass
from typing import Any

from appliance.actions import channel as channel_actions
from appliance.actions import history, narrow
from appliance.base.errors import ApiError
from appliance.model.message import Shape, shown_topic
from appliance.model.narrow import Term
from appliance.model.user import User
from appliance.store import message as messages
from appliance.store.connection import Reader
from appliance.store.message import Condition, Received
from appliance.store.store import Store

MAX_MESSAGES = 5000
BEYOND_NEWEST = 10_000_000_000_000_000  # an anchor above every id, as clients know it


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a narrow: `anchor` is an id, or newest, oldest, first_unread."""

    anchor: int | str
    num_before: int
    num_after: int
    include_anchor: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """What of a narrow is in a window, ascending. `at_anchor`: the anchor is a message of the narrow."""

    messages: list[Received]
    anchor: int
    at_anchor: bool
    oldest: bool  # there is nothing before
    newest: bool


def search(reader: Reader, user: User, terms: list[Term], window: Window) -> Found:
    """Raises ApiError."""
    if window.num_before + window.num_after > MAX_MESSAGES:
        raise ApiError(f"Too many messages requested (maximum {MAX_MESSAGES}).")
    reader.begin()
    conditions = narrow.conditions(reader, user, terms)
    anchor = _anchor(reader, user, conditions, window.anchor)
    at_start, at_end = anchor == 0, anchor >= BEYOND_NEWEST
    before, there, after = messages.around(
        reader, user.id, conditions, anchor, window.num_before, 0 if at_end else window.num_after
    )
    return Found(
        [*before, *(there if window.include_anchor else []), *after],
        anchor,
        bool(there),
        at_start or len(before) < window.num_before,
        at_end or len(after) < window.num_after,
    )


def _anchor(reader: Reader, user: User, conditions: list[Condition], anchor: int | str) -> int:
    if isinstance(anchor, int):
        return max(0, min(anchor, BEYOND_NEWEST))
    if anchor == "first_unread":
        first = messages.first_unread(reader, user.id, conditions)
        return BEYOND_NEWEST if first is None else first
    return {"newest": BEYOND_NEWEST, "oldest": 0}[anchor]


def fetch(store: Store, user: User, terms: list[Term], window: Window, shape: Shape) -> dict[str, Any]:
    """The body of GET /messages. Raises ApiError."""
    with store.read() as reader:
        found = search(reader, user, terms, window)
        shape = history.allowed(reader, shape)
    return {
        "messages": [history.shown(each, shape) for each in found.messages],
        "anchor": found.anchor,
        "found_anchor": found.at_anchor,
        "found_oldest": found.oldest,
        "found_newest": found.newest,
        "history_limited": False,
    }


def matching(store: Store, user: User, terms: list[Term], message_ids: list[int]) -> list[Received]:
    """Those that a narrow shows the user. Raises ApiError."""
    if len(message_ids) > MAX_MESSAGES:
        raise ApiError(f"Too many messages requested (maximum {MAX_MESSAGES}).")
    with store.read() as reader:
        return messages.matching(reader, user.id, narrow.conditions(reader, user, terms), message_ids)


def topics(store: Store, user: User, channel_id: int, shape: Shape) -> list[dict[str, Any]]:
    """Of a channel, newest first."""
    with store.read() as reader:
        channel = channel_actions.access(reader, user, channel_id)
        condition = narrow.in_channel(reader, user, channel)
        found = messages.topics(reader, user.id, channel.recipient_id, condition)
    return [{"name": shown_topic(topic, shape.empty_topic_name), "max_id": newest} for topic, newest in found]
