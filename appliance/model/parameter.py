"""Request parameters: how the text of one becomes a value.

An endpoint declares its parameters as `Annotated[type, how]` (http/endpoint.py). `how` is called with the
parameter's name and text, and raises ApiError with Zulip's wording.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

import orjson

from appliance.base.errors import ApiError, InvalidJson

Parse = Callable[[str, str], Any]
P = TypeVar("P", bound=Parse)
Schema = dict[str, Any]  # JSON Schema
LONGEST_INTEGER = 2**63 - 1
# What is to be said of a value besides the type that its parser returns, for docs/openapi.json.
SCHEMAS: dict[Parse, Schema] = {}


def described(**schema: Any) -> Callable[[P], P]:
    """Decorates a parser: what it demands that its type does not say, in words of JSON Schema."""

    def keep(parse: P) -> P:
        SCHEMAS[parse] = schema
        return parse

    return keep


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name that clients use for the parameter."""

    name: str


def text(name: str, given: str) -> str:
    return given


def word(name: str, given: str) -> str:
    """Text that some clients send as JSON, in quotes."""
    return given[1:-1] if len(given) > 1 and given[0] == given[-1] == '"' else given


def integer(name: str, given: str) -> int:
    try:
        return _bounded(name, int(given.strip('"')))
    except ValueError:
        raise ApiError(f"{name} is not an integer") from None


@described(minimum=0)
def natural(name: str, given: str) -> int:
    """An integer from 0."""
    value = integer(name, given)
    if value < 0:
        raise ApiError(f"{name} is too small")
    return value


def boolean(name: str, given: str) -> bool:
    value = {"true": True, "false": False}.get(given.strip('"').lower())
    if value is None:
        raise ApiError(f"{name} is not a boolean")
    return value


def json(name: str, given: str) -> Any:
    try:
        return orjson.loads(given)
    except orjson.JSONDecodeError:
        raise InvalidJson from None


def json_or_text(name: str, given: str) -> Any:
    """JSON where it is, else the text itself."""
    try:
        return orjson.loads(given)
    except orjson.JSONDecodeError:
        return given


def json_object(name: str, given: str) -> dict[str, Any]:
    value = json(name, given)
    if not isinstance(value, dict):
        raise ApiError(f"{name} is not a dict")
    return value


def json_list(name: str, given: str) -> list[Any]:
    value = json(name, given)
    if not isinstance(value, list):
        raise ApiError(f"{name} is not a list")
    return value


def integers(name: str, given: str) -> list[int]:
    value = json_list(name, given)
    for position, each in enumerate(value):
        if not isinstance(each, int) or isinstance(each, bool):
            raise ApiError(f"{name}[{position}] is not an integer")
        _bounded(f"{name}[{position}]", each)
    return value


def strings(name: str, given: str) -> list[str]:
    value = json_list(name, given)
    for position, each in enumerate(value):
        if not isinstance(each, str):
            raise ApiError(f"{name}[{position}] is not a string")
    return value


def optional(parse: Parse) -> Parse:
    """As `parse`, and the word null stands for None."""

    @described(**SCHEMAS.get(parse, {}), nullable=True)
    def parse_or_none(name: str, given: str) -> Any:
        return None if given == "null" else parse(name, given)

    return parse_or_none


def one_of(*choices: str) -> Parse:
    @described(enum=list(choices))
    def parse(name: str, given: str) -> str:
        value = word(name, given)
        if value not in choices:
            raise ApiError(f"Invalid {name}")
        return value

    return parse


def identifiers(name: str, given: str) -> list[int] | list[str]:
    """People: a JSON list of ids or of addresses, one of either, or addresses in comma-separated text."""
    try:
        value = orjson.loads(given)
    except orjson.JSONDecodeError:
        value = given
    if isinstance(value, str):
        value = [each.strip() for each in value.split(",") if each.strip()]
    if isinstance(value, int) and not isinstance(value, bool):
        value = [value]
    if not isinstance(value, list):
        raise ApiError("Invalid data type for recipients")
    kinds = {type(each) for each in value}
    if kinds == {int, str}:
        raise ApiError("Recipient lists may contain emails or user IDs, but not both.")
    if not kinds <= {int} and not kinds <= {str}:
        raise ApiError("Invalid data type for recipients")
    for each in value:
        if isinstance(each, int):
            _bounded(name, each)
    return value


def channel(name: str, given: str) -> str | int:
    """One channel: a name, plain or in JSON, or an id; a list of one is accepted too."""
    try:
        value = orjson.loads(given)
    except orjson.JSONDecodeError:
        return given
    if isinstance(value, list):
        if len(value) != 1:
            raise ApiError("Cannot send to multiple channels" if value else "Missing channel")
        value = value[0]
    if isinstance(value, int) and not isinstance(value, bool):
        return _bounded(name, value)
    return value if isinstance(value, str) else given


def _bounded(name: str, value: int) -> int:
    """SQLite knows integers of 64 bits."""
    if not -LONGEST_INTEGER <= value <= LONGEST_INTEGER:
        raise ApiError(f"{name} is too large" if value > 0 else f"{name} is too small")
    return value


Text = Annotated[str, text]
Integer = Annotated[int, integer]
Natural = Annotated[int, natural]
Boolean = Annotated[bool, boolean]
Json = Annotated[Any, json]
Integers = Annotated[list[int], integers]
Strings = Annotated[list[str], strings]
