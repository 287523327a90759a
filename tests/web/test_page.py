"""The page opens."""

from playwright.sync_api import Page, expect


def test_it_opens(hamlet: Page) -> None:
    expect(hamlet.get_by_role("main")).to_be_attached()
