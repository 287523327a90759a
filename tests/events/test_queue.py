"""Ids, acknowledgement, virtual events, and what a restart may change of them: nothing that shows."""

import random
from typing import Any

import pytest

from appliance.base.errors import ApiError
from appliance.events import queue as module
from appliance.events.descriptor import ClientDescriptor
from appliance.events.queue import EventQueue, event_of
from appliance.events.state import restore, state
from tests.events.conftest import Event, events_of

BEGIN = 1_700_000_000  # seconds


def new() -> EventQueue:
    return EventQueue("q", 5, ClientDescriptor(), BEGIN)


@pytest.fixture
def queue() -> EventQueue:
    return new()


def plain(number: int = 0) -> Event:
    return {"type": "example", "number": number}


def flags(op: str, flag: str, *messages: int, all: bool = False) -> Event:
    listed = {"op": op, "operation": op, "flag": flag, "messages": list(messages), "all": all}
    return {"type": "update_message_flags", **listed}


def push(queue: EventQueue, *events: Event, after: float = 0.0) -> None:
    for event in events:
        queue.push(event_of(event), int((BEGIN + after) * 1000))


def ids(queue: EventQueue) -> list[int]:
    return [event["id"] for event in events_of(queue)]


def restored(queue: EventQueue) -> EventQueue:
    again = new()
    restore(again, state(queue, 0), {})
    return again


# -- ids and acknowledgement


def test_ids_rise_by_one_from_zero(queue: EventQueue) -> None:  # checklist 166
    push(queue, plain(7), plain(8))
    assert events_of(queue) == [{**plain(7), "id": 0}, {**plain(8), "id": 1}]


def test_events_stay_until_they_are_acknowledged(queue: EventQueue) -> None:  # checklist 160, 174
    push(queue, plain(), plain(), plain())
    queue.acknowledge(-1)
    assert ids(queue) == [0, 1, 2]
    queue.acknowledge(1)
    assert ids(queue) == [2]
    queue.acknowledge(1)
    assert ids(queue) == [2]
    queue.acknowledge(2)
    assert queue.empty
    assert len(queue) == 0


def test_an_id_below_the_newest_pruned_is_one_error(queue: EventQueue) -> None:
    push(queue, plain(), plain())
    queue.acknowledge(1)
    with pytest.raises(ApiError, match=r"^An event newer than 0 has already been pruned!$"):
        queue.acknowledge(0)


@pytest.mark.parametrize("never_given", [2, 3, 1000])
def test_an_id_that_was_never_given_is_another(queue: EventQueue, never_given: int) -> None:
    push(queue, plain(), plain())
    with pytest.raises(ApiError, match=f"^Event {never_given} was not in this queue$"):
        queue.acknowledge(never_given)


def test_the_event_itself_is_not_changed_by_its_id(queue: EventQueue) -> None:
    event = event_of(plain())
    other = new()
    push(other, plain())
    queue.push(event, BEGIN * 1000)
    other.push(event, BEGIN * 1000)
    assert (ids(queue), ids(other)) == ([0], [0, 1])


# -- virtual events


def test_the_worked_example(queue: EventQueue) -> None:  # checklist 171, 173
    """event-queues: read[1], a message, read[2, 3]."""
    push(queue, flags("add", "read", 1), plain(), flags("add", "read", 2, 3))
    assert events_of(queue) == [{**plain(), "id": 1}, {**flags("add", "read", 1, 2, 3), "id": 2}]
    with pytest.raises(ApiError, match="Event 0 was not in this queue"):
        queue.acknowledge(0)
    queue.acknowledge(2)
    with pytest.raises(ApiError, match="An event newer than 0 has already been pruned!"):
        queue.acknowledge(0)


def test_what_a_client_has_seen_does_not_change_any_more(queue: EventQueue) -> None:
    push(queue, flags("add", "read", 1))
    assert ids(queue) == [0]
    push(queue, flags("add", "read", 2))
    assert events_of(queue) == [{**flags("add", "read", 1), "id": 0}, {**flags("add", "read", 2), "id": 1}]


