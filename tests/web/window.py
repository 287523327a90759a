"""A browser of somebody who is signed in, and the server that it talks to."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page

from appliance.actions.user import session as sessions
from appliance.base.clock import SystemClock
from appliance.http import static
from appliance.http.page import COOKIE
from appliance.model.user import User
from appliance.store.store import Store
from tests.process.client import Person
from tests.process.server import CHECKOUT, ServerProcess

DESKTOP, PHONE = (1280, 800), (390, 844)
SCREENSHOTS = Path(os.environ.get("PAGE_PICTURES", CHECKOUT / "build" / "screenshots"))
# What Chromium says of requests to a server that was killed, or without a network.
NO_SERVER = ("net::ERR_", "when fetching the script")
DEADLINE = 15_000  # milliseconds for whatever a test waits for
JOINED = re.compile(r'import { (\S+) } from "[./]*(joined/.*)";\nexport const')  # at the address of a module


@dataclass
class Site:
    server: ServerProcess
    users: Sequence[User]

    def person(self, name: str) -> Person:
        """Who uses the API, with a key."""
        return self.server.people(name)[0]

    def session(self, name: str) -> str:
        """The cookie of a browser that somebody signs in with."""
        user = next(each for each in self.users if each.full_name == name)
        store = Store(self.server.data, SystemClock())
        try:
            return sessions.begin(store, user)
        finally:
            store.close()


@dataclass
class Window:
    """`troubles`: what the page has complained about; a test takes out those that it has caused."""

    browser: Browser
    site: Site
    name: str
    size: tuple[int, int] = DESKTOP
    dark: bool = False
    lawful: bool = True  # the page's policy holds
    worker: bool = True  # with a service worker: `page.route` does not see all that passes one
    troubles: list[str] = field(default_factory=list)
    page: Page = field(init=False)

    def __post_init__(self) -> None:
        width, height = self.size
        self.context = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if self.dark else "light",
            has_touch=self.size == PHONE,
            bypass_csp=not self.lawful,
            service_workers="allow" if self.worker else "block",
            locale="en-GB",
            timezone_id="Europe/Berlin",
        )
        self.sign_in(self.name)
        self.context.set_default_timeout(DEADLINE)
        self.page = self.new_tab()

    def sign_in(self, name: str) -> None:
        """Somebody, in place of who is here now."""
        session, url = self.site.session(name), self.site.server.url
        self.context.add_cookies([{"name": COOKIE, "value": session, "url": url}])

    def new_tab(self) -> Page:
        page = self.context.new_page()
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.troubles.append(f"{error}"))
        return page

    def go(self, hash: str = "") -> None:
        """Open the page at an address in it, and wait until it works."""
        self.page.goto(f"{self.site.server.url}/{hash}")
        self.page.wait_for_selector(":root[data-ready]")

    def shot(self, name: str) -> None:
        """Keep a picture of it, for people to look at."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")

    def ask(self, module: str, expression: str) -> Any:
        """What `expression` is with `it`, a module of the page: ask("state/unread.js", "it.total()").

        The page has the file with it already: there need be no server.
        """
        joined = JOINED.match(static.modules().files[module])
        file, it = (joined[2], f"{{ {joined[1]}: it }}") if joined else (module, "it")
        return self.page.evaluate(f"import('{static.address(file)}').then(({it}) => {expression})")

    def forgive(self, *parts: str) -> None:
        """Complaints that the test has caused: those with one of these words."""
        self.troubles[:] = [each for each in self.troubles if not any(part in each for part in parts)]

    def close(self) -> None:
        self.context.close()

    def _said(self, message: ConsoleMessage) -> None:
        """Chromium's own word about a service worker whose server has died is none of the page's."""
        if message.type == "error" and "when fetching the script" not in message.text:
            self.troubles.append(f"{message.text} ({message.location.get('url')})")
