"""The organization's settings, which administrators change, and what clients are told of a change.

Defaults are Zulip's (feature level 372). What this server does not do (video calls, GIFs, reading without an
account) is no setting: realm_section.py says so to clients.
"""

from typing import Any

from appliance.base.errors import ApiError
from appliance.model import group
from appliance.model.group_setting import Value
from appliance.model.setting import LANGUAGES, Check, Setting, boolean, integer, text, within, word

TEN_MINUTES, WEEK = 600, 604_800  # seconds
ORG_TYPES = frozenset({0, 10, 20, 30, 35, 40, 50, 60, 70, 80, 90, 1000})  # business, school, …: for show
EDIT_HISTORY = "message_edit_history_visibility_policy"


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


def _org_type(name: str, value: object) -> int:
    if integer(name, value) not in ORG_TYPES:
        raise ApiError(f"Invalid {name}")
    return integer(name, value)


def _code_language(name: str, value: object) -> str:
    """One that code blocks can be in; empty: none."""
    from pygments.lexers import find_lexer_class_by_name
    from pygments.util import ClassNotFound

    language = text(name, value)
    try:
        return language if not language or find_lexer_class_by_name(language) else ""
    except ClassNotFound:
        raise ApiError(f"Invalid language '{language}'") from None


_age_limit = _positive_or_unlimited(None)  # seconds
NO_CHANNEL = -1
_channel_id = within(NO_CHANNEL, 2**53)

# By their names in PATCH /realm and realm events; in POST /register they begin with "realm_".
_ROWS = (
    Setting("allow_message_editing", boolean, True),
    Setting("avatar_changes_disabled", boolean, False),
    Setting("default_code_block_language", _code_language, ""),
    Setting("default_language", word(*LANGUAGES), "en"),
    Setting("digest_emails_enabled", boolean, False),
    Setting("digest_weekday", within(0, 6), 1),  # 0: Monday
    Setting("disallow_disposable_email_addresses", boolean, True),
    Setting("email_changes_disabled", boolean, False),
    Setting("emails_restricted_to_domains", boolean, False),
    Setting("enable_guest_user_dm_warning", boolean, True),
    Setting("enable_guest_user_indicator", boolean, True),
    Setting("enable_read_receipts", boolean, True),
    Setting("inline_image_preview", boolean, True),
    Setting("inline_url_embed_preview", boolean, False),
    Setting("invite_required", boolean, True),
    Setting("mandatory_topics", boolean, False),
    Setting("message_content_allowed_in_email_notifications", boolean, True),
    Setting("message_content_delete_limit_seconds", _age_limit, TEN_MINUTES),
    Setting("message_content_edit_limit_seconds", _age_limit, TEN_MINUTES),
    Setting(EDIT_HISTORY, within(1, 3), 1),  # 1: all, 2: moves only, 3: none
    Setting("message_retention_days", _positive_or_unlimited(-1), -1),
    Setting("move_messages_between_streams_limit_seconds", _age_limit, WEEK),
    Setting("move_messages_within_stream_limit_seconds", _age_limit, WEEK),
    Setting("name_changes_disabled", boolean, False),
    Setting("new_stream_announcements_stream_id", _channel_id, -1),
    Setting("org_type", _org_type, 0),
    Setting("presence_disabled", boolean, False),
    Setting("require_unique_names", boolean, False),
    Setting("send_welcome_emails", boolean, True),
    Setting("signup_announcements_stream_id", _channel_id, -1),
    Setting("waiting_period_threshold", within(0, 2**31 - 1), 0),  # days
    Setting("zulip_update_announcements_stream_id", _channel_id, -1),
    *(Setting(name, each.check, group.ID[each.default]) for name, each in group.REALM_PERMISSIONS.items()),
)
REALM_SETTINGS = {each.name: each for each in _ROWS}
OWNERS_ONLY = frozenset(
    {
        "can_create_groups", "can_invite_users_group", "can_manage_all_groups",
        "create_multiuse_invite_group", "emails_restricted_to_domains", "invite_required",
        "message_retention_days", "waiting_period_threshold",
    }
)  # fmt: skip
IN_OBJECTS = frozenset(
    {"allow_message_editing", "message_content_edit_limit_seconds", EDIT_HISTORY, *group.REALM_PERMISSIONS}
)
CHANNELS = frozenset(
    {
        "new_stream_announcements_stream_id", "signup_announcements_stream_id",
        "zulip_update_announcements_stream_id",
    }
)  # fmt: skip

# What older clients read in place of a permission: {group id: number}. The number is that of the narrowest
# group listed that holds the permission's group; ids grow as groups get narrower (model/group.py).
_CREATE = {3: 1, 4: 3, 5: 4, 6: 2}
_CREATE_WEB_PUBLIC = {5: 4, 6: 2, 7: 7, 8: 6}
_MENTION_ALL = {2: 1, 3: 2, 4: 3, 5: 7, 6: 5, 8: 6}
OLD_POLICIES = {
    "create_private_stream_policy": ("can_create_private_channel_group", _CREATE),
    "create_public_stream_policy": ("can_create_public_channel_group", _CREATE),
    "create_web_public_stream_policy": ("can_create_web_public_channel_group", _CREATE_WEB_PUBLIC),
    "wildcard_mention_policy": ("can_mention_many_users_group", _MENTION_ALL),
}


def changed(name: str, value: Any) -> dict[str, Any]:
    """The event that tells of the setting's new value. Some come in an object, as they did when they were
    changed together; and with them what older clients read in their place."""
    if name not in IN_OBJECTS:
        return {"type": "realm", "op": "update", "property": name, "value": value}
    data = {name: value, **derived(name, value)}
    return {"type": "realm", "op": "update_dict", "property": "default", "data": data}


def derived(name: str, value: Any) -> dict[str, Any]:
    """What older clients are told of a setting, by its names without "realm_"."""
    if name == EDIT_HISTORY:
        return {"allow_edit_history": value != 3}
    return {
        key: _old_policy(value, numbers) for key, (newer, numbers) in OLD_POLICIES.items() if newer == name
    }


def _old_policy(value: Value, numbers: dict[int, int]) -> int:
    """Of people and groups of people's making there is none: members, who then may be refused."""
    group_id = value if isinstance(value, int) and value in group.SYSTEM_GROUP else group.ID["role:members"]
    return numbers[max((each for each in numbers if each <= group_id), default=min(numbers))]
