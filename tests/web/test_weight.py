"""What the page sends for before it works, and what only later: docs/page.md has the budget."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.web.window import Site, Window
from tests.web.writing import place

BUDGET = 150_000  # bytes as they travel, with headers
LATER = (
    "/compose/box.js",
    "/conversation/conversation.js",
    "/joined/compose",
    "/joined/conversation.js",
    "/settings/",
    "/organization/",
)  # than the first view
LAST = "/joined/notices.js"  # is asked for when the page works already
NEVER_IDLE = "window.requestIdleCallback = () => 0"


@pytest.fixture
def fresh(chromium: Browser, site: Site) -> Iterator[Window]:
    """A browser that was never here, and has something to do all the time."""
    window = Window(chromium, site, "hamlet")
    window.page.add_init_script(NEVER_IDLE)
    yield window
    window.close()


def sent(page: Page) -> dict[str, int]:
    """By address: what came for what was asked for, from now on."""
    addresses: dict[str, str] = {}
    sizes: dict[str, int] = {}
    session = page.context.new_cdp_session(page)
    session.on(
        "Network.requestWillBeSent", lambda it: addresses.update({it["requestId"]: it["request"]["url"]})
    )
    session.on(
        "Network.loadingFinished",
        lambda it: sizes.update({addresses[it["requestId"]]: int(it["encodedDataLength"])}),
    )
    session.send("Network.enable")
    return sizes


def test_the_first_load_is_light(fresh: Window) -> None:
    sizes = sent(fresh.page)
    with fresh.page.expect_event("requestfinished", lambda request: request.url.endswith(LAST)):
        fresh.go()
    assert sum(sizes.values()) < BUDGET, sorted(sizes.items(), key=lambda each: -each[1])[:20]
    assert sum(sizes.values()) > BUDGET / 4  # it was measured at all
    assert [each for each in sizes if any(part in each for part in LATER)] == []


def test_so_it_is_at_a_conversation(fresh: Window) -> None:
    sizes = sent(fresh.page)
    with fresh.page.expect_event("requestfinished", lambda request: request.url.endswith(LAST)):
        fresh.go(place("soup"))
    assert sum(sizes.values()) < BUDGET, sorted(sizes.items(), key=lambda each: -each[1])[:20]
    assert [each for each in sizes if "/conversation/" in each] != []


def test_the_queue_is_asked_for_while_modules_are_on_their_way(fresh: Window) -> None:
    fresh.page.route("**/app.js", lambda route: None)  # it never comes
    with fresh.page.expect_request("**/api/v1/register"):
        fresh.page.goto(fresh.site.server.url, wait_until="commit")


def test_only_one_queue_is_asked_for(fresh: Window) -> None:
    asked: list[str] = []
    fresh.page.on("request", lambda request: asked.append(request.url))
    fresh.go()
    assert sum(each.endswith("/register") for each in asked) == 1


def test_what_is_left_comes_when_there_is_time(chromium: Browser, site: Site) -> None:
    window = Window(chromium, site, "hamlet")
    with (
        window.page.expect_request("**/conversation/conversation.js"),
        window.page.expect_request("**/compose/box.js"),
    ):
        window.go()
    window.close()
