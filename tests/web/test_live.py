"""The page keeps up with the server: events, restarts, lost networks and sessions; feeds, reading, typing."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from playwright.sync_api import Route

from tests.conftest import until
from tests.process.client import Person
from tests.web.window import NO_SERVER, Site, Window

Open = Callable[..., Window]
GENERAL = 1
PATIENCE = 20.0  # seconds
GONE = 10**9  # a message that the server does not know
AWAY = "#inbox"  # no message is in sight there, so that none is marked as read


@pytest.fixture
def window(open_page: Open) -> Window:
    """Hamlet's."""
    return open_page("hamlet", AWAY, worker=False)


@pytest.fixture
def cordelia(site: Site) -> Person:
    return site.person("cordelia")


@pytest.fixture
def topic(request: pytest.FixtureRequest) -> str:
    """One of the test's own."""
    return str(request.node.name)[:60].strip()


def post(person: Person, topic: str, content: str = "hello") -> int:
    where = {"type": "stream", "to": GENERAL, "topic": topic}
    sent = person.ask("POST", "/messages", **where, content=content, read_by_sender=True)
    message_id: int = sent["id"]
    return message_id


def move(person: Person, message_id: int, topic: str, mode: str = "change_one") -> None:
    """Without a notice of it."""
    silent = {f"send_notification_to_{each}_thread": False for each in ("old", "new")}
    person.ask("PATCH", f"/messages/{message_id}", topic=topic, propagate_mode=mode, **silent)


def narrow(topic: str) -> list[dict[str, Any]]:
    return [{"operator": "channel", "operand": GENERAL}, {"operator": "topic", "operand": topic}]


def heard(window: Window) -> bool:
    """Lets the page go on, and its requests come to their handlers."""
    window.page.wait_for_timeout(10)
    return False


def wait_for(window: Window, module: str, expression: str) -> None:
    """Until it is true of the page's module."""
    until(lambda: window.ask(module, expression) or heard(window), PATIENCE)


def wait_for_message(window: Window, message_id: int) -> None:
    wait_for(window, "state/messages.js", f"!!it.get({message_id})")


def pass_over(window: Window, *parts: str) -> None:
    """Errors that the test has caused."""
    window.troubles[:] = [each for each in window.troubles if not any(part in each for part in parts)]


class FeedIn:
    """A feed in a page, with no view of it."""

    def __init__(self, window: Window, terms: list[dict[str, Any]], anchor: Any = "newest") -> None:
        self.window = window
        window.ask("live/feed.js", f"void (window.feed = new it.Feed({_js(terms)}))")
        self.do(f"open({_js(anchor)})")

    def do(self, call: str) -> None:
        self.window.page.evaluate(f"window.feed.{call}")

    @property
    def ids(self) -> list[int]:
        found: list[int] = self.window.page.evaluate("window.feed.ids")
        return found

    @property
    def ends(self) -> tuple[bool, bool]:
        at_oldest, at_newest = self.window.page.evaluate("[window.feed.atOldest, window.feed.atNewest]")
        return at_oldest, at_newest

    def becomes(self, ids: list[int]) -> None:
        self.window.page.wait_for_function("(ids) => `${window.feed.ids}` === `${ids}`", arg=ids)


def _js(value: Any) -> str:
    return json.dumps(value)


# -- events


def test_a_message_is_there_as_soon_as_it_was_sent(window: Window, cordelia: Person, topic: str) -> None:
    wait_for_message(window, post(cordelia, topic))


def test_two_browsers_hear_each_other(window: Window, open_page: Open, topic: str) -> None:
    other = open_page("cordelia", AWAY)
    sent = f"it.post('/messages', {{type: 'stream', to: {GENERAL}, topic: {_js(topic)}, content: 'hello'}})"
    wait_for_message(window, other.ask("base/api.js", sent)["id"])


