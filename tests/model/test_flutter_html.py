"""zulip-flutter knows all HTML that messages become, however their parts are put together."""

import re
from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.model.markdown import render
from appliance.model.markdown.sanitizer import clean
from tests.client.flutter_html import BLOCKS as KNOWN_BLOCKS
from tests.client.flutter_html import INLINES as KNOWN_INLINES
from tests.client.flutter_html import Tree, unknown
from tests.model.city import CITY, PAGE
from tests.model.test_markdown import DISPLAYED, codehilite, emoji, katex, link, spoiler

PICTURE = "http://a.b/c.png"
FRAMES = [PICTURE, "[](/user_uploads/1/2/3/c.png)", "[an animation](/user_uploads/1/2/3/d.gif)"]
FILMS = ["[film](/user_uploads/1/2/3/a.webm)", "https://youtu.be/a-B_1"]
LINKS = [
    "https://a.b/c_d?e=f&g#h", "www.a.com", "ann@b.com", '[*x* `y`](http://a.b "z")', "[](http://a.b)",
    "[x](/user_uploads/1/2/3/a.txt)", "#12", "X-1", f"{PAGE}x",
]  # fmt: skip
NAMES = [
    "@**Ann Smith**", "@_**Ann Smith|7**", "@**all**", "@_**all**", "@**topic**", "@_**topic**",
    "@*the <devs>*", "@*old*", "#**general**", "#**general>lunch**", "#**general>**",
    "#**general>lunch@123**",
]  # fmt: skip
INLINE = [
    "plain", "*a*", "**b**", "***c***", "~~d~~", "`e <f>`", "a\nb", "<b>&amp;</b>", ":smile:", ":own:",
    "\U0001f44d\u2764\ufe0f", "\U0001f1e9\U0001f1ea", "\U0001f9d1\U0001f3fd\u200d\U0001f6f4", "$$x^2$$",
    "<time:2024-03-07T15:00:00-08:00>", "<time:1496701800>", *NAMES, *LINKS, *FRAMES, *FILMS,
]  # fmt: skip
CODE = [
    "```\na <b>\n\n  c\n```", "    indented", "```nobody-speaks-it\na\n```", "```\n```",
    '```py\n@d\ndef f(x: int) -> str:\n    """doc"""\n    return f"{x!r:>5}\\n" + 0x1F  # why\n```',
    '```c\n#include <a.h>\nint main(void) { return \'a\'; } /* b */\n```', "```diff\n-a\n+b\n@@ c\n```",
    '```html\n<a href="b">&amp;</a><!-- c -->\n```', "```php\n<?php $a = <<<B\nc\nB;\n```",
    "```js\nlet a = `b${c}`; /d/g.test(a)\n```", "```bash\n$ a=$(b) \\\n  'c' <<D\n```",
]  # fmt: skip
BLOCKS = [
    *CODE, "a\n\nb", "# head\n###### six", "---", "* a\n* b", "* a\n  * b\n* c", "* a\n\n* b", "5. a\n6. b",
    "-", "> a\nb", "```quote\na\n```", "~~~spoiler *a*\nb\n~~~", "```spoiler\n```",
    "```math\na^2\n\nb < c\n```",
    "a|b\n:-|-:\n1|2\n3", "|a|\n|-|", "a|b|c\n:-:|-|-\n`x`|**y**|z",
]  # fmt: skip
SHOWN = f'<div class="message_inline_image"><a href="{PICTURE}"><img src="{PICTURE}"></a></div>'
TITLED = SHOWN.replace('"><img', '" title="a"><img')
CORPUS = [*INLINE, *BLOCKS]
NEIGHBOURS = [*CODE[:2], *BLOCKS[len(CODE) :], PICTURE, FILMS[0], f"{PAGE}x"]
Wrap = Callable[[str], str]


def indented(first: str, text: str) -> str:
    return first + text.replace("\n", "\n" + " " * len(first))


AROUND_INLINE: dict[str, Wrap] = {
    "emphasis": lambda text: f"*{text}*",
    "strong": lambda text: f"**{text}**",
    "struck": lambda text: f"~~{text}~~",
    "linked": lambda text: f"[{text}](http://a.b)",
    "sentence": lambda text: f"see ({text}), ok",
    "heading": lambda text: f"## {text}",
    "cell": lambda text: f"a|{text}\n-|-:\n{text}|b",
    "spoiler's header": lambda text: f"```spoiler {text}\nb\n```",
}
AROUND: dict[str, Wrap] = {
    "quote": lambda text: "> " + text.replace("\n", "\n> "),
    "fenced quote": lambda text: f"~~~~~quote\n{text}\n~~~~~",
    "spoiler": lambda text: f"~~~~~~spoiler a\n{text}\n~~~~~~",
    "bullet": lambda text: indented("- ", text),
    "bullet after text": lambda text: indented("- ", f"a\n{text}"),
    "bullet before text": lambda text: indented("- ", f"{text}\nb"),
    "bullet before a heading": lambda text: indented("- ", f"{text}\n# a\nb"),
    "loose bullets": lambda text: indented("* ", text) + "\n\n* b",
    "number": lambda text: indented("7. ", text) + "\n8. b",
}


def check(content: str) -> None:
    """The app sees what we mean: parsed again, the HTML is the same."""
    html = render(content, CITY).html
    assert unknown(html) == [], content
    assert clean(html, cards=True).rstrip("\n") == html, content


@pytest.mark.parametrize("content", CORPUS)
def test_alone(content: str) -> None:
    check(content)


@pytest.mark.parametrize("around", AROUND_INLINE.values(), ids=AROUND_INLINE)
def test_inline_in_others(around: Wrap) -> None:
    for content in INLINE:
        check(around(content))


