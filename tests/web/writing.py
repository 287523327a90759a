"""Writing in the page, and what of it has reached the server."""

from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.web.window import Site, Window

GENERAL = 1  # the channel that everybody is in
OUTBOX = "live/outbox.js"


def place(topic: str) -> str:
    return f"#narrow/channel/{GENERAL}-general/topic/{topic}"


def text_of(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Message", exact=True)


def begin(page: Page) -> None:
    """To write in the conversation that is opening."""
    expect(page.locator(".compose-opener")).not_to_have_text("Write a message")
    page.keyboard.press("c")
    expect(text_of(page)).to_be_focused()


def say(page: Page, content: str) -> None:
    text_of(page).fill(content)
    text_of(page).press("Control+Enter")


def written(site: Site, topic: str) -> list[str]:
    """What the server has in a topic."""
    terms = [{"operator": "channel", "operand": "general"}, {"operator": "topic", "operand": topic}]
    asked: dict[str, Any] = {"anchor": "newest", "num_before": 50, "num_after": 0, "narrow": terms}
    found = site.person("cordelia").ask("GET", "/messages", apply_markdown=False, **asked)
    return [each["content"] for each in found["messages"]]


def waiting(window: Window) -> list[tuple[str, str]]:
    """What it does not have yet, and why."""
    found = window.ask(OUTBOX, "it.all().map((each) => [each.content, each.state])")
    return [(content, state) for content, state in found]


def shown(page: Page) -> list[str]:
    """The texts of the messages that one sees, in order; also of those on their way."""
    found: list[str] = page.locator("article .message-content").all_inner_texts()
    return found
