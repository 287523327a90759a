"""Whatever the text is, only known HTML comes out, of all of it, and the same in every thread."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from appliance.model import markdown
from appliance.model.markdown import Directory, code, links, parser
from appliance.model.markdown.context import Context
from appliance.model.markdown.sanitizer import accepts_link, clean
from tests.model.city import CITY
from tests.model.test_markdown import TOWN, html


class Events(HTMLParser):
    """Tags with their attributes, and text between them: what a browser makes of HTML. Fails on a tag that
    is closed by another's end."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]] | str] = []
        self.open: list[str] = []
        self.text = ""
        self.depth = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in {"br", "hr", "img"}:
            self.open.append(tag)
            self.depth = max(self.depth, len(self.open))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.seen.append("/" + tag)

    def handle_data(self, data: str) -> None:
        self.seen.append(data)
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    @property
    def elements(self) -> list[tuple[str, dict[str, str | None]]]:
        return [event for event in self.seen if not isinstance(event, str)]

    @property
    def hrefs(self) -> list[str]:
        """And where pictures and films are taken from."""
        return [attrs[name] or "" for _, attrs in self.elements for name in ("href", "src") if name in attrs]


# Said again on purpose, in another form than in the sanitizer.
SAFE_HREF = re.compile(r"(https?|ftp|mailto|tel|sms):|[/#?]|\Z", re.IGNORECASE)
STYLES = {
    "td": re.compile(r"text-align: (left|center|right);"),
    "th": re.compile(r"text-align: (left|center|right);"),
    "a": re.compile(r'background-image: url\("https?://[^\s"\\<>]+"\)'),
}
BARE = """
annotation blockquote br code del div em h1 h2 h3 h4 h5 h6 hr li math ol p pre semantics strong table tbody
thead tr ul
"""
ALLOWED: dict[str, set[str]] = {
    **{tag: set() for tag in BARE.split()},
    "a": {"class", "data-id", "data-stream-id", "href", "style", "title"},
    "annotation": {"encoding"},
    "div": {"aria-hidden", "class", "data-code-language"},
    "img": {
        "alt", "class", "data-animated", "data-original-content-type", "data-original-dimensions", "src",
        "title",
    },
    "math": {"display", "xmlns"},
    "ol": {"start"},
    "span": {"aria-hidden", "aria-label", "class", "data-user-id", "role", "title"},
    "td": {"style"},
    "th": {"style"},
    "time": {"datetime"},
    "video": {"preload", "src"},
}  # fmt: skip

WORDS = r"""
[ ] ( ) [a](b) [a](javascript:x) [](data:x) ![ ]( <b> </b> <a <!-- --> <script> <img/src=x/onerror=y> " ' = \
& &lt; &#60; * ** *** ~~ _ ` `` ``` ~~~ @** @_** @**|7** @**|8** #** #**general** #**general>x"@1** @**all**
:smile: : :: $$ $ <time: <time:1> http:// http://a.b/"x javascript: data: www. a.com a@b.com - 1. 5) # > | |-
-|- ||| quote spoiler math python ini {"><b>} a b #7 X-1 :own: http://a.b/c.png http://page.b/"x
[a](/user_uploads/1/2/3/c.png) https://youtu.be/x http://a.b/c.mp4 http://page.b
"""
CHARACTERS = "\t\n\n\n  \0\1\u00a0\u2028\u202e\ud800\U0001f44d\U0001f1e9\u200d\ufe0f"
OPENINGS = ["\n\n", "\n> ", "\n- ", "\n    ", "\n```quote\n", "\n```\n", "\n```spoiler x\n", "\na|b\n-|-\n"]
hostile = st.lists(st.sampled_from([*WORDS.split(), *CHARACTERS, *OPENINGS]), max_size=40).map("".join)


directories = st.sampled_from([TOWN, CITY])


@settings(max_examples=600, deadline=None)
@given(hostile, directories)
def test_only_allowed_html_comes_out(content: str, directory: Directory) -> None:
    events = Events(markdown.render(content, directory).html)
    assert not events.open
    for tag, attributes in events.elements:
        assert attributes.keys() <= ALLOWED[tag]
        assert "style" not in attributes or STYLES[tag].fullmatch(attributes["style"] or "")
    assert all(SAFE_HREF.match(href) for href in events.hrefs)


@settings(max_examples=600, deadline=None)
@given(hostile, directories)
def test_the_sanitizer_finds_nothing_to_change(content: str, directory: Directory) -> None:
    context = Context(directory, linkifiers=directory.linkifiers())
    raw = parser._unbelted(content, context)
    assert Events(clean(raw, cards=context.has_cards)).seen == Events(raw).seen


@pytest.mark.parametrize(
    "style",
    ["color: red", 'background-image: url("javascript:x")', 'background-image: url("http://a\\")"', ""],
)
def test_no_link_gets_a_style_that_is_not_a_cards(style: str) -> None:
    assert "style" not in clean(f"<a href='/' style='{style}'>a</a>", cards=True)


@settings(max_examples=600)
@given(st.from_regex(links.ORDINARY, fullmatch=True))
def test_an_ordinary_address_is_what_the_libraries_would_make_of_it(url: str) -> None:
    assert accepts_link(url)
    assert MarkdownIt().normalizeLink(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "&#106;avascript:alert(1)",
        "java&Tab;script:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "\x01javascript:x",
    ],
)
def test_an_unsafe_destination_makes_no_link_of_its_scheme(url: str) -> None:
    hrefs = Events(html(f"[a]({url}) [b](<{url}>) {url}")).hrefs
    assert all(SAFE_HREF.match(href) for href in hrefs)


PLAIN_WORDS = [
    "a",
    "is",
    "Zoo",
    "9",
    "well-known",
    "it's",
    "(so",
    "what)",
    "é",
    "Жук",
    "漢字",
    "①",
    "ℹ",
    "l’eau",
    "www",
    "e",
    "com",
    "X-1",
]
JOINTS = [" ", " ", ", ", ". ", "! ", "?! ", ": ", "; ", "...", ".", ":", "-", "'", ") ", "  ", " - "]
plain = st.lists(st.sampled_from(PLAIN_WORDS) | st.sampled_from(JOINTS), max_size=12).map("".join)


@settings(max_examples=300, deadline=None)
@given(plain, directories)
def test_plain_text_is_what_the_parser_would_make_of_it(content: str, directory: Directory) -> None:
    context = Context(directory, linkifiers=directory.linkifiers())
    assert markdown.render(content, directory).html == parser.to_html(content, context)


@pytest.mark.parametrize(
    "content", ["ok thanks, see you at 5", "Yes! It's done (at last); \u00fcbrigens: well-known..."]
)
def test_ordinary_lines_are_plain(content: str) -> None:
    assert markdown._PLAIN.fullmatch(content)


def test_threads_do_not_disturb_each_other() -> None:
    contents = [f"@**|{n % 9}** *a{n}*\n```python\nx = {n}\n```\n> b{n}.com" for n in range(200)]
    expected = [unhurried(content) for content in contents]
    parser._parser.cache_clear()
    code._lexer.cache_clear()
    start = threading.Barrier(8)

    def work(_: int) -> list[str]:
        start.wait()
        return [unhurried(content) for content in contents]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(8))) == [expected] * 8


def unhurried(content: str) -> str:
    """All code coloured, although a garbage collection may take more time than it has."""
    return parser.to_html(content, Context(TOWN, highlighting_left=60))
