"""Channels: which there are, what they are, and changing that. Being in them: subscriptions.py."""

from typing import Annotated, Any

from appliance.actions.channel import access as channel_actions
from appliance.actions.channel import archive as channel_archive
from appliance.actions.channel import change as channel_change
from appliance.actions.channel import default as default_channel
from appliance.actions.channel import listing as channel_listing
from appliance.actions.channel import subscription as subscription_actions
from appliance.actions.channel.change import Wish
from appliance.http.endpoint import Answer, Call, delete, get, patch, post
from appliance.model import channel as channel_model
from appliance.model.channel import RETENTION
from appliance.model.group import CHANNEL_PERMISSIONS
from appliance.model.parameter import Boolean, Integer, Text, boolean, integer, json, natural, text, word

ADMINISTRATORS = "administrators, and whom the channel's `can_administer_channel_group` names"
MaybeText = Annotated[str | None, text]
MaybeBoolean = Annotated[bool | None, boolean]


def retention(name: str, given: str) -> int | str:
    """Days, or one of the words that stand for them."""
    said = word(name, given)
    return said if said in RETENTION else integer(name, given)


def permissions(call: Call) -> dict[str, Any]:
    """Those of a channel that the request names."""
    return {
        name: json(name, given) for name, given in call.parameters.items() if name in CHANNEL_PERMISSIONS
    }


@get("/streams", who="everybody; `include_all_active`, `include_all`: administrators")
def all_channels(
    call: Call,
    *,
    include_public: Boolean = True,
    include_web_public: Boolean = False,
    include_subscribed: Boolean = True,
    include_owner_subscribed: Boolean = False,
    include_can_access_content: Boolean = False,
    include_all_active: Boolean = False,
    include_all: Boolean = False,
    include_default: Boolean = False,
    exclude_archived: Boolean = True,
) -> Answer:
    """The channels that one may know of."""
    asked = {
        "public": include_public,
        "web_public": include_web_public,
        "subscribed": include_subscribed,
        "owner_subscribed": include_owner_subscribed,
        "content": include_can_access_content,
        "all": include_all_active or include_all,
    }
    kinds = [kind for kind, wanted in asked.items() if wanted]
    with call.services.store.read() as reader:
        found = channel_listing.listed(reader, call.user, kinds, archived=not exclude_archived)
    return {
        "streams": [
            channel_model.public(each) | ({"is_default": each.is_default} if include_default else {})
            for each in found
        ]
    }


@get("/streams/<channel_id:int>")
def one(call: Call, *, channel_id: int) -> Answer:
    """One channel, also an archived one."""
    with call.services.store.read() as reader:
        found = channel_actions.access(reader, call.user, channel_id, archived=True)
    return {"stream": channel_model.public(found)}


@get("/get_stream_id")
def channel_id_of(call: Call, *, stream: Text) -> Answer:
    """The id of a channel, by its name."""
    with call.services.store.read() as reader:
        return {"stream_id": channel_actions.access_named(reader, call.user, stream).id}


@get("/streams/<channel_id:int>/members")
def members(call: Call, *, channel_id: int) -> Answer:
    """Who is in a channel."""
    with call.services.store.read() as reader:
        return {"subscribers": subscription_actions.members(reader, call.user, channel_id)}


@get(
    "/streams/<channel_id:int>/email_address",
    differs="empty: mails do not become messages in this version",
)
def email_address(
    call: Call, *, channel_id: int, sender_id: Annotated[int | None, natural] = None
) -> Answer:
    """The address of mails that become messages in a channel."""
    with call.services.store.read() as reader:
        channel_actions.access(reader, call.user, channel_id)
    return {"email": channel_model.NO_ADDRESS}


@patch(
    "/streams/<channel_id:int>",
    reads=CHANNEL_PERMISSIONS,
    who=f"{ADMINISTRATORS}; `message_retention_days`: owners",
    tells="stream/update stream/create stream/delete subscription/peer_add default_streams message",
    differs="posting is by `can_send_message_group`, not by `stream_post_policy` or `is_announcement_only`;"
    " `is_archived` false brings it back",
)
def change(
    call: Call,
    *,
    channel_id: int,
    new_name: MaybeText = None,
    description: MaybeText = None,
    is_private: MaybeBoolean = None,
    is_web_public: MaybeBoolean = None,
    history_public_to_subscribers: MaybeBoolean = None,
    is_default_stream: MaybeBoolean = None,
    is_archived: MaybeBoolean = None,
    message_retention_days: Annotated[int | str | None, retention] = None,
) -> Answer:
    """Change a channel: name, description, privacy, permissions, retention."""
    wish = Wish(
        name=new_name,
        description=description,
        invite_only=is_private,
        web_public=is_web_public,
        history_public=history_public_to_subscribers,
        is_default=is_default_stream,
        is_archived=is_archived,
        retention=message_retention_days,
        permissions=permissions(call),
    )
    channel_change.change(call.services.store, call.user, channel_id, wish)
    return {}


@delete(
    "/streams/<channel_id:int>",
    who=ADMINISTRATORS,
    tells="stream/update stream/delete default_streams realm/update message",
)
def archive(call: Call, *, channel_id: int) -> Answer:
    """Archive a channel."""
    channel_archive.archive(call.services.store, call.user, channel_id)
    return {}


@post("/default_streams", who="administrators", tells="default_streams")
def make_default(call: Call, *, stream_id: Integer) -> Answer:
    """Put newcomers into a channel."""
    default_channel.choose(call.services.store, call.user, stream_id, True)
    return {}


@delete("/default_streams", who="administrators", tells="default_streams")
def unmake_default(call: Call, *, stream_id: Integer) -> Answer:
    """Put newcomers into a channel no more."""
    default_channel.choose(call.services.store, call.user, stream_id, False)
    return {}
