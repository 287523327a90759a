"""A row of a table of the archive, which may be anything at all: its values by name and kind."""

from typing import Any

from appliance.base.errors import CommandError

MOST_TEXT = 1 << 22  # characters
LARGEST_ID = 2**53  # what JSON can say exactly
LATEST = 253_402_300_799  # epoch seconds: the end of the year 9999
REQUIRED: Any = object()


class BadArchive(CommandError):
    """The archive is damaged, or not one; the text says where and how."""


class Row:
    """`place`: where it stands, for errors."""

    __slots__ = ("place", "values")

    def __init__(self, place: str, values: dict[str, Any]) -> None:
        self.place, self.values = place, values

    def has(self, name: str) -> bool:
        return self.values.get(name) is not None

    def id(self, name: str) -> int:
        found = self.maybe_id(name)
        return found if found is not None else self._missing(name)

    def maybe_id(self, name: str) -> int | None:
        """None: null, or not there."""
        value = self.values.get(name)
        if value is None:
            return None
        if type(value) is not int or not 0 < value < LARGEST_ID:
            raise self.wrong(name, "is not an id")
        return value

    def number(self, name: str, default: int = REQUIRED) -> int:
        value = self.values.get(name)
        if value is None:
            return default if default is not REQUIRED else self._missing(name)
        if type(value) is not int or abs(value) > LARGEST_ID:
            raise self.wrong(name, "is not a whole number")
        return value

    def flag(self, name: str, default: bool = REQUIRED) -> bool:
        value = self.values.get(name)
        if value is None:
            return default if default is not REQUIRED else self._missing(name)
        if not isinstance(value, bool):
            raise self.wrong(name, "is neither true nor false")
        return value

    def maybe_flag(self, name: str) -> bool | None:
        return self.flag(name) if self.has(name) else None

    def text(self, name: str, default: str = REQUIRED, most: int = MOST_TEXT) -> str:
        """`most`: characters."""
        value = self.values.get(name)
        if value is None:
            return default if default is not REQUIRED else self._missing(name)
        if not isinstance(value, str):
            raise self.wrong(name, "is not text")
        if len(value) > most:
            raise self.wrong(name, f"has {len(value)} characters, {most} is the most")
        if not _is_storable(value):
            raise self.wrong(name, "has characters that are none (null, or half of a pair)")
        return value

    def time(self, name: str, default: int = REQUIRED) -> int:
        """Epoch seconds; in the archive they have fractions."""
        value = self.values.get(name)
        if value is None:
            return default if default is not REQUIRED else self._missing(name)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= LATEST:
            raise self.wrong(name, "is not a time in seconds")
        return int(value)

    def maybe_time(self, name: str) -> int | None:
        return self.time(name) if self.has(name) else None

    def ids(self, name: str) -> list[int]:
        """A list of them; empty if there is none."""
        value = self.values.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or any(type(each) is not int or each <= 0 for each in value):
            raise self.wrong(name, "is not a list of ids")
        return value

    def choice(self, name: str, choices: frozenset[int], default: int = REQUIRED) -> int:
        value = self.number(name, default)
        if value not in choices:
            raise self.wrong(name, f"is {value}, which means nothing")
        return value

    def wrong(self, name: str, what: str) -> BadArchive:
        return BadArchive(f"{self.place}: {name} {what}")

    def _missing(self, name: str) -> Any:
        raise self.wrong(name, "is missing")


def _is_storable(text: str) -> bool:
    if "\0" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
