"""Notices become events once and in order, whatever crashes, hangs or is poisoned."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest

from appliance.base.errors import BadEventQueueId
from appliance.events import fanout as module
from appliance.events import processors
from appliance.events import queue as queue_module
from appliance.model.concern import Concern
from appliance.store import job as job_table
from appliance.store import notice as notice_table
from appliance.store.store import Store
from appliance.store.transaction import Notice, Transaction
from tests.conftest import MakeUser, MovableClock, until
from tests.events.conftest import EventSystem, FakeWaiter
from tests.store.crowd import Crowd

Start = Callable[..., EventSystem]
ANN, BOB = 5, 7


def numbers(events: list[dict[str, Any]]) -> list[int]:
    return [event["number"] for event in events]


def positions(store: Store) -> tuple[int, int]:
    with store.read() as reader:
        return notice_table.position(reader, 0)


def waiting_jobs(store: Store) -> list[dict[str, Any]]:
    with store.read() as reader:
        found = [job_table.get(reader, job_id) for job_id, _, _ in job_table.waiting(reader)]
    return [job.event() for job in found if job is not None]


def mail_each(notice: Notice, has_client: Callable[[int], bool]) -> list[Concern]:
    """Decides that every notice with a number is mailed."""
    orders = [("mails", {"number": notice.event["number"]})] if "number" in notice.event else []
    return [Concern(ANN, orders, [])]


def tell_many(system: EventSystem, count: int) -> None:
    def write(transaction: Transaction) -> None:
        for number in range(count):
            transaction.notice({"type": "example", "number": number}, [ANN])

    system.store.write(write)


# -- delivery


# checklist 19, 177
def test_an_event_goes_to_every_queue_of_its_people_and_to_nobody_else(system: EventSystem) -> None:
    mine, mine_too, not_mine = system.register(ANN), system.register(ANN), system.register(BOB)
    system.tell(ANN, number=1)
    system.apply()
    assert system.events(mine) == system.events(mine_too) == [{"type": "example", "number": 1, "id": 0}]
    assert system.events(not_mine) == []


def test_events_come_in_the_order_of_commits(system: EventSystem) -> None:  # checklist 165
    queue = system.register(ANN)
    with Crowd() as crowd:
        for _ in range(8):
            crowd.start(lambda: system.tell(ANN, number=0), times=10)
    system.apply()
    assert [event["id"] for event in system.events(queue)] == list(range(80))


def test_a_waiting_client_is_answered_once_and_the_rest_waits_for_its_next_poll(system: EventSystem) -> None:
    queue = system.register(ANN)
    waiter = queue.waiter = FakeWaiter()
    for number in range(3):
        system.tell(ANN, number=number)
    system.apply()
    assert numbers(waiter.events) == [0]
    assert numbers(system.events(queue)) == [0, 1, 2]
    assert queue.waiter is None


def test_notices_of_one_commit_are_one_answer(system: EventSystem) -> None:  # checklist 192, 193
    queue = system.register(ANN)
    waiter = queue.waiter = FakeWaiter()
    tell_many(system, 3)
    system.apply()
    assert numbers(waiter.events) == [0, 1, 2]
    assert waiter.bodies[0]["queue_id"] == queue.id


def test_a_poisoned_notice_does_not_block_others(
    system: EventSystem, caplog: pytest.LogCaptureFixture
) -> None:
    queue = system.register(ANN, event_types=None)
    system.tell(ANN, number=1)
    system.tell(ANN, type="message", nonsense=True)
    system.tell({"id": ANN, "flags": []}, ["nobody"], type="example", number=2)
    system.tell(ANN, number=3)
    system.apply()
    assert numbers(system.events(queue)) == [1, 3]
    assert "notice 2 was not told: message" in caplog.text


@pytest.mark.parametrize(("failures", "told"), [(0, [1, 2]), (2, [1, 2]), (3, [2])])
def test_a_notice_that_fails_is_tried_three_times(
    system: EventSystem, monkeypatch: pytest.MonkeyPatch, failures: int, told: list[int]
) -> None:  # checklist 215
    queue, left = system.register(ANN), [failures]

    def deliveries(notice: Notice, queues: Any) -> Any:
        if notice.event["number"] == 1 and left[0]:
            left[0] -= 1
            raise RuntimeError("on purpose")
        return processors.deliveries(notice, queues)

    monkeypatch.setattr(module, "deliveries", deliveries)
    system.tell(ANN, number=1)
    system.tell(ANN, number=2)
    system.apply()
    assert numbers(system.events(queue)) == told


def test_how_long_each_type_takes_is_counted_and_logged(
    system: EventSystem, caplog: pytest.LogCaptureFixture
) -> None:  # checklist 221, 226
    caplog.set_level("DEBUG")
    system.register(ANN)
    system.tell(ANN, BOB, number=1)
    system.apply()
    text = system.metrics.text()
    assert 'appliance_events_total{type="example"} 1' in text
    assert 'appliance_fanout_seconds_total{type="example"}' in text
    assert "notice 1 (example): 1 events, " in caplog.text


def test_a_poisoned_decision_does_not_block_others(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    def decide(notice: Notice, has_client: Callable[[int], bool]) -> list[Concern]:
        if notice.event["number"] == 2:
            raise RuntimeError("on purpose")
        return mail_each(notice, has_client)

    system = start(decide)
    tell_many(system, 4)
    system.apply()
    assert numbers(waiting_jobs(system.store)) == [0, 1, 3]
    assert "no decision whom to notify" in caplog.text


def test_a_queue_that_nobody_empties_is_dropped(system: EventSystem, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_module, "MAX_EVENTS", 3)
    lazy, other = system.register(ANN), system.register(BOB)
    tell_many(system, 4)
    system.tell(BOB, number=9)
    system.apply()
    assert system.queues.all() == [other]
    with system.queues.lock, pytest.raises(BadEventQueueId):
        system.queues.get(lazy.id, ANN)


def test_a_dropped_queue_does_not_come_back(
    start: Start, make_user: MakeUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_module, "MAX_EVENTS", 3)
    ann, system = make_user("Ann"), start()
    system.register(ann.id)
    for number in range(4):
        system.tell(ann.id, number=number)
    system.apply()
    system.fanout.save()
    assert start().queues.all() == []


def test_cleanup_takes_the_queues_of_its_people_only(system: EventSystem) -> None:
    system.register(ANN)
    system.register(ANN)
    kept = system.register(BOB)
    system.tell(ANN, type="cleanup_queue")
    system.tell(ANN, BOB, number=1)
    system.apply()
    assert system.queues.all() == [kept]
    assert numbers(system.events(kept)) == [1]


def test_cleanup_may_be_of_those_alone_that_hear_public_channels(system: EventSystem) -> None:
    system.register(ANN, all_public_streams=True)
    system.register(ANN, narrow=(("is", "starred"),))
    kept = system.register(ANN)
    system.tell(ANN, type="cleanup_queue", hearing_public_channels=True)
    system.apply()
    assert system.queues.all() == [kept]


def test_cleanup_survives_a_crash_before_the_save(start: Start, make_user: MakeUser) -> None:
    ann, system = make_user("Ann"), start()
    system.register(ann.id)
    system.tell(ann.id, type="cleanup_queue")
    system.apply()
    assert start().queues.all() == []


def test_who_waits_can_be_made_to_ask_anew(system: EventSystem) -> None:
    waits, comes_back, others = system.register(ANN), system.register(ANN), system.register(BOB)
    waiter, other = FakeWaiter(), FakeWaiter()
    waits.waiter, others.waiter = waiter, other
    system.tell(ANN, type="poll_anew")
    system.apply()
    assert [each["type"] for each in waiter.events] == ["heartbeat"]
    assert other.bodies == []
    assert comes_back.empty


def test_who_was_locked_out_gets_nothing_more(system: EventSystem) -> None:
    queue = system.register(ANN)
    waiter = queue.waiter = FakeWaiter()
    system.tell(ANN, type="cleanup_queue")
    system.tell(ANN, number=1)
    system.apply()
    assert waiter.bodies == []


# -- replay


@pytest.fixture
def ann(make_user: MakeUser) -> int:
    """Only queues of people who exist are restored."""
    return make_user("Ann").id


def test_after_a_crash_events_come_back_with_the_same_ids(
    start: Start, ann: int, clock: MovableClock
) -> None:
    before = start()
    queue = before.register(ann)
    for number in range(4):
        before.tell(ann, number=number)
        clock.advance(100)
        if number == 1:
            before.apply()
            before.fanout.save()
    before.apply()
    assert [event["id"] for event in before.events(queue)] == [0, 3, 6, 9]
    assert start().events(queue.id) == before.events(queue)


def test_after_a_crash_a_queue_that_was_never_saved_is_whole(start: Start, ann: int) -> None:
    before = start()
    before.tell(ann, number=1)
    queue = before.register(ann)
    before.tell(ann, number=2)
    before.apply()
    assert numbers(start().events(queue.id)) == [2]


def test_what_was_committed_but_not_handed_over_is_told_after_a_restart(start: Start, ann: int) -> None:
    before = start()
    queue = before.register(ann)
    before.store.notices_committed = lambda notices: None  # it dies here
    before.tell(ann, number=1)
    assert numbers(start().events(queue.id)) == [1]


def test_acknowledged_events_do_not_trouble_a_client_after_a_crash(start: Start, ann: int) -> None:
    before = start()
    queue = before.register(ann)
    for number in range(3):
        before.tell(ann, number=number)
    before.apply()
    before.fanout.save()
    queue.acknowledge(1)
    after = start()
    [again] = after.queues.all()
    again.acknowledge(1)
    assert numbers(after.events(again)) == [2]


def test_decisions_are_enqueued_once_across_a_replay(start: Start) -> None:
    before = start(mail_each)
    tell_many(before, 3)
    before.apply()
    after = start(mail_each)
    tell_many(after, 1)
    after.apply()
    assert numbers(waiting_jobs(after.store)) == [0, 1, 2, 0]


def test_decisions_are_enqueued_once_however_long_the_replay(start: Start) -> None:
    """Longer than one portion of notices."""
    before = start(mail_each)
    tell_many(before, 2500)
    before.apply()
    after = start(mail_each)
    after.apply()
    assert numbers(waiting_jobs(after.store)) == list(range(2500))
    after.fanout.save()
    assert positions(after.store) == (2500, 2500)


def test_decisions_that_a_crash_prevented_are_made_by_the_replay(start: Start, store: Store) -> None:
    before = start(mail_each)
    store.notices_committed = lambda notices: None  # it dies here
    tell_many(before, 3)
    start(mail_each)
    assert numbers(waiting_jobs(store)) == [0, 1, 2]


def test_the_decision_knows_who_has_a_client_that_wants_messages(start: Start) -> None:  # checklist 13
    asked: list[tuple[bool, bool, bool]] = []

    def decide(notice: Notice, has_client: Callable[[int], bool]) -> list[Concern]:
        asked.append((has_client(ANN), has_client(BOB), has_client(9)))
        return []

    system = start(decide)
    system.register(ANN)
    system.register(BOB, event_types=("presence",))
    system.tell(number=1)
    system.apply()
    assert asked == [(True, False, False)]


# -- saving


@pytest.fixture
def writes(store: Store) -> Callable[[], int]:
    return lambda: store.committer.writes


def test_saving_forgets_notices_that_are_done(system: EventSystem, store: Store) -> None:
    system.register(ANN)
    tell_many(system, 5)
    system.apply()
    with store.read() as reader:
        assert len(notice_table.after(reader, 0)) == 5
    system.fanout.save()
    with store.read() as reader:
        assert notice_table.after(reader, 0) == []
        assert notice_table.newest(reader) == 5
    assert positions(store) == (5, 5)


def test_only_changed_queues_are_written(system: EventSystem, store: Store) -> None:
    changed, idle = system.register(ANN), system.register(BOB)
    with store.read() as reader:
        before: dict[str, bytes] = dict(reader.rows("SELECT id, state FROM event_queue"))
    store.write(lambda transaction: transaction.execute("UPDATE event_queue SET state = x'00'"))
    system.tell(ANN, number=1)
    system.apply()
    system.fanout.save()
    with store.read() as reader:
        after: dict[str, bytes] = dict(reader.rows("SELECT id, state FROM event_queue"))
    assert after[idle.id] == b"\0"
    assert after[changed.id] not in (b"\0", before[changed.id])


def test_without_news_nothing_is_written(system: EventSystem, writes: Callable[[], int]) -> None:
    system.register(ANN)
    system.tell(ANN, number=1)
    system.apply()
    system.fanout.save()
    before = writes()
    system.fanout.save()
    assert writes() == before


def test_it_saves_by_itself_after_many_notices(
    system: EventSystem, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SAVE_AFTER_NOTICES", 10)
    for number in range(25):
        system.tell(ANN, number=number)
    system.apply()
    applied, _ = positions(store)
    assert applied > 10


def test_it_saves_by_itself_after_many_events(
    system: EventSystem, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SAVE_AFTER_EVENTS", 10)
    for _ in range(4):
        system.register(ANN)
    for number in range(3):
        system.tell(ANN, number=number)
        system.apply()
    assert positions(store) == (3, 3)


def test_saves_are_counted_and_logged(
    system: EventSystem, caplog: pytest.LogCaptureFixture
) -> None:  # checklist 228
    caplog.set_level("INFO")
    system.register(ANN)
    system.tell(ANN, number=1)
    system.apply()
    system.fanout.save()
    assert "1 event queues saved in " in caplog.text
    assert "appliance_queue_saves_total 1" in system.metrics.text()
    assert "appliance_queue_save_seconds_total 0." in system.metrics.text()


def test_a_save_that_fails_is_made_up_for(
    system: EventSystem, store: Store, ann: int, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    queue = system.register(ann)
    system.tell(ann, number=1)
    system.apply()
    store.write(lambda transaction: transaction.execute("ALTER TABLE position RENAME TO hidden"))
    system.fanout.save()
    assert "event queues were not saved" in caplog.text
    store.write(lambda transaction: transaction.execute("ALTER TABLE hidden RENAME TO position"))
    system.fanout.save()
    assert positions(store)[0] > 0
    assert numbers(start().events(queue.id)) == [1]


def test_when_the_disk_is_full_a_save_waits_for_room(
    system: EventSystem, store: Store, ann: int, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    queue = system.register(ann)
    system.tell(ann, number=1, text="x" * 100_000)
    system.apply()
    pages = store.write(lambda transaction: transaction.value("PRAGMA page_count"))
    store.write(lambda transaction: transaction.execute(f"PRAGMA max_page_count = {pages + 1}"))
    system.fanout.save()
    assert "event queues were not saved: the disk of the data folder is full" in caplog.text
    assert positions(store) == (0, 0)
    store.write(lambda transaction: transaction.execute("PRAGMA max_page_count = 1000000"))
    system.fanout.save()
    assert numbers(start().events(queue.id)) == [1]
    with store.read() as reader:
        assert notice_table.after(reader, 0) == []


# -- another process


@pytest.fixture
def command(store: Store, clock: MovableClock) -> Iterator[Store]:
    """The store of a command that is run beside the server."""
    opened = Store(store.folder, clock)
    yield opened
    opened.close()


def tell_from(store: Store, number: int) -> None:
    store.write(lambda transaction: transaction.notice({"type": "example", "number": number}, [ANN]))


def test_foreign_notices_are_found_by_looking(system: EventSystem, command: Store) -> None:
    queue = system.register(ANN)
    tell_from(command, 1)
    tell_from(command, 2)
    system.fanout.look()
    system.apply()
    assert numbers(system.events(queue)) == [1, 2]


def test_foreign_notices_are_found_by_the_gap_that_they_leave(system: EventSystem, command: Store) -> None:
    queue = system.register(ANN)
    for number in range(6):
        tell_from(command if number % 2 == 0 else system.store, number)
    system.apply()
    assert numbers(system.events(queue)) == [0, 1, 2, 3, 4, 5]


def test_looking_twice_tells_once(system: EventSystem, command: Store) -> None:
    queue = system.register(ANN)
    tell_from(command, 1)
    tell_from(system.store, 2)
    system.fanout.look()
    system.fanout.look()
    system.apply()
    assert numbers(system.events(queue)) == [1, 2]


# -- as a thread


def test_its_thread_tells_what_is_committed_and_ends_when_told(system: EventSystem) -> None:
    queue = system.register(ANN)
    waiter = queue.waiter = FakeWaiter()
    thread = threading.Thread(target=system.fanout.run, daemon=True)
    thread.start()
    system.tell(ANN, number=1)
    until(lambda: waiter.bodies)
    assert numbers(waiter.events) == [1]
    assert orjson.loads(queue.contents())[0]["id"] == 0
    system.fanout.stop()
    thread.join(10)
    assert not thread.is_alive()
