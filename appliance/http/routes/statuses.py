"""What people say of themselves."""

from functools import partial
from typing import Annotated

from appliance.actions.message import emoji as emojis
from appliance.actions.user import status as actions
from appliance.http.endpoint import Answer, Call, get, post
from appliance.model import reaction
from appliance.model import user_status as model
from appliance.model.parameter import boolean, one_of, text

MaybeText = Annotated[str | None, text]


@post("/users/me/status", tells="user_status")
def change(
    call: Call,
    *,
    status_text: MaybeText = None,
    away: Annotated[bool | None, boolean] = None,
    emoji_name: MaybeText = None,
    emoji_code: MaybeText = None,
    reaction_type: Annotated[str | None, one_of(*reaction.TYPES)] = None,
) -> Answer:
    """A short text and an emoji beside one's name."""
    named = partial(emojis.named, call.services.store)
    emoji = model.emoji(emoji_name, emoji_code, reaction_type, named)
    actions.change(call.services.store, call.user, model.check(status_text, emoji, away))
    return {}


@get("/users/<user_id:int>/status")
def one(call: Call, *, user_id: int) -> Answer:
    """Somebody's status."""
    with call.services.store.read() as reader:
        return {"status": actions.of_user(reader, call.user, user_id)}
