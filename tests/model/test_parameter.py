"""The text of a request's parameter becomes a value, or an error in Zulip's words."""

from contextlib import suppress
from typing import Any

import pytest

from appliance.base.errors import ApiError, InvalidJson
from appliance.model import parameter
from appliance.model.parameter import Parse

sound = parameter.one_of("ding", "zulip")


@pytest.mark.parametrize(
    ("parse", "given", "value"),
    [
        (parameter.text, ' "a" ', ' "a" '),
        (parameter.word, "add", "add"),
        (parameter.word, '"add"', "add"),
        (parameter.word, '"', '"'),
        (parameter.integer, "5", 5),
        (parameter.integer, '"5"', 5),
        (parameter.integer, "-1", -1),
        (parameter.integer, str(2**63 - 1), 2**63 - 1),
        (parameter.natural, "0", 0),
        (parameter.boolean, "true", True),
        (parameter.boolean, "False", False),
        (parameter.boolean, '"true"', True),
        (parameter.json, "null", None),
        (parameter.json_object, '{"a": 1}', {"a": 1}),
        (parameter.json_list, "[1, {}]", [1, {}]),
        (parameter.integers, "[1, 2]", [1, 2]),
        (parameter.integers, "[]", []),
        (parameter.strings, '["a"]', ["a"]),
        (parameter.optional(parameter.strings), "null", None),
        (parameter.optional(parameter.strings), '["a"]', ["a"]),
        (sound, "ding", "ding"),
        (sound, '"ding"', "ding"),
        (parameter.identifiers, "[5, 7]", [5, 7]),
        (parameter.identifiers, "5", [5]),
        (parameter.identifiers, '["a@x", "b@x"]', ["a@x", "b@x"]),
        (parameter.identifiers, "a@x, b@x,", ["a@x", "b@x"]),
        (parameter.identifiers, '"a@x,b@x"', ["a@x", "b@x"]),
        (parameter.identifiers, "[]", []),
        (parameter.identifiers, "", []),
        (parameter.channel, "general", "general"),
        (parameter.channel, '"general"', "general"),
        (parameter.channel, "4", 4),
        (parameter.channel, "[4]", 4),
        (parameter.channel, '["general"]', "general"),
        (parameter.channel, "true", "true"),
        (parameter.channel, "2024 plans", "2024 plans"),
    ],
)
def test_values(parse: Parse, given: str, value: Any) -> None:
    found = parse("x", given)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("parse", "given", "error"),
    [
        (parameter.integer, "", "x is not an integer"),
        (parameter.integer, "five", "x is not an integer"),
        (parameter.integer, "1.5", "x is not an integer"),
        (parameter.integer, "9" * 5000, "x is not an integer"),
        (parameter.integer, str(2**63), "x is too large"),
        (parameter.integer, str(-(2**64)), "x is too small"),
        (parameter.natural, "-1", "x is too small"),
        (parameter.boolean, "yes", "x is not a boolean"),
        (parameter.boolean, "1", "x is not a boolean"),
        (parameter.json, "{", "Malformed JSON"),
        (parameter.json_object, "[]", "x is not a dict"),
        (parameter.json_list, "{}", "x is not a list"),
        (parameter.integers, '[1, "2"]', "x[1] is not an integer"),
        (parameter.integers, "[true]", "x[0] is not an integer"),
        (parameter.integers, "[1.5]", "x[0] is not an integer"),
        (parameter.integers, f"[{2**63}]", "x[0] is too large"),
        (parameter.integers, "5", "x is not a list"),
        (parameter.strings, '["a", 5]', "x[1] is not a string"),
        (sound, "bell", "Invalid x"),
        (
            parameter.identifiers,
            '[5, "a@x"]',
            "Recipient lists may contain emails or user IDs, but not both.",
        ),
        (parameter.identifiers, "[true]", "Invalid data type for recipients"),
        (parameter.identifiers, "[[5]]", "Invalid data type for recipients"),
        (parameter.identifiers, "{}", "Invalid data type for recipients"),
        (parameter.identifiers, "null", "Invalid data type for recipients"),
        (parameter.identifiers, f"[{2**63}]", "x is too large"),
        (parameter.channel, "[]", "Missing channel"),
        (parameter.channel, "[1, 2]", "Cannot send to multiple channels"),
        (parameter.channel, str(2**63), "x is too large"),
    ],
)
def test_errors(parse: Parse, given: str, error: str) -> None:
    with pytest.raises(ApiError) as raised:
        parse("x", given)
    assert str(raised.value) == error
    assert raised.value.status == 400


def test_bad_json_has_a_code_of_its_own() -> None:
    with pytest.raises(InvalidJson) as raised:
        parameter.json("x", "{")
    assert raised.value.code == "INVALID_JSON"


@pytest.mark.parametrize(
    "given", ["", "null", "[", "[[[[", "1e999", "-0", "[1e30]", '"\\ud800"', "\0", "ü", "{}", "[{}]", "NaN"]
)
@pytest.mark.parametrize(
    "parse",
    [
        parameter.text,
        parameter.word,
        parameter.integer,
        parameter.natural,
        parameter.boolean,
        parameter.json,
        parameter.json_object,
        parameter.json_list,
        parameter.integers,
        parameter.strings,
        parameter.identifiers,
        parameter.channel,
        sound,
    ],
)
def test_any_text_is_a_value_or_an_api_error(parse: Parse, given: str) -> None:
    with suppress(ApiError):
        parse("x", given)
