"""The words that describe fields: each accepts what it says, and says clearly what it does not accept."""

from typing import Any

import pytest

from appliance.model.events.types import (
    BOOLEAN,
    NUMBER,
    SECONDS,
    TEXT,
    WHOLE,
    Either,
    ListOf,
    MapOf,
    Object,
    OneOf,
    Type,
    noted,
    nullable,
    optional,
)

COLOR = OneOf(("red", "green"), "color")
POINT = Object({"x": WHOLE, "y": optional(WHOLE, "flat")}, "point")
NAMELESS = Object({"name": TEXT, "kind": OneOf(("a",))})
OTHER = Object({"size": WHOLE, "kind": OneOf(("b",))})


@pytest.mark.parametrize(
    ("type", "value"),
    [
        (WHOLE, -1),
        (NUMBER, 1.5),
        (NUMBER, 1),
        (TEXT, ""),
        (BOOLEAN, False),
        (SECONDS, 1_700_000_000),
        (COLOR, "red"),
        (OneOf((1, 2)), 2),
        (ListOf(TEXT), []),
        (ListOf(TEXT), ["a", "b"]),
        (MapOf(WHOLE, by_id=True), {"12": 1}),
        (MapOf(WHOLE), {"anything": 1}),
        (nullable(TEXT), None),
        (Either(WHOLE, ListOf(WHOLE)), [1]),
        (POINT, {"x": 1}),
        (POINT, {"x": 1, "y": 2}),
        (Object({}), {}),
    ],
)
def test_what_fits(type: Type, value: Any) -> None:
    assert list(type.mistakes(value, "it")) == []


@pytest.mark.parametrize(
    ("type", "value", "mistakes"),
    [
        (WHOLE, "1", ["it: text instead of a whole number"]),
        (WHOLE, True, ["it: a boolean instead of a whole number"]),
        (WHOLE, 1.0, ["it: a number instead of a whole number"]),
        (SECONDS, None, ["it: null instead of Unix seconds"]),
        (BOOLEAN, 1, ["it: a whole number instead of a boolean"]),
        (TEXT, ["a"], ["it: a list instead of text"]),
        (COLOR, "blue", ["it: 'blue' instead of a color"]),
        (OneOf(("a", "b")), {}, ['it: {} instead of "a" or "b"']),
        (OneOf((1, 2)), True, ["it: True instead of 1 or 2"]),
        (ListOf(WHOLE), {}, ["it: an object instead of a list"]),
        (ListOf(WHOLE), [1, "2", None], [
            "it[1]: text instead of a whole number",
            "it[2]: null instead of a whole number",
        ]),
        (MapOf(TEXT), [], ["it: a list instead of an object"]),
        (MapOf(TEXT, by_id=True), {"ann": 1}, [
            "it: key 'ann' instead of an id",
            "it[ann]: a whole number instead of text",
        ]),
        (nullable(WHOLE), "1", ["it: text instead of a whole number or null"]),
        (POINT, 5, ["it: a whole number instead of a point"]),
        (POINT, {"y": 2}, ["it.x: missing"]),
        (POINT, {"x": 1, "z": 3}, ["it.z: unknown field"]),
        (ListOf(POINT), [{"x": 1, "y": "2"}], ["it[0].y: text instead of a whole number"]),
        (Either(WHOLE, POINT), {"x": "1"}, ["it.x: text instead of a whole number"]),
        (Either(NAMELESS, OTHER), {"name": 1, "kind": "a"}, ["it.name: a whole number instead of text"]),
        (Either(NAMELESS, OTHER), {"kind": "b"}, ["it.size: missing"]),
        (Either(NAMELESS, OTHER), None, ["it: null instead of an object"]),
    ],
)  # fmt: skip
def test_what_does_not_fit(type: Type, value: Any, mistakes: list[str]) -> None:
    assert list(type.mistakes(value, "it")) == mistakes


@pytest.mark.parametrize(
    ("type", "words"),
    [
        (ListOf(WHOLE), "a list of whole numbers"),
        (ListOf(ListOf(TEXT)), "a list of lists of texts"),
        (ListOf(COLOR), "a list of colors"),
        (ListOf(OneOf((1,))), "a list of 1"),
        (MapOf(POINT, by_id=True), "a map of ids to points"),
        (ListOf(MapOf(nullable(TEXT))), "a list of maps of names to texts or null"),
        (Either(NAMELESS, OTHER), "an object"),
    ],
)
def test_how_it_is_written(type: Type, words: str) -> None:
    assert type.words == words


def test_a_field_may_have_a_note() -> None:
    assert Object({"x": noted(WHOLE, "to the right")}).fields["x"].note == "to the right"
