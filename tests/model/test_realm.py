import json
from typing import Any

import pytest

from appliance.base.errors import ApiError
from appliance.model import group, realm, realm_section
from appliance.model.realm import Realm
from appliance.model.realm_section import ServerFacts
from appliance.model.realm_setting import REALM_SETTINGS
from appliance.model.setting import Setting

URL = "https://chat.example.org"
FACTS = ServerFacts(started=1_700_000_500, max_file_upload_size_mib=25)

# What the phone app and the terminal client insist on, or use where it is there.
CLIENTS_NEED = {
    "event_queue_longpoll_timeout_seconds": int,
    "max_file_upload_size_mib": int,
    "max_message_length": int,
    "max_stream_name_length": int,
    "max_topic_length": int,
    "realm_allow_edit_history": bool,
    "realm_allow_message_editing": bool,
    "realm_can_delete_any_message_group": int,
    "realm_can_delete_own_message_group": int,
    "realm_default_external_accounts": dict,
    "realm_empty_topic_display_name": str,
    "realm_enable_read_receipts": bool,
    "realm_icon_url": str,
    "realm_mandatory_topics": bool,
    "realm_message_content_delete_limit_seconds": int,
    "realm_message_content_edit_limit_seconds": int,
    "realm_message_retention_days": int,
    "realm_moderation_request_channel_id": int,
    "realm_name": str,
    "realm_presence_disabled": bool,
    "realm_waiting_period_threshold": int,
    "realm_wildcard_mention_policy": int,
    "server_emoji_data_url": str,
    "server_presence_offline_threshold_seconds": int,
    "server_presence_ping_interval_seconds": int,
    "server_thumbnail_formats": list,
    "server_typing_started_expiry_period_milliseconds": int,
    "server_typing_started_wait_period_milliseconds": int,
    "server_typing_stopped_wait_period_milliseconds": int,
}
SERVER_SETTINGS = {
    "authentication_methods": dict,
    "email_auth_enabled": bool,
    "external_authentication_methods": list,
    "is_incompatible": bool,
    "push_notifications_enabled": bool,
    "realm_description": str,
    "realm_icon": str,
    "realm_name": str,
    "realm_uri": str,
    "realm_url": str,
    "realm_web_public_access_enabled": bool,
    "require_email_format_usernames": bool,
    "zulip_feature_level": int,
    "zulip_merge_base": str,
    "zulip_version": str,
}


def make(**settings: Any) -> Realm:
    return Realm("6a1c", "Bees & Co", "We make <b>honey</b>", 1_700_000_000, settings)


def section(**settings: Any) -> dict[str, Any]:
    return realm_section.section(make(**settings), URL, FACTS)


@pytest.mark.parametrize(("key", "kind"), CLIENTS_NEED.items())
def test_a_key_that_clients_need(key: str, kind: type) -> None:
    assert type(section()[key]) is kind


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("event_queue_longpoll_timeout_seconds", 90),
        ("max_file_upload_size_mib", 25),
        ("max_message_length", 10_000),
        ("max_stream_description_length", 1024),
        ("max_stream_name_length", 60),
        ("max_topic_length", 60),
        ("password_max_length", 100),
        ("password_min_length", 8),
        ("realm_authentication_methods", {"Email": {"enabled": True, "available": True}}),
        ("realm_bot_domain", "chat.example.org"),
        ("realm_date_created", 1_700_000_000),
        ("realm_description", "We make <b>honey</b>"),
        ("realm_digest_weekday", 1),
        ("realm_empty_topic_display_name", "general chat"),
        ("realm_message_content_edit_limit_seconds", 600),
        ("realm_message_retention_days", -1),
        ("realm_moderation_request_channel_id", -1),
        ("realm_move_messages_between_streams_limit_seconds", 604_800),
        ("realm_name", "Bees & Co"),
        ("realm_push_notifications_enabled", False),
        ("realm_uri", URL),
        ("realm_url", URL),
        ("realm_wildcard_mention_policy", 5),
        ("server_emoji_data_url", f"{URL}/static/emoji_names.json"),
        ("server_generation", 1_700_000_500),
        ("server_presence_offline_threshold_seconds", 200),
        ("server_presence_ping_interval_seconds", 60),
        ("server_typing_started_expiry_period_milliseconds", 45_000),
    ],
)
def test_what_a_fresh_realm_says(key: str, value: object) -> None:
    assert section()[key] == value


def test_permissions_name_groups_that_clients_are_given() -> None:
    given = {row["id"] for row in group.system_groups({})}
    permissions = {key: section()[f"realm_{key}"] for key in group.REALM_PERMISSIONS}
    assert set(permissions.values()) <= given
    assert permissions["can_delete_any_message_group"] == group.ID["role:administrators"]


