"""Queues of several shards: each has its people, and a change of their number loses nothing."""

from collections.abc import Callable

import pytest

from appliance.base.threads import Threads
from appliance.events.shards import saved_facts
from appliance.model.concern import Concern
from appliance.store import notice as notice_table
from appliance.store.store import Store
from appliance.store.transaction import Notice
from tests.conftest import MakeUser, MovableClock, until
from tests.events.conftest import EventSystem
from tests.events.test_missed import mails

Start = Callable[..., EventSystem]


@pytest.fixture
def people(make_user: MakeUser) -> list[int]:
    return [make_user(name).id for name in ("Ann", "Bob", "Cleo", "Dan")]


def numbers(system: EventSystem, queue_id: str) -> list[int]:
    return [event["number"] for event in system.events(queue_id)]


def mail_everybody(notice: Notice, has_client: Callable[[int], bool]) -> list[Concern]:
    number = notice.event.get("number")
    people = [] if number is None else notice.users
    return [Concern(each, [("mails", {"to": each, "number": number})], []) for each in people]


def test_each_shard_tells_its_own_people(start: Start, people: list[int]) -> None:  # checklist 207
    system = start(shards=3)
    queues = [system.register(user_id) for user_id in people]
    system.tell(*people, number=1)
    system.tell(people[2], number=2)
    system.apply()
    assert [numbers(system, each.id) for each in queues] == [[1], [1], [1, 2], [1]]
    assert {len(each) for each in system.shards.queues} == {1, 2}


def test_each_shard_decides_for_its_own_people(start: Start, store: Store, people: list[int]) -> None:
    system = start(mail_everybody, shards=3)
    system.tell(*people, number=1)
    system.apply()
    assert sorted(mails(store)) == [(user_id, 1) for user_id in people]


@pytest.mark.parametrize(("before", "after"), [(1, 3), (3, 1), (3, 2), (2, 2)])
@pytest.mark.parametrize("saved", [0, 1, 2])
def test_a_crash_and_another_number_of_shards_lose_and_double_nothing(
    start: Start, store: Store, people: list[int], before: int, after: int, saved: int
) -> None:
    """`saved`: shards that came to save before the crash."""
    system = start(mail_everybody, shards=before)
    queues = [system.register(user_id).id for user_id in people]
    for number in range(3):
        system.tell(*people, number=number)
    system.apply()
    for index in range(min(saved, before)):
        system.shards.of_user(index).fanout.save()
    again = start(mail_everybody, shards=after)
    again.tell(*people, number=3)
    again.apply()
    assert [numbers(again, each) for each in queues] == [[0, 1, 2, 3]] * len(people)
    assert sorted(mails(store)) == sorted((each, number) for number in range(4) for each in people)
    third = start(mail_everybody, shards=after)
    assert [numbers(third, each) for each in queues] == [[0, 1, 2, 3]] * len(people)


def test_notices_are_kept_until_the_last_shard_has_saved(
    start: Start, store: Store, people: list[int]
) -> None:
    system = start(shards=2)
    system.tell(*people, number=1)
    system.apply()
    for index, left in enumerate([1, 0]):
        system.shards.of_user(index).fanout.save()
        with store.read() as reader:
            assert len(notice_table.after(reader, 0)) == left


def test_each_has_a_thread(start: Start, people: list[int]) -> None:
    system, threads = start(shards=2), Threads()
    queues = [system.register(user_id) for user_id in people]
    system.shards.start(threads)
    system.tell(*people, number=1)
    until(lambda: all(len(queue) for queue in queues))
    system.shards.stop()
    threads.stop(10)


# -- how long queues were idle


def test_after_a_stop_it_is_known_how_long_a_queue_was_idle(
    start: Start, clock: MovableClock, people: list[int]
) -> None:
    before = start()
    before.register(people[0])
    clock.advance(300)
    before.register(people[1])
    before.shards.save()
    clock.advance(400)
    after = start()
    after.registry.collect_idle()
    after.apply()
    assert [facts.user_id for facts in after.registry.facts()] == [people[1]]
    assert [facts.idle_seconds for facts in after.registry.facts()] == [400]


def test_a_stop_that_was_long_ago_counts_no_more(
    start: Start, clock: MovableClock, people: list[int]
) -> None:
    """Since then the server ran, told something, and was killed while the client may have waited."""
    before = start()
    before.register(people[0])
    before.shards.save()
    start().tell(people[0], number=1)
    clock.advance(10_000)
    [facts] = start().registry.facts()
    assert facts.idle_seconds == 0


# -- looked at


def test_what_is_known_of_queues(start: Start, clock: MovableClock, people: list[int]) -> None:
    system = start()
    queue = system.register(people[0], client_type_name="website", event_types=("example",), queue_timeout=77)
    system.tell(people[0], number=1)
    system.apply()
    clock.advance(12.5)
    [facts] = system.registry.facts()
    assert (facts.id, facts.user_id, facts.client_type_name) == (queue.id, people[0], "website")
    assert (facts.events, facts.bytes > 20, facts.waiting, facts.idle_seconds) == (1, True, False, 12)
    assert (facts.queue_timeout, facts.event_types, facts.narrow) == (77, ("example",), ())
    system.shards.save()
    assert saved_facts(system.store, clock.now()) == [facts]


def test_gauges_say_what_queues_hold(start: Start, people: list[int]) -> None:  # checklist 222, 224
    system = start(shards=2)
    for user_id in people:
        system.register(user_id)
    system.tell(*people, number=1)
    system.apply()
    text = system.metrics.text()
    assert "appliance_queues_created_total 4" in text
    assert "appliance_queues 4" in text
    assert "appliance_queue_events 4" in text
    body = b'{"type":"example","number":1'
    assert f"appliance_queue_bytes {4 * len(body)}" in text