def test_a_server_that_was_killed_is_found_again(
    site: Site, window: Window, cordelia: Person, topic: str
) -> None:
    feed = FeedIn(window, narrow(topic))
    before = post(cordelia, topic)
    site.server.kill()
    wait_for(window, "live/connection.js", "it.state() === 'reconnecting'")
    site.server.start()
    after = post(cordelia, topic)
    feed.becomes([before, after])
    wait_for(window, "live/connection.js", "it.state() === 'online'")
    pass_over(window, *NO_SERVER)


def test_that_the_server_answers_again_is_known_at_once(window: Window) -> None:
    """Although nothing has happened meanwhile that a poll could tell of."""
    window.page.route("**/api/v1/events?*", lambda route: route.abort())
    window.ask("live/connection.js", "it.retryNow(true)")
    wait_for(window, "live/connection.js", "it.state() === 'reconnecting'")
    window.page.unroute("**/api/v1/events?*")
    window.ask("live/connection.js", "it.retryNow()")
    wait_for(window, "live/connection.js", "it.state() === 'online'")
    pass_over(window, "ERR_FAILED")


def test_a_queue_that_is_gone_is_replaced_and_nothing_is_missed(
    site: Site, window: Window, cordelia: Person, topic: str
) -> None:
    kept, edited, deleted = (post(cordelia, topic) for _ in range(3))
    feed = FeedIn(window, narrow(topic))
    window.context.set_offline(True)
    wait_for(window, "live/connection.js", "it.state() === 'offline'")
    queue = window.ask("live/poll.js", "it.queueId()")
    site.person("hamlet").ask("DELETE", "/events", queue_id=queue)
    cordelia.ask("PATCH", f"/messages/{edited}", content="other")
    cordelia.ask("DELETE", f"/messages/{deleted}")
    new = post(cordelia, topic)
    window.context.set_offline(False)
    feed.becomes([kept, edited, new])
    assert window.ask("state/messages.js", f"it.get({edited}).content") == "<p>other</p>"
    assert window.ask("live/poll.js", "it.queueId()") != queue
    pass_over(window, "ERR_INTERNET_DISCONNECTED", "400 (Bad Request)")


def test_the_network_comes_back(window: Window, cordelia: Person, topic: str) -> None:
    window.context.set_offline(True)
    wait_for(window, "live/connection.js", "it.state() === 'offline'")
    missed = post(cordelia, topic)
    window.context.set_offline(False)
    wait_for_message(window, missed)
    wait_for(window, "live/connection.js", "it.state() === 'online'")
    pass_over(window, "ERR_INTERNET_DISCONNECTED", "fetching the script")


def test_who_is_asked_to_wait_waits(window: Window, cordelia: Person, topic: str) -> None:
    """429: the next request comes when the server has said."""
    asked: list[float] = []

    def refuse_once(route: Route) -> None:
        asked.append(time.monotonic())
        told = {"result": "error", "msg": "", "code": "RATE_LIMIT_HIT", "retry-after": 1.5}
        if len(asked) == 1:
            route.fulfill(status=429, json=told)
        else:
            route.continue_()

    window.page.route("**/api/v1/events?*", refuse_once)
    while len(asked) < 2:  # the first come by polls that wait already
        wait_for_message(window, post(cordelia, topic))
    assert asked[1] - asked[0] >= 1.5
    pass_over(window, "429")


def test_a_poll_that_stays_silent_is_asked_anew(
    open_page: Open, window: Window, cordelia: Person, topic: str
) -> None:
    """A dead connection says nothing: heartbeats would have come."""
    page = window.page
    page.clock.install()
    page.reload()
    page.wait_for_selector(":root[data-ready]")
    with page.expect_request("**/api/v1/events?*"):
        page.route("**/api/v1/events?*", lambda route: None, times=1)
        wait_for_message(window, post(cordelia, topic))
    with page.expect_request("**/api/v1/events?*"):
        page.clock.run_for(95_000)


def test_who_is_signed_out_elsewhere_comes_to_the_sign_in(
    window: Window, cordelia: Person, topic: str
) -> None:
    window.page.evaluate("void fetch('/logout', {method: 'POST'})")
    post(cordelia, topic)  # the poll that waits is answered
    window.page.wait_for_url("**/login?next=*")
    assert window.page.evaluate("new URLSearchParams(location.search).get('next')") == f"/{AWAY}"
    pass_over(window, "401")


