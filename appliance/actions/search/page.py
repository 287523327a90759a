"""Reading a part of a narrow, around an anchor."""

import html
from dataclasses import dataclass
from typing import Any

from appliance.actions.channel import access as channel_actions
from appliance.actions.channel import standing
from appliance.actions.message import access as history
from appliance.actions.search import narrow
from appliance.base.errors import ApiError
from appliance.model import permission
from appliance.model.highlight import highlight
from appliance.model.message import Shape, shown_topic
from appliance.model.narrow import Term, search_of
from appliance.model.search import Search
from appliance.model.user import User
from appliance.store import message as messages
from appliance.store import topic
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
    _check_number(window.num_before + window.num_after)
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
        shown = _shown(reader, user, found.messages, search_of(terms), shape)
    return {
        "messages": shown,
        "anchor": found.anchor,
        "found_anchor": found.at_anchor,
        "found_oldest": found.oldest,
        "found_newest": found.newest,
        "history_limited": False,
    }


def fetch_ids(
    store: Store, user: User, terms: list[Term], message_ids: list[int], shape: Shape
) -> dict[str, Any]:
    """The body of GET /messages with `message_ids`: those that the user may read, and the narrow shows.
    Raises ApiError."""
    _check_number(len(message_ids))
    with store.read() as reader:
        found = messages.with_ids(reader, user.id, message_ids)
        found = history.readable(reader, user, found, archived=True)
        if terms:
            conditions = narrow.conditions(reader, user, terms)
            found = messages.matching(reader, user.id, conditions, [each.message.id for each in found])
        shown = _shown(reader, user, found, search_of(terms), shape)
    return {"messages": shown, "history_limited": False}


def _check_number(number: int) -> None:
    if number > MAX_MESSAGES:
        raise ApiError(f"Too many messages requested (maximum {MAX_MESSAGES}).")


def _shown(
    reader: Reader, user: User, found: list[Received], wanted: Search | None, shape: Shape
) -> list[dict[str, Any]]:
    found = history.since_known(reader, user, found)
    shape, hidden = history.allowed(reader, shape), history.hidden_people(reader, user, found)
    return [
        history.shown(each, shape, hidden) | (_matches(each, wanted, shape) if wanted else {})
        for each in found
    ]


def matching(
    store: Store, user: User, terms: list[Term], message_ids: list[int], shape: Shape
) -> dict[str, dict[str, str]]:
    """Those that a narrow shows the user, by id, with what was found in them. Raises ApiError."""
    _check_number(len(message_ids))
    with store.read() as reader:
        found = messages.matching(reader, user.id, narrow.conditions(reader, user, terms), message_ids)
    return {str(each.message.id): _matches(each, search_of(terms), shape) for each in found}


def _matches(received: Received, wanted: Search | None, shape: Shape) -> dict[str, str]:
    """HTML of the text and of the topic in which what was searched for stands out."""
    message = received.message
    name = message.topic if message.is_direct else shown_topic(message.topic, shape.empty_topic_name)
    told = {"match_content": message.rendered_content, "match_subject": html.escape(name, quote=False)}
    return {name: highlight(text, wanted) for name, text in told.items()} if wanted else told


def topics(store: Store, user: User, channel_id: int, shape: Shape) -> list[dict[str, Any]]:
    """Of a channel, newest first."""
    with store.read() as reader:
        channel = channel_actions.access(reader, user, channel_id, archived=True)
        own = standing.of(reader, user, channel)
        if permission.reads_channel(user, channel, own):
            found = topic.of_channel(reader, channel.recipient_id)
        elif permission.joins_channel(user, channel, own):
            found = topic.of_received(reader, user.id, channel.recipient_id)
        else:
            found = []
    return [{"name": shown_topic(name, shape.empty_topic_name), "max_id": newest} for name, newest in found]
