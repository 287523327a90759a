"""Every view, dialog and section once in each look: nothing is too wide, too small, or wrong by axe-core.

The pictures stay in build/screenshots, for people to look at.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.web import axe, sizes, states
from tests.web.lived_in import LivedIn, furnish
from tests.web.states import State
from tests.web.window import PHONE, Site, Window

LOOKS: dict[str, dict[str, Any]] = {"desktop": {}, "dark": {"dark": True}, "phone": {"size": PHONE}}


@pytest.fixture(scope="module")
def furnished(site: Site) -> LivedIn:
    return furnish(site)


@pytest.fixture(scope="module", params=LOOKS)
def look(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def window(look: str, chromium: Browser, site: Site, furnished: LivedIn) -> Iterator[Window]:
    """One for all states: each is left as it was found."""
    furnished.unread_again()
    opened = Window(chromium, site, "iago", **LOOKS[look])
    opened.go()
    yield opened
    opened.close()
    assert opened.troubles == []


@pytest.mark.parametrize("state", states.ALL, ids=[each.name for each in states.ALL])
def test_a_state(window: Window, look: str, furnished: LivedIn, state: State) -> None:
    try:
        states.show(window, state, furnished)
        window.shot(f"{state.name}-{look}")
        assert sizes.too_wide(window.page) == []
        assert axe.faults(window.page) == []
        assert look != "phone" or sizes.too_small(window.page) == []
    finally:
        states.leave(window, state)
