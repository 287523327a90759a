"""The organisation: its settings, and what clients are told of it and of its server (feature level 372).

Defaults are Zulip's. What this server does not do (video calls, GIFs, accounts without an invitation, reading
without an account) is no setting: FIXED says so to clients.
"""

import html
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from appliance import ZULIP_FEATURE_LEVEL, ZULIP_MERGE_BASE, ZULIP_VERSION
from appliance.base.errors import ApiError
from appliance.model import channel, credential, group, message
from appliance.model.setting import LANGUAGES, Check, Setting, boolean, integer, text, within, word

# Paths below the server's URL. The emoji data is {"code_to_names": {code: [name, …]}}.
ICON_PATH = "/static/icon.png"
EMOJI_DATA_PATH = "/static/emoji_names.json"

PRESENCE_PING_SECONDS, OFFLINE_SECONDS = 60, 200
LONGPOLL_TIMEOUT_SECONDS = 90  # clients give up a poll after this; heartbeats come sooner
TYPING_EXPIRY_MS, TYPING_STOPPED_WAIT_MS, TYPING_STARTED_WAIT_MS = 45_000, 12_000, 30_000
TEN_MINUTES, WEEK = 600, 604_800

# Kept among the settings of the organisation, though nobody sets them (actions/push_service.py).
PUSH_ENABLED, PUSH_UNTIL = "push_notifications_enabled", "push_notifications_enabled_end_timestamp"


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """What only the running server knows. `started`: the Unix time at which it did."""

    started: int
    max_file_upload_size_mib: int


@dataclass(frozen=True, slots=True)
class PushStatus:
    """Whether apps of Zulip's kind get pushes, and until when that is so (Unix seconds; None: no end)."""

    enabled: bool
    until: int | None

    @classmethod
    def of(cls, settings: dict[str, Any]) -> "PushStatus":
        """Those of the organisation."""
        return cls(settings.get(PUSH_ENABLED, False), settings.get(PUSH_UNTIL))


@dataclass(frozen=True, slots=True)
class Realm:
    """The one organisation of a file. `created`: Unix seconds; `settings`: what differs from the defaults."""

    uuid: str
    name: str
    description: str
    created: int
    settings: dict[str, Any]

    def setting(self, name: str) -> Any:
        return self.settings.get(name, REALM_SETTINGS[name].default)

    @property
    def push_status(self) -> PushStatus:
        return PushStatus.of(self.settings)


def _positive_or_unlimited(unlimited: int | None) -> Check:
    """`unlimited`: what is stored for "unlimited"."""

    def check(name: str, value: object) -> int | None:
        if value == "unlimited":
            return unlimited
        number = integer(name, value)
        if number <= 0:
            raise ApiError(f"Bad value for '{name}': {number}")
        return number

    return check


def push_status(found: object) -> PushStatus | None:
    """Of the form in which the push service says it; None: it says nothing that could be understood."""
    if not isinstance(found, dict) or not isinstance(found.get("can_push"), bool):
        return None
    until = found.get("expected_end_timestamp")
    return PushStatus(found["can_push"], until if isinstance(until, int) else None)


_age_limit = _positive_or_unlimited(None)  # seconds
_channel_id = within(-1, 2**53)  # -1: no channel

