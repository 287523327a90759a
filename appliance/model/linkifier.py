"""Linkifiers: patterns of text that become links.

    Linkifier(1, "#(?P<id>[0-9]+)", "https://bugs.example.org/{id}")    "#7" → https://bugs.example.org/7

Patterns are RE2's, whose time is linear in the text; their named groups are the variables of the URL template
(RFC 6570). Where RE2 is not installed (armv7l) Python's `re` runs them, with limits in place of that promise.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from typing import Any, NamedTuple

from appliance.base.errors import ApiError

MOST = 100  # in an organization
MAX_PATTERN, MAX_TEMPLATE = 1000, 2000  # characters

MAX_WORD = 100  # Python's re looks at texts of as many characters between white space

_BEFORE, _WHOLE, _AFTER = "linkifier_before", "linkifier_whole", "linkifier_after"
_WORD = re.compile(r"\S+")
_VARIABLE = r"[A-Za-z0-9_]+(?:\*|:[1-9][0-9]{0,3})?"
_TEMPLATE = re.compile(
    rf"https?://(?:[^\x00-\x20\"'<>\\^`{{|}}]|\{{[+#./;?&]?{_VARIABLE}(?:,{_VARIABLE})*\}})+"
)


@dataclass(frozen=True, slots=True)
class Linkifier:
    id: int
    pattern: str
    url_template: str


def public(linkifier: Linkifier) -> dict[str, Any]:
    return {"id": linkifier.id, "pattern": linkifier.pattern, "url_template": linkifier.url_template}


class Match(NamedTuple):
    """`text[start:end]` becomes a link to `url`."""

    start: int
    end: int
    url: str


def matches(linkifier: Linkifier, text: str) -> Iterator[Match]:
    """From left to right, between what is no letter and no digit, after white space or an opening mark. None
    of a pattern that this machine cannot run (imported from one that could)."""
    try:
        expression = compile(linkifier.pattern)
    except ApiError:
        return
    for start, end, groups in expression.spans(text):
        yield Match(start, end, expand(linkifier.url_template, groups))


def expand(url_template: str, groups: Mapping[str, str]) -> str:
    """The URL. `groups`: what they matched, by their names."""
    import uritemplate  # here, as RE2 below: most organizations have no linkifiers

    filled: dict[str, Any] = dict(groups)
    return uritemplate.expand(url_template, filled)


def variables(url_template: str) -> list[str]:
    """The names in it, in their order."""
    import uritemplate

    return list(uritemplate.variables(url_template))


def checked(pattern: str, url_template: str) -> tuple[str, str]:
    """As they are kept. Raises ApiError."""
    if not pattern or len(pattern) > MAX_PATTERN:
        raise ApiError(f"pattern must have 1 to {MAX_PATTERN} characters")
    check_template(url_template)
    groups, names = compile(pattern).names, set(variables(url_template))
    for name in sorted(names - groups):
        raise ApiError(f"The URL template uses {name!r}, which is no group of the pattern.")
    for name in sorted(groups - names):
        raise ApiError(f"The pattern has the group {name!r}, which the URL template does not use.")
    return pattern, url_template


def check_template(url_template: str) -> None:
    """One of RFC 6570, for HTTP. Raises ApiError."""
    if len(url_template) > MAX_TEMPLATE or not _TEMPLATE.fullmatch(url_template):
        raise ApiError("Invalid URL template.")


Span = tuple[int, int, dict[str, str]]  # start and end of a match, and what its named groups matched


class Expression:
    """A pattern that can be searched for. `names`: of its groups."""

    def __init__(self, found: Any) -> None:
        self._found = found
        self._whole, self._after = found.groupindex[_WHOLE], found.groupindex[_AFTER]
        self.names = frozenset(found.groupindex) - {_BEFORE, _WHOLE, _AFTER}

    def spans(self, text: str) -> Iterator[Span]:
        for word in _WORD.finditer(text):
            if len(word[0]) <= MAX_WORD:
                for start, end, groups in self._in(word[0]):
                    yield word.start() + start, word.start() + end, groups

    def _in(self, text: Any) -> Iterator[tuple[int, int, dict[str, Any]]]:
        """What stands after one match may be what stands before the next."""
        at = 0
        while at <= len(text) and (match := self._found.search(text, at)):
            start, end = match.span(self._whole)
            if end > start:
                yield start, end, {name: match[name] or type(text)() for name in self.names}
            at = max(match.start(self._after), at + 1)


class Re2Expression(Expression):
    """RE2 looks at bytes: given text, it would encode all of it for each match."""

    def spans(self, text: str) -> Iterator[Span]:
        encoded, bytes_before, before = text.encode(errors="replace"), 0, 0
        for start, end, groups in self._in(encoded):
            before += len(encoded[bytes_before:start].decode())
            bytes_before = start
            length = len(encoded[start:end].decode())
            yield before, before + length, {name: value.decode() for name, value in groups.items()}


@lru_cache(maxsize=MOST)
def compile(pattern: str) -> Expression:
    """Raises ApiError for what is no pattern."""
    return _with_re2(pattern) if find_spec("re2") else _with_re(pattern)


def _with_re2(pattern: str) -> Expression:
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options=options)  # alone: "a)(b" must not become one in what is around it
        return Re2Expression(re2.compile(_between(r"\s|\x{85}|\pZ", pattern, r"[^\pL\pN]"), options=options))
    except re2.error as error:
        raise ApiError(f"Bad regular expression: {_said(error)}") from None


def _said(error: Exception) -> str:
    reason = error.args[0] if error.args else ""
    return reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)


def _with_re(pattern: str) -> Expression:
    from appliance.model import repetition  # here: it leans on what a later Python may not have

    try:
        bounded = repetition.is_bounded(pattern)
        expression = Expression(re.compile(_between(r"\s", pattern, r"\W|_")))
    except (re.error, RecursionError, OverflowError) as error:
        raise ApiError(f"Bad regular expression: {error}") from None
    if not bounded:
        raise ApiError("Bad regular expression: it would take too long without RE2, which is not installed")
    return expression


def _between(blank: str, pattern: str, other: str) -> str:
    return rf"(?P<{_BEFORE}>^|{blank}|['\"(,:<])(?P<{_WHOLE}>{pattern})(?P<{_AFTER}>$|{other})"