def test_events_of_the_future_harm_nothing(window: Window, cordelia: Person, topic: str) -> None:
    def add(route: Route) -> None:
        answer = route.fetch()
        told = answer.json()
        told["events"] = [
            {"type": "party", "op": "start", "id": each["id"]} for each in told["events"][:1]
        ] + told["events"]
        route.fulfill(response=answer, json=told)

    window.page.route("**/api/v1/events?*", add, times=1)
    wait_for_message(window, post(cordelia, topic))  # by the poll that waits already
    wait_for_message(window, post(cordelia, topic))


RELOAD = f"it.spread({_js({'type': 'web_reload_client', 'immediate': True})})"


def test_the_page_is_loaded_again_when_the_server_has_a_newer_one(window: Window) -> None:
    page = window.page
    page.evaluate("window.before = true; Math.random = () => 0")
    page.route(f"{window.site.server.url}/", lambda route: route.fulfill(body="<p>another</p>"), times=1)
    window.ask("live/heard.js", RELOAD)
    page.wait_for_function("() => window.before === undefined")
    page.wait_for_selector(":root[data-ready]")


def test_the_page_stays_when_the_server_has_no_newer_one(window: Window) -> None:
    page = window.page
    page.evaluate("window.before = true; Math.random = () => 0")
    with page.expect_response(f"{window.site.server.url}/") as asked:
        window.ask("live/heard.js", RELOAD)
    asked.value.finished()
    window.ask("live/poll.js", "it.queueId()")
    assert page.evaluate("window.before") is True


# -- feeds


@pytest.fixture(scope="module")
def long(site: Site) -> list[int]:
    """A topic of 600 messages that hamlet has written, and so has read."""
    with ThreadPoolExecutor(8) as threads:
        return sorted(threads.map(lambda _: post(site.person("hamlet"), "long"), range(600)))


def test_a_feed_opens_at_the_newest_and_grows_to_the_oldest(window: Window, long: list[int]) -> None:
    feed = FeedIn(window, narrow("long"))
    assert (feed.ids, feed.ends) == (long[-50:], (False, True))
    feed.do("older()")
    assert feed.ids == long[-150:]
    for _ in range(4):
        feed.do("older()")
    assert (feed.ids, feed.ends) == (long[50:450], (False, False))
    feed.do("older()")
    assert (feed.ids, feed.ends) == (long[:400], (True, False))
    feed.do("newer()")
    assert (feed.ids, feed.ends) == (long[100:500], (False, False))
    feed.do("newer()")
    feed.do("newer()")  # finds that there is no more
    assert (feed.ids, feed.ends) == (long[200:600], (False, True))


def test_a_feed_opens_around_a_message(window: Window, long: list[int]) -> None:
    feed = FeedIn(window, narrow("long"), long[300])
    assert feed.ids == long[250:351]
    assert window.page.evaluate("window.feed.anchor") == long[300]


def test_a_feed_opens_where_the_reader_left_off(window: Window, cordelia: Person, topic: str) -> None:
    mine = post(window.site.person("hamlet"), topic)
    new = [post(cordelia, topic) for _ in range(2)]
    feed = FeedIn(window, narrow(topic), "first_unread")
    assert (feed.ids, window.page.evaluate("window.feed.anchor")) == ([mine, *new], new[0])


def test_a_full_window_that_is_read_at_its_end_goes_with_the_new(window: Window, long: list[int]) -> None:
    feed = FeedIn(window, narrow("long"))
    for _ in range(4):
        feed.do("older()")
    feed.do("open('newest')")
    for _ in range(3):
        feed.do("older()")
    assert len(feed.ids) == 350
    rows = [{**_row(window, long[-1]), "id": GONE + each} for each in range(100)]
    _arrive(window, rows, "read")
    assert (len(feed.ids), feed.ids[-1], feed.ends) == (400, GONE + 99, (False, True))


