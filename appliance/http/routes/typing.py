"""Typing notices."""

from typing import Annotated

from appliance.actions import typing_notice
from appliance.base.errors import ApiError, MissingParameter
from appliance.http.endpoint import Answer, Call, post
from appliance.model.parameter import integer, integers, one_of, text


@post("/typing")
def tell(
    call: Call,
    *,
    op: Annotated[str, one_of("start", "stop")],
    type: Annotated[str, one_of("direct", "stream", "channel")] = "direct",
    to: Annotated[list[int] | None, integers] = None,
    stream_id: Annotated[int | None, integer] = None,
    topic: Annotated[str | None, text] = None,
) -> Answer:
    if type == "direct":
        if to is None:
            raise MissingParameter("to")
        typing_notice.tell_people(call.services.store, call.user, op, to)
    else:
        channel_id, topic = _place(stream_id, topic)
        typing_notice.tell_channel(call.services.store, call.user, op, channel_id, topic)
    return {}


def _place(channel_id: int | None, topic: str | None) -> tuple[int, str]:
    if channel_id is None:
        raise ApiError("Missing channel ID")
    if topic is None:
        raise ApiError("Missing topic")
    return channel_id, topic
