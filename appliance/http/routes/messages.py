"""Messages: sending, reading, flags."""

from typing import Annotated, Any

from appliance.actions.message import access as history
from appliance.actions.message import flag
from appliance.actions.message import send_for_client as sending
from appliance.actions.message.send import Draft, Sent, send_direct
from appliance.actions.search import page as search
from appliance.actions.search.page import Window
from appliance.base.errors import ApiError, MissingParameter
from appliance.http.endpoint import Answer, Call, get, post
from appliance.model import idempotency, widget
from appliance.model import narrow as narrows
from appliance.model.message import Shape
from appliance.model.parameter import (
    Alias,
    Boolean,
    Integers,
    Text,
    boolean,
    channel,
    identifiers,
    integers,
    json,
    natural,
    one_of,
    optional,
    text,
    word,
)

# Programs in which a person reads what they have just written: it counts as read by them.
READING_CLIENTS = (
    "website", "zulipmobile", "zulipflutter", "zulipterminal", "zulipelectron", "zulipdesktop", "zulipios",
    "zulipandroid", "desktop app",
)  # fmt: skip
ANCHORS = ("newest", "oldest", "first_unread")
EXCLUSIVE = (
    "num_before", "num_after", "anchor", "message_ids", "include_anchor", "use_first_unread_anchor",
)  # fmt: skip


@post(
    "/messages",
    who="as the channel's and the organization's permissions say",
    tells="message update_message_flags/add user_topic subscription/add",
)
def send(
    call: Call,
    *,
    type: Annotated[str, one_of("direct", "private", "stream", "channel")],
    to: Annotated[str | None, text] = None,
    content: Text,
    topic: Annotated[str | None, text, Alias("subject")] = None,
    queue_id: Annotated[str | None, text] = None,
    local_id: Annotated[str | None, text] = None,
    read_by_sender: Annotated[bool | None, boolean] = None,
    widget_content: Annotated[str | None, text] = None,
) -> Answer:
    """Send a message to people or to a channel; with an `Idempotency-Key` once, however often it is tried."""
    if read_by_sender is None:
        read_by_sender = call.client_name.lower() in READING_CLIENTS
    form = None if widget_content is None else widget.of_parameter(widget_content)
    own = _word(local_id), _word(queue_id)
    key = idempotency.check(call.environ.get("HTTP_IDEMPOTENCY_KEY"))
    draft = Draft(call.user, content, call.client_name, read_by_sender, *own, form, key=key)
    if to is None:
        raise MissingParameter("to")
    if type in ("direct", "private"):
        return {"id": send_direct(call.services.store, draft, identifiers("to", to))}
    if topic is None:
        raise ApiError("Missing topic")
    return _sent(sending.send(call.services.store, draft, channel("to", to), topic))


def _sent(sent: Sent) -> Answer:
    followed = {} if sent.policy is None else {"automatic_new_visibility_policy": int(sent.policy)}
    return {"id": sent.id, **followed}


def _word(given: str | None) -> str | None:
    return None if given is None else word("", given)


def parse_anchor(name: str, given: str) -> int | str:
    value = word(name, given)
    if value in ANCHORS:
        return value
    try:
        return int(value)
    except ValueError:
        raise ApiError("Invalid anchor") from None


Narrow = Annotated[Any, json]


@get("/messages", differs="a search finds words by how they begin, and knows no stems of English")
def messages(
    call: Call,
    *,
    anchor: Annotated[int | str | None, parse_anchor] = None,
    use_first_unread_anchor: Boolean = False,
    include_anchor: Boolean = True,
    num_before: Annotated[int | None, natural] = None,
    num_after: Annotated[int | None, natural] = None,
    narrow: Narrow = None,
    message_ids: Annotated[list[int] | None, optional(integers)] = None,
    apply_markdown: Boolean = True,
    client_gravatar: Boolean = True,
    allow_empty_topic_name: Boolean = False,
) -> Answer:
    """Read around an anchor, in a narrow, or by `message_ids`."""
    shape = Shape(apply_markdown, allow_empty_topic_name, client_gravatar)
    terms = narrows.parse([] if narrow is None else narrow)
    if message_ids is not None:
        if anchor is not None or use_first_unread_anchor or num_before or num_after:
            raise ApiError(f"Unsupported parameter combination: {', '.join(EXCLUSIVE)}")
        return search.fetch_ids(call.services.store, call.user, terms, message_ids, shape)
    if num_before is None or num_after is None:
        raise MissingParameter("num_before" if num_before is None else "num_after")
    if use_first_unread_anchor:
        anchor = "first_unread"
    if anchor is None:
        raise ApiError("Missing 'anchor' argument.")
    window = Window(anchor, num_before, num_after, include_anchor)
    return search.fetch(call.services.store, call.user, terms, window, shape)


@get("/messages/<message_id:int>")
def message(
    call: Call,
    *,
    message_id: int,
    apply_markdown: Boolean = True,
    allow_empty_topic_name: Boolean = False,
) -> Answer:
    """One message and its source."""
    shape = Shape(apply_markdown, allow_empty_topic_name)
    return history.fetch_one(call.services.store, call.user, message_id, shape)


@post(
    "/messages/flags",
    tells="update_message_flags/add update_message_flags/remove",
    differs="`ignored_because_not_subscribed_channels` is always empty",
)
def update_flags(call: Call, *, messages: Integers, op: Text, flag: Text) -> Answer:
    """Set or clear a flag: read, starred, collapsed."""
    return {
        "messages": _update(call, messages, op, flag),
        "ignored_because_not_subscribed_channels": [],
    }


def _update(call: Call, message_ids: list[int], op: str, name: str) -> list[int]:
    return flag.update(call.services.store, call.user, message_ids, op, name)


@get("/users/me/<channel_id:int>/topics")
def topics(call: Call, *, channel_id: int, allow_empty_topic_name: Boolean = False) -> Answer:
    """The topics of a channel."""
    shape = Shape(False, allow_empty_topic_name)
    return {"topics": search.topics(call.services.store, call.user, channel_id, shape)}
