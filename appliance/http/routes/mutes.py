"""What one does not want to hear of, or all the more: topics and people."""

from typing import Annotated

from appliance.actions.channel import access as channel_actions
from appliance.actions.personal import muted_user, user_topic
from appliance.base.errors import ApiError
from appliance.http.endpoint import Answer, Call, delete, patch, post
from appliance.model.parameter import Integer, Text, integer, one_of, optional, word
from appliance.model.topic import Policy


def _policy(name: str, given: str) -> Policy:
    try:
        return Policy(integer(name, given))
    except ValueError:
        raise ApiError(f"Invalid {name}") from None


@post("/user_topics", tells="user_topic muted_topics")
def choose(
    call: Call, *, stream_id: Integer, topic: Text, visibility_policy: Annotated[Policy, _policy]
) -> Answer:
    """Follow, mute or unmute a topic, or none of that."""
    user_topic.choose(call.services.store, call.user, stream_id, topic, visibility_policy)
    return {}


@patch("/users/me/subscriptions/muted_topics", tells="user_topic muted_topics")
def mute_topic(
    call: Call,
    *,
    topic: Text,
    op: Annotated[str, one_of("add", "remove")],
    stream: Annotated[str | None, optional(word)] = None,
    stream_id: Annotated[int | None, optional(integer)] = None,
) -> Answer:
    """For older clients, which know no other policy."""
    channel_id = _channel_id(call, stream, stream_id)
    if op == "add":
        user_topic.choose(call.services.store, call.user, channel_id, topic, Policy.MUTED)
    else:
        user_topic.unmute(call.services.store, call.user, channel_id, topic)
    return {}


def _channel_id(call: Call, name: str | None, channel_id: int | None) -> int:
    if (name is None) == (channel_id is None):
        raise ApiError("Please choose one: 'stream' or 'stream_id'." if name else "Please supply 'stream'.")
    if channel_id is not None:
        return channel_id
    assert name is not None
    with call.services.store.read() as reader:
        return channel_actions.access_named(reader, call.user, name).id


@post("/users/me/muted_users/<user_id:int>", tells="muted_users update_message_flags/add")
def mute(call: Call, *, user_id: int) -> Answer:
    """No more of somebody's messages are shown to one."""
    muted_user.mute(call.services.store, call.user, user_id)
    return {}


@delete("/users/me/muted_users/<user_id:int>", tells="muted_users")
def unmute(call: Call, *, user_id: int) -> Answer:
    """That is over."""
    muted_user.unmute(call.services.store, call.user, user_id)
    return {}
