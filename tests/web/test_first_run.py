"""The first five minutes of a new team: one command, one link, and two people who talk."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from appliance.base.clock import SystemClock
from appliance.store.store import Store
from tests.conftest import until
from tests.process.server import ServerProcess
from tests.web.talk import article
from tests.web.window import DEADLINE
from tests.web.writing import say, text_of

PASSWORD = "correct horse battery"


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """`appliance serve` on a folder that is not there yet."""
    server = ServerProcess(tmp_path_factory.mktemp("first") / "data").start()
    yield server
    server.end()
    assert "Traceback" not in server.log, server.log


class Visitors:
    """Each with a browser of their own; what their pages complain about fails the test."""

    def __init__(self, chromium: Browser) -> None:
        self._chromium = chromium
        self.troubles: list[str] = []

    def new(self) -> Page:
        context = self._chromium.new_context(locale="en-GB")
        context.set_default_timeout(DEADLINE)
        page = context.new_page()
        page.on("pageerror", lambda error: self.troubles.append(f"{error}"))
        page.on("console", self._said)
        return page

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.troubles.append(message.text)


@pytest.fixture
def visitors(chromium: Browser) -> Iterator[Visitors]:
    found = Visitors(chromium)
    yield found
    for context in list(chromium.contexts):
        context.close()
    assert found.troubles == []


def own(server: ServerProcess, page: Page) -> str:
    """Become the owner by the link that the server has printed; the link."""
    found = until(lambda: re.search(r"http\S+/owner/\S+", server.log))
    link = str(found.group())
    page.goto(link)
    page.get_by_label("Name of your team or organization").fill("Harbour & Söhne")
    page.get_by_label("Your full name").fill("Olga Owner")
    page.get_by_label("Your email address").fill("olga@example.org")
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_role("button", name="Start").click()
    page.wait_for_selector(":root[data-ready]")
    return link


def make_channel(page: Page, name: str) -> None:
    """And stay in it."""
    page.get_by_role("link", name="Find or make channels").click()
    page.get_by_role("dialog").get_by_role("link", name=re.compile("New channel")).first.click()
    page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_role("dialog").get_by_text("More", exact=True).click()
    page.get_by_role("dialog").get_by_label("Put newcomers into it").check()
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def make_link(page: Page) -> str:
    """To join; made where one is led to by the page itself."""
    page.get_by_role("link", name="Invite people").click()
    page.get_by_role("button", name="Make a link…").click()
    page.get_by_role("button", name="Make the link").click()
    return page.get_by_role("dialog", name="The link").get_by_label("Link", exact=True).input_value()


def close_dialogs(page: Page) -> None:
    while page.locator("dialog[open]").count():
        page.keyboard.press("Escape")


def join(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("Your email address").fill("nora@example.org")
    page.get_by_label("Your full name").fill("Nora Newcomer")
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_role("button", name="Join").click()
    page.wait_for_selector(":root[data-ready]")


def write_in_new_topic(page: Page, topic: str, content: str) -> None:
    page.keyboard.press("c")
    page.get_by_role("combobox", name="Topic").fill(topic)
    say(page, content)


def test_from_nothing_to_two_people_who_talk(server: ServerProcess, visitors: Visitors) -> None:
    olga, nora = visitors.new(), visitors.new()
    own(server, olga)
    expect(olga).to_have_title(re.compile("Harbour & Söhne"))
    make_channel(olga, "ships")
    write_in_new_topic(olga, "arrivals", "Who is in port?")
    expect(article(olga, "Who is in port?").and_(olga.locator(":not(.pending)"))).to_be_visible()
    link = make_link(olga)
    close_dialogs(olga)
    join(nora, link)
    people = olga.get_by_role("complementary", name="People")
    expect(people.get_by_role("link", name="Nora Newcomer")).to_be_visible()
    nora.get_by_role("navigation").get_by_role("link", name="ships").click()
    expect(article(nora, "Who is in port?")).to_be_visible()
    nora.keyboard.press("c")
    expect(text_of(nora)).to_be_focused()
    say(nora, "The *Seagull* is.")
    expect(article(olga, "The Seagull is.")).to_be_visible()
    expect(article(olga, "The Seagull is.").get_by_role("button", name="Nora Newcomer")).to_be_visible()


def end_now(server: ServerProcess) -> None:
    """The time of every invitation is over."""
    store = Store(server.data, SystemClock())
    store.write(lambda transaction: transaction.execute("UPDATE invitation SET expires = 1"))
    store.close()


def test_links_whose_time_is_over_say_so(server: ServerProcess, visitors: Visitors) -> None:
    olga, nora = visitors.new(), visitors.new()
    own(server, olga)
    link = make_link(olga)
    nora.goto(link)
    expect(nora.get_by_role("button", name="Join")).to_be_visible()
    end_now(server)
    nora.goto(link)
    expect(nora.get_by_role("main")).to_contain_text(re.compile(r"ended|no longer", re.I))
    expect(nora.get_by_role("textbox")).to_have_count(0)
    visitors.troubles[:] = [each for each in visitors.troubles if "Failed to load resource" not in each]


def test_links_that_were_used_or_taken_back_say_so(server: ServerProcess, visitors: Visitors) -> None:
    olga, nora = visitors.new(), visitors.new()
    links = [own(server, olga)]
    links.append(make_link(olga))
    close_dialogs(olga)
    olga.get_by_role("link", name="Invite people").click()
    olga.get_by_role("button", name="Take back the link").click()
    olga.get_by_role("button", name="Take back", exact=True).click()
    expect(olga.get_by_role("button", name="Copy the link")).to_have_count(0)
    links += [f"{server.url}/{each}" for each in ("login/never", "join/never")]
    for link in links:
        nora.goto(link)
        expect(nora.get_by_role("main")).to_contain_text(re.compile(r"ended|used|no longer|not there", re.I))
        expect(nora.get_by_role("textbox")).to_have_count(0)
    visitors.troubles[:] = [each for each in visitors.troubles if "Failed to load resource" not in each]