def test_settings_of_older_levels_are_gone() -> None:
    gone = {"realm_edit_topic_policy", "realm_bot_creation_policy", "realm_invite_to_realm_policy"}
    newer = {"realm_topics_policy", "realm_can_set_topics_policy_group"}
    assert not section().keys() & (gone | newer)


def test_a_changed_setting_is_told() -> None:
    name = "message_content_edit_limit_seconds"
    assert make(**{name: None}).setting(name) is None
    assert section(**{name: None})[f"realm_{name}"] is None


@pytest.mark.parametrize(("policy", "allowed"), [(1, True), (2, True), (3, False)])
def test_edit_history_for_older_clients(policy: int, allowed: bool) -> None:
    assert section(message_edit_history_visibility_policy=policy)["realm_allow_edit_history"] is allowed


@pytest.mark.parametrize(
    ("key", "permission", "role", "number"),
    [
        ("realm_create_public_stream_policy", "can_create_public_channel_group", "role:members", 1),
        ("realm_create_public_stream_policy", "can_create_public_channel_group", "role:fullmembers", 3),
        ("realm_create_public_stream_policy", "can_create_public_channel_group", "role:owners", 2),
        ("realm_create_private_stream_policy", "can_create_private_channel_group", "role:nobody", 2),
        ("realm_create_private_stream_policy", "can_create_private_channel_group", "role:moderators", 4),
        ("realm_create_web_public_stream_policy", "can_create_web_public_channel_group", "role:owners", 7),
        ("realm_create_web_public_stream_policy", "can_create_web_public_channel_group", "role:nobody", 6),
        ("realm_wildcard_mention_policy", "can_mention_many_users_group", "role:everyone", 1),
        ("realm_wildcard_mention_policy", "can_mention_many_users_group", "role:owners", 5),
        ("realm_wildcard_mention_policy", "can_mention_many_users_group", "role:nobody", 6),
    ],
)
def test_older_clients_get_the_next_wider_policy(key: str, permission: str, role: str, number: int) -> None:
    assert section(**{permission: group.ID[role]})[key] == number


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://chat.example.org", "chat.example.org"),
        ("http://127.0.0.1:9991", "127.0.0.1"),
        ("http://[::1]:9991", "localhost"),
    ],
)
def test_bot_domain(url: str, domain: str) -> None:
    assert realm.bot_domain(url) == domain


# The days are kept as -1 for "unlimited", which nobody may send.
TYPED = [each for each in REALM_SETTINGS.values() if each.name != "message_retention_days"]


@pytest.mark.parametrize("each", TYPED, ids=lambda each: each.name)
def test_every_default_passes_its_own_check(each: Setting) -> None:
    assert each.check(each.name, each.default) == each.default


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("message_content_edit_limit_seconds", "unlimited", None),
        ("message_content_edit_limit_seconds", 3600, 3600),
        ("message_retention_days", "unlimited", -1),
        ("message_retention_days", 30, 30),
        ("can_create_groups", 6, 6),
        ("new_stream_announcements_stream_id", -1, -1),
    ],
)
def test_a_good_value_is_kept(name: str, value: object, kept: object) -> None:
    assert REALM_SETTINGS[name].check(name, value) == kept


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("message_content_edit_limit_seconds", 0, "Bad value for 'message_content_edit_limit_seconds': 0"),
        ("message_retention_days", "forever", "message_retention_days is not an integer"),
        ("message_retention_days", -1, "Bad value for 'message_retention_days': -1"),
        ("digest_weekday", 7, "Invalid digest_weekday"),
        ("mandatory_topics", "yes", "mandatory_topics is not a boolean"),
        ("can_create_groups", 99, "Invalid user group"),
    ],
)
def test_a_bad_value_is_refused(name: str, value: object, text: str) -> None:
    with pytest.raises(ApiError) as refused:
        REALM_SETTINGS[name].check(name, value)
    assert refused.value.msg == text


@pytest.mark.parametrize(("key", "kind"), SERVER_SETTINGS.items())
def test_server_settings_have_what_clients_need(key: str, kind: type) -> None:
    assert type(realm_section.server_settings(make(), URL)[key]) is kind


def test_server_settings_say_how_to_log_in() -> None:
    told = realm_section.server_settings(make(), URL)
    assert told.keys() == SERVER_SETTINGS.keys()
    assert (told["zulip_feature_level"], float(told["zulip_version"])) == (372, 10.1)
    assert (told["realm_uri"], told["realm_url"]) == (URL, URL)
    assert (told["email_auth_enabled"], told["require_email_format_usernames"]) == (True, True)
    assert {name for name, on in told["authentication_methods"].items() if on} == {"email", "password"}


def test_the_description_cannot_bring_html_to_the_login_page() -> None:
    told = realm_section.server_settings(make(), URL)
    assert told["realm_description"] == "<p>We make &lt;b&gt;honey&lt;/b&gt;</p>"


def test_all_of_it_is_json() -> None:
    json.dumps([section(), realm_section.server_settings(make(), URL)])
