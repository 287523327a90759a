"""The page in Debian's Chromium, driven by Playwright, on the real server.

Without Chromium all this is skipped. Whatever a page says on its console as an error, throws, or is forbidden
by its policy fails the test that opened it.
"""

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.process.client import Person
from tests.process.server import ServerProcess, populate
from tests.web.modules import Modules
from tests.web.window import Site, Window

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

Open = Callable[..., Window]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Playwright runs a loop of its own in this thread for as long: no other test could have one."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def modules(chromium: Browser) -> Iterator[Modules]:
    """The page's modules alone, without a server."""
    alone = Modules(chromium)
    yield alone
    alone.close()
    assert alone.troubles == []


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One server for all tests of a module; they do not mind what others have said and done there."""
    folder = tmp_path_factory.mktemp("web") / "data"
    users = populate(folder)
    server = ServerProcess(folder, users).start()
    yield Site(server, users)
    server.end()
    assert "Traceback" not in server.log, server.log


@pytest.fixture
def open_page(chromium: Browser, site: Site) -> Iterator[Open]:
    """`open_page("hamlet", "#inbox", size=PHONE)`: the page of somebody in a browser of their own."""
    opened: list[Window] = []

    def open_it(name: str, hash: str = "", **options: Any) -> Window:
        opened.append(Window(chromium, site, name, **options))
        opened[-1].go(hash)
        return opened[-1]

    yield open_it
    troubles = [trouble for window in opened for trouble in window.troubles]
    for window in opened:
        window.close()
    assert troubles == []


@pytest.fixture
def hamlet(open_page: Open) -> Page:
    return open_page("hamlet").page


@pytest.fixture
def owner(site: Site) -> Person:
    """The organization's, by the API."""
    return site.person("iago")
