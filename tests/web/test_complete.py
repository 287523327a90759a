"""The page follows what the server tells, and offers what it has: nothing of either is forgotten."""

import re
from pathlib import Path

import pytest

from appliance.model.events import KINDS
from tests.web.test_modules import FOLDER, MODULES

DOCUMENT = (Path(__file__).parents[2] / "docs" / "page.md").read_text("utf-8")
LEFT_OUT = DOCUMENT.partition("## What it does not follow")[2].partition("\n## ")[0]
SERVED = {kind.type for kind in KINDS.values() if kind.served}
HANDLERS = re.compile(r"^export const events = \{(?:\n(?:  .*\n)+| .* )\};$", re.MULTILINE)


def _followed() -> set[str]:
    """Types that a noun has in `events`, or that something hears."""
    nouns = "".join(
        found
        for module, source in MODULES.items()
        if module.startswith("state/")
        for found in HANDLERS.findall(source)
    )
    deeds = {name for source in MODULES.values() for name in re.findall(r'\bhear\("(\w+)"', source)}
    return deeds | {name for name in re.findall(r"\b(\w+)(?::|\()", nouns) if name in SERVED}


def test_every_type_of_event_is_followed_or_left_out_on_purpose() -> None:
    left_out = {name for name in re.findall(r"`(\w+)`", LEFT_OUT) if name in SERVED}
    assert _followed() & left_out == set()
    assert SERVED - _followed() - left_out == set()


def test_nothing_is_followed_that_is_never_sent() -> None:
    ours = {"renewed"}  # live/heard.js
    assert _followed() - SERVED == ours


def test_the_languages_are_those_of_the_catalogues() -> None:
    offered = set(re.findall(r'value: "(\w+)"', MODULES["parts/languages.js"]))
    catalogues = {each.parents[1].name for each in FOLDER.parent.glob("locale/*/LC_MESSAGES/*.mo")}
    assert offered == {"en", *catalogues}


@pytest.mark.parametrize("folder", sorted({module.split("/")[0] for module in MODULES if "/" in module}))
def test_every_folder_is_described(folder: str) -> None:
    assert f"`{folder}/`" in DOCUMENT


@pytest.mark.parametrize("name", re.findall(r"`((?:[a-z]+/)?[a-z_]+\.js)`", DOCUMENT))
def test_the_modules_that_are_named_exist(name: str) -> None:
    """Those without a folder are in that of the name before it, or on top."""
    assert any(module == name or module.endswith(f"/{name}") for module in MODULES)
