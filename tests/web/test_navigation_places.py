"""Going from one place of the page to another."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.web.chatter import channel_id, whisper, write
from tests.web.columns import line, title
from tests.web.conftest import Open
from tests.web.window import Site

KEYS = {
    "t": "Recent conversations",
    "Shift+I": "Inbox",
    "a": "All messages",
    "Shift+*": "Starred messages",
    "Shift+P": "Direct messages",
    "d": "Drafts",
}


@pytest.mark.parametrize(
    ("setting", "name"),
    [("inbox", "Inbox"), ("recent_topics", "Recent conversations"), ("all_messages", "All messages")],
)
def test_the_page_begins_with_the_view_that_one_has_chosen(
    open_page: Open, site: Site, setting: str, name: str
) -> None:
    site.person("cordelia").ask("PATCH", "/settings", web_home_view=setting)
    page = open_page("cordelia").page
    expect(title(page)).to_have_text(name)
    page.evaluate("location.hash = '#no/such/place'")
    expect(title(page)).to_have_text(name)


def test_a_link_to_a_topic_names_it_in_the_bar_and_in_the_column(open_page: Open, site: Site) -> None:
    write(site, "cordelia", "general", "the weather")
    page = open_page("hamlet", "#narrow/stream/general/topic/the.20weather").page
    expect(title(page)).to_have_text(re.compile("the weather"))
    general = channel_id(site, "general")
    page = open_page("hamlet", f"#narrow/channel/{general}-general/topic/the.20weather").page
    expect(title(page)).to_have_text("generalthe weather")
    expect(line(page, "the weather")).to_have_attribute("aria-current", "page")
    expect(page).to_have_title(re.compile("the weather · #general"))


def test_back_and_forward_go_through_the_views(hamlet: Page) -> None:
    line(hamlet, "Recent conversations").click()
    expect(title(hamlet)).to_have_text("Recent conversations")
    line(hamlet, "Starred messages").click()
    expect(title(hamlet)).to_have_text("Starred messages")
    hamlet.go_back()
    expect(title(hamlet)).to_have_text("Recent conversations")
    hamlet.go_forward()
    expect(title(hamlet)).to_have_text("Starred messages")


def test_a_dialog_gives_the_address_back_when_it_is_closed(open_page: Open) -> None:
    page = open_page("hamlet", "#recent").page
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    expect(page).to_have_url(re.compile("#keyboard-shortcuts$"))
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile("#recent$"))
    expect(title(page)).to_have_text("Recent conversations")


def test_going_back_closes_a_dialog_and_a_link_to_one_opens_it_above_the_home_view(open_page: Open) -> None:
    page = open_page("hamlet", "#search-operators").page
    expect(page.get_by_role("dialog", name="How to search")).to_be_visible()
    expect(title(page)).to_have_text("Inbox")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_keys_go_to_views(open_page: Open) -> None:
    page = open_page("hamlet", "#narrow/is/mentioned").page
    for key, name in KEYS.items():
        page.keyboard.press(key)
        expect(title(page)).to_have_text(name)


def test_n_and_p_go_to_what_is_unread(open_page: Open, site: Site) -> None:
    site.person("hamlet").ask("POST", "/mark_all_as_read")
    write(site, "cordelia", "general", "unread one")
    whisper(site, "cordelia", "hamlet")
    page = open_page("hamlet", "#recent").page
    page.keyboard.press("n")
    expect(title(page)).to_contain_text("unread one")
    expect(line(page, "Inbox")).to_have_accessible_name("Inbox 1 unread")
    page.keyboard.press("p")
    expect(title(page)).to_have_accessible_name("cordelia")
    expect(line(page, "Inbox")).to_have_accessible_name("Inbox")
    page.keyboard.press("Escape")
    expect(title(page)).to_have_text("Inbox")
    page.keyboard.press("n")
    expect(page.get_by_text("There are no unread topics.")).to_be_visible()