def test_each_flag_and_direction_is_merged_by_itself(queue: EventQueue) -> None:  # checklist 168
    push(
        queue,
        flags("add", "read", 1),
        flags("add", "starred", 1),
        flags("remove", "collapsed", 2),
        flags("add", "read", 2),
        flags("remove", "collapsed", 3),
    )
    assert [(each["id"], each["op"], each["flag"], each["messages"]) for each in events_of(queue)] == [
        (1, "add", "starred", [1]),
        (3, "add", "read", [1, 2]),
        (4, "remove", "collapsed", [2, 3]),
    ]


@pytest.mark.parametrize("flag", ["read", "starred"])
def test_what_was_undone_in_between_keeps_its_order(queue: EventQueue, flag: str) -> None:
    """The real system floats the first change behind its opposite, a flaw that it accepts."""
    for op, message in (("add", 1), ("add", 2), ("remove", 1), ("add", 3), ("add", 4)):
        push(queue, flags(op, flag, message))
    assert [(each["id"], each["op"], each["messages"]) for each in events_of(queue)] == [
        (1, "add", [1, 2]),
        (2, "remove", [1]),
        (4, "add", [3, 4]),
    ]


@pytest.mark.parametrize("event", [flags("remove", "read", 1), flags("add", "read", 1, all=True)])
def test_some_flag_events_are_not_merged(queue: EventQueue, event: Event) -> None:  # checklist 172
    push(queue, event, event)
    assert ids(queue) == [0, 1]


def test_messages_are_appended_as_they_come(queue: EventQueue) -> None:
    push(queue, flags("add", "read", 3, 1), flags("add", "read", 1, 2))
    assert events_of(queue)[0]["messages"] == [3, 1, 1, 2]


def test_a_queue_with_only_virtual_events_is_not_empty(queue: EventQueue) -> None:
    push(queue, flags("add", "read", 1))
    assert not queue.empty
    assert len(queue) == 1


# -- heartbeats


def test_a_heartbeat_is_an_event_like_others(queue: EventQueue) -> None:
    queue.push_heartbeat()
    push(queue, plain(), after=45)
    assert events_of(queue) == [{"type": "heartbeat", "id": 0}, {**plain(), "id": 1}]
    queue.acknowledge(0)
    assert ids(queue) == [1]


def test_after_a_pause_ids_leave_room_for_the_heartbeats_that_may_have_been(queue: EventQueue) -> None:
    push(queue, plain(), after=0)
    push(queue, plain(), after=39)
    push(queue, plain(), after=39 + 400)
    assert ids(queue) == [0, 1, 12]


def test_heartbeats_fit_into_the_room(queue: EventQueue) -> None:
    """As many as there can be: one every 45 s."""
    push(queue, plain())
    quiet = restored(queue)
    for _ in range(100):
        queue.push_heartbeat()
    for each in (queue, quiet):
        push(each, plain(), after=100 * 45)
    assert ids(queue)[-1] == ids(quiet)[-1]


def test_a_clock_that_goes_back_leaves_ids_ascending(queue: EventQueue) -> None:  # checklist 170
    push(queue, plain(), after=1000)
    push(queue, plain(), after=0)
    push(queue, plain(), after=10)
    assert ids(queue) == sorted(ids(queue))
    assert len(set(ids(queue))) == 3


@pytest.mark.parametrize("seed", range(20))
def test_ids_follow_from_the_notices_alone(seed: int) -> None:
    """A queue with heartbeats and polls and one rebuilt from any earlier state agree on every event's id."""
    chance = random.Random(seed)
    queue, time, next_heartbeat = new(), 0.0, 0.0
    saved, since = state(queue, 0), []
    for number in range(200):
        time += chance.choice([0, 0.5, 20, 50, 300])
        while next_heartbeat + 45 <= time:
            next_heartbeat += chance.randint(45, 55)
            queue.push_heartbeat()
        event = plain(number) if chance.random() < 0.7 else flags("add", "read", number)
        push(queue, event, after=time)
        next_heartbeat = time
        since.append((event, time))
        if chance.random() < 0.1:
            queue.acknowledge(ids(queue)[-1])
        if chance.random() < 0.05:
            saved, since = state(queue, 0), []
    rebuilt = new()
    restore(rebuilt, saved, {})
    for event, at in since:
        push(rebuilt, event, after=at)

    def by_number(queue: EventQueue) -> dict[int, int]:
        return {each["number"]: each["id"] for each in events_of(queue) if "number" in each}

    known, again = by_number(queue), by_number(rebuilt)
    assert {number: again[number] for number in known} == known


