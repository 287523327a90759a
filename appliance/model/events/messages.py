"""Messages: new, changed, gone, flagged, reacted to."""

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
    MapOf,
    Object,
    OneOf,
    noted,
    nullable,
    optional,
)

READERS = "everybody who may read the message"
EMPTY_TOPIC = 'clients without `empty_topic_name` get "general chat" for ""'

_FLAGS = (
    "read", "starred", "collapsed", "mentioned", "wildcard_mentioned", "has_alert_word", "historical",
)  # fmt: skip
FLAG = OneOf((*_FLAGS, "stream_wildcard_mentioned", "topic_wildcard_mentioned"), "message flag")
MARKABLE = OneOf(("starred", "collapsed"))
REACTION_TYPE = OneOf(("unicode_emoji", "realm_emoji", "zulip_extra_emoji"))
MESSAGE_TYPE = OneOf(("stream", "private"))

LINK = Object({"text": TEXT, "url": TEXT}, "link")
PARTICIPANT = Object(
    {"id": WHOLE, "email": TEXT, "full_name": TEXT, "is_mirror_dummy": BOOLEAN}, "participant"
)
EMOJI: Fields = {"emoji_name": TEXT, "emoji_code": TEXT, "reaction_type": REACTION_TYPE, "user_id": WHOLE}
REACTION = Object(
    {**EMOJI, "user": noted(Object({"id": WHOLE, "email": TEXT, "full_name": TEXT}), "for older clients")},
    "reaction",
)
SUBMESSAGE = Object(
    {"id": WHOLE, "message_id": WHOLE, "sender_id": WHOLE, "msg_type": TEXT, "content": TEXT}, "submessage"
)
EDIT = Object(
    {
        "user_id": nullable(WHOLE),
        "timestamp": SECONDS,
        "prev_content": optional(TEXT, "the text was changed"),
        "prev_rendered_content": optional(HTML, "the text was changed"),
        "prev_topic": optional(TEXT, "moved"),
        "topic": optional(TEXT, "moved"),
        "prev_stream": optional(WHOLE, "moved to another channel"),
        "stream": optional(WHOLE, "moved to another channel"),
    },
    "edit",
)
_ANY_MESSAGE: Fields = {
    "id": WHOLE,
    "sender_id": WHOLE,
    "sender_email": TEXT,
    "sender_full_name": TEXT,
    "sender_realm_str": TEXT,
    "avatar_url": noted(
        nullable(TEXT), "null: a gravatar, to be computed of the address; with `client_gravatar` only"
    ),
    "recipient_id": noted(WHOLE, "the same for all messages of a channel or conversation"),
    "subject": noted(TEXT, f"the topic; {EMPTY_TOPIC}"),
    "content": noted(TEXT, "HTML with `apply_markdown`"),
    "content_type": OneOf(("text/html", "text/x-markdown")),
    "timestamp": SECONDS,
    "client": noted(TEXT, "with what it was sent"),
    "is_me_message": BOOLEAN,
    "reactions": ListOf(REACTION),
    "submessages": ListOf(SUBMESSAGE),
    "topic_links": ListOf(LINK),
    "edit_history": optional(ListOf(EDIT), "changed or moved since"),
    "last_edit_timestamp": optional(SECONDS, "its text was changed"),
    "last_moved_timestamp": optional(SECONDS, "moved to another topic or channel"),
}
CHANNEL_MESSAGE = Object(
    {
        **_ANY_MESSAGE,
        "type": OneOf(("stream",)),
        "stream_id": WHOLE,
        "display_recipient": noted(TEXT, "the channel's name"),
        "invite_only_stream": optional(BOOLEAN, "in a private channel, and the client a mirror"),
    },
    "channel message",
)
DIRECT_MESSAGE = Object(
    {
        **_ANY_MESSAGE,
        "type": OneOf(("private",)),
        "display_recipient": noted(ListOf(PARTICIPANT), "the sender among them"),
    },
    "direct message",
)
NAMED = (CHANNEL_MESSAGE, DIRECT_MESSAGE, EDIT, PARTICIPANT, REACTION, SUBMESSAGE, LINK, FLAG)

