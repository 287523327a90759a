"""Long polls: answered at once, or parked until an event, a heartbeat, or another poll."""

import threading
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from appliance.base.errors import ApiError, BadEventQueueId
from appliance.events.descriptor import MAX_QUEUE_TIMEOUT
from appliance.events.polling import HEARTBEAT_MIN, HEARTBEAT_SPREAD, Polling
from appliance.events.queue import EventQueue
from tests.conftest import MovableClock
from tests.events.conftest import EventSystem, FakeWaiter

ANN, BOB = 5, 7


class Poller:
    """Polls a queue of Ann's; what was parked is in `parked`."""

    def __init__(self, system: EventSystem, clock: MovableClock, **wishes: Any) -> None:
        self.polling = Polling(system.shards, clock)
        self.queue = system.register(ANN, **wishes)
        self.parked: list[FakeWaiter] = []

    def park(
        self, seconds: float, on_timeout: Callable[[], bytes], on_gone: Callable[[], None]
    ) -> FakeWaiter:
        self.parked.append(FakeWaiter(seconds, on_timeout, on_gone))
        return self.parked[-1]

    def __call__(self, last_event_id: int = -1, *, user_id: int = ANN, dont_block: bool = False) -> Any:
        answer = self.polling.poll(
            self.queue.id, user_id, last_event_id, dont_block=dont_block, park=self.park
        )
        return None if answer is None else orjson.loads(answer)


@pytest.fixture
def poll(system: EventSystem, clock: MovableClock) -> Poller:
    return Poller(system, clock)


@pytest.fixture
def queue(poll: Poller) -> EventQueue:
    return poll.queue


def tell(system: EventSystem, *numbers: int) -> None:
    for number in numbers:
        system.tell(ANN, number=number)
    system.apply()


# checklist 177, 197
def test_events_that_are_there_are_the_answer(system: EventSystem, poll: Poller) -> None:
    tell(system, 1, 2)
    answer = poll()
    assert answer == {
        "result": "success",
        "msg": "",
        "queue_id": poll.queue.id,
        "events": [{"type": "example", "number": 1, "id": 0}, {"type": "example", "number": 2, "id": 1}],
    }
    assert poll()["events"] == answer["events"]
    assert [event["id"] for event in poll(0)["events"]] == [1]
    assert poll.parked == []


# checklist 196, 198
def test_an_empty_queue_parks_and_is_answered_by_an_event(system: EventSystem, poll: Poller) -> None:
    assert poll() is None
    tell(system, 1)
    assert [event["number"] for event in poll.parked[0].events] == [1]


def test_who_does_not_want_to_wait_gets_an_empty_answer(poll: Poller) -> None:
    assert poll(dont_block=True)["events"] == []
    assert poll.parked == []


def test_after_an_answer_nobody_is_answered_twice(system: EventSystem, poll: Poller) -> None:  # checklist 199
    poll()
    tell(system, 1, 2)
    assert len(poll.parked[0].bodies) == 1


def test_a_heartbeat_comes_before_clients_give_up(poll: Poller) -> None:  # checklist 204
    poll()
    [waiter] = poll.parked
    assert HEARTBEAT_MIN <= waiter.seconds <= HEARTBEAT_MIN + HEARTBEAT_SPREAD < 90
    assert orjson.loads(waiter.time_out())["events"] == [{"type": "heartbeat", "id": 0}]
    assert poll.queue.waiter is None
    assert poll(0) is None


def test_a_client_may_do_without_heartbeats(system: EventSystem, clock: MovableClock) -> None:
    poll = Poller(system, clock, client_type_name="API: heartbeat test")
    poll()
    assert poll.parked[0].seconds >= MAX_QUEUE_TIMEOUT


def test_a_heartbeat_comes_to_who_wants_no_events(system: EventSystem, clock: MovableClock) -> None:
    poll = Poller(system, clock, event_types=())
    poll()
    assert orjson.loads(poll.parked[0].time_out())["events"] == [{"type": "heartbeat", "id": 0}]


