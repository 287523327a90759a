"""Reads a JSON file of the archive row by row: however large it is, no more than a row and a block of it is
in memory."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from appliance.actions.import_zulip.row import BadArchive, Row

BLOCK = 1 << 20  # characters read at once
MOST_ROW = 16 << 20  # characters of one row
_BLANK = " \t\r\n"


def tables(path: Path, name: str) -> Iterator[tuple[str, Row]]:
    """(table, row) of a file {"table": [{…}, …], …}. `name`: what errors call it. Raises BadArchive."""
    with _Scanner(path, name) as scanner:
        scanner.take("{")
        if scanner.accept("}"):
            return
        while True:
            table = scanner.key()
            scanner.take(":")
            yield from ((table, row) for row in _rows(scanner, f"{name}: {table}"))
            if scanner.accept("}"):
                return
            scanner.take(",")


def records(path: Path, name: str) -> Iterator[Row]:
    """The rows of a file [{…}, …]. Raises BadArchive."""
    with _Scanner(path, name) as scanner:
        yield from _rows(scanner, name)


def _rows(scanner: "_Scanner", place: str) -> Iterator[Row]:
    scanner.take("[")
    if scanner.accept("]"):
        return
    number = 0
    while True:
        number += 1
        yield Row(f"{place}, row {number}", scanner.row(number))
        if scanner.accept("]"):
            return
        scanner.take(",")


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")


class _Scanner:
    """A place in a file. `buffer`: what was read and not yet used up, from `at` on."""

    def __init__(self, path: Path, name: str) -> None:
        self._name = name
        try:
            self._file = path.open(encoding="utf-8")
        except FileNotFoundError:
            raise BadArchive(f"{name} is not in the archive") from None
        self._buffer, self._at, self._ended = "", 0, False
        self._decode = json.JSONDecoder(parse_constant=_no_number).raw_decode

    def __enter__(self) -> "_Scanner":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def take(self, mark: str) -> None:
        if not self.accept(mark):
            found = self._buffer[self._at : self._at + 1]
            raise BadArchive(f"{self._name} is damaged: {found or 'its end'} stands where {mark} should")

    def accept(self, mark: str) -> bool:
        """Whether it is what comes next; then it is passed over."""
        if self._next() != mark:
            return False
        self._at += 1
        return True

    def key(self) -> str:
        value = self._value(f"{self._name}: a table's name")
        if not isinstance(value, str):
            raise BadArchive(f"{self._name} is damaged: the name of a table is no text")
        return value[:100]

    def row(self, number: int) -> dict[str, Any]:
        place = f"{self._name}, row {number}"
        if self._next() != "{":
            raise BadArchive(f"{place} is not an object")
        value: dict[str, Any] = self._value(place)
        return value

    def _next(self) -> str:
        """The next character that is no blank, which stays; '' at the end."""
        while True:
            while self._at < len(self._buffer):
                found = self._buffer[self._at]
                if found not in _BLANK:
                    return found
                self._at += 1
            if not self._more():
                return ""

    def _value(self, place: str) -> Any:
        """What begins here. An object or text that goes on beyond the buffer is tried again with more."""
        while True:
            self._next()
            try:
                value, self._at = self._decode(self._buffer, self._at)
            except (ValueError, RecursionError) as error:
                if len(self._buffer) - self._at > MOST_ROW:
                    raise BadArchive(f"{place} is too large, or no JSON") from None
                if not self._more():
                    raise BadArchive(f"{place} is no JSON: {_reason(error)}") from None
            else:
                return value

    def _more(self) -> bool:
        """Read on; False: there is no more."""
        if self._ended:
            return False
        try:
            block = self._file.read(max(BLOCK, len(self._buffer) - self._at))
        except UnicodeDecodeError as error:
            raise BadArchive(f"{self._name} is not UTF-8: {error.reason}") from None
        self._ended = not block
        self._buffer, self._at = self._buffer[self._at :] + block, 0
        return bool(block)


def _reason(error: Exception) -> str:
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error).split(":")[0]