_DETAILS = Either(
    Object(
        {
            "type": OneOf(("stream",)),
            "stream_id": WHOLE,
            "topic": noted(TEXT, EMPTY_TOPIC),
            "unmuted_stream_msg": BOOLEAN,
            "mentioned": optional(BOOLEAN, "it mentions the reader"),
        }
    ),
    Object(
        {
            "type": OneOf(("private",)),
            "user_ids": noted(ListOf(WHOLE), "the others in the conversation"),
            "mentioned": optional(BOOLEAN, "it mentions the reader"),
        }
    ),
)


def _flagged(op: str, flag: OneOf) -> Fields:
    return {
        "operation": noted(OneOf((op,)), "the same as `op`"),
        "flag": flag,
        "messages": noted(ListOf(WHOLE), "ids"),
        "all": noted(BOOLEAN, "true: of all messages, and `messages` is empty"),
    }


_DELETED: Fields = {
    "message_type": MESSAGE_TYPE,
    "stream_id": optional(WHOLE, "in a channel"),
    "topic": optional(TEXT, "in a channel", EMPTY_TOPIC),
}
_REACTED: Fields = {
    **EMOJI,
    "message_id": WHOLE,
    "user": noted(Object({"user_id": WHOLE, "email": TEXT, "full_name": TEXT}), "for older clients"),
}

KINDS = (
    kind(
        "message",
        "everybody it is sent to; clients with `all_public_streams` or a narrow hear all public channels",
        "somebody wrote",
        {
            "message": Either(CHANNEL_MESSAGE, DIRECT_MESSAGE),
            "flags": noted(ListOf(FLAG), "what the message is to the reader"),
            "local_message_id": optional(TEXT, "sent by this very client, with a `local_id`"),
        },
        served=True,
    ),
    kind(
        "update_message",
        READERS,
        "a message was edited or moved, or its previews are ready",
        {
            "user_id": noted(nullable(WHOLE), "who did it; null: the server, for previews"),
            "rendering_only": noted(BOOLEAN, "true: nobody edited it"),
            "message_id": noted(WHOLE, "the one that was edited"),
            "message_ids": noted(ListOf(WHOLE), "all that were moved, ascending"),
            "flags": noted(ListOf(OneOf(_FLAGS)), "of `message_id`"),
            "edit_timestamp": SECONDS,
            "stream_name": optional(TEXT, "in a channel"),
            "stream_id": optional(WHOLE, "in a channel"),
            "new_stream_id": optional(WHOLE, "moved to another channel"),
            "propagate_mode": optional(OneOf(("change_one", "change_later", "change_all")), "moved"),
            "orig_subject": optional(TEXT, "moved", EMPTY_TOPIC),
            "subject": optional(TEXT, "moved to another topic", EMPTY_TOPIC),
            "topic_links": optional(ListOf(LINK), "moved to another topic"),
            "orig_content": optional(TEXT, "the text was changed"),
            "orig_rendered_content": optional(HTML, "the text was changed"),
            "content": optional(TEXT, "the text or its previews changed"),
            "rendered_content": optional(HTML, "the text or its previews changed"),
            "is_me_message": optional(BOOLEAN, "the text or its previews changed"),
        },
        served=True,
    ),
    kind(
        "delete_message",
        READERS,
        "messages were deleted, or moved to where one may not read them",
        Form({"message_ids": ListOf(WHOLE), **_DELETED}, "with `bulk_message_deletion`"),
        Form(
            {"message_id": WHOLE, **_DELETED},
            "without `bulk_message_deletion`; then each has an event of its own",
        ),
        served=True,
    ),
    kind(
        "update_message_flags/add",
        "the reader",
        "messages were marked, in any of one's clients",
        _flagged("add", FLAG),
        served=True,
    ),
    kind(
        "update_message_flags/remove",
        "the reader",
        "messages were unmarked",
        Form(
            {
                **_flagged("remove", OneOf(("read",))),
                "message_details": noted(MapOf(_DETAILS, by_id=True), "of each message"),
            }
        ),
        Form(_flagged("remove", MARKABLE)),
        served=True,
    ),
    kind("reaction/add", READERS, "somebody reacted to a message", _REACTED, served=True),
    kind("reaction/remove", READERS, "somebody took a reaction back", _REACTED, served=True),
    kind(
        "submessage",
        READERS,
        "somebody took part in a poll or another widget",
        {
            "submessage_id": WHOLE,
            "message_id": WHOLE,
            "sender_id": WHOLE,
            "msg_type": OneOf(("widget",)),
            "content": noted(TEXT, "JSON"),
        },
        served=True,
    ),
)
