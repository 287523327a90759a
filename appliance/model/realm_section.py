"""What clients are told of the organization and of its server when they register, and before they sign in."""

import html
from dataclasses import dataclass
from typing import Any

from appliance import ZULIP_FEATURE_LEVEL, ZULIP_MERGE_BASE, ZULIP_VERSION
from appliance.model import channel, credential, group, message, realm_picture, thumbnail
from appliance.model.profile import ACCOUNTS
from appliance.model.realm import Realm, bot_domain
from appliance.model.realm_setting import REALM_SETTINGS, derived

# Paths below the server's URL. The emoji data is {"code_to_names": {code: [name, …]}}.
EMOJI_DATA_PATH = "/static/emoji_names.json"

PRESENCE_PING_SECONDS, OFFLINE_SECONDS = 60, 200
LONGPOLL_TIMEOUT_SECONDS = 90  # clients give up a poll after this; heartbeats come sooner
TYPING_EXPIRY_MS, TYPING_STOPPED_WAIT_MS, TYPING_STARTED_WAIT_MS = 45_000, 12_000, 30_000


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """What only the running server knows. `started`: the Unix time at which it did."""

    started: int
    max_file_upload_size_mib: int
    upload_quota_mib: int | None = None  # None: no limit


_VIDEO = {"disabled": {"name": "None", "id": 0}}
_GIFS = {"disabled": {"name": "GIPHY integration disabled", "id": 0}}
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
    "realm_default_external_accounts": ACCOUNTS,
    "realm_email_auth_enabled": True,
    "realm_empty_topic_display_name": message.EMPTY_TOPIC_NAME,
    "realm_enable_spectator_access": False,
    "realm_giphy_rating": 0,
    "realm_is_zephyr_mirror_realm": False,
    "realm_jitsi_server_url": None,
    "realm_moderation_request_channel_id": -1,
    "realm_password_auth_enabled": True,
    "realm_plan_type": 1,
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


def section(realm: Realm, public_url: str, server: ServerFacts) -> dict[str, Any]:
    """All that POST /register says for "realm" in `fetch_event_types`. `public_url` has no "/" at its end."""
    return {
        **FIXED,
        **{f"realm_{name}": value for name, value in _settings(realm).items()},
        "max_file_upload_size_mib": server.max_file_upload_size_mib,
        "realm_bot_domain": bot_domain(public_url),
        "realm_date_created": realm.created,
        "realm_description": realm.description,
        "realm_name": realm.name,
        "realm_upload_quota_mib": server.upload_quota_mib,
        "server_thumbnail_formats": thumbnail.formats(),
        **realm_picture.section(realm.settings, public_url),
        "realm_push_notifications_enabled": realm.push_status.enabled,
        "realm_push_notifications_enabled_end_timestamp": realm.push_status.until,
        "realm_uri": public_url,
        "realm_url": public_url,
        "server_emoji_data_url": public_url + EMOJI_DATA_PATH,
        "server_generation": server.started,
    }


def _settings(realm: Realm) -> dict[str, Any]:
    """By name, with those that older clients read."""
    own = {name: realm.setting(name) for name in REALM_SETTINGS}
    older = [derived(name, value) for name, value in own.items()]
    return {**own, **{name: value for each in older for name, value in each.items()}}


def server_settings(realm: Realm, public_url: str) -> dict[str, Any]:
    """The answer of GET /server_settings. The description is HTML here."""
    return {
        "authentication_methods": _AUTHENTICATION,
        "email_auth_enabled": True,
        "external_authentication_methods": [],
        "is_incompatible": False,
        "push_notifications_enabled": realm.push_status.enabled,
        "realm_description": f"<p>{html.escape(realm.description)}</p>",
        "realm_icon": realm_picture.fields(realm.settings, realm_picture.ICON, public_url)["icon_url"],
        "realm_name": realm.name,
        "realm_uri": public_url,
        "realm_url": public_url,
        "realm_web_public_access_enabled": False,
        "require_email_format_usernames": True,
        "zulip_feature_level": ZULIP_FEATURE_LEVEL,
        "zulip_merge_base": ZULIP_MERGE_BASE,
        "zulip_version": ZULIP_VERSION,
    }
