"""Parts of the page that tests of navigation look at."""

import re

from playwright.sync_api import Locator, Page


def column(page: Page) -> Locator:
    """The one at the left."""
    return page.get_by_role("navigation", name="Channels and conversations")


def line(page: Page, name: str) -> Locator:
    """A line of the left column: its link, whatever is unread there."""
    unread = r"( @)?( \d+ (unread|starred|kept|waiting))?"
    return column(page).get_by_role("link", name=re.compile(rf"^{re.escape(name)}{unread}$"))


def title(page: Page) -> Locator:
    """What the bar says of what is open."""
    return page.get_by_role("banner").get_by_role("heading", level=1)


def own_menu(page: Page, item: str) -> None:
    """Choose in the menu behind one's picture."""
    page.get_by_role("button", name="You, settings and more").click()
    page.get_by_role("menu").get_by_text(item, exact=True).click()
