"""Reactions to messages."""

from typing import Annotated

from appliance.actions import reaction as actions
from appliance.base.errors import ApiError
from appliance.http.endpoint import Answer, Call, delete, post
from appliance.model import reaction as model
from appliance.model.parameter import Text, one_of, text
from appliance.model.reaction import Emoji

MaybeText = Annotated[str | None, text]
Type = Annotated[str, one_of(*model.TYPES)]


@post("/messages/<message_id:int>/reactions")
def add(
    call: Call,
    *,
    message_id: int,
    emoji_name: Text,
    emoji_code: MaybeText = None,
    reaction_type: Type = model.UNICODE,
) -> Answer:
    emoji = _emoji(emoji_name, emoji_code, reaction_type)
    actions.add(call.services.store, call.user, message_id, emoji)
    return {}


@delete("/messages/<message_id:int>/reactions")
def remove(
    call: Call,
    *,
    message_id: int,
    emoji_name: MaybeText = None,
    emoji_code: MaybeText = None,
    reaction_type: Type = model.UNICODE,
) -> Answer:
    emoji = _emoji(emoji_name, emoji_code, reaction_type)
    actions.remove(call.services.store, call.user, message_id, emoji)
    return {}


def _emoji(name: str | None, code: str | None, reaction_type: str) -> Emoji:
    """By its name alone, or by its code, as clients have it from the emoji data."""
    if code is not None:
        return Emoji(name or "", code, reaction_type)
    if name is None:
        raise ApiError("At least one of the following arguments must be present: emoji_name, emoji_code")
    return model.named(name)
