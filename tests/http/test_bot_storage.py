"""What programs keep on the server, over the wire."""

from typing import Any

import pytest

from tests.process.client import Person


@pytest.fixture(autouse=True)
def _nothing_is_kept_yet(hamlet: Person) -> None:
    """The server is shared with other tests."""
    hamlet.ask("DELETE", "/bot_storage", keys="null")


def test_keeping_changing_and_dropping(hamlet: Person) -> None:
    hamlet.ask("PUT", "/bot_storage", storage={"a": "1", "b": '{"x": 2}'})
    assert hamlet.ask("GET", "/bot_storage")["storage"] == {"a": "1", "b": '{"x": 2}'}
    assert hamlet.ask("GET", "/bot_storage", keys=["b"])["storage"] == {"b": '{"x": 2}'}
    hamlet.ask("DELETE", "/bot_storage", keys=["a"])
    hamlet.ask("DELETE", "/bot_storage", keys="null")
    assert hamlet.ask("GET", "/bot_storage", keys="null")["storage"] == {}


@pytest.mark.parametrize(
    ("method", "parameters", "code"),
    [
        ("PUT", {}, "REQUEST_VARIABLE_MISSING"),
        ("PUT", {"storage": "x"}, "INVALID_JSON"),
        ("PUT", {"storage": ["a"]}, "BAD_REQUEST"),
        ("PUT", {"storage": {"a": 1}}, "BAD_REQUEST"),
        ("GET", {"keys": [1]}, "BAD_REQUEST"),
        ("GET", {"keys": ["a"]}, "BAD_REQUEST"),
        ("DELETE", {"keys": ["a"]}, "BAD_REQUEST"),
    ],
)
def test_bad_input(hamlet: Person, method: str, parameters: dict[str, Any], code: str) -> None:
    assert hamlet.call(method, "/bot_storage", **parameters).is_error(400, code)
