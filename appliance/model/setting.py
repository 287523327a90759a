"""What a person can set: every setting with its check and its default.

Names, values and defaults are those of Zulip at level 372 (`user_settings` of POST /register, parameters of
PATCH /settings). Only what differs from the defaults is stored. The realm's settings (model/realm_setting.py)
have the same form.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from appliance.base.errors import ApiError

Check = Callable[[str, object], object]

WEEK = 604_800
LARGEST = 32_767  # of the sizes that a client chooses for itself
SOUNDS = ("ding", "zulip")
EMOJI_SETS = {"google": "Google", "twitter": "Twitter", "text": "Plain text", "google-blob": "Google blobs"}
# By code, in their own words: "language_name" of the event that tells of a new default_language.
LANGUAGES = {
    "ar": "العربية", "bg": "български", "ca": "català", "cs": "česky", "cy": "Cymraeg", "da": "dansk",
    "de": "Deutsch", "en": "English", "en-gb": "British English", "es": "español", "fa": "فارسی",
    "fi": "suomi", "fr": "français", "gl": "galego", "gu": "ગુજરાતી", "hi": "हिंदी", "hu": "Magyar",
    "id": "Bahasa Indonesia", "it": "italiano", "ja": "日本語", "ko": "한국어", "lt": "Lietuviškai",
    "ml": "മലയാളം", "mn": "Mongolian", "nl": "Nederlands", "pl": "polski", "pt": "Português",
    "pt-br": "Português Brasileiro", "ro": "Română", "ru": "Русский", "si": "සිංහල", "sr": "српски",
    "sv": "svenska", "ta": "தமிழ்", "tr": "Türkçe", "uk": "Українська", "uz": "oʻzbekcha",
    "vi": "Tiếng Việt", "zh-hans": "简体中文", "zh-tw": "繁體中文",
}  # fmt: skip
TIMEZONE = re.compile(r"(?=.{1,40}$)[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}")


@dataclass(frozen=True, slots=True)
class Setting:
    """`check` takes the name and a decoded JSON value and returns what is stored; it raises ApiError."""

    name: str
    check: Check
    default: Any


# What a value may be. The texts of the errors are Zulip's.


def boolean(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise ApiError(f"{name} is not a boolean")
    return value


def integer(name: str, value: object) -> int:
    if type(value) is not int:  # not isinstance: a bool is an int
        raise ApiError(f"{name} is not an integer")
    return value


def text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise ApiError(f"{name} is not a string")
    return value


def within(lowest: int, highest: int) -> Check:
    def check(name: str, value: object) -> int:
        number = integer(name, value)
        if not lowest <= number <= highest:
            raise ApiError(f"Invalid {name}")
        return number

    return check


def word(*choices: str) -> Check:
    def check(name: str, value: object) -> str:
        chosen = text(name, value)
        if chosen not in choices:
            raise ApiError(f"Invalid {name}")
        return chosen

    return check


def _batching_period(name: str, value: object) -> int:
    seconds = integer(name, value)
    if not 1 <= seconds <= WEEK:
        raise ApiError(f"Invalid email batching period: {seconds} seconds")
    return seconds


def _sound(name: str, value: object) -> str:
    sound = text(name, value)
    if sound not in (*SOUNDS, "none"):
        raise ApiError(f"Invalid notification sound '{sound}'")
    return sound


def _timezone(name: str, value: object) -> str:
    """Only its form: whether there is such a zone, the zone data of the machine would have to tell."""
    zone = text(name, value)
    if not TIMEZONE.fullmatch(zone):
        raise ApiError(f"{name} is not a recognized time zone")
    return zone


# The first two tables are what clients from before `user_settings` know: flat keys of POST /register, and the
# events update_global_notifications and update_display_settings.
_NOTIFICATION = (
    Setting("desktop_icon_count_display", within(1, 4), 1),
    Setting("email_notifications_batching_period_seconds", _batching_period, 120),
    Setting("enable_desktop_notifications", boolean, True),
    Setting("enable_digest_emails", boolean, True),
    Setting("enable_login_emails", boolean, True),
    Setting("enable_marketing_emails", boolean, True),
    Setting("enable_offline_email_notifications", boolean, True),
    Setting("enable_offline_push_notifications", boolean, True),
    Setting("enable_online_push_notifications", boolean, True),
    Setting("enable_sounds", boolean, True),
    Setting("enable_stream_audible_notifications", boolean, False),
    Setting("enable_stream_desktop_notifications", boolean, False),
    Setting("enable_stream_email_notifications", boolean, False),
    Setting("enable_stream_push_notifications", boolean, False),
    Setting("message_content_in_email_notifications", boolean, True),
    Setting("notification_sound", _sound, "zulip"),
    Setting("pm_content_in_desktop_notifications", boolean, True),
    Setting("presence_enabled", boolean, True),
    Setting("realm_name_in_email_notifications_policy", within(1, 3), 1),
    Setting("wildcard_mentions_notify", boolean, True),
)
_DISPLAY = (
    Setting("color_scheme", within(1, 3), 1),
    Setting("default_language", word(*LANGUAGES), "en"),
    Setting("demote_inactive_streams", within(1, 3), 1),
    Setting("emojiset", word(*EMOJI_SETS), "google"),
    Setting("enable_drafts_synchronization", boolean, True),
    Setting("enter_sends", boolean, False),
    Setting("fluid_layout_width", boolean, False),
    Setting("high_contrast_mode", boolean, False),
    Setting("left_side_userlist", boolean, False),
    Setting("starred_message_counts", boolean, True),
    Setting("timezone", _timezone, ""),
    Setting("translate_emoticons", boolean, False),
    Setting("twenty_four_hour_time", boolean, False),
    Setting("web_home_view", word("recent_topics", "inbox", "all_messages"), "inbox"),
)
_MODERN = (
    Setting("allow_private_data_export", boolean, False),
    Setting("automatically_follow_topics_policy", within(1, 4), 3),
    Setting("automatically_follow_topics_where_mentioned", boolean, True),
    Setting("automatically_unmute_topics_in_muted_streams_policy", within(1, 4), 2),
    Setting("display_emoji_reaction_users", boolean, True),
    Setting("email_address_visibility", within(1, 5), 1),
    Setting("enable_followed_topic_audible_notifications", boolean, True),
    Setting("enable_followed_topic_desktop_notifications", boolean, True),
    Setting("enable_followed_topic_email_notifications", boolean, True),
    Setting("enable_followed_topic_push_notifications", boolean, True),
    Setting("enable_followed_topic_wildcard_mentions_notify", boolean, True),
    Setting("hide_ai_features", boolean, False),
    Setting("receives_typing_notifications", boolean, True),
    Setting("send_private_typing_notifications", boolean, True),
    Setting("send_read_receipts", boolean, True),
    Setting("send_stream_typing_notifications", boolean, True),
    Setting("user_list_style", within(1, 3), 3),
    Setting("web_animate_image_previews", word("always", "on_hover", "never"), "on_hover"),
    Setting("web_channel_default_view", within(1, 2), 1),
    Setting("web_escape_navigates_to_home_view", boolean, True),
    Setting("web_font_size_px", within(1, LARGEST), 16),
    Setting("web_line_height_percent", within(1, LARGEST), 140),
    Setting("web_mark_read_on_scroll_policy", within(1, 3), 1),
    Setting("web_navigate_to_sent_message", boolean, True),
    Setting("web_stream_unreads_count_display_policy", within(1, 3), 2),
    Setting("web_suggest_update_timezone", boolean, True),
)
USER_SETTINGS = {each.name: each for each in (*_NOTIFICATION, *_DISPLAY, *_MODERN)}

# What newcomers may begin with: not what people alone can know of themselves.
DEFAULTABLE = USER_SETTINGS.keys() - {"timezone", "default_language", "allow_private_data_export"}

# Told with the settings, but nobody's to change.
CHOICES: dict[str, object] = {
    "available_notification_sounds": list(SOUNDS),
    "emojiset_choices": [{"key": key, "text": name} for key, name in EMOJI_SETS.items()],
}
_DEFAULTS = {**{name: each.default for name, each in USER_SETTINGS.items()}, **CHOICES}
NOTIFICATION_SETTINGS = frozenset({*(each.name for each in _NOTIFICATION), "available_notification_sounds"})
DISPLAY_SETTINGS = frozenset({*(each.name for each in _DISPLAY), "emojiset_choices"})


def effective(stored: Mapping[str, object]) -> dict[str, object]:
    """The whole `user_settings` object: the defaults, and over them what this person changed."""
    return {**_DEFAULTS, **{name: value for name, value in stored.items() if name in USER_SETTINGS}}


def check(name: str, value: object) -> object:
    """The value as it is stored. Raises ApiError with Zulip's texts, for an unknown name too."""
    known = USER_SETTINGS.get(name)
    if known is None:
        raise ApiError(f"Unknown setting: {name}")
    return known.check(name, value)
