"""Widgets: what texts ask for, what bots send along, what people may do with them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.base.errors import ApiError
from appliance.model import widget, widget_entry


def poll(question: str, *options: str) -> dict[str, Any]:
    return {"widget_type": "poll", "extra_data": {"question": question, "options": list(options)}}


def todo(title: str, *tasks: tuple[str, str]) -> dict[str, Any]:
    found = [{"task": task, "desc": description} for task, description in tasks]
    return {"widget_type": "todo", "extra_data": {"task_list_title": title, "tasks": found}}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("/poll", poll("")),
        ("/poll Lunch?", poll("Lunch?")),
        ("/poll  Lunch? \n- Pizza\n*Soup\n Rye bread \n\n-", poll("Lunch?", "Pizza", "Soup", "Rye bread")),
        ("/poll\nPizza", poll("", "Pizza")),
        ("/todo", todo("")),
        ("/todo\nWater\n* Plants: all of: them", todo("", ("Water", ""), ("Plants", "all of: them"))),
        ("/todo Today", todo("Today")),
        ("/polls a", None),
        (" /poll a", None),
        ("a /poll", None),
        ("/me waves", None),
        ("`/poll`", None),
    ],
)  # fmt: skip
def test_what_a_text_asks_for(content: str, expected: dict[str, Any] | None) -> None:
    found = widget.of_text(content)
    assert (found and json.loads(found)) == expected


@given(st.text(max_size=50))
def test_any_text_makes_a_widget_that_can_be_read(text: str) -> None:
    found = widget.of_text(f"/poll {text}")
    assert found is None or widget.type_of(found) == "poll"


@pytest.mark.parametrize("first", ["", "[]", "{", '{"widget_type": 1}', "1"])
def test_what_is_no_widget_has_no_type(first: str) -> None:
    assert widget.type_of(first) == ""


CHOICE = {"short_name": "a", "long_name": "Answer", "reply": "a", "type": "multiple_choice"}
FORM = {"type": "choices", "heading": "What?", "choices": [CHOICE]}


def test_a_form_of_a_bot() -> None:
    given = json.dumps({"widget_type": "zform", "extra_data": FORM})
    found = widget.of_parameter(given)
    assert json.loads(found) == {"widget_type": "zform", "extra_data": FORM}


def form(**changes: Any) -> dict[str, Any]:
    return {"widget_type": "zform", "extra_data": {**FORM, **changes}}


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ([], "Widgets: widget_content is not a dict"),
        ({}, "Widgets: widget_type is not in widget_content"),
        ({"widget_type": "zform"}, "Widgets: extra_data is not in widget_content"),
        ({"widget_type": "zform", "extra_data": 4}, "Widgets: extra_data is not a dict"),
        (poll("x"), "Widgets: unknown widget type: poll"),
        ({"widget_type": "zform", "extra_data": {}}, "Widgets: zform is missing type field"),
        (form(type="bogus"), "Widgets: unknown zform type: bogus"),
        (form(heading=1), 'Widgets: extra_data["heading"] is not a string'),
        (form(choices="x"), 'Widgets: extra_data["choices"] is not a list'),
        (form(choices=[CHOICE, 1]), 'Widgets: extra_data["choices"][1] is not a dict'),
        (form(choices=[{}]), 'Widgets: short_name key is missing from extra_data["choices"][0]'),
        (form(heading="x" * 10_000), "Widgets: widget_content is too long (limit: 10000 characters)"),
    ],
)
def test_mistakes_in_forms(given: Any, error: str) -> None:
    with pytest.raises(ApiError) as raised:
        widget.of_parameter(json.dumps(given))
    assert raised.value.msg == error


def test_a_form_that_is_no_json() -> None:
    with pytest.raises(ApiError, match="Widgets: widget_content is no JSON"):
        widget.of_parameter("{")


# -- entries

VOTE = {"type": "vote", "key": "canned,0", "vote": 1}
TASK = {"type": "new_task", "key": 3, "task": "Water", "desc": "", "completed": False}


@pytest.mark.parametrize(
    ("kind", "entry", "others_may"),
    [
        ("poll", VOTE, True),
        ("poll", {**VOTE, "vote": -1}, True),
        ("poll", {"type": "new_option", "option": "Soup", "idx": 1000}, True),
        ("poll", {"type": "question", "question": "When?"}, False),
        ("todo", TASK, True),
        ("todo", {"type": "strike", "key": "0,canned"}, True),
        ("todo", {"type": "new_task_list_title", "title": "Today"}, False),
        ("zform", {"anything": True}, True),
        ("", [1], True),
    ],
)
def test_what_people_do(kind: str, entry: Any, others_may: bool) -> None:
    widget_entry.check(kind, json.dumps(entry), is_author=True)
    if others_may:
        widget_entry.check(kind, json.dumps(entry), is_author=False)
    else:
        with pytest.raises(ApiError, match="Only its author changes"):
            widget_entry.check(kind, json.dumps(entry), is_author=False)


@pytest.mark.parametrize(
    ("kind", "entry", "error"),
    [
        ("poll", [], "poll data is not a dict"),
        ("poll", {}, "type key is missing from poll data"),
        ("poll", {"type": 1}, 'poll data["type"] is not a string'),
        ("poll", {"type": "strike", "key": "x"}, "Unknown type for poll data: strike"),
        ("poll", {**VOTE, "vote": 2}, 'poll data["vote"] is invalid'),
        ("poll", {**VOTE, "vote": True}, 'poll data["vote"] is not an integer'),
        ("poll", {**VOTE, "extra": 1, "more": 2}, "Unexpected arguments: extra, more"),
        ("poll", {"type": "vote", "vote": 1}, "key key is missing from poll data"),
        ("poll", {"type": "new_option", "option": "x", "idx": -1}, 'poll data["idx"] is too small'),
        ("poll", {"type": "new_option", "option": "x", "idx": 1001}, 'poll data["idx"] is too large'),
        ("poll", {"type": "new_option", "option": "x", "idx": "1"}, 'poll data["idx"] is not an integer'),
        ("todo", {**TASK, "completed": 0}, 'todo data["completed"] is not a boolean'),
        ("todo", {**TASK, "desc": None}, 'todo data["desc"] is not a string'),
        ("todo", VOTE, "Unknown type for todo data: vote"),
    ],
)
def test_mistakes_in_entries(kind: str, entry: Any, error: str) -> None:
    with pytest.raises(ApiError) as raised:
        widget_entry.check(kind, json.dumps(entry), is_author=True)
    assert raised.value.msg == error


@pytest.mark.parametrize(
    ("content", "error"),
    [("{", "Invalid json for submessage"), (" " * 10_001, "content is too long (limit: 10000 characters)")],
)
def test_what_is_no_entry_at_all(content: str, error: str) -> None:
    with pytest.raises(ApiError) as raised:
        widget_entry.check("poll", content, is_author=True)
    assert raised.value.msg == error
