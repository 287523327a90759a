"""Whatever is done while a page is open, and though the server dies: it shows what a new page shows."""

import json
import random
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.process.client import Person
from tests.web.window import Site, Window

Open = Callable[..., Window]
Deed = Callable[[Person, random.Random, list[int]], Any]
AWAY = "#inbox"
GENERAL = 1
TOPICS = ("lunch", "Lunch", "", "plans")
MODES = ("change_one", "change_later", "change_all")
PATIENCE = 30.0  # seconds
CHANNEL = {"operator": "channel", "operand": GENERAL}
NARROWS: list[list[dict[str, Any]]] = [
    [],
    [CHANNEL],
    [CHANNEL, {"operator": "topic", "operand": "lunch"}],
    [CHANNEL, {"operator": "topic", "operand": "plans"}],
    [{"operator": "is", "operand": "starred"}],
    [{"operator": "is", "operand": "dm"}],
]


def _post(who: Person, chance: random.Random, ids: list[int]) -> None:
    where = {"type": "stream", "to": GENERAL, "topic": chance.choice(TOPICS)}
    ids.append(who.ask("POST", "/messages", **where, content="hello")["id"])


def _write(who: Person, chance: random.Random, ids: list[int]) -> None:
    to = chance.sample(range(2, 6), chance.randrange(1, 4))
    ids.append(who.ask("POST", "/messages", type="direct", to=to, content="you")["id"])


def _edit(who: Person, chance: random.Random, ids: list[int]) -> None:
    who.call("PATCH", f"/messages/{chance.choice(ids)}", content=f"{chance.random()}")


def _move(who: Person, chance: random.Random, ids: list[int]) -> None:
    to = {"topic": chance.choice(TOPICS), "propagate_mode": chance.choice(MODES)}
    who.call("PATCH", f"/messages/{chance.choice(ids)}", **to)


def _delete(who: Person, chance: random.Random, ids: list[int]) -> None:
    who.call("DELETE", f"/messages/{chance.choice(ids)}")


def _react(who: Person, chance: random.Random, ids: list[int]) -> None:
    method, emoji = chance.choice(("POST", "POST", "DELETE")), chance.choice(("tada", "thumbs_up"))
    who.call(method, f"/messages/{chance.choice(ids)}/reactions", emoji_name=emoji)


def _flag(who: Person, chance: random.Random, ids: list[int]) -> None:
    change = {"op": chance.choice(("add", "remove")), "flag": chance.choice(("read", "starred"))}
    who.call("POST", "/messages/flags", messages=[chance.choice(ids)], **change)


def _mute(who: Person, chance: random.Random, ids: list[int]) -> None:
    policy = {"topic": chance.choice(TOPICS), "visibility_policy": chance.randrange(4)}
    who.ask("POST", "/user_topics", stream_id=GENERAL, **policy)


DEEDS: list[Deed] = [_post, _post, _write, _edit, _move, _delete, _react, _flag, _mute]


def _open_feeds(window: Window) -> None:
    window.ask(
        "live/feed.js", f"void (window.feeds = {json.dumps(NARROWS)}.map((terms) => new it.Feed(terms)))"
    )
    window.page.evaluate("void window.feeds.forEach((each) => each.open('newest'))")
    window.page.wait_for_function("() => window.feeds.every((each) => each.atNewest)")


FEEDS = """() => Promise.all(window.feeds.map(async (each) => {
    while (!each.atOldest) await each.older();
    return each.ids;}))"""
ROWS = """it.ids().sort((one, other) => one - other).map(it.get).map((each) => ({
    id: each.id, sender: each.sender_id, type: each.type, topic: each.subject, channel: each.stream_id,
    name: each.display_recipient, content: each.content, flags: each.flags.toSorted(),
    reactions: each.reactions.map(({emoji_code, user_id}) => `${emoji_code} ${user_id}`).sort(),
    edited: !!each.last_edit_timestamp, moved: !!each.last_moved_timestamp}))"""
SHOWN = {
    "rows": ("state/messages.js", ROWS),
    "topics": ("state/topics.js", f"it.recent({GENERAL})"),
    "policies": (
        "state/topics.js",
        "it.all().map((each) => [each.topic_name, each.visibility_policy]).sort()",
    ),
    "unread": (
        "state/unread.js",
        f"[it.total(), it.directs(),"
        f" it.topics({GENERAL}).map(({{topic, count}}) => [topic.toLowerCase(), count])]",
    ),
    "conversations": (
        "state/conversations.js",
        "it.older().then(() => it.recent(9).map((each) => [each.key, each.max_id, each.participants]))",
    ),
    "people": ("state/conversations.js", "it.directs()"),
    "starred": ("state/starred.js", "it.count()"),
}


def _shown(window: Window) -> dict[str, Any]:
    """Feeds first: what they fetch is in the rows."""
    feeds = window.page.evaluate(FEEDS)
    return {"feeds": feeds, **{name: window.ask(*asked) for name, asked in SHOWN.items()}}


def _wait_for(window: Window, message_id: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while not window.ask("state/messages.js", f"!!it.get({message_id})"):
        assert time.monotonic() < deadline
        window.page.wait_for_timeout(50)


@pytest.mark.parametrize("seed", range(2))
def test_the_page_shows_what_a_new_one_does(seed: int, site: Site, open_page: Open) -> None:
    chance, ids, window = random.Random(seed), list[int](), open_page("hamlet", AWAY)
    people = [site.person(each) for each in ("hamlet", "cordelia", "iago")]
    for _ in range(5):
        _post(people[1], chance, ids)
    _open_feeds(window)
    _shown(window)
    for number in range(90):
        chance.choice(DEEDS)(chance.choice(people), chance, ids)
        if number in (30, 60):
            site.server.kill()
            site.server.start()
    last = people[1].send(people[0], "the last")
    _wait_for(window, last)
    new = open_page("hamlet", AWAY)
    _open_feeds(new)
    wanted, deadline = _shown(new), time.monotonic() + PATIENCE
    while (shown := _shown(window)) != wanted and time.monotonic() < deadline:
        window.page.wait_for_timeout(100)
    window.troubles[:] = [each for each in window.troubles if "ERR_" not in each]
    assert {name: (shown[name], wanted[name]) for name in wanted if shown[name] != wanted[name]} == {}