def test_a_full_window_that_is_read_at_its_beginning_stays(window: Window, long: list[int]) -> None:
    feed = FeedIn(window, narrow("long"))
    for _ in range(3):
        feed.do("older()")
    window.page.evaluate("window.feed.looking = window.feed.ids[3]")
    first = feed.ids[0]
    _arrive(window, [{**_row(window, long[-1]), "id": GONE + each} for each in range(100)], "read")
    assert (len(feed.ids), feed.ids[0], feed.ends) == (400, first, (False, False))


def _row(window: Window, message_id: int) -> dict[str, Any]:
    row: dict[str, Any] = window.ask("state/messages.js", f"it.get({message_id})")
    return row


def _arrive(window: Window, rows: list[dict[str, Any]], *flags: str) -> None:
    """As if they had come as events."""
    events = [{"type": "message", "message": each, "flags": flags} for each in rows]
    for module, function in (("state/state.js", "apply"), ("live/heard.js", "spread")):
        window.ask(module, f"void {_js(events)}.forEach(it.{function})")


def test_messages_come_and_go_with_their_topic(window: Window, cordelia: Person, topic: str) -> None:
    first, second = post(cordelia, topic), post(cordelia, f"not {topic}")
    feed = FeedIn(window, narrow(topic))
    move(cordelia, second, topic)
    feed.becomes([first, second])
    move(cordelia, first, f"no {topic}")
    feed.becomes([second])
    cordelia.ask("DELETE", f"/messages/{second}")
    feed.becomes([])
    feed.becomes([post(cordelia, topic)])


def test_moved_messages_that_the_page_has_never_seen_come_in(
    window: Window, cordelia: Person, topic: str
) -> None:
    window.page.reload()
    old = [post(cordelia, f"not {topic}") for _ in range(3)]
    window.go(AWAY)
    feed = FeedIn(window, narrow(topic))
    move(cordelia, old[0], topic, "change_all")
    feed.becomes(old)


def test_starred_messages_are_those_with_a_star_now(window: Window, cordelia: Person, topic: str) -> None:
    message_id, me = post(cordelia, topic), window.site.person("hamlet")
    feed = FeedIn(window, [{"operator": "is", "operand": "starred"}])
    me.ask("POST", "/messages/flags", messages=[message_id], op="add", flag="starred")
    feed.becomes([message_id])
    me.ask("POST", "/messages/flags", messages=[message_id], op="remove", flag="starred")
    feed.becomes([])


def test_the_server_is_asked_what_a_search_finds(window: Window, cordelia: Person, topic: str) -> None:
    feed = FeedIn(window, [{"operator": "search", "operand": "porridge"}])
    post(cordelia, topic, "soup")
    found = post(cordelia, topic, "more porridge")
    feed.becomes([found])
    assert "highlight" in _row(window, found)["match_content"]


def test_with_names_a_conversation_wherever_it_is_now(window: Window, cordelia: Person, topic: str) -> None:
    message_id = post(cordelia, f"not {topic}")
    move(cordelia, message_id, topic, "change_all")
    feed = FeedIn(window, [*narrow(f"not {topic}"), {"operator": "with", "operand": message_id}])
    assert message_id in feed.ids
    feed.becomes([*feed.ids, post(cordelia, topic)])


def test_what_happens_while_messages_are_fetched_is_in_them(
    window: Window, cordelia: Person, topic: str
) -> None:
    """The answer is older than the events: it was on its way meanwhile."""
    kept, gone = post(cordelia, topic), post(cordelia, topic)
    window.go(AWAY)
    held: list[Route] = []
    window.page.route("**/api/v1/messages?*", lambda route: held.append(route), times=1)
    window.ask("live/feed.js", f"void (window.feed = new it.Feed({_js(narrow(topic))}))")
    window.page.evaluate("void window.feed.open('newest')")
    until(lambda: held or heard(window))
    answer = held[0].fetch()
    cordelia.ask("PATCH", f"/messages/{kept}", content="new text")
    cordelia.ask("DELETE", f"/messages/{gone}")
    late = post(cordelia, topic)
    wait_for_message(window, late)
    held[0].fulfill(response=answer)
    window.page.wait_for_function("(ids) => `${window.feed.ids}` === `${ids}`", arg=[kept, late])
    assert _row(window, kept)["content"] == "<p>new text</p>"


