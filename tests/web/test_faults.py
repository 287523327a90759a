"""Server, network, queue and session go while one uses the page: nothing is lost or doubled."""

import random
import threading
from itertools import count

import pytest
from playwright.sync_api import Page, Route, expect

from tests.conftest import until
from tests.process.server import ServerProcess, die_in
from tests.web.conftest import Open
from tests.web.talk import article
from tests.web.window import NO_SERVER, Site, Window
from tests.web.writing import GENERAL, begin, place, say, shown, text_of, waiting, written

PATIENCE = (
    60_000  # milliseconds: the page may have waited long already, and waits the longer for its next attempt
)
topics = (f"f{number}" for number in count())


@pytest.fixture
def topic() -> str:
    return next(topics)


@pytest.fixture
def window(open_page: Open, topic: str) -> Window:
    """Hamlet's, who is about to write."""
    return writing(open_page, topic, worker=False)


def writing(open_page: Open, topic: str, *, worker: bool) -> Window:
    window = open_page("hamlet", place(topic), worker=worker)
    begin(window.page)
    return window


def post(site: Site, name: str, topic: str, content: str) -> int:
    where = {"type": "stream", "to": GENERAL, "topic": topic}
    message_id: int = site.person(name).ask("POST", "/messages", **where, content=content)["id"]
    return message_id


def see(page: Page, texts: list[str]) -> None:
    """They are there, each once, in this order, with none on its way."""
    expect(page.locator("article.pending")).to_have_count(0, timeout=PATIENCE)
    expect(page.locator("article .message-content")).to_have_text(texts, timeout=PATIENCE)


# -- the server dies


class Killer:
    """Kills the server at random moments, and starts it again, until it is told to end."""

    def __init__(self, server: ServerProcess, seed: int) -> None:
        self._server, self._chance = server, random.Random(seed)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="killer")
        self.kills = 0

    def __enter__(self) -> "Killer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ending.wait(self._chance.uniform(0.05, 1)):
            self._server.kill()
            self._server.start()
            self.kills += 1


def test_ten_messages_while_the_server_is_killed_again_and_again(
    open_page: Open, site: Site, topic: str
) -> None:
    window = writing(open_page, topic, worker=True)
    other, texts = open_page("cordelia", place(topic)), [f"number {each}" for each in range(10)]
    with Killer(site.server, seed=7) as killer:
        for text in texts:
            say(window.page, text)
            window.page.wait_for_timeout(200)
        until(lambda: killer.kills >= 3)
    until(lambda: written(site, topic) == texts)
    see(window.page, texts)
    see(other.page, texts)
    assert waiting(window) == []
    for each in (window, other):
        each.forgive(*NO_SERVER)


@pytest.mark.parametrize(
    "point",
    [
        "appliance.store.idempotency:add",  # nothing was sent
        "appliance.http.routes.messages:_sent",  # it was sent, and the page was not answered
    ],
)
def test_the_server_dies_while_a_message_is_sent(
    point: str, window: Window, open_page: Open, site: Site, topic: str
) -> None:
    other = open_page("cordelia", place(topic))
    site.server.kill()
    site.server.start(die_in(point))
    say(window.page, "once")
    site.server.crash()
    site.server.start()
    until(lambda: waiting(window) == [])
    see(window.page, ["once"])
    see(other.page, ["once"])
    assert written(site, topic) == ["once"]
    for each in (window, other):
        each.forgive(*NO_SERVER)


def test_the_server_is_stopped_and_started(window: Window, site: Site, topic: str) -> None:
    """The page says so meanwhile, and what is being written stays."""
    text_of(window.page).fill("half a sen")
    queue = window.ask("live/poll.js", "it.queueId()")
    site.server.stop()
    expect(window.page.get_by_role("banner")).to_contain_text("Reconnecting")
    site.server.start()
    expect(window.page.get_by_role("banner")).not_to_contain_text("Reconnecting", timeout=PATIENCE)
    post(site, "cordelia", topic, "are you there?")
    see(window.page, ["are you there?"])
    expect(text_of(window.page)).to_have_value("half a sen")
    assert window.ask("live/poll.js", "it.queueId()") == queue
    window.forgive(*NO_SERVER)


def test_a_gateway_without_a_server(window: Window, site: Site, topic: str) -> None:
    """What stands before the server answers with a page of its own, and even that all is well."""
    answers = iter([502, 200, 503])

    def broken(route: Route) -> None:
        status = next(answers, None)
        route.continue_() if status is None else route.fulfill(status=status, body="<h1>Oh no</h1>")

    window.page.route("**/api/v1/messages", broken)
    say(window.page, "through it all")
    see(window.page, ["through it all"])
    assert written(site, topic) == ["through it all"]
    window.forgive("502", "503")


# -- the network


def test_ten_minutes_without_a_network(open_page: Open, site: Site, topic: str) -> None:
    window = open_page("hamlet", place(topic))
    page = window.page
    page.clock.install()
    page.reload()
    page.wait_for_selector(":root[data-ready]")
    begin(page)
    queue = window.ask("live/poll.js", "it.queueId()")
    window.context.set_offline(True)
    post(site, "cordelia", topic, "one")  # by the poll that waits already
    expect(article(page, "one")).to_be_visible()
    say(page, "mine")
    for _ in range(10):
        page.clock.run_for(60_000)
    post(site, "cordelia", topic, "two")
    assert shown(page) == ["one", "mine"]
    expect(page.get_by_role("banner")).to_contain_text("No network")
    window.context.set_offline(False)
    see(page, ["one", "two", "mine"])
    assert written(site, topic) == ["one", "two", "mine"]
    assert window.ask("live/poll.js", "it.queueId()") == queue
    window.forgive(*NO_SERVER)


