"""What linkifiers make of messages and topics, and emoji of the organization's own."""

import pytest

from appliance.model.markdown import Directory, render
from appliance.model.markdown.context import LINKIFYING, Context
from appliance.model.markdown.parser import to_html
from appliance.model.topic_link import TopicLink, in_topic
from tests.model.city import CITY
from tests.model.test_markdown import Town, link


def bug(number: int) -> str:
    return link(f"https://bugs.test/{number}", f"#{number}")


GENERAL = '<a class="stream" data-stream-id="5" href="/#narrow/channel/5-general">#general</a>'
X1 = link("https://track.test/X/1", "X-1")


@pytest.mark.parametrize(
    ("content", "inner"),
    [
        ("#12", bug(12)),
        ("see #12, #13 and X-1.", f"see {bug(12)}, {bug(13)} and {X1}."),
        ("(#12) '#13'", f"({bug(12)}) '{bug(13)}'"),
        ("**x** *#12*", "<strong>x</strong> <em>#12</em>"),
        ("~~ #12 ~~ \u00fc #13", f"~~ {bug(12)} ~~ \u00fc {bug(13)}"),
        ("#12`a`", f"{bug(12)}<code>a</code>"),
        ("`#12` a#12 #12a ##12", "<code>#12</code> a#12 #12a ##12"),
        ("[#12](http://a.b)", link("http://a.b", "#12")),
        ("[a #12](http://a.b)", link("http://a.b", "a #12")),
        ("http://a.b/#12 http://a.b/,#13", f"{link('http://a.b/#12')} {link('http://a.b/,#13')}"),
        ("#**general** #12", f"{GENERAL} {bug(12)}"),
        ("ok thanks", "ok thanks"),
    ],
)  # fmt: skip
def test_linkifiers(content: str, inner: str) -> None:
    assert render(content, CITY).html == f"<p>{inner}</p>"


def test_of_two_that_match_the_first_makes_the_link() -> None:
    assert render("#7", CITY).html == f"<p>{bug(7)}</p>"


@pytest.mark.parametrize("content", ["- #12\n- a", "> #12", "#12|b\n-|-", "~~~spoiler #12\n~~~", "# #12"])
def test_they_work_in_every_block(content: str) -> None:
    rendered = render(content, CITY)
    assert bug(12) in rendered.html
    assert rendered.has_link


@pytest.mark.parametrize("content", ["```\n#12\n```", "    #12", "$$#12$$"])
def test_they_leave_code_alone(content: str) -> None:
    assert "bugs.test" not in render(content, CITY).html


def test_without_linkifiers_nothing_is_one() -> None:
    assert render("#12 X-1", Town()).html == "<p>#12 X-1</p>"


def test_once_their_time_is_used_up_there_are_no_more() -> None:
    spent = Context(CITY, linkifiers=CITY.linkifiers(), linkifying_left=0)
    assert to_html("#12", spent) == "<p>#12</p>"
    fresh = Context(CITY, linkifiers=CITY.linkifiers())
    to_html("#12 " * 100, fresh)
    assert fresh.linkifying_left < LINKIFYING


def test_an_emoji_of_the_organizations_own() -> None:
    image = '<img alt=":own:" class="emoji" src="/user_avatars/1/emoji/images/1.png" title="own">'
    assert render(":own: `:own:` :other:", CITY).html == f"<p>{image} <code>:own:</code> :other:</p>"


def links_of(topic: str, directory: Directory = CITY) -> list[TopicLink]:
    return in_topic(directory.linkifiers(), topic)


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        ("lunch", []),
        ("#12 and X-1", [("#12", "https://bugs.test/12"), ("X-1", "https://track.test/X/1")]),
        ("X-1 or #12", [("X-1", "https://track.test/X/1"), ("#12", "https://bugs.test/12")]),
        ("#7", [("#7", "https://bugs.test/7")]),
        ("see https://a.b/c.", [("https://a.b/c", "https://a.b/c")]),
        ("https://a.b/,#12", [("#12", "https://bugs.test/12"), ("https://a.b/", "https://a.b/")]),
        ("(http://a.b) http://", [("http://a.b", "http://a.b")]),
    ],
)  # fmt: skip
def test_links_of_a_topic(topic: str, expected: list[tuple[str, str]]) -> None:
    assert sorted(links_of(topic)) == sorted(TopicLink(*each) for each in expected)


def test_addresses_in_a_topic_need_no_linkifier() -> None:
    assert links_of("https://a.b/c", Town()) == [TopicLink("https://a.b/c", "https://a.b/c")]
