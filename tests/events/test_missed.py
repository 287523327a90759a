"""Who loses their last queue is told elsewhere of what it still held (event-queues §8)."""

from collections.abc import Callable
from typing import Any

import pytest

from appliance.model.concern import Concern
from appliance.store import job as job_table
from appliance.store.store import Store
from appliance.store.transaction import Notice
from tests.conftest import MakeUser, MovableClock
from tests.events.conftest import EventSystem

Start = Callable[..., EventSystem]


def mail_who_is_away(notice: Notice, has_client: Callable[[int], bool]) -> list[Concern]:
    """Every numbered notice is worth a mail to each of its people."""
    number = notice.event.get("number")
    if number is None:
        return []
    return [_concern(user_id, number, has_client(user_id)) for user_id in notice.users]


def _concern(user_id: int, number: int, here: bool) -> Concern:
    mail = [("mails", {"to": user_id, "number": number})]
    return Concern(user_id, [], mail) if here else Concern(user_id, mail, [])


@pytest.fixture
def ann(make_user: MakeUser) -> int:
    """Only queues of people who exist are restored."""
    return make_user("Ann").id


@pytest.fixture
def bob(make_user: MakeUser) -> int:
    return make_user("Bob").id


@pytest.fixture
def system(start: Start) -> EventSystem:
    return start(mail_who_is_away)


def mails(store: Store) -> list[tuple[int, int]]:
    """(to, number) of each that is enqueued."""
    with store.read() as reader:
        jobs = [job_table.get(reader, job_id) for job_id, _, _ in job_table.waiting(reader)]
    events = [job.event() for job in jobs if job is not None]
    return [(event["to"], event["number"]) for event in events]


def sleep_until_collected(system: EventSystem, clock: MovableClock) -> None:
    clock.advance(601)
    system.registry.collect_idle()
    system.apply()


def tell(system: EventSystem, *numbers: int, to: list[int]) -> None:
    for number in numbers:
        system.tell(*to, number=number)
    system.apply()


def test_what_nobody_fetched_is_mailed_once_the_queue_is_collected(
    system: EventSystem, clock: MovableClock, ann: int
) -> None:  # checklist 279
    system.register(ann)
    tell(system, 1, 2, to=[ann])
    assert mails(system.store) == []
    sleep_until_collected(system, clock)
    assert mails(system.store) == [(ann, 1), (ann, 2)]


def test_what_was_fetched_is_not_mailed(system: EventSystem, clock: MovableClock, ann: int) -> None:
    queue = system.register(ann)
    tell(system, 1, 2, to=[ann])
    queue.contents()
    queue.acknowledge(0)
    sleep_until_collected(system, clock)
    assert mails(system.store) == [(ann, 2)]


def test_who_was_away_at_once_is_not_mailed_again(system: EventSystem, clock: MovableClock, ann: int) -> None:
    system.register(ann, event_types=("presence",))
    tell(system, 1, to=[ann])
    assert mails(system.store) == [(ann, 1)]
    sleep_until_collected(system, clock)
    assert mails(system.store) == [(ann, 1)]


def test_what_was_told_at_once_by_one_road_is_not_told_by_it_again(start: Start, ann: int) -> None:
    """Of somebody who wants pushes while they are here, the mail still waits for the client."""

    def decide(notice: Notice, has_client: Callable[[int], bool]) -> list[Concern]:
        orders = [(road, {"to": ann, "number": number}) for number, road in enumerate(("pushes", "mails"))]
        return [Concern(ann, orders[:1], orders[1:])] if "number" in notice.event else []

    system = start(decide)
    queue = system.register(ann)
    tell(system, 1, to=[ann])
    assert mails(system.store) == [(ann, 0)]
    system.registry.delete(queue.id, ann)
    system.apply()
    assert mails(system.store) == [(ann, 0), (ann, 1)]


def test_one_client_that_is_left_will_show_it(system: EventSystem, clock: MovableClock, ann: int) -> None:
    system.register(ann)
    system.register(ann, queue_timeout=10_000)
    tell(system, 1, to=[ann])
    sleep_until_collected(system, clock)
    assert system.registry.count == 1
    assert mails(system.store) == []


def test_two_queues_that_go_together_miss_it_once(
    system: EventSystem, clock: MovableClock, ann: int, bob: int
) -> None:
    for user_id in (ann, ann, bob):
        system.register(user_id)
    tell(system, 1, to=[ann, bob])
    sleep_until_collected(system, clock)
    assert sorted(mails(system.store)) == sorted([(ann, 1), (bob, 1)])


