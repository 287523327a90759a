"""Edit histories: what is kept, what is shown of them."""

from typing import Any

import pytest

from appliance.model.edit import (
    MOST_EDITS,
    Edit,
    Visibility,
    added,
    is_resolution,
    last_moved,
    versions,
    visible,
)
from appliance.model.message import Shape, payload

TEXT: Edit = {"user_id": 7, "timestamp": 30, "prev_content": "one", "prev_rendered_content": "<p>one</p>"}
TOPIC: Edit = {"user_id": 8, "timestamp": 20, "prev_topic": "", "topic": "lunch"}
CHANNEL: Edit = {"user_id": 9, "timestamp": 10, "prev_stream": 1, "stream": 2}
BOTH: Edit = {**TEXT, **TOPIC}


@pytest.mark.parametrize(
    ("visibility", "shown"),
    [
        (Visibility.ALL, [TEXT, TOPIC, CHANNEL, BOTH]),
        (
            Visibility.MOVES,
            [TOPIC, CHANNEL, {"user_id": 8, "timestamp": 20, "prev_topic": "", "topic": "lunch"}],
        ),
        (Visibility.NONE, []),
    ],
)
def test_how_much_is_shown(visibility: Visibility, shown: list[Edit]) -> None:
    assert visible([TEXT, TOPIC, CHANNEL, BOTH], visibility) == shown


def test_the_newest_comes_first_and_the_oldest_is_forgotten() -> None:
    edits: list[Edit] = []
    for time in range(MOST_EDITS + 5):
        edits = added(edits, {"timestamp": time})
    assert len(edits) == MOST_EDITS
    assert (edits[0]["timestamp"], edits[-1]["timestamp"]) == (MOST_EDITS + 4, 5)


@pytest.mark.parametrize(
    ("edits", "time"),
    [
        ([], None),
        ([TEXT], None),
        ([TEXT, TOPIC, CHANNEL], 20),
        ([CHANNEL], 10),
        ([{"timestamp": 5, "prev_topic": "lunch", "topic": "✔ lunch"}], None),
        ([{"timestamp": 5, "prev_topic": "✔ lunch", "topic": "lunch"}, CHANNEL], 10),
        ([{"timestamp": 5, "prev_topic": "lunch", "topic": "✔ dinner"}], 5),
        ([{"timestamp": 5, "prev_topic": "a", "topic": "✔ a", "prev_stream": 1, "stream": 2}], 5),
    ],
)
def test_when_it_moved(edits: list[Edit], time: int | None) -> None:
    assert last_moved(edits) == time


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("lunch", "✔ lunch", True),
        ("✔ lunch", "lunch", True),
        ("✔ lunch", "✔ ✔ lunch", True),
        ("lunch", "✔ Lunch", False),
        ("lunch", "✔lunch", False),
        ("lunch", "dinner", False),
    ],
)
def test_settling_a_matter(before: str, after: str, expected: bool) -> None:
    assert is_resolution(before, after) is expected


def test_versions_go_back_from_now() -> None:
    now = {"topic": "lunch", "content": "two", "rendered_content": "<p>two</p>"}
    one = {"content": "one", "rendered_content": "<p>one</p>"}
    assert versions(now, [TEXT, TOPIC]) == [
        {**one, "topic": ""},
        {**one, **TOPIC},
        {**now, **TEXT},
    ]


@pytest.mark.parametrize(
    ("shape", "history"),
    [
        (Shape(False, True), [TEXT, TOPIC]),
        (Shape(False, False), [TEXT, {**TOPIC, "prev_topic": "general chat"}]),
        (Shape(False, True, edits=Visibility.MOVES), [TOPIC]),
        (Shape(False, True, edits=Visibility.NONE), None),
    ],
)
def test_a_message_shows_its_history(shape: Shape, history: list[Edit] | None) -> None:
    message: dict[str, Any] = {
        "type": "stream", "subject": "lunch", "content": "two", "avatar_source": "U",
        "edit_history": [TEXT, TOPIC],
    }  # fmt: skip
    assert payload(message, shape).get("edit_history") == history
