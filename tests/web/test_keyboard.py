"""The page by keyboard alone: nothing here points at anything, and one always sees where the focus is."""

from collections.abc import Iterator
from functools import partial

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from appliance.actions.user import account
from appliance.base.clock import SystemClock
from appliance.model import credential
from appliance.store.store import Store
from tests.web.chatter import write
from tests.web.conftest import Open
from tests.web.window import DEADLINE, PHONE, Site
from tests.web.writing import begin

PASSWORD = "correct horse battery"
MOST_STOPS = 150
PLACES = (
    *("#inbox", "#recent", "#narrow/channel/1-general/topic/walk"),
    *("#settings/notifications", "#organization/people", "#channels/1/general"),
)
FOCUSED = """
(() => {
  const at = document.activeElement;
  const box = at.getBoundingClientRect();
  const label = at.labels?.[0]?.textContent ?? "";
  return {
    tag: at.tagName,
    name: (at.getAttribute("aria-label") ?? (label || at.innerText)).trim().replace(/\\s+/g, " "),
    seen: box.width > 0 && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth,
    marked: getComputedStyle(at).outlineStyle !== "none",
  };
})()
"""


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    opened = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    opened.set_default_timeout(DEADLINE)
    yield opened
    opened.close()


@pytest.fixture
def password(site: Site) -> str:
    """Hamlet's."""
    store = Store(site.server.data, SystemClock())
    hashed = credential.hash_password(PASSWORD)
    store.write(partial(account.set_password, user=site.users[1], hashed=hashed))
    store.close()
    return PASSWORD


def tab_to(page: Page, name: str, key: str = "Tab") -> None:
    """Press it until what is named so has the focus."""
    passed: list[str] = []
    while len(passed) < MOST_STOPS:
        page.keyboard.press(key)
        found = page.evaluate(FOCUSED)["name"]
        if found == name:
            return
        passed.append(found)
    raise AssertionError(f"{name} is not among {passed}")


def choose(page: Page, item: str) -> None:
    """In the menu that is open."""
    expect(page.get_by_role("menu")).to_be_visible()
    tab_to(page, item, "ArrowDown")
    page.keyboard.press("Enter")


def test_a_day_without_a_mouse(context: BrowserContext, site: Site, password: str) -> None:
    write(site, "cordelia", "general", "lunch", "At noon?")
    page = context.new_page()
    page.goto(f"{site.server.url}/login")
    tab_to(page, "Email address")
    page.keyboard.type("hamlet@chat.test")
    tab_to(page, "Password")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    page.wait_for_selector(":root[data-ready]")
    _goes_to_a_topic(page)
    _writes(page)
    _reacts_and_edits(page)
    _changes_a_setting(page)
    page.keyboard.press("g")
    choose(page, "Sign out")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def _goes_to_a_topic(page: Page) -> None:
    tab_to(page, "Skip to the messages")
    page.keyboard.press("Enter")
    tab_to(page, "lunch 1 unread")
    page.keyboard.press("Enter")
    expect(page.get_by_role("article")).to_contain_text("At noon?")


def _writes(page: Page) -> None:
    begin(page)
    page.keyboard.type("At one, @cor")
    expect(page.get_by_role("option", name="cordelia")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.type("please")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("article").last).to_contain_text("At one, @cordelia please")
    page.keyboard.press("Escape")


def _reacts_and_edits(page: Page) -> None:
    page.keyboard.press("End")
    page.keyboard.press("+")
    expect(page.get_by_role("searchbox", name="Search emoji")).to_be_focused()
    page.keyboard.type("octopus")
    expect(page.get_by_role("button", name="octopus")).to_be_visible()
    page.keyboard.press("Enter")
    last = page.get_by_role("article").last
    expect(last.get_by_role("button", name="octopus")).to_be_visible()
    page.keyboard.press("e")
    expect(last.get_by_role("textbox")).to_be_focused()
    page.keyboard.press("Control+End")
    page.keyboard.type("!")
    page.keyboard.press("Control+Enter")
    expect(last).to_contain_text("please!")
    expect(last.get_by_role("textbox")).to_have_count(0)


def _changes_a_setting(page: Page) -> None:
    page.keyboard.press("g")
    choose(page, "Settings")
    tab_to(page, "Preferences")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Preferences")).to_be_visible()
    tab_to(page, "Higher contrast")
    page.keyboard.press("Space")
    expect(page.locator(":root[data-contrast]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("place", PLACES)
def test_one_always_sees_where_one_is(open_page: Open, site: Site, place: str) -> None:
    """Through all stops of a page, or of a dialog, that keeps the focus."""
    write(site, "cordelia", "general", "walk")
    page = open_page("hamlet", place).page
    dialog = page.get_by_role("dialog")
    if "/" in place and "narrow" not in place:
        expect(dialog.get_by_role("heading").nth(1)).to_be_visible()
    page.keyboard.press("Tab")
    stops: list[str] = []
    while len(stops) < MOST_STOPS and (found := page.evaluate(FOCUSED))["tag"] != "BODY":
        assert (found["seen"], found["marked"]) == (True, True), found
        stops.append(found["name"])
        page.keyboard.press("Tab")
    assert 5 < len(stops) < MOST_STOPS


@pytest.mark.parametrize(("opens", "opened"), [("g", "[role=menu]"), ("?", "dialog"), ("c", ".compose-open")])
def test_what_is_closed_gives_the_keys_back(open_page: Open, opens: str, opened: str) -> None:
    """Shortcuts work at once, without a press anywhere."""
    page = open_page("hamlet", PLACES[2]).page
    page.keyboard.press(opens)
    expect(page.locator(opened)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(opened)).to_be_hidden()
    page.keyboard.press("t")
    expect(page.get_by_role("banner").get_by_role("heading", level=1)).to_have_text("Recent conversations")


def test_a_menu_is_walked_through_with_arrows(open_page: Open) -> None:
    page = open_page("hamlet").page
    opener = page.get_by_role("button", name="You, settings and more")
    opener.press("Enter")
    items = page.get_by_role("menu").locator("[role^=menuitem]")
    expect(items.first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(items.last).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(items.first).to_be_focused()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()


def test_a_drawer_takes_the_focus_and_gives_it_back(open_page: Open) -> None:
    page = open_page("hamlet", "#inbox", size=PHONE).page
    opener = page.get_by_role("banner").get_by_role("button", name="Channels and conversations")
    opener.press("Enter")
    column = page.get_by_role("navigation", name="Channels and conversations")
    expect(column).to_be_visible()
    page.keyboard.press("Tab")
    expect(column.locator(":focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(column).to_be_hidden()
    expect(page.locator("body:focus")).to_have_count(0)
