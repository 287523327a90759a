"""What messages become in mails, from what people type to what is read; through the real renderer."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.model.markdown import Directory, Group, Person, render
from appliance.notify import content
from appliance.notify.language import spoken

URL, ENGLISH = "https://chat.test", spoken("en")


class Names(Directory):
    """Everybody's name means somebody, and every channel's is number 3."""

    def user_named(self, name: str) -> Person | None:
        return Person(7, name)

    def user_with_id(self, user_id: int) -> Person | None:
        return None

    def group_named(self, name: str) -> Group | None:
        return Group(11, name)

    def channel_named(self, name: str) -> int | None:
        return 3


def text(typed: str) -> str:
    return content.text(render(typed, Names()).html, URL, ENGLISH)


def html(typed: str) -> str:
    return content.html(render(typed, Names()).html, URL, ENGLISH)


def unstyled(typed: str) -> str:
    return re.sub(' style="[^"]*"', "", html(typed))


SPOILER = "```spoiler *Head*\nsecret\n```python\nsecret\n```\n> secret\n```\nafter"

TEXTS = [
    ("hello", "hello"),
    ("one\ntwo\n\nthree", "one\ntwo\n\nthree"),
    ("a < b & c > d", "a < b & c > d"),
    ("**b** *i* ~~d~~ `c`", "*b* _i_ ~d~ `c`"),
    (":smile: 🙂 :working_on_it:", "🙂 🙂 🛠"),
    ("$$x^2 < 3$$", "x^2 < 3"),
    ("```math\nx\n```", "x"),
    ("@**Ann** @_**Bob** @**all**", "@Ann Bob @all"),
    ("#**a>b**", f"#a > b ({URL}/#narrow/channel/3-a/topic/b)"),
    ("[file](/user_uploads/1/a.png)", f"file ({URL}/user_uploads/1/a.png)"),
    ("https://a.test/x?a=1&b=2", "https://a.test/x?a=1&b=2"),
    ("ann@example.org", "ann@example.org"),
    ("- a\n- b\n  - c\n- d", "• a\n• b\n  • c\n• d"),
    ("3. a\n4. b\n   more", "3. a\n4. b\n   more"),
    ("> a\n> b\n> > c\n\nd", "> a\n> b\n> > c\n\nd"),
    ("> - a\n> - b", "> • a\n> • b"),
    ("```quote\na\n\nb\n```\nc", "> a\n> b\n\nc"),
    ("```\nif x:\n\n    y  z\n```", "if x:\n\n    y  z"),
    ("```py\nif x:\n    y\n```\nafter", "if x:\n    y\n\nafter"),
    ("| a | b |\n|---|---|\n|   | *2* |", "a | b\n | _2_"),
    ("# h\ntext\n\n---\nend", "h\n\ntext\n\n----\nend"),
    (SPOILER, f"_Head_\n\n{content.SPOILER}\n\nafter"),
]
HTMLS = [
    ("a < b & \"c\"", "<p>a &lt; b &amp; \"c\"</p>"),
    (":smile:", "<p>🙂</p>"),
    ("$$x < 3$$", "<p>x &lt; 3</p>"),
    ("@**Ann**", "<p>@Ann</p>"),
    ("#**a>b**", f'<p><a href="{URL}/#narrow/channel/3-a/topic/b">#a &gt; b</a></p>'),
    ("[file](/user_uploads/1/a.png)", f'<p><a href="{URL}/user_uploads/1/a.png">file</a></p>'),
    ("[here](#narrow/is/dm)", f'<p><a href="{URL}/#narrow/is/dm">here</a></p>'),
    ("[x](https://a.test/?a=1&b=2)", '<p><a href="https://a.test/?a=1&amp;b=2">x</a></p>'),
    ("3. a", '<ol start="3">\n<li>a</li>\n</ol>'),
    ("a\nb", "<p>a<br>\nb</p>"),
    ("[](/user_uploads/1/a.png)", f'<p><a href="{URL}/user_uploads/1/a.png">/user_uploads/1/a.png</a></p>'),
    ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "read"), TEXTS)
def test_text(typed: str, read: str) -> None:
    assert text(typed) == read


@pytest.mark.parametrize(("typed", "read"), HTMLS)
def test_html(typed: str, read: str) -> None:
    assert unstyled(typed) == read


@pytest.mark.parametrize(
    ("typed", "styled"),
    [
        ("a", '<p style="margin: 0 0 8px">'),
        ("```py\nx\n```", '<pre style="margin: 0 0 8px;'),
        ("> a", '<blockquote style="'),
        ("| a |\n|:-:|\n| b |", '; text-align: center;">b</td>'),
    ],
)
def test_styles_stand_at_their_elements(typed: str, styled: str) -> None:
    assert styled in html(typed)


def test_a_spoiler_stays_closed() -> None:
    for read in (html(SPOILER), text(SPOILER)):
        assert "secret" not in read
        assert "Head" in read
        assert "after" in read
        assert content.SPOILER in read


def test_a_closed_spoiler_says_so_in_the_readers_language() -> None:
    rendered = render(SPOILER, Names()).html
    for read in (content.html(rendered, URL, spoken("de")), content.text(rendered, URL, spoken("de"))):
        assert "(Zum Aufdecken den Chat öffnen.)" in read


PIECES = st.sampled_from(
    [
        *(typed for typed, _ in TEXTS + HTMLS),
        "\n",
        "\n\n",
        "> ",
        "- ",
        "1. ",
        "```",
        "~~~",
        "|",
        "**",
        "[",
        "](",
    ]
)


@given(st.lists(PIECES | st.text(max_size=8), max_size=12).map("".join))
def test_whatever_is_typed_can_be_read(typed: str) -> None:
    said = text(typed)
    assert said == said.rstrip("\n")
    for target in re.findall(r'<a href="([^"]*)"', html(typed)):
        assert re.match("[a-z]+:|//", target)
