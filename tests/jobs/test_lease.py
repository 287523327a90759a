"""A queue is worked by one process at a time, and taken over when that ends."""

import fcntl
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.jobs import lease as module
from appliance.jobs.lease import Lease, owner, owners
from appliance.store.store import Store
from tests.conftest import MovableClock, until
from tests.jobs.errands import Errand, Other, Pools, enqueue, waiting


def test_one_at_a_time(tmp_path: Path) -> None:
    first, second = Lease(tmp_path, "errands"), Lease(tmp_path, "errands")
    assert first.take()
    assert not second.take()
    assert owner(tmp_path, "errands") == os.getpid()
    first.release()
    assert owner(tmp_path, "errands") is None
    assert second.take()
    assert not second.crashed
    second.release()


def test_the_successor_of_a_crash_knows(tmp_path: Path) -> None:
    first, second = Lease(tmp_path, "errands"), Lease(tmp_path, "errands")
    assert first.take()
    first.abandon()
    assert second.take()
    assert second.crashed
    second.release()


def test_who_waits_gets_it_when_it_is_free(tmp_path: Path) -> None:
    first, second = Lease(tmp_path, "errands"), Lease(tmp_path, "errands")
    assert first.take()
    taken = threading.Event()
    second.take_later(taken.set)
    assert not taken.is_set()
    first.release()
    assert taken.wait(20)
    assert second.held
    second.release()


def test_a_file_without_a_lock_names_nobody(tmp_path: Path) -> None:
    lease = Lease(tmp_path, "errands")
    assert lease.take()
    lease.abandon()
    assert owner(tmp_path, "errands") is None
    assert owner(tmp_path, "others") is None
    assert owners(tmp_path) == {}


@pytest.fixture
def others(store: Store, clock: MovableClock) -> Iterator[Pools]:
    """Pools of another process on the same file."""
    opened = Store(store.folder, clock)
    made = Pools(opened, clock)
    yield made
    made.stop()
    opened.close()


def test_two_pools_on_one_queue_do_each_job_once(store: Store, pools: Pools, others: Pools) -> None:
    first, second = Errand(), Errand()
    pools.start(first)
    others.start(second)
    enqueue(store, *range(50))
    until(lambda: not waiting(store))
    assert (len(first.seen), second.seen) == (50, [])


def test_a_queue_is_taken_over_when_its_owner_ends(store: Store, pools: Pools, others: Pools) -> None:
    gate = threading.Event()
    first, second = Errand(lambda job: gate.wait(20)), Errand()
    pool = pools.start(first)
    others.start(second, Other())
    enqueue(store, 1, 2, 3)
    until(lambda: first.seen)
    pool.stop()
    gate.set()
    pools.stop()
    until(lambda: not waiting(store))
    assert (first.seen, second.seen) == ([1], [2, 3])


def test_the_owner_of_a_queue_is_told_of_jobs(
    store: Store, pools: Pools, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    monkeypatch.setattr(module, "tell", told.append)
    monkeypatch.setattr(module, "owner", lambda folder, queue: 4711 if queue == "elsewhere" else None)
    pools.start(Errand())
    enqueue(store, 1, 2, 3, queue="elsewhere")
    enqueue(store, 4, queue="nobodys")
    until(lambda: told)
    assert set(told) == {4711}


def test_a_reader_of_the_lock_does_not_keep_it(tmp_path: Path) -> None:
    lease = Lease(tmp_path, "errands")
    assert owner(tmp_path, "errands") is None
    with (tmp_path / "queues" / "errands.lock").open() as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        assert not lease.take()
    assert lease.take()
    lease.release()
