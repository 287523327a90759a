"""What belongs to one person: settings, drafts, uploads, mutes. Told to that person's clients only."""

from appliance.model.events.kind import Form, kind
from appliance.model.events.messages import EMPTY_TOPIC
from appliance.model.events.types import (
    BOOLEAN,
    HTML,
    MILLISECONDS,
    SECONDS,
    TEXT,
    WHOLE,
    Either,
    Fields,
    ListOf,
    Object,
    OneOf,
    Type,
    noted,
    optional,
)
from appliance.model.setting import DISPLAY_SETTINGS, NOTIFICATION_SETTINGS, USER_SETTINGS

ONESELF = "oneself"
LANGUAGE = "default_language"

SETTING = OneOf(tuple(USER_SETTINGS), "personal setting")
SETTING_VALUE = Either(BOOLEAN, WHOLE, TEXT)

ATTACHMENT = Object(
    {
        "id": WHOLE,
        "name": TEXT,
        "path_id": noted(TEXT, "its URL after `/user_uploads/`"),
        "size": noted(WHOLE, "bytes"),
        "create_time": MILLISECONDS,
        "messages": noted(ListOf(Object({"id": WHOLE, "date_sent": MILLISECONDS})), "that link to it"),
    },
    "attachment",
)
DRAFT = Object(
    {
        "id": WHOLE,
        "type": noted(OneOf(("", "stream", "private")), 'to a channel, to people, or ""'),
        "to": noted(ListOf(WHOLE), "a channel's id, or people's"),
        "topic": TEXT,
        "content": TEXT,
        "timestamp": SECONDS,
    },
    "draft",
)
SNIPPET = Object({"id": WHOLE, "title": TEXT, "content": TEXT, "date_created": SECONDS}, "saved snippet")
SCHEDULED = Object(
    {
        "scheduled_message_id": WHOLE,
        "type": OneOf(("stream", "private")),
        "to": noted(Either(WHOLE, ListOf(WHOLE)), "a channel's id, or people's"),
        "topic": optional(TEXT, "to a channel"),
        "content": TEXT,
        "rendered_content": HTML,
        "scheduled_delivery_timestamp": SECONDS,
        "failed": noted(BOOLEAN, "true: it could not be sent"),
    },
    "scheduled message",
)
NAMED = (ATTACHMENT, DRAFT, SNIPPET, SCHEDULED, SETTING)

_SPACE: Fields = {"upload_space_used": noted(WHOLE, "bytes, of the whole organization")}


def _setting(key: str, names: Type, value: str, more: Fields) -> tuple[Form, Form]:
    """A change of a setting. That of the language also says how the language calls itself."""
    return (
        Form({key: names, value: SETTING_VALUE, **more}),
        Form({key: OneOf((LANGUAGE,)), value: TEXT, "language_name": TEXT, **more}),
    )


def _but_language(names: frozenset[str]) -> OneOf:
    return OneOf(tuple(sorted(names - {LANGUAGE})), SETTING.name)


KINDS = (
    kind(
        "user_settings/update",
        ONESELF,
        "one's setting changed",
        *_setting("property", _but_language(frozenset(USER_SETTINGS)), "value", {}),
        served=True,
    ),
    kind(
        "update_display_settings",
        ONESELF,
        "one's setting of how things look changed",
        *_setting(
            "setting_name", _but_language(DISPLAY_SETTINGS), "setting", {"user": noted(TEXT, "one's address")}
        ),
        clients="without `user_settings_object`",
        served=True,
    ),
    kind(
        "update_global_notifications",
        ONESELF,
        "one's setting of notifications changed",
        {
            "notification_name": _but_language(NOTIFICATION_SETTINGS),
            "setting": SETTING_VALUE,
            "user": noted(TEXT, "one's address"),
        },
        clients="without `user_settings_object`",
        served=True,
    ),
    kind(
        "alert_words",
        ONESELF,
        "the words that one wants to be alerted of changed",
        {"alert_words": noted(ListOf(TEXT), "all of them")},
        served=True,
    ),
    kind("attachment/add", ONESELF, "one uploaded a file", {"attachment": ATTACHMENT, **_SPACE}, served=True),
    kind(
        "attachment/update",
        ONESELF,
        "other messages link to one's file",
        {"attachment": ATTACHMENT, **_SPACE},
        served=True,
    ),
    kind(
        "attachment/remove",
        ONESELF,
        "one's file was deleted, or all messages that link to it",
        {"attachment": Object({"id": WHOLE}), **_SPACE},
        served=True,
    ),
    kind("drafts/add", ONESELF, "drafts were saved", {"drafts": ListOf(DRAFT)}, served=True),
    kind("drafts/update", ONESELF, "a draft changed", {"draft": DRAFT}, served=True),
    kind("drafts/remove", ONESELF, "a draft was deleted", {"draft_id": WHOLE}, served=True),
    kind("saved_snippets/add", ONESELF, "a snippet was saved", {"saved_snippet": SNIPPET}, served=True),
    kind("saved_snippets/update", ONESELF, "a snippet was changed", {"saved_snippet": SNIPPET}, served=True),
    kind("saved_snippets/remove", ONESELF, "a snippet was deleted", {"saved_snippet_id": WHOLE}, served=True),
    kind(
        "scheduled_messages/add",
        ONESELF,
        "messages were scheduled",
        {"scheduled_messages": ListOf(SCHEDULED)},
        served=True,
    ),
    kind(
        "scheduled_messages/update",
        ONESELF,
        "a scheduled message changed, or failed",
        {"scheduled_message": SCHEDULED},
        served=True,
    ),
    kind(
        "scheduled_messages/remove",
        ONESELF,
        "a scheduled message was sent or deleted",
        {"scheduled_message_id": WHOLE},
        served=True,
    ),
    kind(
        "user_topic",
        ONESELF,
        "what a topic is to one changed",
        {
            "stream_id": WHOLE,
            "topic_name": noted(TEXT, EMPTY_TOPIC),
            "last_updated": SECONDS,
            "visibility_policy": noted(OneOf((0, 1, 2, 3)), "as the channel, muted, unmuted, followed"),
        },
        served=True,
    ),
    kind(
        "muted_topics",
        ONESELF,
        "the topics that one has muted changed",
        {
            "muted_topics": noted(
                ListOf(ListOf(Either(TEXT, SECONDS))), "all: channel's name, topic, since when"
            )
        },
        clients="that don't ask for `user_topic` too",
        served=True,
    ),
    kind(
        "muted_users",
        ONESELF,
        "the people whom one has muted changed",
        {"muted_users": noted(ListOf(Object({"id": WHOLE, "timestamp": SECONDS})), "all of them")},
        served=True,
    ),
    kind(
        "onboarding_steps",
        ONESELF,
        "one was shown something that is shown once",
        {"onboarding_steps": noted(ListOf(Object({"type": TEXT, "name": TEXT})), "those left")},
    ),
    kind("has_zoom_token", ONESELF, "one signed in to Zoom, or out", {"value": BOOLEAN}),
    kind(
        "push_device",
        ONESELF,
        "the registration of a device for encrypted pushes succeeded or failed",
        Form({"push_account_id": TEXT, "status": OneOf(("active",))}),
        Form({"push_account_id": TEXT, "status": OneOf(("failed",)), "error_code": TEXT}),
        served=True,
    ),
)