# By their names in PATCH /realm and realm events; in POST /register they begin with "realm_".
_ROWS = (
    Setting("allow_message_editing", boolean, True),
    Setting("avatar_changes_disabled", boolean, False),
    Setting("default_code_block_language", text, ""),
    Setting("default_language", word(*LANGUAGES), "en"),
    Setting("digest_emails_enabled", boolean, False),
    Setting("digest_weekday", within(0, 6), 1),  # 0: Monday
    Setting("email_changes_disabled", boolean, False),
    Setting("enable_guest_user_dm_warning", boolean, True),
    Setting("enable_guest_user_indicator", boolean, True),
    Setting("enable_read_receipts", boolean, True),
    Setting("inline_image_preview", boolean, True),
    Setting("inline_url_embed_preview", boolean, False),
    Setting("mandatory_topics", boolean, False),
    Setting("message_content_allowed_in_email_notifications", boolean, True),
    Setting("message_content_delete_limit_seconds", _age_limit, TEN_MINUTES),
    Setting("message_content_edit_limit_seconds", _age_limit, TEN_MINUTES),
    Setting("message_edit_history_visibility_policy", within(1, 3), 1),  # 1: all, 2: moves only, 3: none
    Setting("message_retention_days", _positive_or_unlimited(-1), -1),
    Setting("move_messages_between_streams_limit_seconds", _age_limit, WEEK),
    Setting("move_messages_within_stream_limit_seconds", _age_limit, WEEK),
    Setting("name_changes_disabled", boolean, False),
    Setting("new_stream_announcements_stream_id", _channel_id, -1),
    Setting("presence_disabled", boolean, False),
    Setting("require_unique_names", boolean, False),
    Setting("send_welcome_emails", boolean, True),
    Setting("signup_announcements_stream_id", _channel_id, -1),
    Setting("waiting_period_threshold", within(0, 2**31 - 1), 0),  # days
    Setting("zulip_update_announcements_stream_id", _channel_id, -1),
    *(Setting(name, each.check, group.ID[each.default]) for name, each in group.REALM_PERMISSIONS.items()),
)
REALM_SETTINGS = {each.name: each for each in _ROWS}

# What older clients read in place of a permission: {group id: number}. The number is that of the narrowest
# group listed that holds the permission's group; ids grow as groups get narrower (model/group.py).
_CREATE = {3: 1, 4: 3, 5: 4, 6: 2}
_CREATE_WEB_PUBLIC = {5: 4, 6: 2, 7: 7, 8: 6}
_MENTION_ALL = {2: 1, 3: 2, 4: 3, 5: 7, 6: 5, 8: 6}
OLD_POLICIES = {
    "realm_create_private_stream_policy": ("can_create_private_channel_group", _CREATE),
    "realm_create_public_stream_policy": ("can_create_public_channel_group", _CREATE),
    "realm_create_web_public_stream_policy": ("can_create_web_public_channel_group", _CREATE_WEB_PUBLIC),
    "realm_wildcard_mention_policy": ("can_mention_many_users_group", _MENTION_ALL),
}

_VIDEO = {"disabled": {"name": "None", "id": 0}}
_GIFS = {"disabled": {"name": "GIPHY integration disabled", "id": 0}}
_ACCOUNTS = {
    key: {
        "name": f"{site} username",
        "text": site,
        "hint": "",
        "url_pattern": f"https://{key}.com/%(username)s",
    }
    for key, site in (("github", "GitHub"), ("twitter", "Twitter"))
}
FIXED: dict[str, Any] = {
    "development_environment": False,
    "event_queue_longpoll_timeout_seconds": LONGPOLL_TIMEOUT_SECONDS,
    "giphy_rating_options": _GIFS,
    "jitsi_server_url": "",
    "max_avatar_file_size_mib": 5,
    "max_icon_file_size_mib": 5,
    "max_logo_file_size_mib": 5,
    "max_message_length": message.MAX_CONTENT,
    "max_stream_description_length": channel.MAX_DESCRIPTION,
    "max_stream_name_length": channel.MAX_NAME,
    "max_topic_length": message.MAX_TOPIC,
    "password_max_length": credential.MAX_PASSWORD,
    "password_min_guesses": 0,
    "password_min_length": credential.MIN_PASSWORD,
    "realm_authentication_methods": {"Email": {"enabled": True, "available": True}},
    "realm_available_video_chat_providers": _VIDEO,
    "realm_default_external_accounts": _ACCOUNTS,
    "realm_disallow_disposable_email_addresses": False,
    "realm_email_auth_enabled": True,
    "realm_emails_restricted_to_domains": False,
    "realm_empty_topic_display_name": message.EMPTY_TOPIC_NAME,
    "realm_enable_spectator_access": False,
    "realm_giphy_rating": 0,
    "realm_icon_source": "U",
    "realm_invite_required": True,
    "realm_is_zephyr_mirror_realm": False,
    "realm_jitsi_server_url": None,
    "realm_logo_source": "D",
    "realm_moderation_request_channel_id": -1,
    "realm_night_logo_source": "D",
    "realm_org_type": 0,
    "realm_password_auth_enabled": True,
    "realm_plan_type": 1,
    "realm_upload_quota_mib": None,
    "realm_video_chat_provider": 0,
    "realm_want_advertise_in_communities_directory": False,
    "server_avatar_changes_disabled": False,
    "server_can_summarize_topics": False,
    "server_inline_image_preview": True,
    "server_inline_url_embed_preview": True,
    "server_jitsi_server_url": None,
    "server_max_deactivated_realm_deletion_days": None,
    "server_min_deactivated_realm_deletion_days": 14,
    "server_name_changes_disabled": False,
    "server_needs_upgrade": False,
    "server_presence_offline_threshold_seconds": OFFLINE_SECONDS,
    "server_presence_ping_interval_seconds": PRESENCE_PING_SECONDS,
    "server_supported_permission_settings": group.permission_settings(),
    "server_thumbnail_formats": [],
    "server_typing_started_expiry_period_milliseconds": TYPING_EXPIRY_MS,
    "server_typing_started_wait_period_milliseconds": TYPING_STARTED_WAIT_MS,
    "server_typing_stopped_wait_period_milliseconds": TYPING_STOPPED_WAIT_MS,
    "server_web_public_streams_enabled": False,
    "settings_send_digest_emails": True,
    "upgrade_text_for_wide_organization_logo": "",
    "zulip_plan_is_not_limited": True,
}
_AUTHENTICATION = {
    **dict.fromkeys(("email", "password"), True),
    **dict.fromkeys(("apple", "azuread", "dev", "github", "gitlab", "google", "ldap"), False),
    **dict.fromkeys(("openid connect", "remoteuser", "saml"), False),
}


