"""The column at the right, somebody's card, and one's status."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.web.chatter import channel_id, write
from tests.web.columns import own_menu, title
from tests.web.conftest import Open
from tests.web.window import Site


def people(page: Page) -> Locator:
    return page.get_by_role("complementary", name="People")


def person(page: Page, name: str) -> Locator:
    everybody = people(page).get_by_role("region", name="People")
    return everybody.get_by_role("link", name=re.compile(rf"\b{name}\b"))


def test_who_is_there_comes_first(hamlet: Page, site: Site) -> None:
    lines = people(hamlet).get_by_role("region", name="People").get_by_role("link")
    expect(lines.nth(0)).to_have_accessible_name("active: hamlet (you)")
    expect(person(hamlet, "othello")).to_have_accessible_name("offline: othello")
    site.person("othello").ask("POST", "/users/me/presence", status="active", new_user_input=True)
    expect(lines.nth(1)).to_have_accessible_name("active: othello")


def test_a_person_is_found_by_name_and_written_to(hamlet: Page) -> None:
    hamlet.keyboard.press("w")
    hamlet.keyboard.type("CORD")
    expect(person(hamlet, "othello")).to_have_count(0)
    hamlet.keyboard.press("Enter")
    expect(title(hamlet)).to_have_accessible_name("cordelia")
    hamlet.keyboard.press("w")
    hamlet.keyboard.type("nobody at all")
    expect(hamlet.get_by_text("Nobody is called that.")).to_be_visible()


def test_who_wrote_in_the_topic_is_shown_beside_it(open_page: Open, site: Site) -> None:
    write(site, "cordelia", "general", "beside")
    page = open_page("hamlet", f"#narrow/channel/{channel_id(site, 'general')}/topic/beside").page
    part = people(page).get_by_role("region", name="In this conversation")
    expect(part.get_by_role("link")).to_have_count(1)
    write(site, "othello", "general", "beside")
    expect(part.get_by_role("link", name=re.compile("othello"))).to_be_visible()


def test_a_card_says_who_somebody_is_and_mutes_them(hamlet: Page, site: Site) -> None:
    person(hamlet, "iago").hover()
    people(hamlet).get_by_role("button", name="About iago").click()
    card = hamlet.get_by_role("dialog", name="iago")
    expect(card.get_by_text("Owner")).to_be_visible()
    expect(card.get_by_role("link", name="Direct messages")).to_be_visible()
    card.get_by_role("button", name="Mute this person").click()
    expect(card.get_by_role("button", name="Unmute this person")).to_be_visible()
    expect(person(hamlet, "iago")).to_have_count(0)
    card.get_by_role("button", name="Unmute this person").click()
    expect(person(hamlet, "iago")).to_have_count(1)


def test_a_link_to_somebody_opens_their_card(open_page: Open, site: Site) -> None:
    page = open_page("hamlet", f"#user/{site.person('othello').user_id}").page
    card = page.get_by_role("dialog", name="othello")
    card.get_by_role("link", name="Direct messages").click()
    expect(card).to_have_count(0)
    expect(title(page)).to_have_accessible_name("othello")


def test_ones_status_is_seen_by_others(open_page: Open) -> None:
    mine, theirs = open_page("hamlet", "#inbox").page, open_page("cordelia", "#inbox").page
    own_menu(mine, "Set a status…")
    dialog = mine.get_by_role("dialog", name="Your status")
    dialog.get_by_role("button", name="In a meeting").click()
    dialog.get_by_role("textbox", name="Status").fill("With <b>guests</b>")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    expect(people(theirs).get_by_title("With <b>guests</b>")).to_be_visible()
    person(theirs, "hamlet").hover()
    people(theirs).get_by_role("button", name="About hamlet").click()
    expect(theirs.get_by_role("dialog", name="hamlet").get_by_text("With <b>guests</b>")).to_be_visible()
