"""What was sent reaches the server once, whatever happens to the network, the server and the page."""

from itertools import count

import pytest
from playwright.sync_api import Route, expect

from tests.conftest import until
from tests.web.conftest import Open
from tests.web.window import Site, Window
from tests.web.writing import OUTBOX, begin, place, say, waiting, written

topics = (f"s{number}" for number in count())


@pytest.fixture
def topic() -> str:
    return next(topics)


@pytest.fixture
def window(open_page: Open, topic: str) -> Window:
    window = open_page("hamlet", place(topic), worker=False)
    begin(window.page)
    return window


def test_what_is_written_without_a_network_is_sent_in_order_when_it_is_back(
    window: Window, site: Site, topic: str
) -> None:
    window.context.set_offline(True)
    for each in ("one", "two", "three"):
        say(window.page, each)
    until(lambda: waiting(window)[0] == ("one", "waiting"))
    assert len(waiting(window)) == 3
    window.context.set_offline(False)
    until(lambda: written(site, topic) == ["one", "two", "three"])
    until(lambda: waiting(window) == [])
    window.troubles.clear()  # requests without a network


def test_an_answer_that_is_lost_makes_no_second_message(window: Window, site: Site, topic: str) -> None:
    lost: list[Route] = []

    def lose(route: Route) -> None:
        if not lost:
            route.fetch()
        lost.append(route)
        route.abort() if len(lost) == 1 else route.continue_()

    window.page.route("**/api/v1/events?**", lambda route: None)  # nor does the page hear of it so
    window.page.route("**/api/v1/messages", lose)
    window.page.reload()
    window.page.get_by_role("button", name=f"Message #general > {topic}").click()
    say(window.page, "once")
    until(lambda: waiting(window) == [("once", "sending")] and len(lost) == 2)
    assert written(site, topic) == ["once"]
    window.troubles.clear()  # the request that failed


def test_a_message_outlives_the_page(window: Window, site: Site, topic: str) -> None:
    window.page.route("**/api/v1/messages", lambda route: route.abort())
    say(window.page, "later")
    until(lambda: waiting(window) == [("later", "waiting")])
    assert written(site, topic) == []
    window.page.unroute_all()
    window.page.reload()
    until(lambda: written(site, topic) == ["later"])
    window.troubles.clear()  # the request that failed


def test_two_tabs_send_it_once(window: Window, site: Site, topic: str) -> None:
    window.context.route("**/api/v1/messages", lambda route: route.abort())
    say(window.page, "from both")
    until(lambda: waiting(window) == [("from both", "waiting")])
    other = window.new_tab()
    other.goto(window.page.url)
    other.wait_for_selector(":root[data-ready]")
    window.context.unroute_all()
    window.ask(OUTBOX, "it.retry()")
    until(lambda: written(site, topic) == ["from both"])
    until(lambda: waiting(window) == [])
    assert other.evaluate("Object.keys(localStorage).filter((each) => each.startsWith('outbox'))") == []
    assert written(site, topic) == ["from both"]
    window.troubles.clear()  # the requests that failed


def test_what_the_server_refuses_can_be_tried_again_or_discarded(
    open_page: Open, site: Site, topic: str
) -> None:
    iago = site.person("iago")
    iago.call("PATCH", "/realm", mandatory_topics=True)
    window = open_page("hamlet", place(topic), worker=False)
    send = "it.send({type: 'channel', stream_id: 1, topic: ''}, 'without a topic')"
    refused = window.ask(OUTBOX, send)
    until(lambda: waiting(window) == [("without a topic", "failed")])
    assert "Topics are required" in window.ask(OUTBOX, "it.all()[0].error")
    window.page.reload()
    window.page.wait_for_selector(":root[data-ready]")
    assert waiting(window) == [("without a topic", "failed")]
    iago.call("PATCH", "/realm", mandatory_topics=False)
    window.ask(OUTBOX, f"it.retry('{refused}')")
    until(lambda: written(site, "") == ["without a topic"])
    iago.call("PATCH", "/realm", mandatory_topics=True)
    refused = window.ask(OUTBOX, send)
    until(lambda: waiting(window) == [("without a topic", "failed")])
    window.ask(OUTBOX, f"it.discard('{refused}')")
    assert waiting(window) == []
    iago.call("PATCH", "/realm", mandatory_topics=False)
    window.troubles.clear()  # the answers 400


def test_a_hundred_messages_may_wait(window: Window) -> None:
    window.page.route("**/api/v1/messages", lambda route: None)  # there is no answer
    send = "it.send({type: 'channel', stream_id: 1, topic: 'many'}, 'x')"
    window.ask(OUTBOX, f"{{ for (let at = 0; at < 100; at++) {send}; }}")
    assert window.ask(OUTBOX, f"{{ try {{ {send} }} catch (error) {{ return error.message; }} }}") == (
        "Too many messages are waiting to be sent."
    )
    window.ask(OUTBOX, "{ for (const each of [...it.all()]) it.discard(each.local_id); }")


def test_the_server_is_killed_while_one_writes(window: Window, site: Site, topic: str) -> None:
    say(window.page, "before")
    until(lambda: waiting(window) == [])
    assert written(site, topic) == ["before"]
    site.server.kill()
    say(window.page, "meanwhile")
    until(lambda: waiting(window) == [("meanwhile", "waiting")])
    site.server.start()
    until(lambda: written(site, topic) == ["before", "meanwhile"])
    expect(window.page.get_by_role("main").get_by_text("meanwhile")).to_have_count(1)
    until(lambda: waiting(window) == [])
    window.troubles.clear()  # requests without a server
