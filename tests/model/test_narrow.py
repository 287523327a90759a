"""Narrows as clients send them, and as tests on events."""

from typing import Any

import pytest

from appliance.base.errors import ApiError, BadNarrow
from appliance.model.narrow import Term, event_predicate, parse, topic_operand

# -- as sent


@pytest.mark.parametrize(
    ("narrow", "terms"),
    [
        ([], []),
        ([["channel", "general"]], [Term("channel", "general")]),
        ([["stream", "general"], ["pm-with", "a@x"]], [Term("channel", "general"), Term("dm", "a@x")]),
        ([{"operator": "is", "operand": "dm"}], [Term("is", "dm")]),
        ([{"operator": "is", "operand": "dm", "negated": True}], [Term("is", "dm", negated=True)]),
        ([{"operator": "dm", "operand": [5, 7], "negated": False}], [Term("dm", [5, 7])]),
        ([{"operator": "group-pm-with", "operand": 5}], [Term("group-pm-with", 5)]),
    ],
)
def test_narrows_are_read_in_both_forms(narrow: Any, terms: list[Term]) -> None:
    assert parse(narrow) == terms


@pytest.mark.parametrize(
    ("narrow", "error"),
    [
        ({}, "narrow is not a list"),
        ("is:dm", "narrow is not a list"),
        (None, "narrow is not a list"),
        ([{"operator": "is"}], "Invalid narrow operator: operand is missing"),
        ([{"operand": "dm"}], "Invalid narrow operator: operator is missing"),
        ([{}], "Invalid narrow operator: operator is missing"),
        ([["is"]], "Invalid narrow operator: element is not a string pair"),
        ([["is", "dm", "x"]], "Invalid narrow operator: element is not a string pair"),
        ([[1, "dm"]], "Invalid narrow operator: element is not a string pair"),
        (["is:dm"], "Invalid narrow operator: element is not a string pair"),
        ([None], "Invalid narrow operator: element is not a string pair"),
    ],
)
def test_what_is_no_narrow(narrow: Any, error: str) -> None:
    with pytest.raises(ApiError) as raised:
        parse(narrow)
    assert str(raised.value) == error


def test_a_narrow_has_an_end() -> None:
    parse([["is", "dm"]] * 100)
    with pytest.raises(BadNarrow):
        parse([["is", "dm"]] * 101)


@pytest.mark.parametrize(
    ("operand", "topic"), [("lunch", "lunch"), ("", ""), ("(no topic)", ""), ("general chat", "")]
)
def test_names_of_the_empty_topic(operand: str, topic: str) -> None:
    assert topic_operand(operand) == topic


# -- of event queues

CHANNEL = {
    "type": "stream",
    "display_recipient": "General",
    "subject": "Lunch",
    "sender_email": "Ann@example.org",
}
UNNAMED = {**CHANNEL, "subject": ""}
RESOLVED = {**CHANNEL, "subject": "✔ Lunch"}
DIRECT = {"type": "private", "display_recipient": [], "subject": "", "sender_email": "ann@example.org"}


@pytest.mark.parametrize(  # checklist 143
    ("narrow", "message", "flags", "wanted"),
    [
        ([], DIRECT, [], True),
        ([["channel", "gENERAL"]], CHANNEL, [], True),
        ([["stream", "general"]], CHANNEL, [], True),
        ([["channel", "other"]], CHANNEL, [], False),
        ([["channel", "general"]], DIRECT, [], False),
        ([["topic", "lunch"]], CHANNEL, [], True),
        ([["topic", "dinner"]], CHANNEL, [], False),
        ([["topic", ""]], UNNAMED, [], True),
        ([["topic", "general chat"]], UNNAMED, [], True),
        ([["topic", ""]], DIRECT, [], False),
        ([["sender", "ann@EXAMPLE.org"]], CHANNEL, [], True),
        ([["sender", "bob@example.org"]], CHANNEL, [], False),
        ([["is", "dm"]], DIRECT, [], True),
        ([["is", "private"]], DIRECT, [], True),
        ([["is", "dm"]], CHANNEL, [], False),
        ([["is", "starred"]], CHANNEL, ["starred"], True),
        ([["is", "starred"]], CHANNEL, [], False),
        ([["is", "unread"]], CHANNEL, [], True),
        ([["is", "unread"]], CHANNEL, ["read"], False),
        ([["is", "mentioned"]], CHANNEL, ["mentioned"], True),
        ([["is", "alerted"]], CHANNEL, ["mentioned"], True),
        ([["is", "mentioned"]], CHANNEL, [], False),
        ([["is", "resolved"]], RESOLVED, [], True),
        ([["is", "resolved"]], CHANNEL, [], False),
        ([["is", "something new"]], CHANNEL, [], True),
        ([["channel", "general"], ["topic", "lunch"]], CHANNEL, [], True),
        ([["channel", "general"], ["topic", "dinner"]], CHANNEL, [], False),
    ],
)
def test_which_events_are_wanted(
    narrow: list[list[str]], message: dict[str, Any], flags: list[str], wanted: bool
) -> None:
    assert event_predicate(narrow)(message, flags) is wanted


@pytest.mark.parametrize(
    ("narrow", "error"),
    [
        ([["has", "link"]], "Operator has not supported."),
        ([["dm", "ann@example.org"]], "Operator dm not supported."),
        ([["is", "followed"]], "Operand followed not supported."),
    ],
)
def test_what_no_queue_can_be_narrowed_to(narrow: list[list[str]], error: str) -> None:
    with pytest.raises(ApiError) as raised:
        event_predicate(narrow)
    assert str(raised.value) == error
    assert raised.value.code == "BAD_REQUEST"
