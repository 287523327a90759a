"""Whom a restarted server tells to reload, in which batches, and whom no more."""

from collections.abc import Callable
from typing import Any

import pytest

from appliance.base.errors import StorageError
from appliance.events.queue import EventQueue
from appliance.events.reloads import Reloads
from tests.conftest import MakeUser
from tests.events.conftest import EventSystem

Start = Callable[..., EventSystem]


def told(system: EventSystem, queue: EventQueue) -> list[dict[str, Any]]:
    """What is in it about reloading."""
    return [event for event in system.events(queue.id) if event["type"] == "web_reload_client"]


@pytest.fixture
def before(start: Start) -> EventSystem:
    """The server before the restart."""
    return start()


@pytest.fixture
def queues(before: EventSystem, make_user: MakeUser) -> list[EventQueue]:
    return [before.register(make_user(name).id) for name in ("ann", "bob", "cyd")]


@pytest.fixture
def after(start: Start, before: EventSystem, queues: list[EventQueue]) -> EventSystem:
    before.apply()
    return start()


@pytest.fixture
def reloads(after: EventSystem) -> Reloads:
    return restarted(after)


def restarted(system: EventSystem) -> Reloads:
    made = Reloads(system.store, system.shards)
    made.expect()
    return made


def test_all_at_once(after: EventSystem, reloads: Reloads, queues: list[EventQueue]) -> None:
    assert reloads.send() == 3
    after.apply()
    for queue in queues:
        [event] = told(after, queue)
        assert (event["immediate"], event.keys()) == (False, {"id", "type", "immediate"})


def test_in_batches_the_oldest_first(after: EventSystem, reloads: Reloads, queues: list[EventQueue]) -> None:
    for expected in ([1, 1, 0], [1, 1, 1], [1, 1, 1]):
        reloads.send(2)
        after.apply()
        assert [len(told(after, queue)) for queue in queues] == expected


def test_how_many_were_told(reloads: Reloads) -> None:
    assert [reloads.send(count) for count in (0, 2, 2, 2, None)] == [0, 2, 1, 0, 0]


def test_one_of_several_clients_of_a_person(
    start: Start, before: EventSystem, queues: list[EventQueue]
) -> None:
    second = before.register(queues[0].user_id)
    before.apply()
    after = start()
    assert restarted(after).send(3) == 3
    after.apply()
    assert [len(told(after, queue)) for queue in (*queues, second)] == [1, 1, 1, 0]


def test_at_once(after: EventSystem, reloads: Reloads, queues: list[EventQueue]) -> None:
    reloads.send(immediate=True)
    after.apply()
    assert told(after, queues[0])[0]["immediate"] is True


@pytest.mark.parametrize(("event_types", "expected"), [(("message",), 0), (("web_reload_client",), 1)])
def test_only_clients_that_want_to_hear_of_it(
    start: Start, before: EventSystem, make_user: MakeUser, event_types: tuple[str, ...], expected: int
) -> None:
    before.register(make_user("ann").id, event_types=event_types)
    assert restarted(start()).send() == expected


def test_who_registered_since_is_not_told(
    after: EventSystem, reloads: Reloads, queues: list[EventQueue]
) -> None:
    """Their client is a new one."""
    newer = after.register(queues[0].user_id)
    assert reloads.send() == 3
    after.apply()
    assert told(after, newer) == []


@pytest.mark.parametrize("removed", [False, True], ids=["closed", "removed"])
def test_a_queue_that_has_gone_is_not_counted(
    after: EventSystem, reloads: Reloads, queues: list[EventQueue], removed: bool
) -> None:
    after.registry.delete(queues[0].id, queues[0].user_id)
    if removed:
        after.apply()
    assert [reloads.send(1), reloads.send(), reloads.send()] == [1, 1, 0]


def test_who_could_not_be_told_is_told_later_and_still_first(
    after: EventSystem,
    reloads: Reloads,
    queues: list[EventQueue],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise StorageError("the disk is full")

    with monkeypatch.context() as disk:
        disk.setattr(after.store, "write", full)
        with pytest.raises(StorageError):
            reloads.send(1)
    assert reloads.send(1) == 1
    after.apply()
    assert [len(told(after, queue)) for queue in queues] == [1, 0, 0]


def test_nobody_is_told_when_nobody_is_connected(system: EventSystem) -> None:
    notices: list[Any] = []
    system.store.notices_committed = notices.extend
    assert restarted(system).send() == 0
    assert notices == []


def test_of_all_shards(start: Start, queues: list[EventQueue]) -> None:
    after = start(shards=2)
    assert restarted(after).send() == 3
    after.apply()
    assert [len(told(after, queue)) for queue in queues] == [1, 1, 1]
