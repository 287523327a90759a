"""What pages say of themselves, however badly they say it."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.model import page
from appliance.model.markdown.card import Card
from appliance.model.page import Facts

URL = "https://a.test/x/page.html"
OPEN_GRAPH = """<!DOCTYPE html><html><head><title>Plain</title>
<meta property="og:title" content="Rye &amp; bread"><meta property="og:description" content=" About
  bread "><meta property="og:image" content="/bread.png"></head><body><h1>Other</h1></body>"""


@pytest.mark.parametrize(  # checklist 270
    ("html", "expected"),
    [
        (OPEN_GRAPH, Facts("Rye & bread", "About bread", "https://a.test/bread.png")),
        (
            '<title>T</title><meta name="description" content="D"><h1>H</h1><p>P</p><img src="i.png">',
            Facts("T", "D", "https://a.test/x/i.png"),
        ),
        ("<p>before</p><h1>H <b>1</b></h1><p>after</p><p>more</p>", Facts("H 1", "after")),
        ("<p>only</p><img src='i.png'>", Facts("", "only")),
        ('<h1>H</h1><img src="//b.test/i.png">', Facts("H", "", "https://b.test/i.png")),
        (
            '<link rel="alternate" type="application/json+oembed" href="/oembed?url=x">',
            Facts(oembed="https://a.test/oembed?url=x"),
        ),
        ('<meta property="og:image" content="javascript:alert(1)"><title>T', Facts("T")),
        ('<meta property="og:image" content="http://[">', Facts()),
        ("<script><title>no</title></script><style><h1>no</h1></style>", Facts()),
        ("just words", Facts()),
        ("", Facts()),
    ],
)
def test_facts(html: str, expected: Facts) -> None:
    assert page.facts(html, URL) == expected


def test_facts_are_cut_to_what_a_card_has_room_for() -> None:
    found = page.facts(f"<title>{'t' * 999}</title><p>{'p ' * 9999}</p>", URL)
    assert (len(found.title), len(found.description)) == (page.MAX_TITLE, page.MAX_DESCRIPTION)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("http://b.test/a b\"c'd\\.png", "http://b.test/a%20b%22c%27d%5C.png"),
        ("http://b.test/\u00fc.png", "http://b.test/%C3%BC.png"),
        ("  i.png ", "https://a.test/x/i.png"),
        ("data:image/png;base64,x", ""),
        (f"/{'a' * page.MAX_URL}", ""),
        ("", ""),
    ],
)
def test_addresses(written: str, expected: str) -> None:
    assert page.address(written, URL) == expected


@given(st.text())
def test_any_address_is_safe_in_a_style(written: str) -> None:
    assert not set(page.address(written, URL)) & set("\"'\\<> \n")


PIECES = [
    "<!--", "<a ", "<a b='", '<a b="', "<![", "<!", "</", "<?", "<script>", "<title>", "&", "&#",
    "<meta a=b ",
    "<p>", "<p", "<a/", "<h1><p>", "<style></style", "<![CDATA[", "<!doctype ", "<a =",
]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_no_page_takes_long(piece: str) -> None:
    html = (piece * 131_072)[:131_072]
    began = time.thread_time()
    page.facts(html, URL)
    assert time.thread_time() - began < 1


@given(st.lists(st.sampled_from([*PIECES, OPEN_GRAPH, "x", ">", "'", "\0", "\ud800"])).map("".join))
def test_no_page_is_an_error(html: str) -> None:
    page.facts(html, URL)


@pytest.mark.parametrize(
    ("content_type", "body", "expected"),
    [
        ("text/html", b"", True),
        ("Text/HTML; charset=x", b"", True),
        ("", b"\n<!DOCTYPE  html>", True),
        ("", b"<html>", True),
        ("", b"hello", False),
        ("", b" " * 1000 + b"<html>", False),
        ("application/json", b"<html>", False),
        ("image/png", b"<html>", False),
    ],
)
def test_what_is_html(content_type: str, body: bytes, expected: bool) -> None:
    assert page.is_html(content_type, body) == expected


@pytest.mark.parametrize(
    "content_type",
    ["text/html; charset=ISO-8859-1", 'text/html; charset="windows-1252"', "text/html;charset=koi8-r"],
)
def test_its_characters(content_type: str) -> None:
    charset = content_type.rpartition("=")[2].strip('"')
    text = "\u0436" if charset == "koi8-r" else "\u00fc"
    assert page.text(content_type, text.encode(charset)) == text


@pytest.mark.parametrize("charset", ["", "punycode", "idna", "zlib", "no-such", "unicode_escape"])
def test_unknown_characters_are_taken_for_utf_8(charset: str) -> None:
    assert page.text(f"text/html; charset={charset}", b"\xc3\xbc\xff") == "\u00fc\ufffd"


KNOWN = Facts("Title", "About", "https://a.test/i.png")


@pytest.mark.parametrize(  # checklist 270
    ("found", "expected"),
    [
        ({"type": "photo", "url": "/p.png", "title": "P"}, Card("photo", "P", "", "https://a.test/p.png")),
        (
            {"type": "video", "html": "<iframe>", "thumbnail_url": "https://b.test/v.png"},
            Card("video", "Title", "", "https://b.test/v.png"),
        ),
        ({"type": "rich", "title": "R"}, Card("page", "R", "About", "https://a.test/i.png")),
        ({"type": "photo", "url": "javascript:x"}, KNOWN.card),
        ({"type": ["photo"], "title": 5}, KNOWN.card),
        ({}, KNOWN.card),
    ],
)
def test_what_is_embedded(found: dict[str, Any], expected: Card) -> None:
    assert page.embedded(found, KNOWN, URL) == expected


def test_the_size_that_is_asked_for() -> None:
    assert (
        page.sized("https://a.test/o?url=b&maxwidth=9") == "https://a.test/o?url=b&maxwidth=640&maxheight=480"
    )
