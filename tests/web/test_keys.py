"""Shortcuts: which one a key runs, and what "?" lists."""

from collections.abc import Iterator

import pytest

from tests.web.modules import Modules

PRESS = """(document.dispatchEvent(new KeyboardEvent("keydown", { key: given })), window.ran)"""
MAKE = """(window.stops.push(it.shortcuts(...given.map((each) => ({
    keys: [each.key], does: each.does, group: "",
    when: () => !each.never, run: () => window.ran.push(each.does),
})))), undefined)"""


@pytest.fixture
def keys(modules: Modules) -> Iterator[Modules]:
    modules.page.evaluate("Object.assign(window, { ran: [], stops: [] })")
    modules.ask("base/keys.js", "(window.listens ??= (it.listen(), true))")
    yield modules
    modules.page.evaluate("window.stops.forEach((stop) => stop())")


def _make(keys: Modules, *shortcuts: dict[str, object]) -> None:
    keys.ask("base/keys.js", MAKE, list(shortcuts))


def _listed(keys: Modules) -> object:
    return keys.ask("base/keys.js", "it.all().map((each) => each.does)")


def test_they_are_listed_in_the_order_in_which_they_were_made(keys: Modules) -> None:
    _make(keys, {"key": "a", "does": "first"}, {"key": "b", "does": "second"})
    _make(keys, {"key": "c", "does": "third"}, {"key": "d", "does": "fourth"})
    assert _listed(keys) == ["first", "second", "third", "fourth"]


def test_what_was_made_later_is_asked_first(keys: Modules) -> None:
    _make(keys, {"key": "a", "does": "page"}, {"key": "b", "does": "page too"})
    _make(keys, {"key": "a", "does": "view"}, {"key": "b", "does": "view, not now", "never": True})
    assert keys.ask("base/keys.js", PRESS, "a") == ["view"]
    assert keys.ask("base/keys.js", PRESS, "b") == ["view", "page too"]


def test_those_that_are_taken_back_are_gone(keys: Modules) -> None:
    _make(keys, {"key": "a", "does": "page"})
    _make(keys, {"key": "a", "does": "view"}, {"key": "b", "does": "view too"})
    keys.page.evaluate("window.stops.pop()()")
    assert keys.ask("base/keys.js", PRESS, "a") == ["page"]
    assert _listed(keys) == ["page"]
