"""The page for those who need it larger, in other colours, or still; and no fault that axe-core finds in the
console and in the pages before the page (test_looks.py has the page itself)."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from appliance.actions.user import login_link
from appliance.base.clock import SystemClock
from appliance.store.store import Store
from tests.process.server import ServerProcess
from tests.web import axe, sizes, states
from tests.web.lived_in import LivedIn, furnish
from tests.web.window import DEADLINE, PHONE, Site, Window

LOOKS: dict[str, dict[str, Any]] = {"desktop": {}, "dark": {"dark": True}, "phone": {"size": PHONE}}
CONSOLE = ("overview", "clients", "jobs", "dead", "mails", "pushes", "disk", "log")
PAGES = ("login", "forgot", "register", "login/nothing", "join/nothing")

SMALL = (320, 640)  # the least that must do; also a screen of 1280 pixels at 400 %
ZOOMED = (640, 400)  # a screen of 1280 × 800 at 200 %
# As of WCAG 1.4.12. The page's policy forbids other sheets that are not its own.
SPACED = """
const sheet = new CSSStyleSheet();
sheet.replaceSync(`
  * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
  p { margin-bottom: 2em !important; }`);
document.adoptedStyleSheets = [sheet];
"""
BACKGROUND = "(each) => getComputedStyle(each).backgroundColor"


@pytest.fixture(scope="module")
def furnished(site: Site) -> LivedIn:
    return furnish(site)


@pytest.fixture(params=LOOKS)
def window(request: pytest.FixtureRequest, chromium: Browser, site: Site) -> Iterator[Window]:
    opened = Window(chromium, site, "iago", **LOOKS[request.param])
    yield opened
    opened.close()
    assert opened.troubles == []


def test_the_console(window: Window, site: Site) -> None:
    for section in CONSOLE:
        window.page.goto(f"{site.server.url}/admin#{section}")
        window.page.wait_for_selector(":root[data-ready]")
        expect(window.page.get_by_role("main").get_by_role("heading").first).to_be_visible()
        assert axe.faults(window.page) == []
        assert sizes.too_wide(window.page) == []


@pytest.fixture(params=LOOKS)
def stranger(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    """The browser of somebody who has not signed in."""
    look = LOOKS[request.param]
    width, height = look.get("size", (1280, 800))
    context = chromium.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if "dark" in look else "light"
    )
    context.set_default_timeout(DEADLINE)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_the_pages_before_it(stranger: Page, site: Site, path: str) -> None:
    stranger.goto(f"{site.server.url}/{path}")
    assert axe.faults(stranger) == []


def test_a_wrong_password(stranger: Page, site: Site) -> None:
    stranger.goto(f"{site.server.url}/login")
    stranger.get_by_label("Email address").fill("nobody@chat.test")
    stranger.get_by_label("Password").fill("guessed")
    stranger.get_by_role("button", name="Sign in").click()
    stranger.get_by_role("alert").wait_for()
    assert axe.faults(stranger) == []


def test_the_links(stranger: Page, site: Site, furnished: LivedIn) -> None:
    """To join, and to choose a password."""
    invites = site.person("iago").ask("GET", "/invites")["invites"]
    store = Store(site.server.data, SystemClock())
    token = login_link.make(store, site.users[1])
    store.close()
    invitation = next(each["link_url"] for each in invites if each["is_multiuse"])
    for address in (f"{site.server.url}/login/{token}", invitation):
        stranger.goto(address)
        stranger.get_by_label("Choose a password").wait_for()
        assert axe.faults(stranger) == []


def test_the_first_page_of_all(stranger: Page, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Without an owner, and the link that makes one."""
    server = ServerProcess(tmp_path_factory.mktemp("new") / "data").start()
    try:
        for address in (server.url, server.command("user", "link").stdout.strip()):
            stranger.goto(address)
            assert axe.faults(stranger) == []
    finally:
        server.end()


@pytest.mark.parametrize("size", [SMALL, ZOOMED], ids=["320 pixels", "200 %"])
def test_nothing_is_lost_on_a_small_screen(
    chromium: Browser, site: Site, furnished: LivedIn, size: tuple[int, int]
) -> None:
    furnished.unread_again()
    window = Window(chromium, site, "iago", size)
    window.go()
    for state in states.ALL:
        states.show(window, state, furnished)
        assert sizes.too_wide(window.page) == [], state.name
        states.leave(window, state)
    window.close()


def test_texts_may_be_spaced_out(chromium: Browser, site: Site, furnished: LivedIn) -> None:
    furnished.unread_again()
    window = Window(chromium, site, "iago", PHONE)
    window.go()
    window.page.evaluate(SPACED)
    for state in states.VIEWS + states.SETTINGS:
        states.show(window, state, furnished)
        window.shot(f"{state.name}-spaced")
        assert sizes.too_wide(window.page) == [], state.name
        assert sizes.cut_off(window.page) == [], state.name
    window.close()


def test_nothing_moves_for_those_who_do_not_want_it(site: Site, chromium: Browser) -> None:
    window = Window(chromium, site, "iago", PHONE)
    window.page.emulate_media(reduced_motion="reduce")
    window.go("#inbox")
    window.page.get_by_role("banner").get_by_role("button", name="Channels and conversations").click()
    assert window.page.evaluate("document.getAnimations().length") == 0
    window.close()


def test_what_is_chosen_is_seen_in_forced_colours(chromium: Browser, site: Site, furnished: LivedIn) -> None:
    """There are no backgrounds but the system's."""
    window = Window(chromium, site, "iago")
    window.page.emulate_media(forced_colors="active")
    window.go("#inbox")
    window.shot("forced-colours")
    current = window.page.locator("#sidebar .current > .row").evaluate(BACKGROUND)
    assert current != window.page.locator("#sidebar li:not(.current) > .row").first.evaluate(BACKGROUND)
    window.close()
