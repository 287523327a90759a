"""What parameters take, in words of JSON Schema."""

from enum import IntEnum
from typing import Annotated, Any, Literal

import pytest

from appliance.http.declared import declared
from appliance.http.document import schema
from appliance.model.draft import Draft
from appliance.model.parameter import Alias, Schema, integer, integers, json, natural, one_of, optional, text


class Size(IntEnum):
    SMALL, LARGE = 1, 2


@pytest.mark.parametrize(
    ("hint", "expected"),
    [
        (str, {"type": "string"}),
        (bool, {"type": "boolean"}),
        (float, {"type": "number"}),
        (int | None, {"type": "integer"}),
        (Any, {}),
        (dict[str, Any], {"type": "object"}),
        (Draft, {"type": "object"}),
        (list[int], {"type": "array", "items": {"type": "integer"}}),
        (list, {"type": "array", "items": {}}),
        (tuple[str, ...], {"type": "array", "items": {"type": "string"}}),
        (int | str, {"anyOf": [{"type": "integer"}, {"type": "string"}]}),
        (Literal["a", "b"], {"enum": ["a", "b"]}),
        (Size, {"type": "integer", "enum": [1, 2]}),
    ],
)
def test_types(hint: Any, expected: Schema) -> None:
    assert schema.of_type(hint) == expected


def function(
    *,
    plain: Annotated[str, text],
    bounded: Annotated[int, natural] = 5,
    chosen: Annotated[str, one_of("a", "b")] = "a",
    perhaps: Annotated[int | None, optional(natural)] = None,
    several: Annotated[list[int], integers, Alias("many"), Alias("lots")] = [],  # noqa: B006 (never called)
    anything: Annotated[Any, json] = None,
    number: Annotated[int | None, integer] = None,
) -> None: ...


@pytest.mark.parametrize(
    ("name", "expected", "scalar"),
    [
        ("plain", {"type": "string"}, True),
        ("bounded", {"type": "integer", "minimum": 0, "default": 5}, True),
        ("chosen", {"type": "string", "enum": ["a", "b"], "default": "a"}, True),
        ("perhaps", {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "null"}]}, True),
        (
            "several",
            {"type": "array", "items": {"type": "integer"}, "description": "Also called `many` or `lots`."},
            False,
        ),
        ("anything", {}, False),
        ("number", {"type": "integer"}, True),
    ],
)
def test_parameters(name: str, expected: Schema, scalar: bool) -> None:
    [parameter] = [each for each in declared(function) if each.name == name]
    found = schema.of_parameter(parameter)
    assert (found, schema.is_scalar(found)) == (expected, scalar)