def test_a_feed_that_is_closed_hears_nothing(window: Window, cordelia: Person, topic: str) -> None:
    feed = FeedIn(window, narrow(topic))
    feed.do("close()")
    wait_for_message(window, post(cordelia, topic))
    assert feed.ids == []


# -- reading


def unread_in(window: Window, topic: str) -> int:
    found: int = window.ask("state/unread.js", f"it.ofTopic({GENERAL}, {_js(topic)})")
    return found


def wait_for_unread(window: Window, topic: str, number: int) -> None:
    wait_for(window, "state/unread.js", f"it.ofTopic({GENERAL}, {_js(topic)}) === {number}")


def test_what_was_read_counts_at_once_and_is_told_together(
    window: Window, open_page: Open, cordelia: Person, topic: str
) -> None:
    other = open_page("hamlet", AWAY)
    ids = [post(cordelia, topic) for _ in range(3)]
    wait_for_unread(window, topic, 3)
    wait_for_unread(other, topic, 3)
    with window.page.expect_request("**/api/v1/messages/flags") as told:
        left = window.ask(
            "live/reading.js", f"({_js(ids)}.forEach((each) => it.read([each])), window.left = 1)"
        )
        assert (left, unread_in(window, topic)) == (1, 0)
    assert all(str(each) in (told.value.post_data or "") for each in ids)
    wait_for_unread(other, topic, 0)


def test_what_was_read_beside_a_message_that_is_gone_is_told(
    window: Window, open_page: Open, cordelia: Person, topic: str
) -> None:
    """The server refuses to mark them together."""
    other = open_page("hamlet", AWAY)
    ids = [post(cordelia, topic) for _ in range(4)]
    wait_for_unread(other, topic, 4)
    wait_for_message(window, ids[-1])
    _arrive(window, [{**_row(window, ids[-1]), "id": GONE}])
    window.ask("live/reading.js", f"it.read({_js([*ids[:2], GONE, *ids[2:]])})")
    wait_for_unread(other, topic, 0)
    window.forgive("400")


@pytest.mark.parametrize(
    "place",
    [
        "null",
        f"{{type: 'channel', stream_id: {GENERAL}}}",
        "{{type: 'channel', stream_id: 1, topic: {topic}}}",
    ],
)
def test_places_are_marked_as_read(place: str, window: Window, cordelia: Person, topic: str) -> None:
    post(cordelia, topic)
    wait_for_unread(window, topic, 1)
    window.ask(
        "live/reading.js", f"it.markRead({place.format(topic=_js(topic)) if '{{' in place else place})"
    )
    wait_for_unread(window, topic, 0)


def test_a_conversation_with_people_is_marked_as_read(window: Window, cordelia: Person) -> None:
    cordelia.send(window.site.person("hamlet"), "hello")
    wait_for(window, "state/unread.js", f"it.ofDirect([{cordelia.user_id}]) > 0")
    window.ask("live/reading.js", f"it.markRead({{type: 'direct', user_ids: [{cordelia.user_id}]}})")
    wait_for(window, "state/unread.js", f"it.ofDirect([{cordelia.user_id}]) === 0")


def test_from_a_message_on_all_is_unread_again(window: Window, cordelia: Person, topic: str) -> None:
    ids = [post(cordelia, topic) for _ in range(3)]
    wait_for_unread(window, topic, 3)
    window.ask("live/reading.js", f"it.read({_js(ids)})")
    window.ask("live/reading.js", f"it.markUnreadFrom({ids[1]})")
    wait_for_unread(window, topic, 2)


