"""The page's modules alone in a browser, without a server: what they know is what a test tells them."""

from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Route

from appliance.http import static

FOLDER = static.FOLDER
ORIGIN = "http://localhost"  # nothing listens there: all requests are answered here


class Modules:
    def __init__(self, browser: Browser) -> None:
        self.troubles: list[str] = []
        self._context = browser.new_context(locale="en-GB", timezone_id="Europe/Berlin")
        self.page = self._context.new_page()
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.route("**/*", _answer)
        self.page.goto(ORIGIN)

    def ask(self, module: str, expression: str, given: Any = None) -> Any:
        """What `expression` is, with `it`, a module, and `given`, which is JSON."""
        return self.page.evaluate(f"(given) => import('/{module}').then((it) => {expression})", given)

    def load(self, told: dict[str, Any]) -> None:
        """As POST /register answers."""
        self.ask("state/state.js", "it.load(given)", told)

    def apply(self, *events: dict[str, Any]) -> None:
        self.ask("state/state.js", "given.forEach(it.apply)", list(events))

    def close(self) -> None:
        self._context.close()


def _answer(route: Route) -> None:
    path = urlsplit(route.request.url).path.lstrip("/")
    if path.endswith(".js"):
        route.fulfill(body=(FOLDER / path).read_bytes(), content_type="text/javascript")
    elif path:
        route.fulfill(status=503, json={"result": "error", "msg": "There is no server", "code": "NONE"})
    else:
        route.fulfill(body="<!DOCTYPE html><title>Modules</title>", content_type="text/html")
