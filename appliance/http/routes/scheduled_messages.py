"""Messages that are to be sent later."""

from typing import Annotated

from appliance.actions.message import scheduled as actions
from appliance.actions.message.scheduled import Wish
from appliance.actions.message.send import Draft
from appliance.base.errors import ApiError
from appliance.http.endpoint import Answer, Call, delete, get, patch, post
from appliance.http.routes.messages import READING_CLIENTS
from appliance.model.parameter import Integer, Text, boolean, identifiers, integer, one_of, text

CHANNEL = ("stream", "channel")
kind = one_of("direct", "private", *CHANNEL)


def _ids(name: str, given: str) -> list[int]:
    """One, or a list of them."""
    found = [each for each in identifiers(name, given) if isinstance(each, int)]
    if not found:
        raise ApiError("Invalid data type for recipients")
    return found


MaybeText = Annotated[str | None, text]


@get("/scheduled_messages")
def listed(call: Call) -> Answer:
    """The messages that wait to be sent; one that could not be sent says `failed`."""
    with call.services.store.read() as reader:
        return {"scheduled_messages": actions.listed(reader, call.user.id)}


@post("/scheduled_messages", tells="scheduled_messages/add")
def add(
    call: Call,
    *,
    type: Annotated[str, kind],
    to: Annotated[list[int], _ids],
    content: Text,
    scheduled_delivery_timestamp: Integer,
    topic: MaybeText = None,
    read_by_sender: Annotated[bool | None, boolean] = None,
) -> Answer:
    """One more, up to 1000."""
    if read_by_sender is None:
        read_by_sender = call.client_name.lower() in READING_CLIENTS
    draft = Draft(call.user, content, call.client_name, read_by_sender)
    where = actions.target(type in CHANNEL, to, topic)
    made = actions.add(call.services.store, draft, where, scheduled_delivery_timestamp)
    return {"scheduled_message_id": made}


@patch("/scheduled_messages/<scheduled_message_id:int>", tells="scheduled_messages/update")
def change(
    call: Call,
    *,
    scheduled_message_id: int,
    type: Annotated[str | None, kind] = None,
    to: Annotated[list[int] | None, _ids] = None,
    topic: MaybeText = None,
    content: MaybeText = None,
    scheduled_delivery_timestamp: Annotated[int | None, integer] = None,
) -> Answer:
    """Another text, place or time."""
    to_channel = None if type is None else type in CHANNEL
    wish = Wish(to_channel, to, topic, content, scheduled_delivery_timestamp)
    actions.change(call.services.store, call.user, scheduled_message_id, wish)
    return {}


@delete("/scheduled_messages/<scheduled_message_id:int>", tells="scheduled_messages/remove")
def remove(call: Call, *, scheduled_message_id: int) -> Answer:
    """It is not sent."""
    actions.remove(call.services.store, call.user, scheduled_message_id)
    return {}
