from typing import Any

import pytest

from appliance.model.outline import DEEPEST, MOST, outline


@pytest.mark.parametrize(
    ("event", "shown"),
    [
        ({"type": "add", "device_id": 3}, {"type": "add", "device_id": 3}),
        ({"ok": True, "time": None}, {"ok": True, "time": None}),
        ({"text": "hello"}, {"text": "… (5 characters)"}),
        ({"a": {"b": ["secret"]}}, {"a": {"b": ["… (6 characters)"]}}),
        ({"ann@example.org": 1}, {"…": 1}),
        (["a text"], ["… (6 characters)"]),
        ("text", "… (4 characters)"),
    ],
)
def test_texts_are_left_out(event: Any, shown: Any) -> None:
    assert outline(event) == shown


def test_long_lists_are_cut() -> None:
    assert outline([*range(MOST + 5)]) == [*range(MOST)]


def test_it_does_not_go_deeper_than_somebody_would_look() -> None:
    deep: Any = 1
    for _ in range(5000):
        deep = [deep]
    text = str(outline(deep))
    assert text == "[" * DEEPEST + "'…'" + "]" * DEEPEST
