"""The views that are lists: the inbox, recent conversations, drafts, scheduled messages."""

import re
import time

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.chatter import channel_id, join, whisper, write
from tests.web.columns import line, title
from tests.web.conftest import Open
from tests.web.window import Site


def main(page: Page) -> Locator:
    return page.get_by_role("main")


@pytest.fixture
def nothing_unread(site: Site) -> None:
    site.person("hamlet").ask("POST", "/mark_all_as_read")


# -- the inbox


@pytest.mark.usefixtures("nothing_unread")
def test_the_inbox_fills_and_is_emptied(open_page: Open, site: Site) -> None:
    page = open_page("hamlet", "#inbox").page
    expect(page.get_by_text("You have read everything.")).to_be_visible()
    write(site, "cordelia", "general", "first")
    write(site, "cordelia", "general", "second")
    whisper(site, "othello", "hamlet")
    general = main(page).get_by_role("region", name="general")
    expect(general.get_by_role("link", name="first 1 unread")).to_be_visible()
    expect(main(page).get_by_role("link", name="othello 1 unread")).to_be_visible()
    general.get_by_role("listitem").filter(has_text="first").hover()
    general.get_by_role("button", name="Mark first as read").click()
    expect(general.get_by_role("link", name=re.compile("^first"))).to_have_count(0)
    main(page).get_by_role("button", name="Mark general as read").click()
    main(page).get_by_role("button", name="Mark Direct messages as read").click()
    expect(page.get_by_text("You have read everything.")).to_be_visible()


@pytest.mark.usefixtures("nothing_unread")
def test_what_is_muted_is_in_the_inbox_only_when_asked_for(open_page: Open, site: Site) -> None:
    hamlet, number = site.person("hamlet"), channel_id(site, "general")
    for topic, policy in (("noise", 1), ("signal", 3)):
        hamlet.ask("POST", "/user_topics", stream_id=number, topic=topic, visibility_policy=policy)
        write(site, "cordelia", "general", topic)
    write(site, "cordelia", "general", "usual")
    page = open_page("hamlet", "#inbox").page
    select = main(page).get_by_label("Which topics")
    for choice, topics in (
        ("What is not muted", {"signal", "usual"}),
        ("Followed topics", {"signal"}),
        ("All topics", {"noise", "signal", "usual"}),
    ):
        select.select_option(choice)
        for topic in ("noise", "signal", "usual"):
            found = main(page).get_by_role("link", name=f"{topic} 1 unread")
            expect(found).to_have_count(int(topic in topics))


@pytest.mark.usefixtures("nothing_unread")
def test_the_inbox_is_walked_through_by_keyboard(open_page: Open, site: Site) -> None:
    join(site, "walking", "cordelia", "hamlet")
    site.person("hamlet").ask("POST", "/mark_all_as_read")
    write(site, "cordelia", "walking", "step")
    page = open_page("hamlet", "#inbox").page
    for key in ("ArrowDown", "j", "k", "ArrowDown"):
        page.keyboard.press(key)
    expect(main(page).get_by_role("link", name="step 1 unread")).to_be_focused()
    page.keyboard.press("Enter")
    expect(title(page)).to_have_text("walkingstep")


# -- recent conversations


def test_recent_conversations_have_the_last_one_first(open_page: Open, site: Site) -> None:
    write(site, "cordelia", "general", "older")
    write(site, "hamlet", "general", "mine")
    page = open_page("hamlet", "#recent").page
    lines = main(page).get_by_role("listitem")
    expect(lines.nth(0)).to_contain_text("mine")
    expect(lines.nth(1)).to_contain_text("older")
    write(site, "cordelia", "general", "older")
    expect(lines.nth(0)).to_contain_text("older")
    main(page).get_by_role("button", name="I took part").click()
    expect(lines.nth(0)).to_contain_text("mine")
    main(page).get_by_label("Find a conversation").fill("no such thing")
    expect(page.get_by_text("There is no such conversation lately.")).to_be_visible()


# -- drafts and scheduled messages


def test_a_draft_is_gone_on_with_or_deleted(open_page: Open, site: Site) -> None:
    row = {"type": "stream", "to": [channel_id(site, "general")], "topic": "unsaid", "content": "I wanted to"}
    site.person("hamlet").ask("POST", "/drafts", drafts=[{**row, "timestamp": int(time.time())}])
    page = open_page("hamlet", "#drafts").page
    expect(line(page, "Drafts")).to_have_accessible_name("Drafts 1 kept")
    main(page).get_by_role("button", name="Go on writing").click()
    expect(title(page)).to_have_text("generalunsaid")
    expect(page.get_by_role("textbox", name="Message", exact=True)).to_have_value("I wanted to")
    page.evaluate("location.hash = '#drafts'")
    main(page).get_by_role("button", name="Delete").click()
    expect(page.get_by_text("There are no drafts.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(main(page).get_by_text("I wanted to")).to_be_visible()


def test_a_scheduled_message_gets_another_time_or_is_deleted(open_page: Open, site: Site) -> None:
    later = int(time.time()) + 86_400
    hamlet, to = site.person("hamlet"), channel_id(site, "general")
    hamlet.ask(
        "POST", "/scheduled_messages",
        type="channel", to=to, topic="later", content="**Good** morning", scheduled_delivery_timestamp=later,
    )  # fmt: skip
    page = open_page("hamlet", "#scheduled").page
    expect(main(page).locator("strong", has_text="Good")).to_be_visible()
    main(page).get_by_role("button", name="Change the time").click()
    page.get_by_role("dialog").get_by_label("Day and time").fill("2099-01-02T03:04")
    page.get_by_role("dialog").get_by_role("button", name="Change").click()
    expect(main(page).get_by_text(re.compile("2 January 2099"))).to_be_visible()
    main(page).get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No message is to be sent later.")).to_be_visible()
    assert hamlet.ask("GET", "/scheduled_messages")["scheduled_messages"] == []
