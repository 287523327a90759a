"""How a client with declared types decodes JSON: what it does not know it passes over, all else must fit.

record(id=whole, name=maybe(text))({"id": "7"}, "user") -> ["user.id: '7'"]
"""

from collections.abc import Callable, Iterable
from typing import Any

Decoder = Callable[[Any, str], list[str]]  # the mistakes of a value, which is at that path


def _of(*classes: type) -> Decoder:
    return lambda value, path: [] if type(value) in classes else [f"{path}: {value!r}"]


whole, number, text, boolean = _of(int), _of(int, float), _of(str), _of(bool)


def anything(value: Any, path: str) -> list[str]:
    return []


def maybe(inner: Decoder) -> Decoder:
    """Null, or not there."""
    return lambda value, path: [] if value is None else inner(value, path)


def one_of(*values: Any) -> Decoder:
    return lambda value, path: [] if value in values else [f"{path}: {value!r}"]


def rows(inner: Decoder) -> Decoder:
    def decode(value: Any, path: str) -> list[str]:
        if not isinstance(value, list):
            return [f"{path}: {value!r}"]
        return [each for at, row in enumerate(value) for each in inner(row, f"{path}[{at}]")]

    return decode


def mapping(inner: Decoder, *, by_id: bool = False) -> Decoder:
    """`by_id`: its keys are whole numbers."""

    def decode(value: Any, path: str) -> list[str]:
        if not isinstance(value, dict):
            return [f"{path}: {value!r}"]
        wrong = [f"{path}: key {key!r}" for key in value if by_id and not key.isdecimal()]
        return wrong + [each for key, row in value.items() for each in inner(row, f"{path}.{key}")]

    return decode


def record(**fields: Decoder) -> Decoder:
    def decode(value: Any, path: str) -> list[str]:
        if not isinstance(value, dict):
            return [f"{path}: {value!r}"]
        return [each for name, inner in fields.items() for each in inner(value.get(name), f"{path}.{name}")]

    return decode


def both(*decoders: Decoder) -> Decoder:
    return lambda value, path: [each for inner in decoders for each in inner(value, path)]


def either(*decoders: Decoder) -> Decoder:
    """The first that fits; the mistakes that the last one finds."""

    def decode(value: Any, path: str) -> list[str]:
        found: list[str] = []
        for inner in decoders:
            if not (found := inner(value, path)):
                break
        return found

    return decode


def wrong(path: str, checks: Iterable[tuple[bool, str]]) -> list[str]:
    """What is said where a check does not hold."""
    return [f"{path}: {said}" for holds, said in checks if not holds]
