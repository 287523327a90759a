"""What of a queue is in the file: all of it, in a form that later versions can read."""

from typing import Any

import orjson
import pytest

from appliance.events.descriptor import ClientDescriptor
from appliance.events.queue import Event, EventQueue, event_of
from appliance.events.state import FORM, Bodies, restore, state
from tests.events.conftest import events_of

BEGIN = 1_700_000_000  # seconds
READ = {"type": "update_message_flags", "op": "add", "flag": "read", "messages": [3], "all": False}


def new() -> EventQueue:
    return EventQueue("q", 5, ClientDescriptor(), BEGIN)


def full() -> EventQueue:
    """With everything that a queue can hold."""
    queue = new()
    for number in range(3):
        event_id = queue.push(event_of({"type": "example", "number": number}), BEGIN * 1000)
        queue.if_missed[event_id] = [("mails", {"number": number})]
        queue.push(event_of(READ), BEGIN * 1000)
    queue.push_heartbeat()
    queue.acknowledge(0)
    queue.last_connection_time = BEGIN + 77.0
    return queue


def restored(saved: bytes, bodies: Bodies | None = None) -> EventQueue:
    queue = new()
    restore(queue, saved, {} if bodies is None else bodies)
    return queue


def test_a_restored_queue_equals_the_saved_one() -> None:  # checklist 175
    queue = full()
    again = restored(state(queue, 40))
    assert (again.born, again.last_connection_time) == (40, BEGIN + 77.0)
    assert (
        again.if_missed == queue.if_missed == {2: [("mails", {"number": 1})], 4: [("mails", {"number": 2})]}
    )
    assert again.size() == queue.size()
    assert state(again, 40) == state(queue, 40)
    assert events_of(again) == events_of(queue)


def test_an_older_birth_does_not_win() -> None:
    queue = EventQueue("q", 5, ClientDescriptor(), BEGIN, born=50)
    restore(queue, state(full(), 40), {})
    assert queue.born == 50


def test_queues_that_were_saved_with_the_same_event_share_it_again() -> None:
    bodies: dict[bytes, Event] = {}
    saved = state(full(), 1)
    one, other = restored(saved, bodies), restored(saved, bodies)
    assert [event for _, event in one.entries] == [event for _, event in other.entries]
    assert all(a[1] is b[1] for a, b in zip(one.entries, other.entries, strict=True))


def test_the_first_form_is_read() -> None:  # checklist 218
    first: dict[str, Any] = {
        "next_id": 3,
        "last_id": 2,
        "last_time": BEGIN * 1000,
        "newest_pruned_id": 0,
        "events": [[1, '{"type":"example"']],
        "virtual": [[2, "add", "read", [3]]],
    }
    queue = restored(orjson.dumps(first))
    assert [event["id"] for event in events_of(queue)] == [1, 2]
    assert orjson.loads(state(queue, 0))["form"] == FORM


@pytest.mark.parametrize(
    "saved", [b"", b"{", b"[]", b"{}", b"\0\xff", orjson.dumps({"form": FORM + 1, "events": []})]
)
def test_what_is_no_state_is_refused(saved: bytes) -> None:
    """Its client registers again (test_registry.py)."""
    with pytest.raises((ValueError, KeyError, TypeError, AttributeError)):
        restored(saved)


@pytest.mark.parametrize(
    ("acknowledged", "left"),
    [(0, [[1, 2, 3]]), (1, [[2, 3]]), (2, [[3]]), (3, [])],
)
def test_flag_events_that_a_client_had_are_not_merged_into_those_it_gets(
    acknowledged: int, left: list[list[int]]
) -> None:
    """They had been told one by one before the crash; the replay merges them."""
    queue = new()
    queue.push(event_of({"type": "example"}), BEGIN * 1000)
    for message in (1, 2, 3):
        queue.push(event_of({**READ, "messages": [message]}), BEGIN * 1000)
    again = restored(state(queue, 0))
    again.acknowledge(acknowledged)
    assert [event["messages"] for event in events_of(again)] == left
    again.acknowledge(3)
    assert (again.empty, again.size()) == (True, 0)
