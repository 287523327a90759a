import pytest

from appliance.base.errors import ApiError
from appliance.model import setting

PERIOD = "email_notifications_batching_period_seconds"
# Rules of other parts rest on these (notifications, topics); clients show the rest.
DEFAULTS = {
    "automatically_follow_topics_policy": 3,
    "automatically_follow_topics_where_mentioned": True,
    "automatically_unmute_topics_in_muted_streams_policy": 2,
    "email_address_visibility": 1,
    PERIOD: 120,
    "enable_digest_emails": True,
    "enable_followed_topic_audible_notifications": True,
    "enable_followed_topic_desktop_notifications": True,
    "enable_followed_topic_email_notifications": True,
    "enable_followed_topic_push_notifications": True,
    "enable_followed_topic_wildcard_mentions_notify": True,
    "enable_login_emails": True,
    "enable_marketing_emails": True,
    "enable_offline_email_notifications": True,
    "enable_offline_push_notifications": True,
    "enable_online_push_notifications": True,
    "enable_stream_audible_notifications": False,
    "enable_stream_desktop_notifications": False,
    "enable_stream_email_notifications": False,
    "enable_stream_push_notifications": False,
    "message_content_in_email_notifications": True,
    "presence_enabled": True,
    "send_read_receipts": True,
    "wildcard_mentions_notify": True,
}


@pytest.mark.parametrize(("name", "value"), DEFAULTS.items())
def test_default(name: str, value: object) -> None:
    assert setting.effective({})[name] == value


@pytest.mark.parametrize("each", setting.USER_SETTINGS.values(), ids=lambda each: each.name)
def test_every_default_passes_its_own_check(each: setting.Setting) -> None:
    if each.name == "timezone":  # "": the person never set one, and cannot go back to that
        assert each.default == ""
    else:
        assert setting.check(each.name, each.default) == each.default


def test_what_a_person_changed_lies_over_the_defaults() -> None:
    shown = setting.effective({"enter_sends": True, "timezone": "Europe/Berlin"})
    assert (shown["enter_sends"], shown["timezone"], shown["color_scheme"]) == (True, "Europe/Berlin", 1)


def test_a_stored_setting_that_is_no_more_is_not_shown() -> None:
    assert "dense_mode" not in setting.effective({"dense_mode": True})


def test_clients_learn_what_they_may_choose_from() -> None:
    shown = setting.effective({})
    assert shown["available_notification_sounds"] == ["ding", "zulip"]
    assert {"key": "google", "text": "Google"} in shown["emojiset_choices"]  # type: ignore[operator]


@pytest.mark.parametrize(
    "name",
    ["twenty_four_hour_time", "send_private_typing_notifications", "pm_content_in_desktop_notifications"],
)
def test_a_setting_that_the_terminal_client_needs(name: str) -> None:
    assert type(setting.effective({})[name]) is bool


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("enter_sends", True),
        (PERIOD, 1),
        (PERIOD, 604_800),
        ("default_language", "de"),
        ("notification_sound", "none"),
        ("emojiset", "twitter"),
        ("color_scheme", 3),
        ("web_font_size_px", 18),
        ("timezone", "America/Argentina/Buenos_Aires"),
        ("timezone", "UTC"),
        ("timezone", "Etc/GMT+5"),
    ],
)
def test_a_good_value_is_kept(name: str, value: object) -> None:
    assert setting.check(name, value) == value


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("enter_sends", 1, "enter_sends is not a boolean"),
        ("enter_sends", "true", "enter_sends is not a boolean"),
        ("enter_sends", None, "enter_sends is not a boolean"),
        ("color_scheme", "1", "color_scheme is not an integer"),
        ("color_scheme", True, "color_scheme is not an integer"),
        ("color_scheme", 0, "Invalid color_scheme"),
        ("color_scheme", 4, "Invalid color_scheme"),
        ("web_font_size_px", 0, "Invalid web_font_size_px"),
        ("web_home_view", 1, "web_home_view is not a string"),
        ("web_home_view", "nowhere", "Invalid web_home_view"),
        ("emojiset", "apple", "Invalid emojiset"),
        ("default_language", "tlh", "Invalid default_language"),
        ("notification_sound", "gong", "Invalid notification sound 'gong'"),
        (PERIOD, -1, "Invalid email batching period: -1 seconds"),
        (PERIOD, 0, "Invalid email batching period: 0 seconds"),
        (PERIOD, 604_801, "Invalid email batching period: 604801 seconds"),
        (PERIOD, 1.5, f"{PERIOD} is not an integer"),
        ("timezone", "", "timezone is not a recognized time zone"),
        ("timezone", "../../etc/passwd", "timezone is not a recognized time zone"),
        ("timezone", "A" * 41, "timezone is not a recognized time zone"),
        ("timezone", "UTC\n", "timezone is not a recognized time zone"),
        ("available_notification_sounds", [], "Unknown setting: available_notification_sounds"),
        ("no_such_setting", 1, "Unknown setting: no_such_setting"),
    ],
)
def test_a_bad_value_is_refused_in_zulips_words(name: str, value: object, text: str) -> None:
    with pytest.raises(ApiError) as refused:
        setting.check(name, value)
    assert refused.value.body() == {"result": "error", "code": "BAD_REQUEST", "msg": text}


def test_older_clients_know_two_sets_of_settings() -> None:
    known = setting.effective({}).keys()
    assert known >= setting.NOTIFICATION_SETTINGS | setting.DISPLAY_SETTINGS
    assert not setting.NOTIFICATION_SETTINGS & setting.DISPLAY_SETTINGS
    assert {"enable_sounds", "presence_enabled", "notification_sound"} <= setting.NOTIFICATION_SETTINGS
    assert {"timezone", "twenty_four_hour_time", "emojiset"} <= setting.DISPLAY_SETTINGS


def test_newer_settings_are_unknown_to_older_clients() -> None:
    newer = {"enable_followed_topic_email_notifications", "send_read_receipts", "web_font_size_px"}
    assert not newer & (setting.NOTIFICATION_SETTINGS | setting.DISPLAY_SETTINGS)
