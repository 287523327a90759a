"""The column at the left: views, direct messages, channels and their topics."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.web.chatter import join, whisper, write
from tests.web.columns import column, line, title
from tests.web.conftest import Open
from tests.web.window import Site


def test_a_message_of_somebody_counts_in_its_channel_and_in_the_inbox(hamlet: Page, site: Site) -> None:
    join(site, "counting", "cordelia", "hamlet")
    expect(line(hamlet, "counting")).to_be_visible()
    write(site, "cordelia", "counting", "one")
    write(site, "cordelia", "counting", "two")
    expect(line(hamlet, "counting")).to_have_accessible_name("counting 2 unread")
    expect(line(hamlet, "Inbox")).to_have_accessible_name(re.compile(r"Inbox \d+ unread"))


def test_a_channel_is_unfolded_to_its_topics(hamlet: Page, site: Site) -> None:
    join(site, "unfolding", "cordelia", "hamlet")
    write(site, "cordelia", "unfolding", "bread")
    column(hamlet).get_by_role("button", name="Topics of unfolding").click()
    expect(line(hamlet, "bread")).to_be_visible()
    write(site, "cordelia", "unfolding", "butter", "@**hamlet** look")
    expect(line(hamlet, "butter")).to_have_accessible_name("butter @ 1 unread")
    column(hamlet).get_by_role("button", name="Topics of unfolding").click()
    expect(line(hamlet, "bread")).to_have_count(0)


def test_what_does_not_fit_is_found_among_all_topics(hamlet: Page, site: Site) -> None:
    join(site, "crowded", "cordelia", "hamlet")
    for number in range(12):
        write(site, "cordelia", "crowded", f"matter {number}")
    site.person("hamlet").ask("POST", "/mark_all_as_read")
    column(hamlet).get_by_role("button", name="Topics of crowded").click()
    expect(line(hamlet, "matter 11")).to_be_visible()
    expect(line(hamlet, "matter 1")).to_have_count(0)
    column(hamlet).get_by_role("button", name=re.compile(r"\d+ more topics")).click()
    column(hamlet).get_by_label("Find a topic").fill("matter 1")
    expect(line(hamlet, "matter 1")).to_be_visible()
    expect(line(hamlet, "matter 2")).to_have_count(0)


def test_a_channel_is_muted_pinned_and_left_by_its_menu(hamlet: Page, site: Site) -> None:
    join(site, "seldom", "cordelia", "hamlet")
    menu = column(hamlet).get_by_role("button", name="More about seldom")

    def choose(item: str) -> None:
        line(hamlet, "seldom").hover()
        menu.click()
        hamlet.get_by_role("menuitem", name=item).click()

    choose("Mute channel")
    muted = column(hamlet).get_by_role("region", name="Muted")
    muted.get_by_role("button", name="Muted").click()
    expect(muted.get_by_role("link", name="seldom")).to_be_visible()
    choose("Pin to top")
    pinned = column(hamlet).get_by_role("region", name="Pinned")
    expect(pinned.get_by_role("link", name="seldom")).to_be_visible()
    choose("Leave channel")
    hamlet.get_by_role("dialog").get_by_role("button", name="Leave").click()
    expect(line(hamlet, "seldom")).to_have_count(0)
    expect(hamlet.get_by_text("You have left #seldom.")).to_be_visible()


def test_a_folded_part_stays_folded(hamlet: Page) -> None:
    fold = column(hamlet).get_by_role("button", name="Channels", exact=True)
    fold.click()
    expect(line(hamlet, "general")).to_be_hidden()
    hamlet.reload()
    expect(fold).to_have_attribute("aria-expanded", "false")
    fold.click()
    expect(line(hamlet, "general")).to_be_visible()


@pytest.mark.parametrize(
    ("item", "policy"), [("Mute topic", 1), ("Follow topic", 3)], ids=["muted", "followed"]
)
def test_a_topic_is_muted_or_followed_by_its_menu(hamlet: Page, site: Site, item: str, policy: int) -> None:
    write(site, "cordelia", "general", f"matter of {policy}")
    column(hamlet).get_by_role("button", name="Topics of general").click()
    line(hamlet, f"matter of {policy}").hover()
    column(hamlet).get_by_role("button", name=f"More about matter of {policy}").click()
    hamlet.get_by_role("menuitemradio", name=item).click()
    row = column(hamlet).locator("li.topic", has_text=f"matter of {policy}")
    expect(row.locator(".icon-mute" if policy == 1 else ".icon-eye")).to_be_attached()
    told = site.person("hamlet").ask("POST", "/register", fetch_event_types=["user_topic"])["user_topics"]
    assert {each["topic_name"]: each["visibility_policy"] for each in told}[f"matter of {policy}"] == policy


def test_a_topic_is_resolved_by_its_menu(hamlet: Page, site: Site) -> None:
    join(site, "solving", "cordelia", "hamlet")
    write(site, "cordelia", "solving", "riddle")
    column(hamlet).get_by_role("button", name="Topics of solving").click()
    line(hamlet, "riddle").hover()
    column(hamlet).get_by_role("button", name="More about riddle").click()
    hamlet.get_by_role("menuitem", name="Mark as resolved").click()
    expect(line(hamlet, "✔ riddle")).to_be_visible()


def test_only_administrators_can_delete_a_topic(open_page: Open, site: Site) -> None:
    write(site, "cordelia", "general", "to be deleted")
    for name, offered in (("hamlet", 0), ("iago", 1)):
        page = open_page(name, "#inbox").page
        column(page).get_by_role("button", name="Topics of general").click()
        line(page, "to be deleted").hover()
        column(page).get_by_role("button", name="More about to be deleted").click()
        expect(page.get_by_role("menuitem", name="Delete topic…")).to_have_count(offered)
    page.get_by_role("menuitem", name="Delete topic…").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete topic").click()
    expect(line(page, "to be deleted")).to_have_count(0)


def test_people_who_write_to_one_come_up_in_the_column(hamlet: Page, site: Site) -> None:
    whisper(site, "othello", "hamlet", "cordelia")
    directs = column(hamlet).get_by_role("region", name="Direct messages")
    group = directs.get_by_role("link", name=re.compile("cordelia, othello"))
    expect(group).to_have_accessible_name("cordelia, othello 1 unread")
    group.click()
    expect(title(hamlet)).to_have_accessible_name("cordelia, othello")
    expect(group).to_have_attribute("aria-current", "page")


def test_the_field_finds_channels_and_people_by_a_part_of_the_name(hamlet: Page, site: Site) -> None:
    join(site, "needle in hay", "hamlet")
    expect(line(hamlet, "needle in hay")).to_be_visible()
    hamlet.keyboard.press("q")
    hamlet.keyboard.type("NEEDLE")
    expect(line(hamlet, "general")).to_have_count(0)
    hamlet.keyboard.press("Enter")
    expect(title(hamlet)).to_contain_text("needle in hay")
    expect(line(hamlet, "general")).to_be_visible()
    hamlet.keyboard.press("q")
    hamlet.keyboard.type("no such thing")
    expect(hamlet.get_by_text("No channel of yours is called that.")).to_be_visible()