def test_a_client_that_says_goodbye_with_events_unread_has_missed_them(system: EventSystem, ann: int) -> None:
    queue = system.register(ann)
    tell(system, 1, to=[ann])
    system.registry.delete(queue.id, ann)
    system.apply()
    assert mails(system.store) == [(ann, 1)]


def test_between_closing_and_removal_nothing_falls_through(system: EventSystem, ann: int) -> None:
    """Told before the notice that removes the queue, it was missed; told after it, the person is away."""
    queue = system.register(ann)
    system.tell(ann, number=1)
    system.registry.delete(queue.id, ann)
    system.tell(ann, number=2)
    system.apply()
    assert mails(system.store) == [(ann, 1), (ann, 2)]


def test_a_younger_queue_does_not_answer_for_an_older_notice(start: Start, store: Store, ann: int) -> None:
    """The process died before it decided on a notice; its client registers anew before the replay."""
    before = start(mail_who_is_away)
    store.notices_committed = lambda notices: None  # it dies here
    before.tell(ann, number=1)
    before.register(ann)
    after = start(mail_who_is_away)
    after.apply()
    assert mails(store) == [(ann, 1)]


# -- across a crash


def test_a_crash_forgets_nothing_that_waits(start: Start, clock: MovableClock, ann: int) -> None:
    before = start(mail_who_is_away)
    before.register(ann)
    tell(before, 1, to=[ann])
    before.fanout.save()
    tell(before, 2, to=[ann])
    after = start(mail_who_is_away)
    sleep_until_collected(after, clock)
    assert mails(after.store) == [(ann, 1), (ann, 2)]


@pytest.mark.parametrize("saved", [True, False])
def test_a_crash_after_the_collection_does_not_mail_again(
    start: Start, clock: MovableClock, ann: int, saved: bool
) -> None:
    before = start(mail_who_is_away)
    before.register(ann)
    tell(before, 1, to=[ann])
    sleep_until_collected(before, clock)
    if saved:
        before.fanout.save()
    after = start(mail_who_is_away)
    sleep_until_collected(after, clock)
    assert (mails(after.store), after.registry.count) == ([(ann, 1)], 0)


def test_a_crash_between_closing_and_removal_is_made_up_for(
    start: Start, clock: MovableClock, ann: int
) -> None:
    before = start(mail_who_is_away)
    before.register(ann)
    tell(before, 1, to=[ann])
    before.store.notices_committed = lambda notices: None  # it dies here
    clock.advance(601)
    before.registry.collect_idle()
    after = start(mail_who_is_away)
    assert (mails(after.store), after.registry.count) == ([(ann, 1)], 0)


def test_a_queue_that_overflowed_is_not_asked_twice(
    start: Start, clock: MovableClock, ann: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appliance.events.queue.MAX_EVENTS", 2)
    before = start(mail_who_is_away)
    before.register(ann)
    tell(before, 1, 2, 3, to=[ann])
    assert mails(before.store) == [(ann, 1), (ann, 2), (ann, 3)]
    after = start(mail_who_is_away)
    tell(after, to=[ann])
    assert mails(after.store) == [(ann, 1), (ann, 2), (ann, 3)]
    assert after.registry.count == 0


def test_a_replay_drops_no_queue_for_what_its_client_has_fetched(
    start: Start, ann: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appliance.events.queue.MAX_EVENTS", 2)
    before = start()
    queue = before.register(ann)
    for number in range(6):
        tell(before, number, to=[ann])
        queue.acknowledge(number)
    after = start()
    [again] = after.queues.all()
    again.acknowledge(5)
    tell(after, 6, to=[ann])
    assert [event["number"] for event in after.events(again)] == [6]


def test_when_the_disk_refuses_the_queue_stays(
    system: EventSystem, clock: MovableClock, ann: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = system.register(ann)

    def refuse(*work: Any, **how: Any) -> None:
        raise OSError("no room")

    clock.advance(601)
    with monkeypatch.context() as patched:
        patched.setattr(system.store, "write", refuse)
        with pytest.raises(OSError, match="no room"):
            system.registry.collect_idle()
    assert not queue.closed
    sleep_until_collected(system, clock)
    assert system.registry.count == 0
