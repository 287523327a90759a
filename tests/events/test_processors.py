"""Which queue gets which form of an event, and that equal forms are made once."""

from typing import Any

import orjson
import pytest

from appliance.events.descriptor import ClientDescriptor
from appliance.events.processors import deliveries
from appliance.events.queue import Event, EventQueue
from appliance.events.queues import Queues
from appliance.store.transaction import Notice

ANN, BOB, ERIN = 5, 7, 9


@pytest.fixture
def queues() -> Queues:
    return Queues()


def add(queues: Queues, user_id: int, **wishes: Any) -> EventQueue:
    queue = EventQueue(f"queue {len(queues)}", user_id, ClientDescriptor(**wishes), now=0)
    queues.add(queue)
    return queue


def notice(event: dict[str, Any], *users: Any) -> Notice:
    return Notice(1, 0, event, list(users))


def message(*users: Any, topic: str = "lunch", direct: bool = False, **facts: Any) -> Notice:
    common = {
        "id": 77,
        "sender_email": "ann@example.org",
        "content": "**hi**",
        "rendered_content": "<p><strong>hi</strong></p>",
        "subject": "" if direct else topic,
    }
    kind: dict[str, Any] = {"type": "stream", "stream_id": 4, "display_recipient": "general"}
    if direct:
        kind = {"type": "private", "display_recipient": [{"id": ANN}, {"id": BOB}]}
    return notice({"type": "message", "message": {**common, **kind}, **facts}, *users)


def got(queues: Queues, what: Notice) -> dict[str, dict[str, Any]]:
    """The event of each queue, by its id; no queue gets two."""
    found = list(deliveries(what, queues))
    assert len({queue.id for queue, _ in found}) == len(found)
    return {queue.id: decoded(event) for queue, event in found}


def decoded(event: Event) -> dict[str, Any]:
    read: dict[str, Any] = orjson.loads(event.body + b"}")
    return read


# -- messages


@pytest.mark.parametrize(
    ("markdown", "empty_name", "expected"),
    [
        (True, True, ("<p><strong>hi</strong></p>", "text/html", "")),
        (False, True, ("**hi**", "text/x-markdown", "")),
        (True, False, ("<p><strong>hi</strong></p>", "text/html", "general chat")),
        (False, False, ("**hi**", "text/x-markdown", "general chat")),
    ],
)
def test_a_message_in_the_form_that_the_client_wants(
    queues: Queues, markdown: bool, empty_name: bool, expected: tuple[str, str, str]
) -> None:
    queue = add(queues, BOB, apply_markdown=markdown, empty_topic_name=empty_name)
    event = got(queues, message(BOB, topic=""))[queue.id]
    shown = event["message"]
    assert (shown["content"], shown["content_type"], shown["subject"]) == expected
    assert "rendered_content" not in shown
    assert event["flags"] == []
    assert set(event) == {"type", "message", "flags"}


def test_a_direct_message_has_no_topic_in_any_form(queues: Queues) -> None:
    queue = add(queues, BOB)
    assert got(queues, message(BOB, direct=True))[queue.id]["message"]["subject"] == ""


def test_each_form_is_serialised_once(queues: Queues, monkeypatch: pytest.MonkeyPatch) -> None:
    for user_id in range(100, 200):
        add(queues, user_id, apply_markdown=user_id % 2 == 0)
    dumped: list[Any] = []
    dumps = orjson.dumps

    def counting(value: Any, **options: Any) -> bytes:
        if isinstance(value, dict):
            dumped.append(value)
        return dumps(value, **options)

    monkeypatch.setattr(orjson, "dumps", counting)
    found = list(deliveries(message(*range(100, 200)), queues))
    assert len(found) == 100
    assert len(dumped) == 2
    assert len({id(event.body) for _, event in found}) == 2


def test_flags_are_each_persons_own(queues: Queues) -> None:
    anns, bobs, bobs_too = add(queues, ANN), add(queues, BOB), add(queues, BOB)
    events = got(queues, message({"id": BOB, "flags": ["mentioned"]}, {"id": ANN, "flags": ["read"]}))
    assert {queue_id: event["flags"] for queue_id, event in events.items()} == {
        anns.id: ["read"],
        bobs.id: ["mentioned"],
        bobs_too.id: ["mentioned"],
    }


def test_the_local_id_is_for_the_senders_queue_only(queues: Queues) -> None:
    mine, mine_too, bobs = add(queues, ANN), add(queues, ANN), add(queues, BOB)
    events = got(queues, message(ANN, BOB, local_id="12.01", sender_queue_id=mine.id))
    assert events[mine.id]["local_message_id"] == "12.01"
    assert "local_message_id" not in events[mine_too.id]
    assert "local_message_id" not in events[bobs.id]


def test_facts_for_the_notifiers_stay_inside(queues: Queues) -> None:
    queue = add(queues, BOB)
    event = got(queues, message(BOB, presence_idle_user_ids=[BOB], public_channel=True))[queue.id]
    assert set(event) == {"type", "message", "flags"}


def test_who_wants_no_messages_gets_none(queues: Queues) -> None:
    add(queues, BOB, event_types=("presence",))
    assert got(queues, message(BOB)) == {}


NARROW = (("channel", "General"), ("topic", "LUNCH"))


