"""What a draft can be."""

from typing import Any

import pytest

from appliance.base.errors import ApiError
from appliance.model.draft import Draft, parse

GIVEN: dict[str, Any] = {"type": "stream", "to": [7], "topic": "lunch", "content": "hello"}


@pytest.mark.parametrize(
    ("changed", "draft"),
    [
        ({}, Draft("stream", (7,), "lunch", "hello", None)),
        ({"timestamp": 1.5, "id": 3}, Draft("stream", (7,), "lunch", "hello", 1)),
        ({"topic": "x" * 61}, Draft("stream", (7,), "x" * 57 + "...", "hello", None)),
        ({"content": "\nhello "}, Draft("stream", (7,), "lunch", "hello", None)),
        ({"type": "private", "to": [7, 8]}, Draft("private", (7, 8), "", "hello", None)),
        ({"type": "private", "to": []}, Draft("private", (), "", "hello", None)),
        ({"type": ""}, Draft("", (), "", "hello", None)),
    ],
)
def test_it_is_trimmed_like_a_message(changed: dict[str, Any], draft: Draft) -> None:
    assert parse("draft", {**GIVEN, **changed}) == draft


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"to": []}, "Must specify exactly 1 channel ID for channel messages"),
        ({"to": [1, 2]}, "Must specify exactly 1 channel ID for channel messages"),
        ({"to": 7}, 'draft["to"] is not a list'),
        ({"to": ["x"]}, 'draft["to"][0] is not an integer'),
        ({"to": [True]}, 'draft["to"][0] is not an integer'),
        ({"to": [2**70]}, 'draft["to"][0] is not an integer'),
        ({"type": "private", "to": [1] * 501}, "A conversation can have 500 people at most."),
        ({"type": "x"}, 'Invalid draft["type"]'),
        ({"type": []}, 'Invalid draft["type"]'),
        ({"topic": 7}, 'draft["topic"] is not a string'),
        ({"topic": "a\0b"}, "Topic must not contain null bytes"),
        ({"content": None}, 'draft["content"] is not a string'),
        ({"content": "a\0b"}, "Message must not contain null bytes"),
        ({"content": " "}, "Message must not be empty"),
        ({"timestamp": -1}, "Timestamp must not be negative."),
        ({"timestamp": "now"}, 'draft["timestamp"] is not a number'),
        ({"timestamp": 2**60}, 'draft["timestamp"] is not a number'),
    ],
)
def test_what_is_refused(changed: dict[str, Any], error: str) -> None:
    with pytest.raises(ApiError) as refused:
        parse("draft", {**GIVEN, **changed})
    assert refused.value.body()["msg"] == error


def test_something_is_missing() -> None:
    with pytest.raises(ApiError, match="content key is missing from draft"):
        parse("draft", {name: GIVEN[name] for name in ("type", "to", "topic")})
    with pytest.raises(ApiError, match="draft is not a dict"):
        parse("draft", [])