@pytest.mark.parametrize("around", AROUND.values(), ids=AROUND)
def test_blocks_in_others(around: Wrap) -> None:
    for content in CORPUS:
        check(around(content))


@pytest.mark.parametrize("outer", AROUND.values(), ids=AROUND)
def test_blocks_in_blocks_in_others(outer: Wrap) -> None:
    for inner, content in product(AROUND.values(), NEIGHBOURS):
        check(outer(inner(content)))


@pytest.mark.parametrize("between", ["\n", "\n\n"], ids=["next line", "after a blank line"])
def test_next_to_each_other(between: str) -> None:
    for one, other in product(CORPUS, NEIGHBOURS):
        check(f"{one}{between}{other}")


def test_in_one_line() -> None:
    for one, other in product(INLINE, INLINE):
        check(f"{one} {other}")


def one_of(wraps: dict[str, Wrap], texts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(lambda wrap, text: wrap(text), st.sampled_from(list(wraps.values())), texts)


def joined(words: tuple[str, ...], texts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    lists = st.lists(texts, min_size=2, max_size=4)
    return st.builds(lambda word, each: word.join(each), st.sampled_from(words), lists)


phrases = st.recursive(
    st.sampled_from(INLINE),
    lambda inner: one_of(AROUND_INLINE, inner) | joined((" ", "", ", ", "\n"), inner),
    max_leaves=6,
)
messages = st.recursive(
    st.sampled_from(BLOCKS) | phrases,
    lambda inner: one_of(AROUND, inner) | joined(("\n", "\n\n"), inner),
    max_leaves=8,
)


@settings(max_examples=250, deadline=None)
@given(messages)
def test_however_they_are_combined(content: str) -> None:
    check(content)


@pytest.mark.parametrize(
    ("content", "item"),
    [
        ("- a\n  ---\n  b", "a<p>---</p>\nb"),
        ("- a\n\n  ***", "\n<p>a</p>\n<p>***</p>\n"),
        ("- > ---", "\n<blockquote>\n<hr>\n</blockquote>\n"),
        (f"- {PICTURE}\n  > b", f"\n{SHOWN}\n<blockquote>\n<p>b</p>\n</blockquote>\n"),
        (f"- [a]({PICTURE})\n  - b", f"{link(PICTURE, 'a')}{TITLED}\n<ul>\n<li>b</li>\n</ul>\n"),
        (f"- # [a]({PICTURE})\n  b", f"\n<h1>{link(PICTURE, 'a')}</h1>\nb{TITLED}\n"),
    ],
)
def test_lines_and_pictures_in_a_list(content: str, item: str) -> None:
    assert render(content, CITY).html == f"<ul>\n<li>{item}</li>\n</ul>"
    check(content)


# -- the checker


@pytest.mark.parametrize("kinds", [*KNOWN_BLOCKS, *KNOWN_INLINES])
def test_every_shape_occurs(kinds: str) -> None:
    seen = {each.kind for text in CORPUS for each in Tree(render(text, CITY).html).root.within()}
    assert any(re.fullmatch(kinds, kind) for kind in seen | {"div.embed-video message_inline_image"})


TABLE = render("a|b\n-|-\n1|2", CITY).html
CARD = render(f"{PAGE}x", CITY).html.partition("\n")[2]


@pytest.mark.parametrize(
    "html",
    [
        "text",
        "<section></section>",
        '<p class="x">a</p>',
        "<p><u>a</u></p>",
        "<p><a>b</a></p>",
        "<p><strong><div>a</div></strong></p>",
        "<ul>a</ul>",
        "<ul>\n<li>\n<hr>\n</li>\n</ul>",
        f"<ul><li>{SHOWN}a</li></ul>",
        f"<ul><li>{SHOWN}{emoji('a', '1')}</li></ul>",
        '<ol start="x"><li>a</li></ol>',
        TABLE.replace("<thead>\n", "<thead>"),
        TABLE.replace("</tbody>\n", "</tbody>"),
        TABLE.replace("<td>2</td>", ""),
        TABLE.replace("<td>2", '<td style="text-align:left">2'),
        spoiler("", "").replace("spoiler-content", "content"),
        spoiler("", "").replace("</div></div>", "</div>a</div>"),
        codehilite("a").replace("<span></span>", "a"),
        codehilite('<span class="frob">a</span>'),
        "<pre>a</pre>",
        '<p><time datetime="2024-03-07T15:00:00-08:00">a</time></p>',
        '<p><span class="user-mention loud" data-user-id="7">a</span></p>',
        '<p><span class="user-mention" data-user-id="x">a</span></p>',
        '<p><span class="emoji emoji-smile">a</span></p>',
        '<p><span class="emoji emoji-ffffffff">a</span></p>',
        '<p><img class="emoji" src="a"></p>',
        '<p><img src="a"></p>',
        f"<p>{DISPLAYED}</p>",
        f'<p><span class="katex-display">{katex("a")}</span></p>',
        f'<p>a <span class="katex-display">{katex("a")}</span></p>',
        f"<p>{katex('a').replace('application/x-tex', 'text')}</p>",
        '<div class="message_inline_image"><img src="a"></div>',
        '<div class="message_inline_image"><a href="b"><img></a></div>',
        '<div class="message_inline_image message_inline_video"><a href="b"><img src="a"></a></div>',
        CARD.replace('<a class="message_embed_image"', "<a"),
        CARD.replace("background-image", "color"),
        CARD.replace("About", "<b>About</b>"),
    ],
)
def test_what_it_does_not_know(html: str) -> None:
    assert unknown(html)
