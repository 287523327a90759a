"""The page in headless Chromium: what its first load weighs and how long it takes, a long topic, a flood of
messages while somebody types, and memory.

Run it with `benchmarks/run page`; it needs Chromium and Playwright. The processor of the browser is slowed
down where a row says so, as an old laptop's; the server's never is.
"""

import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import orjson
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from appliance.actions.message import send as message_actions
from appliance.actions.message.send import Draft
from appliance.actions.user import session as sessions
from appliance.base.clock import SystemClock
from appliance.http.page import COOKIE
from appliance.store import user as users
from appliance.store.store import Store
from benchmarks.client import Connection
from benchmarks.report import percentile, rounds, show
from benchmarks.server import CHANNEL, Person, Server, populate

PEOPLE = 20
TOPIC, LONG, QUICK_LONG = "a long topic", 10_000, 1_000
ROUNDS, QUICK_ROUNDS = 7, 2
FLOOD = 60  # messages a second
FLOODED, QUICK_FLOODED = 10_000, 600
TYPED = 15.0  # seconds of typing
LATE = 50  # milliseconds
QUIET = 2000  # milliseconds in which a page that has loaded asks for what it asks for at once
MEMORY_ROWS = 6
SLOW = 4  # times

READY = """
performance.mark("began");
new MutationObserver(() => document.documentElement.dataset.ready !== undefined && performance.mark("ready"))
    .observe(document, {attributes: true, subtree: true, attributeFilter: ["data-ready"]});
"""
READY_AT = "performance.getEntriesByName('ready')[0].startTime"
MESSAGES = "#main article.message"
NEVER_IDLE = "window.requestIdleCallback = () => 0"  # what is fetched ahead of its use is not
# From the click on a link until its newest message has been painted, milliseconds.
OPEN_TOPIC = """
(hash) => new Promise((resolve) => {
    const began = performance.now();
    location.hash = hash;
    const look = () => document.querySelectorAll("#main article.message").length > 20
        ? requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)))
        : requestAnimationFrame(look);
    requestAnimationFrame(look);
})
"""
FRAMES = """
() => { window.allFrames = []; let last = performance.now();
    const frame = (now) => { allFrames.push(now - last); last = now; requestAnimationFrame(frame); };
    requestAnimationFrame(frame); }
"""


@dataclass
class Team:
    """A server with a long topic, and browsers of its people."""

    folder: Path
    people: list[Person]
    server: Server
    browser: Browser

    @cached_property
    def channel_id(self) -> int:
        connection = Connection(self.server.port, self.people[0])
        found = connection.ask(connection.request("GET", f"/get_stream_id?stream={CHANNEL}"))
        connection.socket.close()
        return int(orjson.loads(found)["stream_id"])

    def cookie(self, person: Person) -> str:
        store = Store(self.folder, SystemClock())
        try:
            with store.read() as reader:
                user = users.with_id(reader, person.id)
            assert user is not None
            return sessions.begin(store, user)
        finally:
            store.close()

    @contextmanager
    def page(self, person: Person) -> Iterator[tuple[Page, CDPSession]]:
        context: BrowserContext = self.browser.new_context(viewport={"width": 1280, "height": 800})
        url = f"http://127.0.0.1:{self.server.port}"
        context.add_cookies([{"name": COOKIE, "value": self.cookie(person), "url": url}])
        page = context.new_page()
        page.add_init_script(READY)
        yield page, context.new_cdp_session(page)
        context.close()

    def narrow(self, topic: str) -> str:
        return f"#narrow/channel/{self.channel_id}/topic/{topic.replace(' ', '.20')}"

    def flood(self, per_second: int, number: int) -> int:
        """Somebody writes, by the clock; the id of the last message."""
        connection = Connection(self.server.port, self.people[3])
        last = 0
        began = time.monotonic()
        for each in range(number):
            time.sleep(max(0.0, began + each / per_second - time.monotonic()))
            form = {"type": "channel", "to": CHANNEL, "topic": "flood", "content": f"message *{each}*"}
            last = orjson.loads(connection.ask(connection.request("POST", "/messages", form)))["id"]
        connection.socket.close()
        return last

    def open(self, page: Page, hash: str = "") -> None:
        page.goto(f"http://127.0.0.1:{self.server.port}/{hash}")
        page.wait_for_selector(":root[data-ready]")


def write(folder: Path, person: Person, number: int) -> None:
    """A long topic."""
    store = Store(folder, SystemClock())
    with store.read() as reader:
        writer = users.with_id(reader, person.id)
    assert writer is not None
    for each in range(number):
        draft = Draft(writer, f"message {each} of **many**, with a [link](https://example.com)", "", True)
        message_actions.send_to_channel(store, draft, CHANNEL, TOPIC)
    store.close()


def weights(team: Team, place: str, hash: str) -> list[str]:
    """With an empty cache; then the same with what is fetched ahead of its use."""
    requests, size = weigh(team, hash, NEVER_IDLE)
    all_requests, all_size = weigh(team, hash)
    return [place, str(requests), f"**{size:.0f}**", str(all_requests), f"{all_size:.0f}"]


