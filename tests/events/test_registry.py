"""Queues begin at one moment with their snapshot, are bounded, expire, and come back after a restart."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from appliance.actions.user import deactivation
from appliance.base.errors import BadEventQueueId, StorageError
from appliance.events.descriptor import ClientDescriptor
from appliance.model.user import Role
from appliance.store.store import Store
from appliance.store.transaction import Transaction
from tests.conftest import MakeUser, MovableClock
from tests.events.conftest import EventSystem, FakeWaiter
from tests.store.crowd import Crowd

Start = Callable[..., EventSystem]
ANN, BOB = 5, 7


def saved_ids(store: Store) -> set[str]:
    with store.read() as reader:
        return {queue_id for (queue_id,) in reader.rows("SELECT id FROM event_queue")}


# -- snapshot and queue


def test_every_change_is_in_the_snapshot_or_in_the_queue(system: EventSystem) -> None:
    """Writers count up and tell each number; whoever registers meanwhile knows each from exactly one side."""
    store = system.store
    store.write(lambda transaction: transaction.execute("CREATE TABLE number(id INTEGER PRIMARY KEY)"))
    done = threading.Event()
    fanout = threading.Thread(target=system.fanout.run, daemon=True)
    fanout.start()
    registered: list[tuple[set[int], Any]] = []

    def add(transaction: Transaction) -> None:
        number = transaction.value("INSERT INTO number DEFAULT VALUES RETURNING id")
        transaction.notice({"type": "number", "number": number}, [ANN])

    def count_up() -> None:
        while not done.is_set():
            store.write(add)

    def register() -> None:
        for _ in range(45):
            with store.read() as reader:
                queue = system.registry.allocate(ANN, ClientDescriptor(), reader)
                registered.append(({found for (found,) in reader.rows("SELECT id FROM number")}, queue))

    with Crowd() as writers:
        for _ in range(3):
            writers.start(count_up)
        with Crowd() as clients:
            for _ in range(2):
                clients.start(register)
        done.set()
    system.fanout.stop()
    fanout.join(20)
    with store.read() as reader:
        everything = {found for (found,) in reader.rows("SELECT id FROM number")}
    assert len(registered) == 90
    for snapshot, queue in registered:
        told = [event["number"] for event in system.events(queue)]
        assert sorted([*snapshot, *told]) == sorted(everything)


def test_a_notice_that_is_applied_late_is_not_told_to_a_queue_born_after_it(system: EventSystem) -> None:
    system.tell(ANN, number=1)
    queue = system.register(ANN)
    system.tell(ANN, number=2)
    system.apply()
    assert [event["number"] for event in system.events(queue)] == [2]


def test_nothing_is_registered_when_the_disk_is_full(system: EventSystem, store: Store) -> None:
    pages = store.write(lambda transaction: transaction.value("PRAGMA page_count"))
    store.write(lambda transaction: transaction.execute(f"PRAGMA max_page_count = {pages}"))
    with pytest.raises(StorageError):
        system.register(ANN, client_type_name="x" * 100_000)
    assert system.registry.count == 0
    assert saved_ids(store) == set()


# -- finding


def test_ids_cannot_be_guessed(system: EventSystem) -> None:  # checklist 169
    ids = {system.register(ANN).id for _ in range(20)}
    assert len(ids) == 20
    assert all(len(each) == 36 for each in ids)


@pytest.mark.parametrize("whose", ["unknown", "foreign"])
def test_a_foreign_queue_looks_like_an_unknown_one(system: EventSystem, whose: str) -> None:
    queue_id = system.register(BOB).id if whose == "foreign" else "0" * 36
    with pytest.raises(BadEventQueueId) as raised:
        system.registry.delete(queue_id, ANN)
    assert raised.value.body() == {
        "result": "error",
        "msg": f"Bad event queue id: {queue_id}",
        "code": "BAD_EVENT_QUEUE_ID",
        "queue_id": queue_id,
    }


# -- the end of a queue


def test_a_deleted_queue_is_gone_from_memory_and_file(system: EventSystem) -> None:  # checklist 201
    queue, other = system.register(ANN), system.register(ANN)
    system.registry.delete(queue.id, ANN)
    with pytest.raises(BadEventQueueId):
        system.registry.delete(queue.id, ANN)
    system.apply()
    system.fanout.save()
    assert system.queues.all() == [other]
    assert saved_ids(system.store) == {other.id}


def test_who_waits_on_a_deleted_queue_is_answered(system: EventSystem) -> None:
    queue = system.register(ANN)
    waiter = queue.waiter = FakeWaiter()
    system.registry.delete(queue.id, ANN)
    assert waiter.events == []


def test_the_longest_unused_queue_makes_room(start: Start, clock: MovableClock) -> None:
    system = start(per_user=2)
    queues = []
    for _ in range(2):
        queues.append(system.register(ANN))
        clock.advance(1)
    bobs = system.register(BOB)
    queues[0].last_connection_time = clock.now()
    newest = system.register(ANN)
    system.apply()
    assert {each.id for each in system.queues.all()} == {queues[0].id, newest.id, bobs.id}


def test_in_all_there_is_a_limit_too(start: Start, clock: MovableClock) -> None:
    system = start(in_all=10)
    waiting = system.register(ANN)
    waiting.waiter = FakeWaiter()
    for number in range(20):
        clock.advance(1)
        system.register(BOB + number)
        system.apply()
    assert system.registry.count == 10
    assert waiting in system.queues.all()
    assert {each.user_id for each in system.queues.all()} == {ANN, *range(BOB + 11, BOB + 20)}


@pytest.mark.parametrize(
    ("timeout", "idle", "lives"),
    [(600, 599, True), (600, 600, False), (60, 61, False), (604800, 86400, True)],
)
# checklist 145, 208
def test_an_idle_queue_expires(
    system: EventSystem, clock: MovableClock, timeout: int, idle: int, lives: bool
) -> None:
    system.register(ANN, queue_timeout=timeout)
    clock.advance(idle)
    system.registry.collect_idle()
    system.apply()
    assert system.registry.count == int(lives)


def test_a_queue_whose_client_waits_does_not_expire(system: EventSystem, clock: MovableClock) -> None:
    queue = system.register(ANN)
    queue.waiter = FakeWaiter()
    clock.advance(10_000)
    system.registry.collect_idle()
    system.apply()
    assert system.registry.count == 1


def test_births_and_deaths_are_counted_and_logged(
    system: EventSystem, clock: MovableClock, caplog: pytest.LogCaptureFixture
) -> None:  # checklist 222, 223, 225
    caplog.set_level("DEBUG")
    queue = system.register(ANN, client_type_name="website")
    system.register(BOB)
    assert f"event queue {queue.id} of user {ANN} (website) created" in caplog.text
    clock.advance(601)
    system.registry.collect_idle()
    system.apply()
    assert "2 of 2 event queues were idle, closed in " in caplog.text
    assert "on 0 a client waits" in caplog.text
    assert f"2 event queues of users [{ANN}, {BOB}] removed (idle), 0 left" in caplog.text
    text = system.metrics.text()
    assert "appliance_queues_created_total 2" in text
    assert 'appliance_queues_removed_total{why="idle"} 2' in text


def test_looking_for_idle_queues_writes_nothing(system: EventSystem) -> None:
    system.register(ANN)
    before = system.store.committer.writes
    system.registry.collect_idle()
    assert system.store.committer.writes == before


# -- restart


def test_a_second_start_without_a_stop_between_has_the_same_queues(
    start: Start, make_user: MakeUser, caplog: pytest.LogCaptureFixture
) -> None:
    """The real system renames its file, lest an immediate crash reload stale queues; ours cannot be stale."""
    # checklist 217
    caplog.set_level("INFO")
    ann = make_user("Ann").id
    queue = start().register(ann)
    for number in range(3):
        start().tell(ann, number=number)
    assert [event["number"] for event in start().events(queue.id)] == [0, 1, 2]
    assert "1 event queues restored in " in caplog.text


def test_queues_come_back_with_what_their_clients_asked_for(start: Start, make_user: MakeUser) -> None:
    wishes = {
        "event_types": ("message", "presence"),
        "narrow": (("channel", "general"), ("is", "mentioned")),
        "apply_markdown": True,
        "slim_presence": True,
        "queue_timeout": 4000,
        "empty_topic_name": True,
        "all_public_streams": True,
    }
    ann = make_user("Ann").id
    queue = start().register(ann, **wishes)
    [again] = start().queues.all()
    assert (again.id, again.user_id, again.client) == (queue.id, ann, queue.client)
    assert start().queues.hearing_public_channels()


def test_after_a_crash_how_long_a_queue_was_idle_starts_anew(
    start: Start, make_user: MakeUser, clock: MovableClock
) -> None:
    start().register(make_user("Ann").id)
    clock.advance(10_000)
    after = start()
    after.registry.collect_idle()
    after.apply()
    assert after.registry.count == 1


def test_queues_of_people_who_are_gone_do_not_come_back(
    start: Start, make_user: MakeUser, store: Store
) -> None:
    make_user("Owner", role=Role.OWNER)
    ann = make_user("Ann")
    start().register(ann.id)
    deactivation.deactivate(store, ann)
    assert start().registry.count == 0


# checklist 220
def test_a_queue_that_cannot_be_read_costs_only_itself(
    start: Start, make_user: MakeUser, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    ann = make_user("Ann").id
    broken, sound = start().register(ann), start().register(ann)
    store.write(
        lambda transaction: transaction.execute(
            "UPDATE event_queue SET state = x'7b' WHERE id = ?", broken.id
        )
    )
    assert [each.id for each in start().queues.all()] == [sound.id]
    assert f"event queue {broken.id} cannot be restored" in caplog.text


def test_a_descriptor_of_another_version_is_read(start: Start, make_user: MakeUser, store: Store) -> None:
    start().register(make_user("Ann").id)
    store.write(
        lambda transaction: transaction.execute(
            """UPDATE event_queue SET descriptor = '{"slim_presence": true, "from_the_future": 1}'"""
        )
    )
    [queue] = start().queues.all()
    assert queue.client == ClientDescriptor(slim_presence=True)
