"""The list of messages: what it shows, where it opens, and how it keeps the reader's place."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import until
from tests.process.client import Person
from tests.web.conftest import Open
from tests.web.talk import CHANNEL, SENDERS, Channel, article, make_channel
from tests.web.window import DEADLINE, PHONE, Site


@pytest.fixture(scope="module")
def channel(site: Site) -> Channel:
    return make_channel(site)


def flags(person: Person, message_id: int) -> list[str]:
    found: dict[str, Any] = person.ask("GET", f"/messages/{message_id}")
    named: list[str] = found["message"]["flags"]
    return named


def scroll_by(page: Page, pixels: int) -> None:
    page.locator(".messages").evaluate("(list, by) => list.scrollBy(0, by)", pixels)


def at_bottom(page: Page) -> bool:
    found: bool = page.locator(".messages").evaluate(
        "e => e.scrollHeight - e.scrollTop - e.clientHeight < 30"
    )
    return found


# -- what is shown


def test_messages_of_one_sender_are_below_one_name(open_page: Open, channel: Channel) -> None:
    for name, text in (("cordelia", "first"), ("cordelia", "second"), ("othello", "third")):
        channel.say(name, "names", text)
    page = open_page("hamlet", channel.hash("names")).page
    expect(article(page, "first").get_by_role("button", name="cordelia")).to_be_visible()
    expect(article(page, "second").get_by_role("button", name="cordelia")).to_have_count(0)
    expect(article(page, "third").get_by_role("button", name="othello")).to_be_visible()


def test_the_day_and_the_beginning_are_named(open_page: Open, channel: Channel) -> None:
    channel.say("cordelia", "days", "hello")
    page = open_page("hamlet", channel.hash("days")).page
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    expect(page.get_by_text(f"This is the beginning of #{CHANNEL} > days.")).to_be_visible()


def test_a_message_comes_while_one_looks(open_page: Open, channel: Channel) -> None:
    channel.say("cordelia", "live", "before")
    page = open_page("hamlet", channel.hash("live")).page
    expect(article(page, "before")).to_be_visible()
    new = channel.say("othello", "live", "just now")
    expect(article(page, "just now")).to_be_visible()
    expect(page.get_by_role("log", name="New messages")).to_have_text("othello: just now")
    expect(article(page, "just now")).not_to_have_class("unread")
    until(lambda: "read" in flags(channel.site.person("hamlet"), new))


def test_an_edited_message_says_so_and_shows_what_it_was(open_page: Open, channel: Channel) -> None:
    old = channel.say("cordelia", "edits", "teh words")
    page = open_page("hamlet", channel.hash("edits")).page
    expect(article(page, "teh words")).to_be_visible()
    channel.site.person("cordelia").ask("PATCH", f"/messages/{old}", content="the words")
    article(page, "the words").get_by_role("button", name="edited").click()
    dialog = page.get_by_role("dialog", name="Earlier versions")
    expect(dialog).to_contain_text("teh words")
    expect(dialog).to_contain_text("the words")


def test_a_deleted_message_goes(open_page: Open, channel: Channel) -> None:
    gone = channel.say("cordelia", "gone", "regretted")
    page = open_page("hamlet", channel.hash("gone")).page
    expect(article(page, "regretted")).to_be_visible()
    until(lambda: "read" in flags(channel.site.person("hamlet"), gone))  # or the page would say that later
    channel.site.person("iago").ask("DELETE", f"/messages/{gone}")
    expect(article(page, "regretted")).to_have_count(0)


def test_an_empty_topic_says_that_it_is(open_page: Open, channel: Channel) -> None:
    page = open_page("hamlet", channel.hash("nothing")).page
    expect(page.get_by_text("Nobody has written in this topic yet.")).to_be_visible()


def test_a_narrow_that_there_is_not_says_why_and_can_be_tried_again(open_page: Open) -> None:
    window = open_page("hamlet", "#narrow/channel/999999-nowhere/topic/x")
    expect(window.page.get_by_role("alert")).to_be_visible()
    expect(window.page.get_by_role("button", name="Try again")).to_be_visible()
    window.troubles.clear()


def test_a_mixed_narrow_names_the_conversation_of_each(open_page: Open, channel: Channel) -> None:
    for topic in ("apples", "pears"):
        channel.say("cordelia", topic, f"about {topic}")
    page = open_page("hamlet", f"#narrow/channel/{channel.id}-{CHANNEL}").page
    expect(article(page, "about pears")).to_be_visible()
    heading = page.get_by_role("heading", name="apples").get_by_role("link")
    heading.click()
    expect(article(page, "about apples")).to_be_visible()
    expect(article(page, "about pears")).to_have_count(0)
    expect(page).to_have_url(re.compile("/topic/apples$"))


def test_direct_messages_have_their_own_list(open_page: Open, site: Site) -> None:
    hamlet, cordelia = site.person("hamlet"), site.person("cordelia")
    cordelia.send(hamlet, "for your eyes")
    page = open_page("hamlet", f"#narrow/dm/{cordelia.user_id}-dm").page
    expect(article(page, "for your eyes")).to_be_visible()


def test_a_muted_senders_words_are_hidden_until_asked_for(open_page: Open, channel: Channel) -> None:
    hamlet, othello = channel.site.person("hamlet"), channel.site.person("othello")
    channel.say("othello", "muted", "secret noise")
    hamlet.ask("POST", f"/users/me/muted_users/{othello.user_id}")
    try:
        page = open_page("hamlet", channel.hash("muted")).page
        expect(page.get_by_text("Hidden: you have muted the sender.")).to_be_visible()
        expect(page.get_by_text("secret noise")).to_have_count(0)
        page.get_by_role("button", name="Show it").click()
        expect(page.get_by_text("secret noise")).to_be_visible()
    finally:
        hamlet.ask("DELETE", f"/users/me/muted_users/{othello.user_id}")


def test_who_is_writing_is_told(open_page: Open, channel: Channel) -> None:
    channel.say("cordelia", "typing", "wait")
    page = open_page("hamlet", channel.hash("typing")).page
    expect(article(page, "wait")).to_be_visible()
    channel.site.person("cordelia").ask(
        "POST", "/typing", type="channel", op="start", stream_id=channel.id, topic="typing"
    )
    expect(page.get_by_text("cordelia is writing…")).to_be_visible()
    channel.site.person("cordelia").ask(
        "POST", "/typing", type="channel", op="stop", stream_id=channel.id, topic="typing"
    )
    expect(page.get_by_text("cordelia is writing…")).to_have_count(0)


# -- where it opens, and the reader's place


@pytest.fixture(scope="module")
def long_topic(channel: Channel) -> list[int]:
    return channel.fill("long", 200)


def test_it_opens_at_the_newest_when_all_is_read(
    open_page: Open, channel: Channel, long_topic: list[int]
) -> None:
    page = open_page("hamlet", channel.hash("long")).page
    expect(article(page, "words 199")).to_be_in_viewport()
    assert at_bottom(page)


def test_it_opens_where_the_new_ones_begin(open_page: Open, channel: Channel) -> None:
    channel.fill("news", 40)
    new = [channel.say("cordelia", "news", f"new {each}") for each in range(60)]
    page = open_page("hamlet", channel.hash("news")).page
    expect(page.get_by_role("separator", name="New messages")).to_be_in_viewport()
    expect(article(page, "new 0")).to_be_in_viewport()
    expect(article(page, "new 59")).not_to_be_in_viewport()
    hamlet = channel.site.person("hamlet")
    until(lambda: "read" in flags(hamlet, new[0]))
    assert "read" not in flags(hamlet, new[59])


def test_it_opens_at_the_message_that_the_address_names(
    open_page: Open, channel: Channel, long_topic: list[int]
) -> None:
    page = open_page("hamlet", channel.hash("long", near=long_topic[100])).page
    expect(page.locator(f"#message-{long_topic[100]}")).to_be_in_viewport()


def test_older_messages_come_without_moving_what_is_read(
    open_page: Open, channel: Channel, long_topic: list[int]
) -> None:
    page = open_page("hamlet", channel.hash("long", near=long_topic[110])).page
    expect(page.locator(f"#message-{long_topic[110]}")).to_be_in_viewport()
    with page.expect_response(lambda answer: "/messages?" in answer.url and "num_after=0" in answer.url):
        scroll_by(page, -1500)
    mark = page.evaluate(FIRST_IN_SIGHT)
    until(lambda: page.get_by_role("article").count() > 150)
    assert page.evaluate(FIRST_IN_SIGHT) == pytest.approx(mark, abs=2)


FIRST_IN_SIGHT = """() => {
  const edge = document.querySelector('.messages').getBoundingClientRect().top;
  const all = [...document.querySelectorAll('article')];
  const first = all.find((each) => each.getBoundingClientRect().bottom > edge);
  return [Number(first.dataset.id), first.getBoundingClientRect().top];
}"""


@pytest.mark.parametrize(("end", "by"), [(0, -3000), (-1, 3000)], ids=["oldest", "newest"])
def test_the_ends_are_reached_by_scrolling(
    open_page: Open, channel: Channel, long_topic: list[int], end: int, by: int
) -> None:
    page = open_page("hamlet", channel.hash("long", near=long_topic[100])).page
    expect(page.locator(f"#message-{long_topic[100]}")).to_be_in_viewport()

    def arrives() -> bool:
        scroll_by(page, by)
        return page.locator(f"#message-{long_topic[end]}").count() > 0

    until(arrives)
    scroll_by(page, by)
    expect(page.locator(f"#message-{long_topic[end]}")).to_be_in_viewport()


def test_a_new_message_does_not_move_who_reads_above(open_page: Open, channel: Channel) -> None:
    channel.fill("above", 60)
    page = open_page("hamlet", channel.hash("above")).page
    expect(article(page, "words 59")).to_be_in_viewport()
    scroll_by(page, -600)
    expect(page.get_by_role("button", name="Go to the newest message")).to_be_visible()
    before = page.evaluate(FIRST_IN_SIGHT)
    channel.say("cordelia", "above", "below all")
    expect(page.get_by_role("button", name="Go to the newest message, 1 unread")).to_be_visible()
    assert page.evaluate(FIRST_IN_SIGHT) == pytest.approx(before, abs=2)
    page.get_by_role("button", name="Go to the newest message").click()
    expect(article(page, "below all")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Go to the newest message")).to_be_hidden()


def test_a_picture_that_comes_late_does_not_move_the_bottom(open_page: Open, channel: Channel) -> None:
    channel.fill("late", 30)
    page = open_page("hamlet", channel.hash("late")).page
    expect(article(page, "words 29")).to_be_in_viewport()
    page.locator("article").first.evaluate("each => { each.style.setProperty('height', '900px') }")
    expect(article(page, "words 29")).to_be_in_viewport()
    assert at_bottom(page)


def test_a_flood_is_followed_and_the_document_stays_small(open_page: Open, channel: Channel) -> None:
    """The window of the feed is bounded, whatever comes."""
    page = open_page("hamlet", channel.hash("flood")).page
    channel.say("cordelia", "flood", "drop 0")
    expect(article(page, "drop 0")).to_be_visible()
    for each in range(1, 420):
        channel.say(SENDERS[each % 3], "flood", f"drop {each}")
    expect(article(page, "drop 419")).to_be_in_viewport(timeout=DEADLINE)
    assert page.get_by_role("article").count() <= 400
    assert at_bottom(page)


def test_what_is_not_looked_at_is_not_read(open_page: Open, channel: Channel) -> None:
    hamlet = channel.site.person("hamlet")
    hamlet.ask("PATCH", "/settings", web_mark_read_on_scroll_policy=3)
    try:
        new = channel.say("cordelia", "unseen", "leave it unread")
        page = open_page("hamlet", channel.hash("unseen")).page
        expect(article(page, "leave it unread")).to_be_visible()
        scroll_by(page, 10)
        expect(page.get_by_role("separator", name="New messages")).to_be_visible()
        assert "read" not in flags(hamlet, new)
        expect(page.locator(f"#message-{new}.unread")).to_be_visible()
    finally:
        hamlet.ask("PATCH", "/settings", web_mark_read_on_scroll_policy=1)


def test_who_looks_at_a_topic_that_moves_goes_with_it(open_page: Open, channel: Channel) -> None:
    moved = channel.say("cordelia", "old name", "travelling")
    page = open_page("hamlet", channel.hash("old.20name")).page
    expect(article(page, "travelling")).to_be_visible()
    channel.site.person("iago").ask(
        "PATCH", f"/messages/{moved}", topic="new name", propagate_mode="change_all"
    )
    expect(page).to_have_url(re.compile(r"/topic/new\.20name$"))
    expect(article(page, "travelling")).to_be_visible()


@pytest.mark.parametrize("size", [(1280, 800), PHONE], ids=["desktop", "phone"])
def test_nothing_is_wider_than_the_page(open_page: Open, channel: Channel, size: tuple[int, int]) -> None:
    topic = f"wide-{size[0]}"
    long = ("x" * 3000, "", "```", "y" * 3000, "```", "", f"|{'z' * 300}|b|", "|--|--|", "|1|2|")
    channel.say("cordelia", topic, "\n".join(long))
    page = open_page("hamlet", channel.hash(topic), size=size).page
    expect(article(page, "xxxx")).to_be_visible()
    list_ = page.locator(".messages")
    assert list_.evaluate("e => e.scrollWidth <= e.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
