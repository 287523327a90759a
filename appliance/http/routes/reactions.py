"""Reactions to messages."""

from typing import Annotated

from appliance.actions.message import emoji
from appliance.actions.message import reaction as actions
from appliance.base.errors import ApiError
from appliance.http.endpoint import Answer, Call, delete, post
from appliance.model import reaction as model
from appliance.model.parameter import Text, one_of, text
from appliance.model.reaction import Emoji

MaybeText = Annotated[str | None, text]
Type = Annotated[str, one_of(*model.TYPES)]


@post("/messages/<message_id:int>/reactions", tells="reaction/add")
def add(
    call: Call,
    *,
    message_id: int,
    emoji_name: Text,
    emoji_code: MaybeText = None,
    reaction_type: Type = model.UNICODE,
) -> Answer:
    """React with an emoji; its name alone is enough."""
    meant = _emoji(call, emoji_name, emoji_code, reaction_type)
    actions.add(call.services.store, call.user, message_id, meant)
    return {}


@delete("/messages/<message_id:int>/reactions", tells="reaction/remove")
def remove(
    call: Call,
    *,
    message_id: int,
    emoji_name: MaybeText = None,
    emoji_code: MaybeText = None,
    reaction_type: Type = model.UNICODE,
) -> Answer:
    """Take that back."""
    meant = _emoji(call, emoji_name, emoji_code, reaction_type)
    actions.remove(call.services.store, call.user, message_id, meant)
    return {}


def _emoji(call: Call, name: str | None, code: str | None, reaction_type: str) -> Emoji:
    """By its name alone, or by its code, as clients have it from the emoji data."""
    if code is not None:
        return Emoji(name or "", code, reaction_type)
    if name is None:
        raise ApiError("At least one of the following arguments must be present: emoji_name, emoji_code")
    return emoji.named(call.services.store, name)
