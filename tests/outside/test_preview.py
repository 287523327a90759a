"""Pages that are asked what they are: on a server of our own, behind the guard of private networks."""

import json
from collections.abc import Callable, Iterator

import pytest

from appliance.base.hosts import host_rule
from appliance.model.markdown import Card
from appliance.outside import preview
from appliance.outside.breaker import Unreachable
from appliance.outside.guard import Guard
from appliance.outside.preview import LARGEST_PAGE, MOST_STEPS, Previews
from tests.outside.post_sink import PostSink, Reply

OPEN_GRAPH = b'<html><meta property="og:title" content="Bread"><meta property="og:image" content="/b.png">'
HTML = {"Content-Type": "text/html"}


def left() -> float:
    return 10.0


@pytest.fixture
def site() -> Iterator[PostSink]:
    with PostSink(reply=Reply(200, HTML, body=OPEN_GRAPH)) as sink:
        yield sink


@pytest.fixture
def previews() -> Iterator[Previews]:
    made = Previews(Guard([host_rule("127.0.0.1")]), "https://chat.test")
    yield made
    made.close()


@pytest.fixture
def ask(site: PostSink, previews: Previews) -> Callable[..., Card | None]:
    def asked(*replies: Reply, path: str = "/page") -> Card | None:
        site.replies.extend(replies)
        return previews.card(f"{site.url}{path}", left)

    return asked


Ask = Callable[..., Card | None]


def test_a_page(site: PostSink, ask: Ask) -> None:
    assert ask(path="/a?b=c#d") == Card("page", "Bread", "", f"{site.url}/b.png")
    [asked] = site.posted
    assert asked.path == "/a?b=c"
    assert asked.headers["user-agent"] == (
        "Mozilla/5.0 (compatible; ZulipURLPreview/10.1; +https://chat.test)"
    )
    assert asked.headers["accept-encoding"] == "identity"
    assert "cookie" not in asked.headers


@pytest.mark.parametrize(
    "reply",
    [
        Reply(404, HTML, body=OPEN_GRAPH),
        Reply(200, {"Content-Type": "application/pdf"}, body=OPEN_GRAPH),
        Reply(200, HTML, body=b"<title>No picture</title>"),
        Reply(200, HTML, body=b" " * LARGEST_PAGE + OPEN_GRAPH),
        Reply(200, body=b"words"),
    ],
)
def test_what_has_no_card(site: PostSink, ask: Ask, reply: Reply) -> None:
    assert ask(reply) is None


def test_what_was_found_is_known(site: PostSink, ask: Ask) -> None:
    assert ask() == ask()
    assert ask(Reply(404), path="/gone") is None
    assert ask(path="/gone") is None
    assert [each.path for each in site.posted] == ["/page", "/gone"]


def test_not_for_ever(site: PostSink, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview, "REMEMBERED", 2)
    for path in ("/1", "/2", "/3", "/3", "/1"):
        ask(path=path)
    assert [each.path for each in site.posted] == ["/1", "/2", "/3", "/1"]


def test_what_does_not_answer_may_another_time(site: PostSink, ask: Ask) -> None:
    for _ in range(2):
        with pytest.raises(Unreachable):
            ask(Reply(how="closes"))
    assert ask() is not None


# -- where it leads


def test_it_is_followed(site: PostSink, ask: Ask) -> None:
    moved = Reply(301, {"Location": "/new/page"})
    found = ask(moved, Reply(200, HTML, body=OPEN_GRAPH.replace(b"/b.png", b"b.png")))
    assert found == Card("page", "Bread", "", f"{site.url}/new/b.png")


def test_not_round_and_round(site: PostSink, ask: Ask) -> None:
    assert ask(*[Reply(302, {"Location": "/page"})] * 20) is None
    assert len(site.posted) == MOST_STEPS + 1


@pytest.mark.parametrize(
    "location",
    [
        "http://10.0.0.1/",
        "http://[::1]/",
        "http://localhost:1/",
        "file:///etc/passwd",
        "http://a@127.0.0.1/",
        "",
    ],
)
def test_not_into_private_networks(site: PostSink, ask: Ask, location: str) -> None:
    assert ask(Reply(302, {"Location": location})) is None
    assert len(site.posted) == 1


@pytest.mark.parametrize(
    "url", ["http://192.168.1.1/", "http://169.254.169.254/latest", "http://x.local:22/"]
)
def test_nothing_private_is_asked(previews: Previews, url: str) -> None:
    assert previews.card(url, left) is None


def test_the_server_asks_nothing_of_itself(site: PostSink) -> None:
    previews = Previews(Guard([host_rule("127.0.0.1")]), site.url)
    assert previews.card(f"{site.url}/#narrow/channel/5", left) is None
    assert not site.posted


def test_an_odd_address_is_asked_as_it_must_be_written(site: PostSink, ask: Ask) -> None:
    assert ask(path="/a|b{c}'d") is not None
    assert site.posted[0].path == "/a%7Cb%7Bc%7D%27d"


# -- oEmbed

OEMBED = b'<html><title>T</title><link type="application/json+oembed" href="/oembed?url=x">'


def test_what_it_says_apart_is_asked_for(site: PostSink, ask: Ask) -> None:
    said = json.dumps({"type": "photo", "url": "/p.png", "title": "Photo"}).encode()
    found = ask(Reply(200, HTML, body=OEMBED), Reply(200, {"Content-Type": "application/json"}, body=said))
    assert found == Card("photo", "Photo", "", f"{site.url}/p.png")
    assert site.posted[1].path == "/oembed?url=x&maxwidth=640&maxheight=480"


@pytest.mark.parametrize(
    "reply", [Reply(500), Reply(200, body=b"[1]"), Reply(302, {"Location": "http://10.0.0.1"})]
)
def test_without_it_the_page_counts(site: PostSink, ask: Ask, reply: Reply) -> None:
    image = b'<meta property="og:image" content="/b.png">'
    assert ask(Reply(200, HTML, body=OEMBED + image), reply) == Card("page", "T", "", f"{site.url}/b.png")
