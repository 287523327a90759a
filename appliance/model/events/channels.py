"""Channels ("streams" on the wire), and being in them."""

from appliance.model.channel import NO_ADDRESS
from appliance.model.events.groups import PERMISSION
from appliance.model.events.kind import Form, kind
from appliance.model.events.types import (
    BOOLEAN,
    HTML,
    SECONDS,
    TEXT,
    WHOLE,
    Either,
    Fields,
    ListOf,
    Object,
    OneOf,
    noted,
    nullable,
    optional,
)

SEERS = "everybody who may know of the channel"
SUBSCRIBER_SEERS = "everybody who may know who is in the channel, but for those it is about"

_CHANNEL: Fields = {
    "stream_id": WHOLE,
    "name": TEXT,
    "description": noted(TEXT, "in Markdown"),
    "rendered_description": HTML,
    "date_created": SECONDS,
    "creator_id": nullable(WHOLE),
    "first_message_id": noted(nullable(WHOLE), "null: nobody has written yet"),
    "invite_only": noted(BOOLEAN, "a private channel"),
    "is_web_public": BOOLEAN,
    "is_archived": BOOLEAN,
    "is_recently_active": BOOLEAN,
    "history_public_to_subscribers": noted(BOOLEAN, "newcomers may read what was written before"),
    "message_retention_days": noted(nullable(WHOLE), "null: as the organization says; -1: forever"),
    "stream_weekly_traffic": noted(nullable(WHOLE), "null: too young to tell"),
    "can_add_subscribers_group": PERMISSION,
    "can_administer_channel_group": PERMISSION,
    "can_remove_subscribers_group": PERMISSION,
    "can_send_message_group": PERMISSION,
    "can_subscribe_group": PERMISSION,
    "stream_post_policy": noted(OneOf((1, 2, 3, 4)), "for older clients, as the next"),
    "is_announcement_only": BOOLEAN,
}
CHANNEL = Object(_CHANNEL, "channel")
_NOTIFY = noted(nullable(BOOLEAN), "null: as the person's own setting says")
SUBSCRIPTION = Object(
    {
        **_CHANNEL,
        "color": noted(TEXT, 'such as "#76ce90"'),
        "is_muted": BOOLEAN,
        "in_home_view": noted(BOOLEAN, "for older clients: not muted"),
        "pin_to_top": BOOLEAN,
        "audible_notifications": _NOTIFY,
        "desktop_notifications": _NOTIFY,
        "email_notifications": _NOTIFY,
        "push_notifications": _NOTIFY,
        "wildcard_mentions_notify": _NOTIFY,
        "email_address": noted(OneOf((NO_ADDRESS,)), "for older clients: mails do not become messages"),
        "subscribers": noted(ListOf(WHOLE), "ids of all who are in it"),
    },
    "subscription",
)
NAMED = (CHANNEL, SUBSCRIPTION)

_PEERS: Fields = {"stream_ids": ListOf(WHOLE), "user_ids": ListOf(WHOLE)}
_PROPERTY = OneOf(
    (
        "color", "is_muted", "in_home_view", "pin_to_top", "audible_notifications", "desktop_notifications",
        "email_notifications", "push_notifications", "wildcard_mentions_notify",
    )
)  # fmt: skip

KINDS = (
    kind(
        "stream/create",
        "those who may know of the channel from now on",
        "a channel was made, or came into sight; without `archived_channels` also when one was unarchived",
        {"streams": ListOf(CHANNEL)},
        served=True,
    ),
    kind(
        "stream/delete",
        "those who may no longer know of the channel",
        "a channel went out of sight; without `archived_channels` also when one was archived",
        {
            "stream_ids": ListOf(WHOLE),
            "streams": noted(ListOf(CHANNEL), "for older clients"),
        },
        served=True,
    ),
    kind(
        "stream/update",
        SEERS,
        "a property of a channel changed; `is_archived` is told to clients with `archived_channels` only",
        {
            "stream_id": WHOLE,
            "name": noted(TEXT, "as it was before"),
            "property": TEXT,
            "value": Either(BOOLEAN, WHOLE, TEXT, PERMISSION, nullable(WHOLE)),
            "rendered_description": optional(HTML, "`property` is description"),
            "history_public_to_subscribers": optional(BOOLEAN, "`property` is invite_only"),
            "is_web_public": optional(BOOLEAN, "`property` is invite_only"),
        },
        served=True,
    ),
    kind(
        "subscription/add",
        "the one who came in",
        "one joined a channel, or was put into it",
        {"subscriptions": ListOf(SUBSCRIPTION)},
        served=True,
    ),
    kind(
        "subscription/remove",
        "the one who left",
        "one left a channel, or was taken out of it",
        {"subscriptions": ListOf(Object({"stream_id": WHOLE, "name": TEXT}))},
        served=True,
    ),
    kind(
        "subscription/update",
        "the one whose it is",
        "what a channel is to somebody changed",
        Form({"stream_id": WHOLE, "property": _PROPERTY, "value": Either(BOOLEAN, TEXT)}),
        served=True,
    ),
    kind("subscription/peer_add", SUBSCRIBER_SEERS, "others came in", _PEERS, served=True),
    kind("subscription/peer_remove", SUBSCRIBER_SEERS, "others left", _PEERS, served=True),
    kind(
        "default_streams",
        "everybody but guests",
        "other channels are those that newcomers are put into",
        {"default_streams": noted(ListOf(WHOLE), "ids of all of them")},
        served=True,
    ),
    kind(
        "default_stream_groups",
        "everybody but guests",
        "the groups of channels that newcomers are offered changed",
        {
            "default_stream_groups": ListOf(
                Object(
                    {"id": WHOLE, "name": TEXT, "description": TEXT, "streams": noted(ListOf(WHOLE), "ids")}
                )
            )
        },
    ),
)
