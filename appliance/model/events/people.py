"""People and bots: who they are, and what they do right now."""

from appliance.model.events.kind import Form, kind
from appliance.model.events.messages import EMPTY_TOPIC, REACTION_TYPE
from appliance.model.events.types import (
    BOOLEAN,
    NUMBER,
    SECONDS,
    TEXT,
    WHOLE,
    Either,
    Fields,
    ListOf,
    MapOf,
    Object,
    OneOf,
    Type,
    noted,
    nullable,
    optional,
)

KNOWS_THEM = "everybody who may know of the person"
ADMINS = "administrators, and the bot's owner"

ROLE = OneOf((100, 200, 300, 400, 600), "role")
PERSON = Object(
    {
        "user_id": WHOLE,
        "email": TEXT,
        "delivery_email": noted(nullable(TEXT), "null: one may not know it"),
        "full_name": TEXT,
        "role": ROLE,
        "is_active": noted(BOOLEAN, "false: deactivated"),
        "is_owner": BOOLEAN,
        "is_admin": BOOLEAN,
        "is_guest": BOOLEAN,
        "is_billing_admin": noted(BOOLEAN, "for older clients: always false"),
        "is_bot": BOOLEAN,
        "bot_type": noted(nullable(OneOf((1, 2, 3, 4))), "null: no bot"),
        "bot_owner_id": optional(nullable(WHOLE), "a bot"),
        "is_system_bot": optional(BOOLEAN, "a bot of the server's own"),
        "timezone": TEXT,
        "date_joined": noted(TEXT, "ISO 8601"),
        "avatar_url": noted(nullable(TEXT), "null: a gravatar; with `client_gravatar` only"),
        "avatar_version": WHOLE,
        "profile_data": MapOf(
            Object({"value": TEXT, "rendered_value": optional(TEXT, "Markdown is allowed in it")}), by_id=True
        ),
    },
    "person",
)
_CHANGES: tuple[Fields, ...] = (
    {"full_name": TEXT},
    {"role": ROLE},
    {"is_active": BOOLEAN},
    {"delivery_email": nullable(TEXT)},
    {"new_email": TEXT},
    {"timezone": TEXT, "email": TEXT},
    {"bot_owner_id": WHOLE},
    {
        "avatar_url": nullable(TEXT),
        "avatar_url_medium": nullable(TEXT),
        "avatar_source": TEXT,
        "avatar_version": WHOLE,
    },
    {
        "custom_profile_field": Object(
            {
                "id": WHOLE,
                "value": nullable(TEXT),
                "rendered_value": optional(TEXT, "Markdown is allowed in it"),
            }
        )
    },
)

OUTGOING_SERVICE = Object({"base_url": TEXT, "interface": OneOf((1, 2)), "token": TEXT}, "outgoing service")
EMBEDDED_SERVICE = Object({"service_name": TEXT, "config_data": MapOf(TEXT)}, "embedded service")
_BOT: dict[str, Type] = {
    "full_name": TEXT,
    "api_key": TEXT,
    "avatar_url": TEXT,
    "owner_id": nullable(WHOLE),
    "is_active": BOOLEAN,
    "default_sending_stream": nullable(TEXT),
    "default_events_register_stream": nullable(TEXT),
    "default_all_public_streams": BOOLEAN,
    "services": ListOf(Either(OUTGOING_SERVICE, EMBEDDED_SERVICE)),
}
BOT = Object({"user_id": WHOLE, "email": TEXT, "bot_type": nullable(OneOf((1, 2, 3, 4))), **_BOT}, "bot")
NAMED = (PERSON, BOT, OUTGOING_SERVICE, EMBEDDED_SERVICE, ROLE)

_STATUS = OneOf(("active", "idle"))
_PRESENCE = MapOf(Object({"client": TEXT, "status": _STATUS, "timestamp": SECONDS, "pushable": BOOLEAN}))
_SLIM: Fields = {"user_id": WHOLE, "server_timestamp": NUMBER, "presence": _PRESENCE}
_TIMES = Object({"active_timestamp": SECONDS, "idle_timestamp": SECONDS})

_TYPIST = Object({"user_id": WHOLE, "email": TEXT})
_TYPING = (
    Form({"message_type": OneOf(("direct",)), "sender": _TYPIST, "recipients": ListOf(_TYPIST)}),
    Form(
        {
            "message_type": OneOf(("stream",)),
            "sender": _TYPIST,
            "stream_id": WHOLE,
            "topic": noted(TEXT, EMPTY_TOPIC),
        },
        "with `stream_typing_notifications`",
    ),
)
_EDITING: Fields = {
    "sender_id": WHOLE,
    "message_id": WHOLE,
    "recipient": Either(
        Object({"type": OneOf(("channel",)), "channel_id": WHOLE, "topic": noted(TEXT, EMPTY_TOPIC)}),
        Object({"type": OneOf(("direct",)), "user_ids": noted(ListOf(WHOLE), "the sender among them")}),
    ),
}
_TYPING_WHO = "those in the conversation or channel who want to know"

KINDS = (
    kind(
        "realm_user/add",
        KNOWS_THEM + "; clients without `user_list_incomplete` get an unknown user in place of others",
        "somebody came into the organization, or into sight",
        {"person": PERSON},
        served=True,
    ),
    kind(
        "realm_user/update",
        KNOWS_THEM,
        "something about a person changed",
        {"person": Either(*(Object({"user_id": WHOLE, **change}) for change in _CHANGES))},
        served=True,
    ),
    kind(
        "realm_user/remove",
        "guests who knew the person",
        "somebody went out of a guest's sight",
        {"person": Object({"user_id": WHOLE, "full_name": noted(TEXT, "for older clients")})},
        served=True,
    ),
    kind("realm_bot/add", ADMINS, "a bot was made", {"bot": BOT}, served=True),
    kind(
        "realm_bot/update",
        ADMINS,
        "a bot changed",
        {
            "bot": Object(
                {"user_id": WHOLE, **{name: optional(each, "it changed") for name, each in _BOT.items()}}
            )
        },
        served=True,
    ),
    kind(
        "realm_bot/delete",
        "who was its owner",
        "a bot has a new owner",
        {"bot": Object({"user_id": WHOLE})},
        served=True,
    ),
    kind(
        "presence",
        KNOWS_THEM,
        "somebody came back; others are told with the answer to one's own presence",
        Form(
            {"presences": MapOf(_TIMES, by_id=True)},
            "with `simplified_presence_events`",
        ),
        Form(_SLIM, "with `slim_presence`"),
        Form({**_SLIM, "email": TEXT}, "all others"),
        served=True,
    ),
    kind(
        "user_status",
        KNOWS_THEM,
        "somebody's status changed",
        {
            "user_id": WHOLE,
            "status_text": optional(TEXT, "it changed"),
            "emoji_name": optional(TEXT, "the emoji changed"),
            "emoji_code": optional(TEXT, "the emoji changed"),
            "reaction_type": optional(REACTION_TYPE, "the emoji changed"),
            "away": optional(BOOLEAN, "it changed; for older clients"),
        },
        served=True,
    ),
    kind("typing/start", _TYPING_WHO, "somebody is typing; told again while they are", *_TYPING, served=True),
    kind("typing/stop", _TYPING_WHO, "somebody stopped typing", *_TYPING, served=True),
    kind(
        "typing_edit_message/start",
        _TYPING_WHO,
        "somebody is editing a message; told again while they are",
        _EDITING,
        served=True,
    ),
    kind("typing_edit_message/stop", _TYPING_WHO, "somebody stopped editing it", _EDITING, served=True),
)
