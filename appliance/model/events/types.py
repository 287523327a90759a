"""The words in which fields of events are described, and how a decoded JSON value is checked against them.

Every type has `words` and a `plural` for people, and `mistakes(value, path)`: what is wrong with the value at
`path`, such as "message.sender_id: text instead of a whole number". Nothing is converted and nothing is
forgiven: a boolean is no number, a field that is not described is a mistake.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

MISSING, UNKNOWN = "missing", "unknown field"

_WORDS = {
    type(None): "null", bool: "a boolean", int: "a whole number", float: "a number", str: "text",
    list: "a list", dict: "an object",
}  # fmt: skip


class Type(Protocol):
    @property
    def words(self) -> str: ...

    @property
    def plural(self) -> str: ...

    def mistakes(self, value: Any, path: str) -> Iterator[str]: ...


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def _instead(path: str, value: Any, words: str) -> str:
    return f"{path}: {_WORDS[type(value)]} instead of {words}"


@dataclass(frozen=True, slots=True)
class Plain:
    """A JSON value of one of `classes`."""

    words: str
    plural: str
    classes: tuple[type, ...]

    def mistakes(self, value: Any, path: str) -> Iterator[str]:
        if type(value) not in self.classes:
            yield _instead(path, value, self.words)


WHOLE = Plain("a whole number", "whole numbers", (int,))
NUMBER = Plain("a number", "numbers", (int, float))
TEXT = Plain("text", "texts", (str,))
HTML = Plain("HTML", "HTML", (str,))
BOOLEAN = Plain("a boolean", "booleans", (bool,))
SECONDS = Plain("Unix seconds", "Unix seconds", (int,))
MILLISECONDS = Plain("Unix milliseconds", "Unix milliseconds", (int,))
NULL = Plain("null", "null", (type(None),))


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of some literal values. A long list has a `name`; the document lists its values once."""

    values: tuple[str | int, ...]
    name: str = ""

    @property
    def words(self) -> str:
        return _a(self.name) if self.name else " or ".join(_literal(each) for each in self.values)

    @property
    def plural(self) -> str:
        return f"{self.name}s" if self.name else self.words

    def mistakes(self, value: Any, path: str) -> Iterator[str]:
        if not any(type(value) is type(each) and value == each for each in self.values):
            yield f"{path}: {value!r} instead of {self.words}"


def _literal(value: str | int) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


@dataclass(frozen=True, slots=True)
class ListOf:
    item: Type

    @property
    def words(self) -> str:
        return f"a list of {self.item.plural}"

    @property
    def plural(self) -> str:
        return f"lists of {self.item.plural}"

    def mistakes(self, value: Any, path: str) -> Iterator[str]:
        if type(value) is not list:
            yield _instead(path, value, "a list")
            return
        for position, item in enumerate(value):
            yield from self.item.mistakes(item, f"{path}[{position}]")


@dataclass(frozen=True, slots=True)
class MapOf:
    """An object whose keys are data: text, or with `by_id` ids in decimal digits."""

    value: Type
    by_id: bool = False

    @property
    def words(self) -> str:
        return f"a map of {'ids' if self.by_id else 'names'} to {self.value.plural}"

    @property
    def plural(self) -> str:
        return f"maps of {'ids' if self.by_id else 'names'} to {self.value.plural}"

    def mistakes(self, value: Any, path: str) -> Iterator[str]:
        if type(value) is not dict:
            yield _instead(path, value, "an object")
            return
        for key, item in value.items():
            if self.by_id and not key.isdecimal():
                yield f"{path}: key {key!r} instead of an id"
            yield from self.value.mistakes(item, f"{path}[{key}]")


class Either:
    """A value of one of several types."""

    def __init__(self, *types: Type) -> None:
        self.types = types

    @property
    def words(self) -> str:
        return " or ".join(dict.fromkeys(each.words for each in self.types))

    @property
    def plural(self) -> str:
        return " or ".join(dict.fromkeys(each.plural for each in self.types))

    def mistakes(self, value: Any, path: str) -> Iterator[str]:
        """None if a type fits. Else those of the nearest type, of those for which not the value itself but
        something in it is wrong."""
        found = [list(each.mistakes(value, path)) for each in self.types]
        if [] in found:
            return
        within = [mistakes for mistakes in found if not mistakes[0].startswith(f"{path}: ")]
        if within:
            yield from min(within, key=len)
        else:
            yield _instead(path, value, self.words)


def nullable(inner: Type) -> Either:
    return Either(inner, NULL)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an object, with a note for the reader. `when`: it is only there then."""

    type: Type
    note: str = ""
    when: str = ""


Fields = Mapping[str, Type | Field]


def noted(type: Type, note: str) -> Field:
    return Field(type, note)


def optional(type: Type, when: str, note: str = "") -> Field:
    return Field(type, note, when)


class Object:
    """An object with these fields and no others. One that is described apart has a `name`."""

    def __init__(self, fields: Fields, name: str = "") -> None:
        self.fields = {key: each if isinstance(each, Field) else Field(each) for key, each in fields.items()}
        self.name = name

    @property
    def words(self) -> str:
        return _a(self.name or "object")

    @property
    def plural(self) -> str:
        return f"{self.name or 'object'}s"

    def mistakes(self, value: Any, path: str) -> Iterator[str]:
        if type(value) is not dict:
            yield _instead(path, value, self.words)
            return
        within = f"{path}." if path else ""
        for name, field in self.fields.items():
            if name in value:
                yield from field.type.mistakes(value[name], within + name)
            elif not field.when:
                yield f"{within}{name}: {MISSING}"
        yield from (f"{within}{name}: {UNKNOWN}" for name in value if name not in self.fields)
