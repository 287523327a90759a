"""Patterns that become links, by RE2 and by what stands in for it."""

import time
from collections.abc import Callable

import pytest

from appliance.base.errors import ApiError
from appliance.model import linkifier
from appliance.model.linkifier import Expression, Linkifier, Match, _with_re, _with_re2

ENGINES = pytest.mark.parametrize("engine", [_with_re2, _with_re], ids=["re2", "re"])
NUMBER, TEMPLATE = "#(?P<id>[0-9]+)", "https://bugs.example.org/{id}"
Engine = Callable[[str], Expression]


def found(engine: Engine, pattern: str, text: str) -> list[str]:
    return [text[start:end] for start, end, _ in engine(pattern).spans(text)]


@ENGINES
@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("#7", ["#7"]),
        ("see #7.", ["#7"]),
        ("#7 #8", ["#7", "#8"]),
        ("#7,#8,#9", ["#7", "#8", "#9"]),
        ("(#7) '#8' \"#9\"", ["#7", "#8", "#9"]),
        ("a#7", []),
        ("7#8", []),
        ("#7a", []),
        ("#7_", ["#7"]),
        ("#", []),
        ("", []),
        ("größe: #7 – ok", ["#7"]),
        ("😀 #7", ["#7"]),
        ("one\n#7\n", ["#7"]),
    ],
)
def test_what_is_matched(engine: Engine, text: str, matches: list[str]) -> None:
    assert found(engine, NUMBER, text) == matches


@ENGINES
def test_groups_are_told_by_name_and_may_have_matched_nothing(engine: Engine) -> None:
    pattern = "(?P<place>[a-z]+)?#(?P<id>[0-9]+)"
    groups = [each for _, _, each in engine(pattern).spans("zürich #7 abc#8")]
    assert groups == [{"place": "", "id": "7"}, {"place": "abc", "id": "8"}]
    assert engine(pattern).names == {"place", "id"}


@ENGINES
@pytest.mark.parametrize("pattern", ["a*", "(?:)", "b?"])
def test_what_matches_nothing_at_all_is_no_link(engine: Engine, pattern: str) -> None:
    assert found(engine, pattern, "c d") == []


@ENGINES
@pytest.mark.parametrize("pattern", ["(a", "a)(b", "[", "*", "(?P<x", "\\"])
def test_no_pattern(engine: Engine, pattern: str) -> None:
    with pytest.raises(ApiError, match=r"^Bad regular expression: "):
        engine(pattern)


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)*b", "a+b+c+d+", "(?:ab){2,9}", "(?:a?){9}"])
def test_without_re2_what_could_take_long_is_refused(pattern: str) -> None:
    assert _with_re2(pattern)
    with pytest.raises(ApiError, match="RE2"):
        _with_re(pattern)


@pytest.mark.parametrize(
    "pattern", ["(?P<o>\\w+)/(?P<r>\\w+)#(?P<id>\\d+)", "[A-Z]{2}-[0-9]{4}", "(?:bug|issue) ?7", "a{2,9}"]
)
def test_without_re2_what_is_usual_is_not(pattern: str) -> None:
    assert _with_re(pattern)


def test_without_re2_long_words_are_passed_over() -> None:
    assert found(_with_re, NUMBER, f"{'x,' * 60}#7 #8") == ["#8"]


@ENGINES
@pytest.mark.parametrize("text", ["#1 " * 3300, "a" * 10_000, "#" * 10_000, "(" * 10_000])
def test_long_texts_take_little_time(engine: Engine, text: str) -> None:
    start = time.perf_counter()
    found(engine, NUMBER, text)
    assert time.perf_counter() - start < 0.25


def test_re2_takes_no_longer_for_a_hostile_pattern() -> None:
    start = time.perf_counter()
    found(_with_re2, "(a+)+b", "a" * 10_000)
    assert time.perf_counter() - start < 0.25


# -- links


def links(text: str, pattern: str = NUMBER, url_template: str = TEMPLATE) -> list[Match]:
    return list(linkifier.matches(Linkifier(1, pattern, url_template), text))


def test_matches_are_links() -> None:
    assert links("é #7, #8") == [
        Match(2, 4, "https://bugs.example.org/7"),
        Match(6, 8, "https://bugs.example.org/8"),
    ]


def test_what_is_matched_is_encoded() -> None:
    [link] = links("=a/ü?&<b>=", "=(?P<x>.+)=", "https://x.example/{x}")
    assert link.url == "https://x.example/a%2F%C3%BC%3F%26%3Cb%3E"


def test_a_pattern_that_cannot_be_run_here_makes_no_links() -> None:
    assert links("(a", "(a") == []


@pytest.mark.parametrize(
    ("pattern", "url_template", "error"),
    [
        (NUMBER, TEMPLATE, None),
        (NUMBER, "http://bugs.example.org/{+id}{?id*,id:3}", None),
        ("bug", "https://bugs.example.org", None),
        ("", TEMPLATE, "pattern must have 1 to 1000 characters"),
        ("a" * 1001, TEMPLATE, "pattern must have 1 to 1000 characters"),
        (NUMBER, "https://x/" + "a" * 2000, "Invalid URL template."),
        (NUMBER, "", "Invalid URL template."),
        (NUMBER, "javascript:alert({id})", "Invalid URL template."),
        (NUMBER, "{+id}", "Invalid URL template."),
        (NUMBER, "https://x/{id", "Invalid URL template."),
        (NUMBER, "https://x/{}", "Invalid URL template."),
        (NUMBER, "https://x/{id}<script>", "Invalid URL template."),
        (NUMBER, 'https://x/{id}"onclick="', "Invalid URL template."),
        (NUMBER, "https://x/ {id}", "Invalid URL template."),
        (NUMBER, "https://x/", "The pattern has the group 'id', which the URL template does not use."),
        (NUMBER, "https://x/{id}{b}{a}", "The URL template uses 'a', which is no group of the pattern."),
    ],
)
def test_what_is_kept(pattern: str, url_template: str, error: str | None) -> None:
    if error is None:
        assert linkifier.checked(pattern, url_template) == (pattern, url_template)
        return
    with pytest.raises(ApiError) as raised:
        linkifier.checked(pattern, url_template)
    assert raised.value.msg == error
