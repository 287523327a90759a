"""The pages before the page, in a browser: the first owner, signing in, links. They need no JavaScript."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from appliance.actions.user import account, login_link
from appliance.base.clock import SystemClock
from appliance.model import credential
from appliance.model.user import User
from appliance.store.store import Store
from tests.process.server import ServerProcess
from tests.web.window import DEADLINE, DESKTOP, PHONE, SCREENSHOTS, Site

PASSWORD = "correct horse battery"


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    found: tuple[int, int] = request.param
    return found


@pytest.fixture
def context(chromium: Browser, size: tuple[int, int]) -> Iterator[BrowserContext]:
    """Of somebody who was never here, and runs no script."""
    width, height = size
    opened = chromium.new_context(viewport={"width": width, "height": height}, java_script_enabled=False)
    opened.set_default_timeout(DEADLINE)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def store(site: Site) -> Iterator[Store]:
    opened = Store(site.server.data, SystemClock())
    yield opened
    opened.close()


@pytest.fixture
def cordelia(site: Site, store: Store) -> User:
    """She has a password."""
    found = next(each for each in site.users if each.full_name == "cordelia")
    hashed = credential.hash_password(PASSWORD)
    store.write(lambda transaction: account.set_password(transaction, found, hashed))
    return found


def fits(page: Page) -> None:
    """Nothing is wider than the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def shot(page: Page, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    size = page.viewport_size
    assert size is not None
    page.screenshot(path=SCREENSHOTS / f"{name}-{size['width']}.png")


def sign_in(page: Page, email: str) -> None:
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_what_was_asked_for_is_opened_after_signing_in(site: Site, page: Page, cordelia: User) -> None:
    """Also the part of the address that the server never sees."""
    wanted = f"{site.server.url}/#narrow/channel/1-general/topic/lunch.3F"
    page.goto(wanted)
    shot(page, "sign-in")
    fits(page)
    sign_in(page, cordelia.delivery_email)
    expect(page).to_have_url(wanted)
    expect(page.get_by_role("heading", name="Sign in")).to_have_count(0)


def test_so_it_is_after_a_wrong_password(site: Site, page: Page, cordelia: User) -> None:
    wanted = f"{site.server.url}/#inbox"
    page.goto(wanted)
    sign_in(page, "somebody@else.example")
    expect(page.get_by_role("alert")).to_have_text("Your username or password is incorrect")
    shot(page, "sign-in-refused")
    fits(page)
    sign_in(page, cordelia.delivery_email)
    expect(page).to_have_url(wanted)


def test_a_link_of_an_administrator(site: Site, page: Page, store: Store, cordelia: User) -> None:
    page.goto(f"{site.server.url}/login/{login_link.make(store, cordelia)}")
    link = page.url
    shot(page, "link")
    fits(page)
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_role("button", name="Set password and sign in").click()
    expect(page).to_have_url(f"{site.server.url}/")
    page.context.clear_cookies()
    page.goto(link)
    expect(page.get_by_role("heading")).to_have_text("This link has ended")
    shot(page, "link-ended")
    page.get_by_role("link", name="Go to the first page").click()
    expect(page.get_by_role("heading")).to_have_text("Sign in")


def test_who_has_forgotten_a_password_learns_who_can_help(site: Site, page: Page) -> None:
    page.goto(f"{site.server.url}/login")
    page.get_by_role("link", name="No password yet, or forgotten?").click()
    expect(page.get_by_role("main")).to_contain_text("Ask an administrator")
    shot(page, "forgotten")
    fits(page)


def test_the_first_owner(page: Page, tmp_path_factory: pytest.TempPathFactory) -> None:
    server = ServerProcess(tmp_path_factory.mktemp("new") / "data").start()
    try:
        page.goto(server.command("user", "link").stdout.strip())
        shot(page, "first-owner")
        fits(page)
        page.get_by_label("Name of your team or organization").fill("Harbour & Söhne")
        page.get_by_label("Your full name").fill("Olga Owner")
        page.get_by_label("Your email address").fill("olga@example.org")
        page.get_by_label("Choose a password").fill(PASSWORD)
        page.get_by_role("button", name="Start").click()
        expect(page).to_have_url(f"{server.url}/")
        expect(page).to_have_title("Harbour & Söhne")
    finally:
        server.end()