def test_a_heartbeat_is_kept_until_it_is_acknowledged(system: EventSystem, poll: Poller) -> None:
    poll()
    poll.parked[0].time_out()
    assert [event["type"] for event in poll()["events"]] == ["heartbeat"]


def test_a_server_that_stops_sends_no_heartbeat(poll: Poller) -> None:
    poll()
    poll.polling.stop()
    assert orjson.loads(poll.parked[0].time_out())["events"] == []
    assert poll.queue.empty


def test_a_second_poll_ends_the_first(system: EventSystem, poll: Poller) -> None:  # checklist 203
    poll()
    poll()
    first, second = poll.parked
    assert first.events == []
    tell(system, 1)
    assert [event["number"] for event in second.events] == [1]
    assert len(first.bodies) == 1


def test_the_time_out_of_a_poll_that_was_superseded_means_nothing(poll: Poller) -> None:
    poll()
    poll()
    first, second = poll.parked
    first.time_out()
    first.hang_up()
    assert poll.queue.waiter is second
    assert poll.queue.empty


# checklist 200
def test_how_a_poll_begins_and_ends_is_logged(
    poll: Poller, queue: EventQueue, caplog: pytest.LogCaptureFixture
) -> None:  # checklist 227
    caplog.set_level("DEBUG")
    poll()
    assert f"queue {queue.id} waits" in caplog.text
    poll.parked[0].hang_up()
    assert f"queue {queue.id} went" in caplog.text


def test_a_client_that_hangs_up_leaves_its_queue_whole(system: EventSystem, poll: Poller) -> None:
    poll()
    poll.parked[0].hang_up()
    assert poll.queue.waiter is None
    tell(system, 1)
    assert [event["number"] for event in poll()["events"]] == [1]


@pytest.mark.parametrize("user_id", [BOB, 0])
def test_a_queue_of_somebody_else_looks_unknown(poll: Poller, user_id: int) -> None:
    with pytest.raises(BadEventQueueId):
        poll(user_id=user_id)
    assert poll.parked == []


def test_a_bad_id_leaves_the_waiting_poll_alone(poll: Poller) -> None:
    poll()
    with pytest.raises(ApiError, match="Event 7 was not in this queue"):
        poll(7)
    assert poll.queue.waiter is poll.parked[0]


# checklist 195
def test_only_waiting_keeps_a_queue_alive(
    system: EventSystem, poll: Poller, queue: EventQueue, clock: MovableClock
) -> None:
    born = queue.last_connection_time
    clock.advance(100)
    poll(dont_block=True)
    tell(system, 1)
    poll()
    assert queue.last_connection_time == born
    assert poll(2) is None
    assert queue.last_connection_time == clock.now()


def test_no_event_is_lost_between_polls(system: EventSystem, poll: Poller) -> None:
    """A client that polls as fast as it can, and a fan-out that pushes as fast as it can."""
    thread = threading.Thread(target=system.fanout.run, daemon=True)
    thread.start()

    def write() -> None:
        for number in range(300):
            system.tell(ANN, number=number)

    writer = threading.Thread(target=write)
    writer.start()
    seen: list[int] = []
    last = -1
    while len(seen) < 300:
        answered = threading.Event()
        body = poll.polling.poll(
            poll.queue.id, ANN, last, dont_block=False, park=lambda *how, done=answered: Bell(done)
        )
        if body is None:
            assert answered.wait(10)
            body = poll.polling.poll(poll.queue.id, ANN, last, dont_block=True, park=poll.park)
        assert body is not None
        events = orjson.loads(body)["events"]
        seen += [event["number"] for event in events]
        last = events[-1]["id"] if events else last
    system.fanout.stop()
    thread.join(10)
    writer.join(10)
    assert seen == list(range(300))


class Bell:
    """A waiter that only says that it was answered."""

    def __init__(self, done: threading.Event) -> None:
        self._done = done

    def resume(self, body: bytes) -> bool:
        self._done.set()
        return True
