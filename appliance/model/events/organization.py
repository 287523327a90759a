"""The organization: its settings, and what everybody in it shares."""

from appliance.model import group
from appliance.model.events.groups import EVERYBODY, PERMISSION
from appliance.model.events.kind import kind
from appliance.model.events.personal import SETTING, SETTING_VALUE
from appliance.model.events.types import (
    BOOLEAN,
    NUMBER,
    TEXT,
    WHOLE,
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
from appliance.model.realm_setting import OLD_POLICIES

_BY_TYPE: tuple[tuple[Type, tuple[str, ...]], ...] = (
    (
        BOOLEAN,
        (
            "allow_message_editing", "avatar_changes_disabled", "digest_emails_enabled",
            "disallow_disposable_email_addresses", "email_changes_disabled", "emails_restricted_to_domains",
            "enable_guest_user_dm_warning", "enable_guest_user_indicator", "enable_read_receipts",
            "enable_spectator_access", "inline_image_preview", "inline_url_embed_preview", "invite_required",
            "mandatory_topics", "message_content_allowed_in_email_notifications", "name_changes_disabled",
            "presence_disabled", "push_notifications_enabled", "require_unique_names", "send_welcome_emails",
            "want_advertise_in_communities_directory",
        ),
    ),
    (
        WHOLE,
        (
            "digest_weekday", "giphy_rating", "max_file_upload_size_mib",
            "message_edit_history_visibility_policy", "message_retention_days",
            "moderation_request_channel_id", "new_stream_announcements_stream_id", "org_type", "plan_type",
            "signup_announcements_stream_id", "video_chat_provider", "waiting_period_threshold",
            "zulip_update_announcements_stream_id",
        ),
    ),
    (
        nullable(WHOLE),
        (
            "message_content_delete_limit_seconds", "message_content_edit_limit_seconds",
            "move_messages_between_streams_limit_seconds", "move_messages_within_stream_limit_seconds",
            "push_notifications_enabled_end_timestamp", "upload_quota_mib",
        ),
    ),
    (
        TEXT,
        (
            "default_code_block_language", "default_language", "description", "icon_source", "icon_url",
            "logo_source", "logo_url", "name", "night_logo_source", "night_logo_url",
        ),
    ),
    (nullable(TEXT), ("jitsi_server_url",)),
    (PERMISSION, tuple(group.REALM_PERMISSIONS)),
)  # fmt: skip
_DERIVED = {"allow_edit_history": BOOLEAN, **dict.fromkeys(OLD_POLICIES, WHOLE)}
_METHOD = Object(
    {"enabled": BOOLEAN, "available": BOOLEAN, "unavailable_reason": optional(TEXT, "it is not available")}
)
_VALUES = {name: type for type, names in _BY_TYPE for name in names}
REALM_SETTINGS = Object(
    {
        **{name: optional(_VALUES[name], "it changed") for name in sorted(_VALUES)},
        **{name: optional(type, "what it is derived from changed") for name, type in _DERIVED.items()},
        "authentication_methods": optional(MapOf(_METHOD), "it changed"),
    },
    "change of organization settings",
)
NAMED = (REALM_SETTINGS,)

_DOMAIN: Fields = {"realm_domain": Object({"domain": TEXT, "allow_subdomains": BOOLEAN})}
_PROFILE_FIELD = Object(
    {
        "id": WHOLE,
        "type": noted(
            OneOf((1, 2, 3, 4, 5, 6, 7, 8)), "1 instead of 8, without `pronouns_field_type_supported`"
        ),
        "order": WHOLE,
        "name": TEXT,
        "hint": TEXT,
        "field_data": noted(TEXT, "JSON"),
        "required": BOOLEAN,
        "editable_by_user": BOOLEAN,
        "display_in_profile_summary": optional(BOOLEAN, "it is"),
    }
)
_EMOJI = Object(
    {
        "id": TEXT,
        "name": TEXT,
        "source_url": TEXT,
        "still_url": noted(nullable(TEXT), "null: it does not move"),
        "deactivated": BOOLEAN,
        "author_id": nullable(WHOLE),
    }
)
_EXPORT = Object(
    {
        "id": WHOLE,
        "acting_user_id": WHOLE,
        "export_time": NUMBER,
        "export_type": OneOf((1, 2)),
        "export_url": nullable(TEXT),
        "pending": BOOLEAN,
        "failed_timestamp": nullable(NUMBER),
        "deleted_timestamp": nullable(NUMBER),
    }
)

KINDS = (
    kind(
        "realm/update",
        EVERYBODY,
        "a setting of the organization changed",
        {"property": OneOf(tuple(_VALUES), "name of a setting"), "value": nullable(SETTING_VALUE)},
        served=True,
    ),
    kind(
        "realm/update_dict",
        EVERYBODY,
        "several settings of the organization changed, or one that is an object",
        {
            "property": noted(OneOf(("default", "icon", "logo", "night_logo")), "no use"),
            "data": REALM_SETTINGS,
        },
        served=True,
    ),
    kind("realm/deactivated", EVERYBODY, "the organization was closed", {"realm_id": WHOLE}, served=True),
    kind("realm_domains/add", EVERYBODY, "a domain was added", _DOMAIN, served=True),
    kind("realm_domains/change", EVERYBODY, "a domain was changed", _DOMAIN, served=True),
    kind("realm_domains/remove", EVERYBODY, "a domain was removed", {"domain": TEXT}, served=True),
    kind(
        "realm_emoji/update",
        EVERYBODY,
        "an emoji was added or deactivated",
        {"realm_emoji": noted(MapOf(_EMOJI, by_id=True), "all of them")},
        served=True,
    ),
    kind(
        "realm_linkifiers",
        EVERYBODY,
        "a pattern that becomes a link changed",
        {
            "realm_linkifiers": noted(
                ListOf(Object({"id": WHOLE, "pattern": TEXT, "url_template": TEXT})), "all of them, in order"
            )
        },
        served=True,
    ),
    kind(
        "realm_playgrounds",
        EVERYBODY,
        "a playground for code changed",
        {
            "realm_playgrounds": noted(
                ListOf(Object({"id": WHOLE, "name": TEXT, "pygments_language": TEXT, "url_template": TEXT})),
                "all of them",
            )
        },
        served=True,
    ),
    kind(
        "custom_profile_fields",
        EVERYBODY,
        "what profiles can say changed",
        {"fields": noted(ListOf(_PROFILE_FIELD), "all of them, in order")},
        served=True,
    ),
    kind(
        "realm_user_settings_defaults/update",
        EVERYBODY,
        "a setting that newcomers begin with changed",
        {"property": SETTING, "value": SETTING_VALUE},
        served=True,
    ),
    kind(
        "realm_export",
        "administrators",
        "an export began, ended, failed or was deleted",
        {"exports": noted(ListOf(_EXPORT), "all of them")},
        served=True,
    ),
    kind(
        "realm_export_consent",
        "administrators",
        "somebody allowed or forbade that exports have their private data",
        {"user_id": WHOLE, "consented": BOOLEAN},
    ),
    kind(
        "invites_changed",
        "administrators, and who invited",
        "invitations changed; the event does not say how",
        {},
        served=True,
    ),
)
