"""What the tests of the organization's dialogs share."""

from typing import Any

from playwright.sync_api import Locator, Page

from tests.process.client import Person
from tests.web.conftest import Open


def section(open_page: Open, name: str, who: str = "iago") -> Page:
    """A section of the organization, opened by the owner or somebody else."""
    page: Page = open_page(who, f"#organization/{name}").page
    return page


def row(page: Page, text: str) -> Locator:
    """Of a list in the dialog."""
    return page.get_by_role("dialog").get_by_role("listitem").filter(has_text=text)


def realm(person: Person, name: str) -> Any:
    """A setting of the organization, as the server has it."""
    return person.ask("POST", "/register", fetch_event_types=["realm"])[f"realm_{name}"]
