"""What was opened and closed leaves nothing behind: no element, no listener, none who watches."""

import itertools

import pytest
from playwright.sync_api import CDPSession

from tests.web.conftest import Open
from tests.web.window import Site

TIMES, ROUNDS = 3, 4
MOST = {"Nodes": 3, "JSEventListeners": 0.5}  # a round
VIEWS = (
    "inbox",
    "recent",
    "drafts",
    "scheduled",
    "feed",
    "narrow/is/starred",
    "narrow/channel/{channel}-general",
)
DIALOGS = (
    *(
        f"settings/{each}"
        for each in ("profile", "account", "preferences", "notifications", "devices", "bots")
    ),
    *(f"organization/{each}" for each in ("profile", "permissions", "people", "emoji")),
    *(f"channels/{{channel}}/{each}" for each in ("general", "subscribers", "permissions", "personal")),
    "groups/all",
    "user/{user}",
    "keyboard-shortcuts",
)
GO = """async (hashes) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 20)));
    const gone = async (selector) => {
        for (let frames = 0; frames < 50 && document.querySelector(selector); frames++) await frame();
    };
    for (const hash of [...hashes, "#inbox"]) {
        location.hash = hash;
        await frame();
        await gone(".sheet-content:empty, .list-start:empty");
    }
    await gone("dialog");
}"""


def _kept(devtools: CDPSession) -> dict[str, float]:
    """Elements that live, in the document or not, and listeners."""
    devtools.send("HeapProfiler.collectGarbage")
    metrics = devtools.send("Performance.getMetrics")["metrics"]
    return {each["name"]: each["value"] for each in metrics if each["name"] in MOST}


@pytest.mark.parametrize("hashes", [VIEWS, DIALOGS], ids=["views", "dialogs"])
def test_opening_and_closing_leaves_nothing_behind(
    open_page: Open, site: Site, hashes: tuple[str, ...]
) -> None:
    window = open_page("iago", "#inbox")
    channel = site.person("iago").ask("GET", "/get_stream_id", stream="general")["stream_id"]
    asked = [f"#{each.format(channel=channel, user=site.users[0].id)}" for each in hashes]
    devtools = window.context.new_cdp_session(window.page)
    devtools.send("Performance.enable")
    window.page.evaluate(GO, asked * 2)  # modules are fetched, caches filled
    counts = [_kept(devtools)]
    for _ in range(TIMES):
        window.page.evaluate(GO, asked * ROUNDS)
        counts.append(_kept(devtools))
    grown = {name: min(_steps([each[name] for each in counts])) / ROUNDS for name in MOST}
    assert all(each <= MOST[name] for name, each in grown.items()), grown


def _steps(counts: list[float]) -> list[float]:
    """Chromium itself keeps some for a while: what leaks grows each time."""
    return [after - before for before, after in itertools.pairwise(counts)]
