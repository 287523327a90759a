"""Polls and other widgets in messages."""

from typing import Annotated

from appliance.actions.message import widget
from appliance.http.endpoint import Answer, Call, post
from appliance.model.parameter import Text, integer


@post(
    "/submessage",
    who="whoever can read the message",
    tells="submessage user_topic",
    differs="not described there",
)
def add(call: Call, *, message_id: Annotated[int, integer], msg_type: Text, content: Text) -> Answer:
    """Vote in a poll, tick off a task: `content` is JSON, and `msg_type` "widget"."""
    widget.add(call.services.store, call.user, message_id, msg_type, content)
    return {}
