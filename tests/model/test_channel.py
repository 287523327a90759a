"""Channels: names, colours, properties, and the objects that clients see."""

from dataclasses import replace
from typing import Any

import pytest

from appliance.base.errors import ApiError
from appliance.model import channel as module
from appliance.model.channel import COLORS, Channel, Subscription
from appliance.model.group import ID
from appliance.model.group_setting import Value, only

GENERAL = Channel(
    4, "general", "for *all*", "<p>for <em>all</em></p>", False, True, False, False, 5, 9, None, 12
)
OWN = Subscription(4, 5, True, "#76ce90", True, False, None, True, None, None, None)


def test_a_channel_as_clients_see_it() -> None:
    seen = module.public(GENERAL)
    assert (seen["stream_id"], seen["name"], seen["invite_only"]) == (4, "general", False)
    assert (seen["rendered_description"], seen["date_created"]) == ("<p>for <em>all</em></p>", 9)
    assert {"stream_weekly_traffic", "message_retention_days", "first_message_id"} <= set(seen)
    assert "recipient_id" not in seen


def test_a_subscription_is_the_channel_and_what_it_is_to_one() -> None:
    seen = module.subscribed(GENERAL, OWN, [5, 7])
    assert seen.items() >= module.public(GENERAL).items()
    assert (seen["is_muted"], seen["in_home_view"], seen["pin_to_top"]) == (True, False, False)
    assert seen["email_address"] == ""
    assert (seen["audible_notifications"], seen["push_notifications"]) == (True, None)
    assert seen["subscribers"] == [5, 7]
    assert "subscribers" not in module.subscribed(GENERAL, OWN, None)


@pytest.mark.parametrize(
    ("name", "kept"), [(" general ", "general"), ("x" * 60, "x" * 60), ("Büro 🍕", "Büro 🍕")]
)
def test_names(name: str, kept: str) -> None:
    assert module.check_name(name) == kept


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("", "Channel name can't be empty."),
        (" ", "Channel name can't be empty."),
        ("x" * 61, "Channel name too long (limit: 60 characters)."),
        ("a\0b", "Invalid character in channel name."),
        ("a\u200bb", "Invalid character in channel name."),
    ],
)
def test_names_that_cannot_be(name: str, error: str) -> None:
    with pytest.raises(ApiError) as raised:
        module.check_name(name)
    assert str(raised.value) == error


def test_each_channel_gets_a_colour_of_its_own_while_there_are_some() -> None:
    used: set[str] = set()
    for _ in COLORS:
        used.add(module.color(used))
    assert used == set(COLORS)
    assert module.color(used) in COLORS


@pytest.mark.parametrize(
    ("name", "value", "stored"),
    [
        ("color", "#ABCDEF", "#abcdef"),
        ("color", "#abc", "#aabbcc"),
        ("is_muted", True, 1),
        ("in_home_view", True, 0),
        ("in_home_view", False, 1),
        ("pin_to_top", False, 0),
    ],
)
def test_properties(name: str, value: Any, stored: Any) -> None:
    assert module.check_property(name, value) == stored


@pytest.mark.parametrize("value", ["red", "#12", "#12345", "#1234567", "#ggg", "", None, 5, True])
def test_what_is_no_colour(value: Any) -> None:
    with pytest.raises(ApiError, match=r"^color is not a valid hex color code$"):
        module.check_property("color", value)


@pytest.mark.parametrize("value", ["true", 1, 0, None, []])
def test_what_is_neither_on_nor_off(value: Any) -> None:
    with pytest.raises(ApiError, match=r"^pin_to_top is not a boolean$"):
        module.check_property("pin_to_top", value)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("is_muted", True, [("in_home_view", False), ("is_muted", True)]),
        ("in_home_view", True, [("in_home_view", True), ("is_muted", False)]),
        ("color", "#ABC", [("color", "#aabbcc")]),
        ("pin_to_top", True, [("pin_to_top", True)]),
    ],
)
def test_what_clients_are_told(name: str, value: Any, told: list[tuple[str, Any]]) -> None:
    assert module.told_properties(name, value) == told


# -- permissions and posting


@pytest.mark.parametrize(
    ("value", "policy", "announcing"),
    [
        (ID["role:everyone"], 1, False),
        (ID["role:administrators"], 2, True),
        (ID["role:fullmembers"], 3, False),
        (ID["role:moderators"], 4, False),
        (ID["role:owners"], 1, False),
        (99, 1, False),
        (only(5), 1, False),
    ],
)
def test_older_clients_know_who_posts_by_a_number(value: Value, policy: int, announcing: bool) -> None:
    seen = module.public(replace(GENERAL, permissions={"can_send_message_group": value}))
    assert seen["can_send_message_group"] == value
    assert (seen["stream_post_policy"], seen["is_announcement_only"]) == (policy, announcing)


def test_who_made_a_channel_administers_it() -> None:
    assert GENERAL.permission("can_administer_channel_group") == only(5)
    nobodys = replace(GENERAL, creator_id=None)
    assert nobodys.permission("can_administer_channel_group") == ID["role:nobody"]


def test_channels_that_need_a_group() -> None:
    permissions: dict[str, Value] = {
        "can_subscribe_group": 99,
        "can_add_subscribers_group": {"direct_members": [1], "direct_subgroups": [98, 99]},
        "can_send_message_group": 98,
    }
    channels = [GENERAL, replace(GENERAL, id=7, permissions=permissions)]
    settings = ["can_subscribe_group", "can_add_subscribers_group"]
    assert module.objections(99, channels) == [{"type": "channel", "channel_id": 7, "settings": settings}]
    assert module.objections(97, channels) == []


# -- retention and activity


@pytest.mark.parametrize(
    ("given", "days"), [(1, 1), (30, 30), ("unlimited", -1), ("forever", -1), ("realm_default", None)]
)
def test_periods(given: Any, days: int | None) -> None:
    assert module.check_retention(given) == days


@pytest.mark.parametrize("given", [0, -1, 2**31, True, 1.5, "soon", None, [], {}])
def test_periods_that_cannot_be(given: Any) -> None:
    with pytest.raises(ApiError, match="Bad value for 'message_retention_days'"):
        module.check_retention(given)


DAY = module.DAY


@pytest.mark.parametrize(
    ("messages", "age", "traffic"),
    [
        (10, 6 * DAY, None),
        (10, 7 * DAY, 10),
        (0, 7 * DAY, 0),
        (1, 28 * DAY, 1),  # fewer than one a week, but not none
        (40, 400 * DAY, 10),
        (4936, 28 * DAY, 1200),
        (492, 28 * DAY, 120),
    ],
)
def test_traffic(messages: int, age: int, traffic: int | None) -> None:
    assert module.weekly_traffic(messages, 1000, 1000 + age) == traffic


@pytest.mark.parametrize(
    ("created", "newest", "active"),
    [(0, None, False), (100 * DAY, None, True), (0, 100 * DAY, True), (0, 20 * DAY, False)],
)
def test_activity(created: int, newest: int | None, active: bool) -> None:
    assert module.is_active(created, newest, 200 * DAY) == active
