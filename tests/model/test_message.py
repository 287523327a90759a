"""Limits of messages, and the objects that clients see."""

from dataclasses import replace

import pytest

from appliance.base.errors import ApiError
from appliance.model.message import (
    GRAVATAR,
    MAX_CONTENT,
    OURS,
    Message,
    Person,
    Shape,
    check_content,
    check_topic,
    payload,
    shown_topic,
    wide,
)

ANN, BOB = Person(5, "ann@example.org", "Ann"), Person(7, "bob@example.org", "Bob")
IN_CHANNEL = Message(
    77, ANN, 12, "lunch", "*hi*", "<p><em>hi</em></p>", 1_700_000_000, "website", 4, "general"
)
DIRECT = replace(IN_CHANNEL, topic="", channel_id=None, channel_name=None, people=(ANN, BOB))


def test_a_message_in_a_channel() -> None:
    seen = wide(IN_CHANNEL)
    assert (seen["type"], seen["stream_id"], seen["display_recipient"], seen["subject"]) == (
        "stream",
        4,
        "general",
        "lunch",
    )


def test_a_direct_message() -> None:
    seen = wide(DIRECT)
    assert seen["type"] == "private"
    assert "stream_id" not in seen
    assert seen["display_recipient"] == [
        {"id": 5, "email": "ann@example.org", "full_name": "Ann", "is_mirror_dummy": False},
        {"id": 7, "email": "bob@example.org", "full_name": "Bob", "is_mirror_dummy": False},
    ]


@pytest.mark.parametrize(("content", "expected"), [("/me waves", True), ("hi /me", False)])
def test_a_message_of_what_one_does(content: str, expected: bool) -> None:
    assert wide(replace(IN_CHANNEL, content=content))["is_me_message"] is expected


def test_the_time_of_an_edit_is_shown_if_there_was_one() -> None:
    assert "last_edit_timestamp" not in wide(IN_CHANNEL)
    assert wide(replace(IN_CHANNEL, last_edit_time=9))["last_edit_timestamp"] == 9


@pytest.mark.parametrize(  # checklist 146, 278
    ("markdown", "content", "content_type"),
    [(False, "*hi*", "text/x-markdown"), (True, "<p><em>hi</em></p>", "text/html")],
)
def test_the_payload_of_a_message_in_a_channel(markdown: bool, content: str, content_type: str) -> None:
    assert payload(wide(IN_CHANNEL), Shape(markdown, empty_topic_name=True)) == {
        "id": 77,
        "type": "stream",
        "stream_id": 4,
        "display_recipient": "general",
        "recipient_id": 12,
        "subject": "lunch",
        "sender_id": 5,
        "sender_email": "ann@example.org",
        "sender_full_name": "Ann",
        "sender_realm_str": "",
        "avatar_url": "/avatar/5",
        "content": content,
        "content_type": content_type,
        "timestamp": 1_700_000_000,
        "client": "website",
        "is_me_message": False,
        "reactions": [],
        "submessages": [],
        "topic_links": [],
    }


def test_the_payload_of_a_direct_message_lists_people() -> None:  # checklist 278
    shown = payload(wide(DIRECT), Shape(apply_markdown=True, empty_topic_name=False))
    assert (shown["type"], shown["subject"]) == ("private", "")
    assert [each["id"] for each in shown["display_recipient"]] == [5, 7]
    assert "stream_id" not in shown


@pytest.mark.parametrize(  # checklist 147
    ("source", "capable", "expected"),
    [(GRAVATAR, True, None), (GRAVATAR, False, "/avatar/5"), (OURS, True, "/avatar/5")],
)
def test_a_gravatar_is_found_by_the_client(source: str, capable: bool, expected: str | None) -> None:
    message = {**wide(IN_CHANNEL), "avatar_source": source}
    shape = Shape(apply_markdown=True, empty_topic_name=True, client_gravatar=capable)
    assert payload(message, shape)["avatar_url"] == expected


def test_a_sender_whom_one_may_not_know() -> None:
    shape = Shape(apply_markdown=True, empty_topic_name=True, sees_sender=False)
    known = payload(wide(IN_CHANNEL), shape._replace(sees_sender=True))
    unknown = payload(wide(IN_CHANNEL), shape)
    assert {name: value for name, value in unknown.items() if value != known[name]} == {
        "sender_full_name": "Unknown user",
        "sender_email": "user5@users.invalid",
        "avatar_url": "/static/icon.png",
    }


def test_a_payload_leaves_the_wide_message_alone() -> None:
    message = wide(IN_CHANNEL)
    before = dict(message)
    payload(message, Shape(apply_markdown=True, empty_topic_name=False))
    assert message == before


@pytest.mark.parametrize(  # checklist 158
    ("topic", "capable", "shown"), [("", True, ""), ("", False, "general chat"), ("lunch", False, "lunch")]
)
def test_the_empty_topic_has_a_name_for_older_clients(topic: str, capable: bool, shown: str) -> None:
    assert shown_topic(topic, capable) == shown


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("hi", "hi"),
        ("hi \n\n", "hi"),
        ("\n\n hi", " hi"),
        ("a\n\nb", "a\n\nb"),
        ("x" * MAX_CONTENT + "  ", "x" * MAX_CONTENT),
    ],
    ids=["plain", "after", "before", "inside", "long with blanks"],
)
def test_content_is_trimmed(typed: str, kept: str) -> None:
    assert check_content(typed) == kept


def test_long_content_is_cut_within_the_limit() -> None:
    cut = check_content("é" * 20_000)
    assert len(cut) == MAX_CONTENT
    assert cut.endswith("é\n[message truncated]")


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("", "Message must not be empty"),
        (" \n ", "Message must not be empty"),
        ("\0", "Message must not contain null bytes"),
    ],
)
def test_content_that_cannot_be(content: str, error: str) -> None:
    with pytest.raises(ApiError) as raised:
        check_content(content)
    assert str(raised.value) == error


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" lunch ", "lunch"),
        ("", ""),
        ("(no topic)", ""),
        ("general chat", ""),
        ("Lunch ünd 🍕", "Lunch ünd 🍕"),
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 57 + "..."),
    ],
)
def test_topics(typed: str, kept: str) -> None:
    assert check_topic(typed) == kept


@pytest.mark.parametrize(("topic", "position"), [("\tx\ty", 2), ("a\nb", 2), ("ab\x7f", 3), ("a\u202eb", 2)])
def test_topics_with_what_cannot_be_seen(topic: str, position: int) -> None:
    with pytest.raises(ApiError) as raised:
        check_topic(topic)
    assert str(raised.value) == f"Invalid character in topic, at position {position}!"
