"""From a transaction to the client that waits: what is told, when, and what a queue then looks like."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from appliance.events.polling import Polling
from appliance.store import job as job_table
from appliance.store.store import Store
from appliance.store.transaction import Notice, Transaction
from tests.conftest import MovableClock
from tests.events.conftest import EventSystem, FakeWaiter

Start = Callable[..., EventSystem]
ANN, BOB = 5, 8  # on different shards, where there are two


def tell(transaction: Transaction) -> None:
    transaction.notice({"type": "example"}, [ANN, BOB])


# checklist 3
@pytest.mark.parametrize("shards", [1, 2])
def test_what_is_rolled_back_is_not_told_and_what_is_committed_once(start: Start, shards: int) -> None:
    system = start(shards=shards)
    queues = [system.register(ANN), system.register(BOB)]
    handed: list[int] = []
    system.store.notices_committed = lambda notices: handed.extend(notice.id for notice in notices)

    def fail(transaction: Transaction) -> None:
        tell(transaction)
        raise RuntimeError("on purpose")

    with pytest.raises(RuntimeError):
        system.store.write(fail)
    assert handed == []
    system.store.notices_committed = keeping(handed, system)
    system.store.write(tell)
    system.apply()
    assert len(handed) == 1
    assert [system.events(queue) for queue in queues] == [[{"type": "example", "id": 0}]] * 2


def keeping(handed: list[int], system: EventSystem) -> Callable[[list[Notice]], None]:
    def committed(notices: list[Notice]) -> None:
        handed.extend(notice.id for notice in notices)
        system.shards.notices_committed(notices)

    return committed


def test_jobs_are_there_once_they_are_committed(store: Store) -> None:  # checklist 12
    def waiting() -> int:
        with store.read() as reader:
            return len(list(job_table.waiting(reader)))

    def work(transaction: Transaction) -> int:
        transaction.job("mails", {"number": 1})
        return waiting()

    assert store.write(work) == 0
    assert waiting() == 1


# checklist 194
@pytest.mark.parametrize("wishes", [{"event_types": ("message",)}, {"event_types": ()}])
def test_what_a_client_does_not_accept_is_not_kept(system: EventSystem, wishes: dict[str, Any]) -> None:
    queue = system.register(ANN, **wishes)
    system.tell(ANN)
    system.apply()
    assert queue.empty
    assert (len(queue), queue.size(), queue.next_id) == (0, 0, 0)


def test_a_thousand_changes_of_flags_are_one_event(system: EventSystem) -> None:  # checklist 210
    queue = system.register(ANN)
    for number in range(1000):
        change = {"op": "add", "operation": "add", "flag": "read", "messages": [number], "all": False}
        system.tell(ANN, type="update_message_flags", **change)
    system.apply()
    assert len(queue) == 1
    [event] = system.events(queue)
    assert (event["id"], event["messages"]) == (999, list(range(1000)))


@pytest.fixture
def parked() -> list[FakeWaiter]:
    return []


# checklist 161
@pytest.mark.parametrize("end", ["event", "time", "hang up", "delete", "another"])
def test_whether_a_client_waits_is_known(
    system: EventSystem, clock: MovableClock, parked: list[FakeWaiter], end: str
) -> None:
    queue, polling = system.register(ANN), Polling(system.shards, clock)

    def park(*how: Any) -> FakeWaiter:
        parked.append(FakeWaiter(*how))
        return parked[-1]

    def poll(**how: Any) -> None:
        polling.poll(queue.id, ANN, -1, park=park, **{"dont_block": False, **how})

    assert not queue.facts(clock.now()).waiting
    poll()
    assert queue.facts(clock.now()).waiting
    system.tell(ANN)
    ends: dict[str, Callable[[], object]] = {
        "event": system.apply,
        "time": lambda: parked[0].time_out(),
        "hang up": lambda: parked[0].hang_up(),
        "delete": lambda: system.registry.delete(queue.id, ANN),
        "another": lambda: poll(dont_block=True),
    }
    ends[end]()
    assert not queue.facts(clock.now()).waiting
    assert len(parked[0].bodies) == (0 if end in ("time", "hang up") else 1)


def test_an_answer_that_is_lost_is_given_again(system: EventSystem) -> None:  # checklist 214
    """Whatever happens to it after it was handed to the socket."""
    queue = system.register(ANN)
    lost = queue.waiter = FakeWaiter()
    lost.resume = lambda body: False  # type: ignore[method-assign]
    system.tell(ANN, number=1)
    system.apply()
    assert not queue.facts(0).waiting
    assert [event["number"] for event in orjson.loads(queue.contents())] == [1]