# -- saving and restoring


def test_a_restored_queue_has_the_same_events_and_goes_on_with_the_same_ids(queue: EventQueue) -> None:
    push(queue, plain(1), flags("add", "read", 1), plain(2), flags("add", "read", 2))
    queue.push_heartbeat()
    again = restored(queue)
    for each in (queue, again):
        push(each, flags("add", "read", 3), plain(4), after=100)
    assert events_of(again) == events_of(queue)


def test_saving_does_not_end_the_merging(queue: EventQueue) -> None:
    push(queue, flags("add", "read", 1))
    state(queue, 0)
    push(queue, flags("add", "read", 2))
    assert events_of(queue) == [{**flags("add", "read", 1, 2), "id": 1}]


def test_a_queue_has_changed_from_an_event_until_it_is_saved(queue: EventQueue) -> None:
    assert not queue.changed
    push(queue, plain())
    assert queue.changed
    queue.changed = False  # as fan-out does when it saves
    queue.push_heartbeat()
    queue.acknowledge(0)
    assert not queue.changed


def test_the_newest_acknowledged_id(queue: EventQueue) -> None:
    """Unknown to a restored queue is only what a crash made it forget (below)."""
    assert queue.newest_pruned_id == -1  # checklist 167
    push(queue, plain(), plain())
    queue.acknowledge(0)
    assert queue.newest_pruned_id == restored(queue).newest_pruned_id == 0


def test_after_a_restart_a_forgotten_heartbeat_may_be_acknowledged(queue: EventQueue) -> None:
    push(queue, plain())
    again = restored(queue)
    again.acknowledge(3)
    push(again, plain(), after=200)
    assert ids(again) == [6]


def test_after_a_restart_an_event_that_comes_again_is_not_skipped(queue: EventQueue) -> None:
    """The client knows a heartbeat before the event that replay has put back."""
    push(queue, plain())
    again = restored(queue)
    push(again, plain(2), after=400)
    again.acknowledge(5)
    assert ids(again) == [11]


def test_after_a_restart_only_one_poll_is_forgiven(queue: EventQueue) -> None:
    again = restored(queue)
    again.acknowledge(3)
    with pytest.raises(ApiError, match="Event 9 was not in this queue"):
        again.acknowledge(9)


@pytest.mark.parametrize("waiting", [True, False])
def test_after_a_restart_an_impossible_id_is_still_an_error(queue: EventQueue, waiting: bool) -> None:
    push(queue, plain())
    again = restored(queue)
    if not waiting:
        again.acknowledge(0)
        again = restored(again)
    with pytest.raises(ApiError, match="was not in this queue"):
        again.acknowledge(1_000_000)


def test_after_a_restart_what_was_acknowledged_before_is_not_given_again(queue: EventQueue) -> None:
    push(queue, plain(1), plain(2))
    saved = state(queue, 0)
    queue.acknowledge(1)
    again = new()
    restore(again, saved, {})
    again.acknowledge(1)
    assert again.empty


# -- bounds


def test_too_many_events(queue: EventQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_EVENTS", 3)
    push(queue, plain(), plain(), plain())
    assert not queue.overflowing
    push(queue, plain())
    assert queue.overflowing
    queue.acknowledge(0)
    assert not queue.overflowing


@pytest.mark.parametrize("event", [{"type": "example", "text": "x" * 500}, flags("add", "read", *range(70))])
def test_too_many_bytes(queue: EventQueue, monkeypatch: pytest.MonkeyPatch, event: Any) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 2000)
    push(queue, event)
    assert not queue.overflowing
    push(queue, *[event] * 5)
    assert queue.overflowing


# checklist 209
def test_bytes_are_counted_back_when_events_go(queue: EventQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 2000)
    for number in range(100):
        push(queue, {"type": "example", "text": "x" * 500}, flags("add", "read", number))
        queue.acknowledge(ids(queue)[-1])
        assert not queue.overflowing
    push(queue, *[{"type": "example", "text": "x" * 500}] * 5)
    assert queue.overflowing