def weigh(team: Team, hash: str, script: str = "") -> tuple[int, float]:
    """Requests, and kB of their answers with their headers, until the page asks for nothing more."""
    sent: list[float] = []
    with team.page(team.people[2]) as (page, session):
        page.add_init_script(script)
        session.on("Network.loadingFinished", lambda event: sent.append(event["encodedDataLength"]))
        session.send("Network.enable")
        team.open(page, hash)
        before = -1
        while before < len(sent):
            before = len(sent)
            page.wait_for_timeout(QUIET)
    return len(sent), sum(sent) / 1000


def loads(team: Team, slow: int, number: int) -> list[str]:
    found = [load(team, slow) for _ in range(number)]
    firsts, seconds = zip(*found, strict=True)
    return [str(slow), rounds(firsts), rounds(seconds)]


def load(team: Team, slow: int) -> tuple[float, float]:
    """Milliseconds until it works with an empty cache, and with a full one."""
    with team.page(team.people[2]) as (page, session):
        session.send("Emulation.setCPUThrottlingRate", {"rate": slow})
        team.open(page)
        first = page.evaluate(READY_AT)
        page.wait_for_timeout(QUIET)
        team.open(page)
        return first, page.evaluate(READY_AT)


def topics(team: Team, slow: int, number: int) -> list[str]:
    opened = []
    with team.page(team.people[2]) as (page, session):
        team.open(page, "#inbox")
        session.send("Emulation.setCPUThrottlingRate", {"rate": slow})
        for _ in range(number):
            page.evaluate("location.hash = '#inbox'")
            page.wait_for_selector(MESSAGES, state="detached")
            opened.append(page.evaluate(OPEN_TOPIC, team.narrow(TOPIC)))
    return [str(slow), rounds(opened)]


def typing(team: Team, per_second: int) -> list[str]:
    """Somebody types in the conversation into which so many messages come."""
    with team.page(team.people[2]) as (page, _):
        team.open(page, team.narrow("flood"))
        page.keyboard.press("c")
        page.get_by_role("textbox", name="Message", exact=True).click()
        page.evaluate(FRAMES)
        flood = threading.Thread(target=team.flood, args=(per_second, int(per_second * TYPED)))
        flood.start()
        until = time.monotonic() + TYPED
        while time.monotonic() < until:
            page.keyboard.type("the quick brown fox ", delay=60)
        flood.join()
        frames = page.evaluate("allFrames")
    late = sum(each > LATE for each in frames)
    return [str(per_second), *(f"{percentile(frames, share):.0f}" for share in (0.5, 0.99, 1)), f"**{late}**"]


def memory(team: Team, number: int) -> list[list[str]]:
    """While the newest message is in sight all the time."""
    rows = []
    with team.page(team.people[2]) as (page, session):
        team.open(page, team.narrow("flood"))
        page.wait_for_selector(MESSAGES)
        page.keyboard.press("End")
        for part in range(MEMORY_ROWS):
            if part:
                newest = team.flood(FLOOD * 2, number // (MEMORY_ROWS - 1))
                page.wait_for_selector(f"#message-{newest}", state="attached")
            session.send("HeapProfiler.collectGarbage")
            heap = session.send("Runtime.getHeapUsage")["usedSize"] / 2**20
            nodes = session.send("Memory.getDOMCounters")["nodes"]
            rows.append([f"{part * number // (MEMORY_ROWS - 1):,}", f"**{heap:.1f}**", f"{nodes:,}"])
    return rows


def main() -> None:
    quick = "--quick" in sys.argv
    chromium = shutil.which("chromium")
    if chromium is None:
        print("page: there is no Chromium\n")
        return
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "data"
        people = populate(folder, PEOPLE, PEOPLE)
        write(folder, people[1], QUICK_LONG if quick else LONG)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        with Server(folder) as server:
            measure(Team(folder, people, server, browser), quick)
        browser.close()


def measure(team: Team, quick: bool) -> None:
    number, flooded = (QUICK_ROUNDS, QUICK_FLOODED) if quick else (ROUNDS, FLOODED)
    show(
        "Page: weight",
        ("opened at", "requests", "kB transferred", "requests with what is fetched ahead", "kB"),
        [weights(team, "home", ""), weights(team, "a long topic", team.narrow(TOPIC))],
    )
    show(
        "Page: load",
        ("processor slowed", "first load, ms", "again, ms"),
        [loads(team, slow, number) for slow in (1, SLOW)],
    )
    show(
        "Page: a long topic",
        ("processor slowed", "opened and painted, ms"),
        [topics(team, slow, number) for slow in (1, SLOW)],
    )
    show(
        "Page: typing",
        ("messages/s", "frame p50, ms", "p99", "worst", f"frames over {LATE} ms"),
        [typing(team, each) for each in (0, FLOOD)],
    )
    show("Page: memory", ("messages received", "heap, MiB", "DOM nodes"), memory(team, flooded))


if __name__ == "__main__":
    main()