# -- the queue


def drop_queue(window: Window) -> None:
    """While the page has no network: `window.context.set_offline(False)` lets it find out."""
    window.context.set_offline(True)
    expect(window.page.get_by_role("banner")).to_contain_text("No network")
    queue = window.ask("live/poll.js", "it.queueId()")
    window.site.person(window.name).ask("DELETE", "/events", queue_id=queue)


FIRST_IN_SIGHT = """() => {
  const edge = document.querySelector('.messages').getBoundingClientRect().top;
  const all = [...document.querySelectorAll('article')];
  const first = all.find((each) => each.getBoundingClientRect().bottom > edge);
  return [Number(first.dataset.id), Math.round(first.getBoundingClientRect().top)];
}"""


def test_a_new_queue_moves_nobody_who_reads(open_page: Open, site: Site, topic: str) -> None:
    ids = [post(site, "hamlet", topic, f"words {each}") for each in range(60)]
    window = open_page("hamlet", f"{place(topic)}/near/{ids[30]}")
    expect(window.page.locator(f"#message-{ids[30]}")).to_be_in_viewport()
    before = window.page.evaluate(FIRST_IN_SIGHT)
    drop_queue(window)
    missed = post(site, "cordelia", topic, "missed")
    window.context.set_offline(False)
    expect(window.page.locator(f"#message-{missed}")).to_be_attached(timeout=PATIENCE)
    assert window.page.evaluate(FIRST_IN_SIGHT) == before
    window.forgive(*NO_SERVER, "400")


def test_a_message_is_shown_once_though_its_event_never_comes(window: Window, site: Site, topic: str) -> None:
    """It was sent by the queue that is gone; the page knows it from its list."""

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    drop_queue(window)
    window.page.route("**/api/v1/messages", lose, times=1)
    say(window.page, "once")
    window.context.set_offline(False)
    expect(window.page.locator("article:not(.pending)")).to_have_count(1)
    expect(window.page.locator("article.pending")).to_have_count(0, timeout=7_000)
    assert written(site, topic) == ["once"]
    window.forgive(*NO_SERVER, "400", "ERR_FAILED")


def test_what_was_missed_comes_though_the_server_fails_at_first(
    window: Window, site: Site, topic: str
) -> None:
    drop_queue(window)
    post(site, "cordelia", topic, "missed")
    window.page.route("**/api/v1/messages?*", lambda route: route.abort(), times=1)
    window.context.set_offline(False)
    see(window.page, ["missed"])
    window.forgive(*NO_SERVER, "400", "ERR_FAILED")


def test_what_could_not_be_opened_opens_when_the_network_is_back(
    window: Window, site: Site, topic: str
) -> None:
    post(site, "cordelia", f"{topic}-other", "over here")
    window.context.set_offline(True)
    window.page.evaluate("(hash) => { location.hash = hash }", place(f"{topic}-other"))
    expect(window.page.get_by_role("button", name="Try again")).to_be_visible()
    window.context.set_offline(False)
    see(window.page, ["over here"])
    window.forgive(*NO_SERVER)


# -- the session


def test_a_session_that_is_ended_elsewhere(window: Window, site: Site, topic: str) -> None:
    """One signs in again where one was, and what was being written is there."""
    page = window.page
    text_of(page).fill("half a sentence")
    site.person("hamlet").ask("DELETE", "/appliance/sessions")
    page.wait_for_url("**/login?next=*")
    window.sign_in("hamlet")
    page.goto(site.server.url + page.evaluate("new URLSearchParams(location.search).get('next')"))
    page.wait_for_selector(":root[data-ready]")
    expect(page.get_by_role("button", name="Draft half a sentence")).to_be_visible()
    begin(page)
    expect(text_of(page)).to_have_value("half a sentence")
    window.forgive("401")


@pytest.mark.parametrize("again", ["the queue", "the outbox"])
def test_somebody_else_signs_in_at_the_same_browser(
    again: str, window: Window, site: Site, topic: str
) -> None:
    """What one has written is never sent in another's name, nor is their chat shown as one's own."""
    window.context.set_offline(True)
    expect(window.page.get_by_role("banner")).to_contain_text("No network")
    say(window.page, "by hamlet")
    if again == "the outbox":
        window.page.route("**/api/v1/events?*", lambda route: None)
    window.sign_in("cordelia")
    window.context.set_offline(False)
    expect(window.page.get_by_role("article").filter(has_text="by hamlet")).to_have_count(0, timeout=PATIENCE)
    window.page.wait_for_selector(":root[data-ready]")
    assert window.ask("state/me.js", "it.id()") == site.person("cordelia").user_id
    assert written(site, topic) == []
    window.sign_in("hamlet")
    window.page.reload()
    see(window.page, ["by hamlet"])
    assert written(site, topic) == ["by hamlet"]
    window.forgive(*NO_SERVER, "400", "401", "403")