def bot_domain(public_url: str) -> str:
    """Where the addresses of bots end. An IPv6 address cannot stand there."""
    host = urlsplit(public_url).hostname or "localhost"
    return "localhost" if ":" in host else host


def realm_section(realm: Realm, public_url: str, server: ServerFacts) -> dict[str, Any]:
    """All that POST /register says for "realm" in `fetch_event_types`. `public_url` has no "/" at its end."""
    return {
        **FIXED,
        **{f"realm_{name}": realm.setting(name) for name in REALM_SETTINGS},
        **{key: _old_policy(realm.setting(name), numbers) for key, (name, numbers) in OLD_POLICIES.items()},
        "max_file_upload_size_mib": server.max_file_upload_size_mib,
        "realm_allow_edit_history": realm.setting("message_edit_history_visibility_policy") != 3,
        "realm_bot_domain": bot_domain(public_url),
        "realm_date_created": realm.created,
        "realm_description": realm.description,
        "realm_icon_url": public_url + ICON_PATH,
        "realm_logo_url": public_url + ICON_PATH,
        "realm_name": realm.name,
        "realm_night_logo_url": public_url + ICON_PATH,
        "realm_push_notifications_enabled": realm.push_status.enabled,
        "realm_push_notifications_enabled_end_timestamp": realm.push_status.until,
        "realm_uri": public_url,
        "realm_url": public_url,
        "server_emoji_data_url": public_url + EMOJI_DATA_PATH,
        "server_generation": server.started,
    }


def _old_policy(group_id: int, numbers: dict[int, int]) -> int:
    return numbers[max((each for each in numbers if each <= group_id), default=min(numbers))]


def server_settings(realm: Realm, public_url: str) -> dict[str, Any]:
    """The answer of GET /server_settings. The description is HTML here."""
    return {
        "authentication_methods": _AUTHENTICATION,
        "email_auth_enabled": True,
        "external_authentication_methods": [],
        "is_incompatible": False,
        "push_notifications_enabled": realm.push_status.enabled,
        "realm_description": f"<p>{html.escape(realm.description)}</p>",
        "realm_icon": public_url + ICON_PATH,
        "realm_name": realm.name,
        "realm_uri": public_url,
        "realm_url": public_url,
        "realm_web_public_access_enabled": False,
        "require_email_format_usernames": True,
        "zulip_feature_level": ZULIP_FEATURE_LEVEL,
        "zulip_merge_base": ZULIP_MERGE_BASE,
        "zulip_version": ZULIP_VERSION,
    }
