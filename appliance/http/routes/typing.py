"""Typing notices."""

from typing import Annotated

from appliance.actions.personal import typing_notice
from appliance.base.errors import ApiError, MissingParameter
from appliance.http.endpoint import Answer, Call, post
from appliance.model.parameter import integer, integers, one_of, text


@post("/typing", tells="typing/start typing/stop")
def tell(
    call: Call,
    *,
    op: Annotated[str, one_of("start", "stop")],
    type: Annotated[str, one_of("direct", "stream", "channel")] = "direct",
    to: Annotated[list[int] | None, integers] = None,
    stream_id: Annotated[int | None, integer] = None,
    topic: Annotated[str | None, text] = None,
) -> Answer:
    """One is typing, or stops: to people, or in a channel of up to 100."""
    if type == "direct":
        if to is None:
            raise MissingParameter("to")
        typing_notice.tell_people(call.services.store, call.user, op, to)
    else:
        channel_id, topic = _place(stream_id, topic)
        typing_notice.tell_channel(call.services.store, call.user, op, channel_id, topic)
    return {}


@post(
    "/messages/<message_id:int>/typing",
    who="whoever may edit the message",
    tells="typing_edit_message/start typing_edit_message/stop",
    differs="not described there",
)
def tell_of_edit(call: Call, *, message_id: int, op: Annotated[str, one_of("start", "stop")]) -> Answer:
    """One is editing a message, or stops."""
    typing_notice.tell_of_edit(call.services.store, call.user, op, message_id)
    return {}


def _place(channel_id: int | None, topic: str | None) -> tuple[int, str]:
    if channel_id is None:
        raise ApiError("Missing channel ID")
    if topic is None:
        raise ApiError("Missing topic")
    return channel_id, topic