def test_reading_is_told_when_the_network_is_back(window: Window, cordelia: Person, topic: str) -> None:
    message_id, me = post(cordelia, topic), window.site.person("hamlet")
    wait_for_unread(window, topic, 1)
    window.page.route("**/api/v1/messages/flags", lambda route: route.abort(), times=1)
    window.ask("live/reading.js", f"it.read([{message_id}])")
    with window.page.expect_response("**/api/v1/messages/flags"):
        pass  # once more, some seconds later
    assert "read" in me.ask("GET", f"/messages/{message_id}")["message"]["flags"]
    pass_over(window, "ERR_FAILED")


# -- people


def test_others_see_who_types_where(window: Window, open_page: Open, topic: str) -> None:
    other = open_page("cordelia", AWAY)
    place = f"{{type: 'channel', stream_id: {GENERAL}, topic: {_js(topic)}}}"
    window.ask("live/typing.js", f"it.typing({place})")
    me = window.site.person("hamlet").user_id
    wait_for(other, "state/typing.js", f"`${{it.who({place})}}` === '{me}'")
    window.ask("live/typing.js", "it.typing(null)")
    wait_for(other, "state/typing.js", f"it.who({place}).length === 0")


def test_others_see_who_is_here(window: Window, open_page: Open) -> None:
    other = open_page("cordelia", AWAY)
    wait_for(other, "state/presence.js", f"it.of({window.site.person('hamlet').user_id}) === 'active'")


# -- topics and conversations, as a new page has them


def test_topics_of_a_channel_follow_what_happens(window: Window, cordelia: Person, topic: str) -> None:
    window.ask("state/topics.js", f"it.recent({GENERAL})")
    first, second = post(cordelia, topic), post(cordelia, f"other {topic}")
    move(cordelia, first, f"moved {topic}", "change_all")
    third = post(cordelia, f"other {topic}")
    wait_for_message(window, third)
    wait_for(window, "state/messages.js", f"it.get({first}).subject.startsWith('moved')")
    topics = window.ask("state/topics.js", f"it.recent({GENERAL})")
    assert second < third
    assert topics[:2] == [
        {"name": f"other {topic}"[:60], "max_id": third},
        {"name": f"moved {topic}"[:60], "max_id": first},
    ]


def _conversations(window: Window) -> list[Any]:
    window.ask("state/conversations.js", "(it.recent(1), it.isComplete() || it.older())")
    found: list[Any] = window.ask(
        "state/conversations.js",
        "it.recent(5).map(({key, max_id, participants}) => [key, max_id, participants])",
    )
    return found


def test_recent_conversations_follow_what_happens(
    window: Window, open_page: Open, cordelia: Person, topic: str
) -> None:
    hamlet = window.site.person("hamlet")
    _conversations(window)
    one, two = post(cordelia, topic), post(hamlet, topic)
    direct = cordelia.send(hamlet, "hello")
    last = post(cordelia, f"other {topic}")
    move(cordelia, one, f"moved {topic}")
    cordelia.ask("DELETE", f"/messages/{last}")
    wait_for(window, "state/messages.js", f"it.get({one})?.subject.startsWith('moved') && !it.get({last})")
    assert _conversations(window)[:3] == [
        [f"direct:{cordelia.user_id}", direct, [cordelia.user_id]],
        [f"channel:{GENERAL}:{topic}".lower(), two, [hamlet.user_id]],
        [
            f"channel:{GENERAL}:moved {topic}".lower()[: len(f"channel:{GENERAL}:") + 60],
            one,
            [cordelia.user_id],
        ],
    ]
    assert _conversations(open_page("hamlet", AWAY)) == _conversations(window)


def test_a_direct_message_that_is_deleted_leaves_the_one_before(window: Window, cordelia: Person) -> None:
    me = window.site.person("hamlet")
    before, last = cordelia.send(me, "one"), cordelia.send(me, "two")
    wait_for(window, "state/conversations.js", f"it.directs()[0]?.max_id === {last}")
    cordelia.ask("DELETE", f"/messages/{last}")
    wait_for(window, "state/conversations.js", f"it.directs()[0]?.max_id === {before}")