@pytest.mark.parametrize(
    ("narrow", "flags", "wanted"),
    [
        (NARROW, [], True),
        ((("channel", "other"),), [], False),
        ((("sender", "Ann@example.org"),), [], True),
        ((("is", "mentioned"),), [], False),
        ((("is", "mentioned"),), ["mentioned"], True),
        ((("is", "unread"),), ["read"], False),
        ((("is", "dm"),), [], False),
    ],
)
def test_a_narrow_queue(
    queues: Queues, narrow: tuple[tuple[str, str], ...], flags: list[str], wanted: bool
) -> None:
    add(queues, BOB, narrow=narrow)
    assert bool(got(queues, message({"id": BOB, "flags": flags}))) == wanted


@pytest.mark.parametrize(
    ("wishes", "public", "hears"),
    [
        ({"all_public_streams": True}, True, True),
        ({"all_public_streams": True}, False, False),
        ({"narrow": NARROW}, True, True),
        ({"narrow": NARROW}, False, False),
        ({"narrow": (("topic", "dinner"),)}, True, False),
        ({}, True, False),
        ({"all_public_streams": True, "is_guest": True}, True, False),
        ({"narrow": NARROW, "is_guest": True}, True, False),
        ({"all_public_streams": True, "event_types": ("presence",)}, True, False),
    ],
)
def test_who_hears_channels_that_they_are_not_in(
    queues: Queues, wishes: dict[str, Any], public: bool, hears: bool
) -> None:
    queue = add(queues, ERIN, **wishes)
    events = got(queues, message(BOB, public_channel=public))
    assert events == ({queue.id: events[queue.id]} if hears else {})


def test_who_hears_all_channels_and_is_in_this_one_has_their_own_flags(queues: Queues) -> None:
    queue = add(queues, BOB, all_public_streams=True)
    events = got(queues, message({"id": BOB, "flags": ["mentioned"]}, public_channel=True))
    assert events[queue.id]["flags"] == ["mentioned"]


@pytest.mark.parametrize(("born", "wanted"), [(0, True), (1, False), (2, False)])
@pytest.mark.parametrize("kind", ["message", "other"])
def test_what_is_in_the_snapshot_is_not_told_again(
    queues: Queues, born: int, wanted: bool, kind: str
) -> None:
    add(queues, BOB).born = born
    what = message(BOB) if kind == "message" else notice({"type": "example"}, BOB)
    assert bool(got(queues, what)) == wanted


# -- presence


def test_presence_in_two_forms(queues: Queues) -> None:
    slim, legacy = add(queues, BOB, slim_presence=True), add(queues, BOB)
    event = {"type": "presence", "user_id": ANN, "email": "ann@example.org", "presence": {"website": {}}}
    events = got(queues, notice(event, BOB))
    assert events[legacy.id] == event
    assert events[slim.id] == {name: value for name, value in event.items() if name != "email"}


# -- flags


def test_marking_unread_names_the_empty_topic_for_older_clients(queues: Queues) -> None:
    capable, older = add(queues, BOB, empty_topic_name=True), add(queues, BOB)
    details = {
        "1": {"type": "stream", "stream_id": 4, "topic": ""},
        "2": {"type": "private", "user_ids": [ANN]},
    }
    event = {
        "type": "update_message_flags",
        "op": "remove",
        "operation": "remove",
        "flag": "read",
        "messages": [1, 2],
        "all": False,
        "message_details": details,
    }
    events = got(queues, notice(event, BOB))
    assert events[capable.id] == event
    assert events[older.id]["message_details"]["1"]["topic"] == "general chat"
    assert events[older.id]["message_details"]["2"] == details["2"]


# -- the rest


@pytest.mark.parametrize(
    ("event", "wishes", "wanted"),
    [
        ({"type": "example"}, {}, True),
        ({"type": "example"}, {"event_types": ("example", "message")}, True),
        ({"type": "example"}, {"event_types": ("message",)}, False),
        ({"type": "example"}, {"event_types": ()}, False),
        ({"type": "muted_topics"}, {}, True),
        ({"type": "muted_topics"}, {"event_types": ("muted_topics",)}, True),
        ({"type": "muted_topics"}, {"event_types": ("muted_topics", "user_topic")}, False),
        ({"type": "typing", "stream_id": 4}, {}, False),
        ({"type": "typing", "stream_id": 4}, {"stream_typing_notifications": True}, True),
        ({"type": "typing"}, {}, True),
        ({"type": "update_display_settings"}, {}, True),
        ({"type": "update_display_settings"}, {"user_settings_object": True}, False),
        ({"type": "update_global_notifications"}, {"user_settings_object": True}, False),
        ({"type": "user_settings"}, {"user_settings_object": True}, True),
    ],
)
def test_what_a_client_accepts(
    queues: Queues, event: dict[str, Any], wishes: dict[str, Any], wanted: bool
) -> None:
    queue = add(queues, BOB, **wishes)
    assert got(queues, notice(event, BOB)) == ({queue.id: event} if wanted else {})


def test_a_common_event_is_shared(queues: Queues) -> None:
    for user_id in range(100, 150):
        add(queues, user_id)
    found = list(deliveries(notice({"type": "example"}, *range(100, 150)), queues))
    assert len({id(event) for _, event in found}) == 1
    assert len(found) == 50
