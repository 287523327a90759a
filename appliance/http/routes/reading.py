"""Marking whole places read, and what is in a window of a narrow."""

from typing import Annotated

from appliance.actions.message import flag as flags
from appliance.actions.message import reading
from appliance.actions.search.page import Window
from appliance.http.endpoint import Answer, Call, post
from appliance.http.routes.messages import parse_anchor
from appliance.model import narrow as narrows
from appliance.model.parameter import Boolean, Integer, Json, Natural, Text


@post("/mark_all_as_read", tells="update_message_flags/add")
def mark_all(call: Call) -> Answer:
    """Everything is read; `complete` false: call it again."""
    return {"complete": reading.mark_all(call.services.store, call.user)}


@post("/mark_stream_as_read", tells="update_message_flags/add")
def mark_channel(call: Call, *, stream_id: Integer) -> Answer:
    """A channel is read."""
    return {"complete": reading.mark_channel(call.services.store, call.user, stream_id)}


@post("/mark_topic_as_read", tells="update_message_flags/add")
def mark_topic(call: Call, *, stream_id: Integer, topic_name: Text) -> Answer:
    """A topic is read."""
    return {"complete": reading.mark_topic(call.services.store, call.user, stream_id, topic_name)}


@post("/messages/flags/narrow", tells="update_message_flags/add update_message_flags/remove")
def update_narrow(
    call: Call,
    *,
    anchor: Annotated[int | str, parse_anchor],
    num_before: Natural,
    num_after: Natural,
    narrow: Json,
    op: Text,
    flag: Text,
    include_anchor: Boolean = True,
) -> Answer:
    """Set or clear a flag of what is around an anchor in a narrow."""
    window = Window(anchor, num_before, num_after, include_anchor)
    terms = narrows.parse(narrow)
    return flags.update_narrow(call.services.store, call.user, terms, window, op, flag)
