"""What was found stands out, and nothing else of the HTML changes."""

import html
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.model.highlight import highlight, searchable
from appliance.model.search import Search, parse

MARK = re.compile(r'<span class="highlight">(.*?)</span>', re.DOTALL)


def search(asked: str) -> Search:
    found = parse(asked)
    assert found is not None
    return found


def shown(asked: str, rendered: str) -> str:
    """With [ ] around what stands out."""
    return MARK.sub(r"[\1]", highlight(rendered, search(asked)))


TABLE = [
    ("pie", "<p>Apple pie</p>", "<p>Apple [pie]</p>"),
    ("pie", "<p>PIES, piety</p>", "<p>[PIES], [piety]</p>"),
    ("is", "<p>is island</p>", "<p>[is] island</p>"),
    ("pie", "<p>no</p>", "<p>no</p>"),
    ("pie cake", "<p>pie &amp; cake</p>", "<p>[pie] &amp; [cake]</p>"),
    ('"apple pie"', "<p>apple pie, pie</p>", "<p>[apple] [pie], pie</p>"),
    ('"apple pie"', "<p><b>apple</b> pie</p>", "<p><b>[apple]</b> [pie]</p>"),
    ("amp lt", "<p>&amp; &lt;</p>", "<p>&amp; &lt;</p>"),
    ("b", "<p>a&lt;b&gt;</p>", "<p>a&lt;[b]&gt;</p>"),
    ("href", '<a href="/href">x</a>', '<a href="/href">x</a>'),
    ("title", '<i title="title > title">title</i>', '<i title="title > title">[title]</i>'),
    ("wort", "<p>Wörter</p>", "<p>[Wörter]</p>"),
    ("strasse", "<p>Straße</p>", "<p>[Straße]</p>"),
    ("cafe", "<p>cafe\u0301!</p>", "<p>[cafe\u0301]!</p>"),
    ("京都", "<p>東京都</p>", "<p>東[京都]</p>"),
    ("東京都", "<p>東京都庁</p>", "<p>[東京都]庁</p>"),
    ("都", "<p>東京都庁</p>", "<p>東京[都]庁</p>"),
    ("庁", "<p>東京都庁</p>", "<p>東京都[庁]</p>"),
    ("大大", "<p>大大大大</p>", "<p>[大大大大]</p>"),
    ("quote", "<p>&quot;quote&quot;</p>", '<p>"[quote]"</p>'),
]


@pytest.mark.parametrize(("asked", "rendered", "expected"), TABLE)
def test_what_stands_out(asked: str, rendered: str, expected: str) -> None:
    assert shown(asked, rendered) == expected


def test_words_that_show() -> None:
    rendered = '<p>Look &amp; <a href="/hidden">see</a></p><br><img alt="x > y"><code>a&lt;b</code>'
    assert searchable(rendered) == "look see a b"


PIECES = st.sampled_from(
    ["pie", "Pies ", "東京都", "&amp;", "&lt;b&gt;", "é", " ", "<b>", "</b>", '<i title="a>b">']
)


@given(st.lists(PIECES), st.sampled_from(["pie", "京都", "都 pie", '"pie pies"', "amp b", "e"]))
def test_nothing_but_spans_is_added(pieces: list[str], asked: str) -> None:
    rendered = "".join(pieces)
    assert html.unescape(MARK.sub(r"\1", highlight(rendered, search(asked)))) == html.unescape(rendered)


@given(st.text(), st.text())
def test_nothing_that_is_written_becomes_a_tag(text: str, asked: str) -> None:
    found = parse(asked[:30])
    if found is not None:
        shown = highlight(html.escape(text), found)
        assert html.unescape(MARK.sub(r"\1", shown)) == text
        assert "<" not in MARK.sub("", shown)


@given(st.text(min_size=1))
def test_what_is_found_stands_out(text: str) -> None:
    found = parse(text[:20])
    if found is not None:
        rendered = f"<p>{html.escape(text)}</p>"
        stands_out = MARK.search(highlight(rendered, found)) is not None
        finds = found.finds(searchable(rendered), "")
        assert finds is stands_out or (stands_out and len(found.phrases) > 1)  # one of them is there


LONG = ("東" * 10_000, "word " * 2_000, "<" * 10_000, '<i title="' * 1_000, "é" * 10_000)


@pytest.mark.parametrize("text", LONG, ids=[each[:4] for each in LONG])
def test_long_texts_take_no_time(text: str) -> None:
    began = time.process_time()
    highlight(text, search("東" * 40 + " word é"))
    assert time.process_time() - began < 1
