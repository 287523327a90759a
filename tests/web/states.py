"""What the page can look like: places in it, and what opens there without an address of its own."""

import re
from collections.abc import Callable
from typing import NamedTuple

from playwright.sync_api import Page, expect

from tests.web.lived_in import ARABIC_CHANNEL, DRY_DOCK, GENERAL, LivedIn
from tests.web.window import Window
from tests.web.writing import begin

Act = Callable[[Page], None]


class State(NamedTuple):
    """`place`: as of `address`; `seen`: what is there when it is drawn; `act` goes on from there."""

    name: str
    place: str
    seen: str
    act: Act | None = None


def press(key: str) -> Act:
    return lambda page: page.keyboard.press(key)


def button(name: str, *, within: str = "body", last: bool = False) -> Act:
    """Press one by its name, or what that begins with."""

    def act(page: Page) -> None:
        found = page.locator(within).get_by_role("button", name=re.compile(f"^{re.escape(name)}"))
        (found.last if last else found.first).click()

    return act


def on_message(then: Act) -> Act:
    """With the tools of the newest message before one."""

    def act(page: Page) -> None:
        page.get_by_role("article").last.hover()
        then(page)

    return act


def write(text: str) -> Act:
    """As a message; not sent."""

    def act(page: Page) -> None:
        begin(page)
        page.keyboard.press("Control+a")  # there may be a draft
        page.keyboard.type(text)

    return act


def search(text: str) -> Act:
    def act(page: Page) -> None:
        page.keyboard.press("/")
        page.keyboard.type(text)
        expect(page.locator("#search-list [role=option]").first).to_be_visible()

    return act


def person(page: Page) -> None:
    page.get_by_role("article").locator("button.message-sender").last.click()
    expect(page.get_by_role("dialog")).to_be_visible()


# Until the page has followed.
GO = """
(hash) => new Promise((done) => {
  if (location.hash === hash) return done();
  addEventListener("hashchange", () => setTimeout(done), {once: true});
  location.hash = hash;
})
"""
TOPIC = "{general}/topic/crane"
VIEW, LIST, MESSAGES, DIALOG = "#main .view", "#main .row-link", "#main article", "dialog[open]"
SECTION = ".sheet-content > * > *, .sheet-content > p"

VIEWS = (
    State("inbox", "#inbox", LIST),
    State("recent", "#recent", ".recent-row"),
    State("feed", "#feed", MESSAGES),
    State("topic", TOPIC, MESSAGES),
    State("channel", "{long}", MESSAGES),
    State("from-right-to-left", "{arabic}", MESSAGES),
    State("direct", "#narrow/dm/{one}-dm", MESSAGES),
    State("direct-of-three", "#narrow/dm/{group}-group", MESSAGES),
    State("mentions", "#narrow/is/mentioned", MESSAGES),
    State("starred", "#narrow/is/starred", MESSAGES),
    State("found", "#narrow/search/crane", MESSAGES),
    State("nothing-found", "#narrow/search/nowhere", "#main .list-start, #main .empty"),
    State("new-topic", "{general}/topic/nothing.20yet", "#main .list-start, #main .empty"),
    State("drafts", "#drafts", "#main button:has-text('Go on writing')"),
    State("scheduled", "#scheduled", "#main button:has-text('Change the time')"),
)
OPENED = (
    State("own-menu", "#inbox", VIEW, button("You, settings")),
    State("person", TOPIC, MESSAGES, person),
    State("search", TOPIC, MESSAGES, search("cra")),
    State("shortcuts", "#keyboard-shortcuts", DIALOG),
    State("search-help", "#search-operators", DIALOG),
    State("profile", "#user/{one}", DIALOG),
    State("compose", TOPIC, MESSAGES, write("@ha")),
    State("compose-direct", "#inbox", VIEW, press("x")),
    State("message-menu", TOPIC, MESSAGES, on_message(button("More", within="#main", last=True))),
    State("emoji", TOPIC, MESSAGES, on_message(button("Add a reaction", within="#main", last=True))),
    State("editing", TOPIC, MESSAGES, on_message(button("Edit", within="#main", last=True))),
)
SETTINGS = tuple(
    State(f"settings-{each}", f"#settings/{each}", ".settings-section > *")
    for each in (
        *("profile", "account", "preferences", "notifications"),
        *("devices", "muted", "alert-words", "bots"),
    )
)
ORGANIZATION = tuple(
    State(f"organization-{each}", f"#organization/{each}", SECTION)
    for each in (
        *("profile", "settings", "permissions", "people", "invitations", "bots", "emoji", "linkifiers"),
        *("playgrounds", "profile-fields", "default-channels", "newcomers", "exports"),
    )
)
LISTS = (
    State("channels", "#channels/all", ".sheet-list .row-link, .sheet-list li"),
    State("channels-new", "#channels/new", ".sheet-content form"),
    *(State(f"channel-{each}", f"#channels/{{channel}}/{each}", ".sheet-content .tabs + div > *")
      for each in ("general", "personal", "subscribers", "permissions")),
    State("groups", "#groups/all", ".sheet-list .row-link, .sheet-list li"),
    State("groups-new", "#groups/new", ".sheet-content form"),
    *(State(f"group-{each}", f"#groups/{{user_group}}/{each}", ".sheet-content .tabs + div > *")
      for each in ("general", "members", "permissions")),
)  # fmt: skip
ALL = VIEWS + OPENED + SETTINGS + ORGANIZATION + LISTS


def show(window: Window, state: State, furnished: LivedIn) -> None:
    """Go there, in a page that may show another state."""
    page = window.page
    page.evaluate(GO, address(state, furnished))
    expect(page.locator(state.seen).first).to_be_visible()
    if state.act:
        state.act(page)


def leave(window: Window, state: State) -> None:
    if state.act:
        window.page.reload()
        window.page.wait_for_selector(":root[data-ready]")


def address(state: State, furnished: LivedIn) -> str:
    return state.place.format(
        general=furnished.hash(GENERAL),
        long=furnished.hash(DRY_DOCK),
        arabic=furnished.hash(ARABIC_CHANNEL),
        channel=furnished.channel_ids[GENERAL],
        one=furnished.group[0],
        group=",".join(map(str, furnished.group)),
        user_group=furnished.made["a group"][0],
    )
