"""Two people who talk, each in a browser of their own; and two tabs of one person."""

import re
from collections.abc import Callable
from itertools import count

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.conftest import until
from tests.web.columns import column, own_menu
from tests.web.conftest import Open
from tests.web.talk import article
from tests.web.window import Site, Window
from tests.web.writing import begin, place, say, text_of

AWAY = "#inbox"  # nothing is read there
topics = (f"t{number}" for number in count())
Pair = tuple[Page, Page]


@pytest.fixture
def topic() -> str:
    return next(topics)


@pytest.fixture
def pair(open_page: Open, topic: str) -> Pair:
    """Hamlet and Cordelia read the same topic, and are about to write."""
    windows = [open_page(name, place(topic)) for name in ("hamlet", "cordelia")]
    for window in windows:
        begin(window.page)
    return windows[0].page, windows[1].page


def message(page: Page, text: str) -> Locator:
    """One that the server has."""
    return article(page, text).and_(page.locator(":not(.pending)"))


# -- two people


def test_they_answer_each_other(pair: Pair) -> None:
    for turn, text in enumerate(["hello", "hello yourself", "and then", "nothing"]):
        say(pair[turn % 2], text)
        for page in pair:
            expect(message(page, text).last).to_be_visible()
    for page in pair:
        expect(page.locator("article .message-content")).to_have_text(
            ["hello", "hello yourself", "and then", "nothing"]
        )


def test_one_sees_that_the_other_writes_and_has_stopped(pair: Pair) -> None:
    hamlet, cordelia = pair
    text_of(hamlet).press_sequentially("well")
    expect(cordelia.get_by_text("hamlet is writing…")).to_be_visible()
    text_of(hamlet).fill("")
    expect(cordelia.get_by_text("hamlet is writing…")).to_have_count(0)


def test_an_edit_and_its_mark_come_to_the_other(pair: Pair) -> None:
    hamlet, cordelia = pair
    say(hamlet, "teh words")
    expect(message(cordelia, "teh words")).to_be_visible()
    text_of(hamlet).press("Escape")
    hamlet.keyboard.press("ArrowLeft")
    hamlet.get_by_role("textbox", name="Edit the message").fill("the words")
    hamlet.get_by_role("button", name="Save").click()
    expect(message(cordelia, "the words").get_by_role("button", name="edited")).to_be_visible()
    expect(message(cordelia, "teh words")).to_have_count(0)


def test_a_deleted_message_goes_from_both(pair: Pair, site: Site) -> None:
    site.person("iago").ask("PATCH", "/realm", message_content_delete_limit_seconds="unlimited")
    hamlet, cordelia = pair
    say(hamlet, "regretted")
    expect(message(cordelia, "regretted")).to_be_visible()
    message(hamlet, "regretted").hover()
    message(hamlet, "regretted").get_by_role("button", name="More").click()
    hamlet.get_by_role("menuitem", name="Delete").click()
    hamlet.get_by_role("dialog").get_by_role("button", name="Delete").click()
    for page in pair:
        expect(article(page, "regretted")).to_have_count(0)


def test_a_reaction_is_counted_by_both(pair: Pair) -> None:
    hamlet, cordelia = pair
    say(hamlet, "agreed?")
    expect(message(cordelia, "agreed?")).to_be_visible()
    text_of(cordelia).press("Escape")
    cordelia.keyboard.press("j")
    cordelia.keyboard.press("=")
    mark = message(hamlet, "agreed?").get_by_role("button", name="cordelia reacted with :+1:")
    mark.click()
    expect(
        message(cordelia, "agreed?").get_by_role("button", name="You and hamlet reacted with :+1:")
    ).to_be_visible()


def test_the_sender_sees_who_has_read_it(pair: Pair, site: Site) -> None:
    hamlet, cordelia = pair
    say(hamlet, "read this")
    asked = f"/messages/{message(hamlet, 'read this').get_attribute('data-id')}"
    cordelia.bring_to_front()
    until(lambda: "read" in site.person("cordelia").ask("GET", asked)["message"]["flags"])
    text_of(hamlet).press("Escape")
    hamlet.keyboard.press("j")
    hamlet.keyboard.press("V")
    expect(hamlet.get_by_role("dialog", name="Who has read it")).to_contain_text("cordelia")


def test_one_sees_that_the_other_is_here(open_page: Open, site: Site) -> None:
    page = open_page("hamlet", AWAY).page
    open_page("cordelia", AWAY)
    people = page.get_by_role("complementary", name="People")
    expect(people.get_by_role("link", name="active: cordelia")).to_be_visible()


# -- two tabs of one person


def conversation(page: Page) -> Locator:
    """With Cordelia, in the left column."""
    return column(page).get_by_role("link", name="cordelia")


@pytest.fixture
def tabs(open_page: Open) -> Callable[[str], tuple[Window, Page, Page]]:
    """Of one browser, both at the same place."""

    def open_both(hash: str) -> tuple[Window, Page, Page]:
        window = open_page("hamlet", hash)
        other = window.new_tab()
        other.goto(window.page.url)
        other.wait_for_selector(":root[data-ready]")
        return window, window.page, other

    return open_both


Tabs = Callable[[str], tuple[Window, Page, Page]]


def test_what_is_read_in_one_is_read_in_the_other(tabs: Tabs, site: Site) -> None:
    _, one, other = tabs(AWAY)
    cordelia = site.person("cordelia")
    cordelia.send(site.person("hamlet"), "for your eyes")
    for page in (one, other):
        expect(conversation(page)).to_have_accessible_name(re.compile("cordelia 1 unread$"))
    one.bring_to_front()
    conversation(one).click()
    expect(message(one, "for your eyes")).to_be_visible()
    for page in (one, other):
        expect(conversation(page)).to_have_accessible_name(re.compile("cordelia$"))


def test_a_draft_is_in_both_and_goes_from_both(tabs: Tabs, topic: str) -> None:
    _, one, other = tabs(place(topic))
    begin(one)
    text_of(one).fill("half a sentence")
    expect(other.get_by_role("button", name="Draft half a sentence")).to_be_visible()
    text_of(one).press("Control+Enter")
    expect(message(other, "half a sentence")).to_be_visible()
    expect(other.get_by_role("button", name=f"Message #general > {topic}")).to_be_visible()


def test_a_setting_holds_in_both(tabs: Tabs) -> None:
    _, one, other = tabs(AWAY)
    own_menu(one, "Dark")
    for page in (one, other):
        expect(page.locator("html")).to_have_css("color-scheme", "dark")
    own_menu(other, "As the device")
    for page in (one, other):
        expect(page.locator("html")).not_to_have_css("color-scheme", "dark")


def test_who_signs_out_in_one_is_signed_out_in_both(tabs: Tabs) -> None:
    window, one, other = tabs(AWAY)
    own_menu(one, "Sign out")
    for page in (one, other):
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    window.forgive("401")
