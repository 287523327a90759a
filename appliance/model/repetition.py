"""How often a pattern of Python's re repeats something: too often, and it takes for ever on some text."""

from collections.abc import Iterator
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

MOST = 3  # repetitions in a pattern, each of single characters


def is_bounded(pattern: str) -> bool:
    """Raises re.error, RecursionError or OverflowError for what is no pattern."""
    return sum(_repeats(parser.parse(pattern))) <= MOST


def _repeats(parsed: Any) -> Iterator[int]:
    """1 for each of single characters (0: of a fixed number), more than are allowed for others."""
    for kind, value in parsed:
        if kind in (parser.MAX_REPEAT, parser.MIN_REPEAT) and value[1] > 1:
            single = len(value[2]) == 1 and value[2][0][0] in (parser.IN, parser.LITERAL, parser.ANY)
            yield int(value[0] != value[1]) if single else MOST + 1
        for each in value if isinstance(value, tuple | list) else ():
            yield from _nested(each)


def _nested(part: Any) -> Iterator[int]:
    if isinstance(part, parser.SubPattern):
        yield from _repeats(part)
    elif isinstance(part, list):
        for each in part:
            yield from _nested(each)
