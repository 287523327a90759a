"""Writes share commits and flushes, and still each is alone with its result."""

import errno
import random
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from appliance.base.errors import StorageError
from appliance.store.store import Store
from appliance.store.transaction import Job, Notice, Transaction
from tests.conftest import MovableClock, until
from tests.store.conftest import Disk
from tests.store.crowd import Crowd

pytestmark = pytest.mark.usefixtures("table")

Work = Callable[[Transaction], Any]


def insert(name: object) -> Work:
    """A work that adds a row and returns its id."""
    return lambda transaction: transaction.value("INSERT INTO item(name) VALUES (?) RETURNING id", name)


def insert_and_tell(name: str) -> Work:
    def work(transaction: Transaction) -> None:
        insert(name)(transaction)
        transaction.notice({"type": name}, [])
        transaction.job(name, {})

    return work


def insert_and_raise(name: str, error: Exception) -> Work:
    def work(transaction: Transaction) -> None:
        insert_and_tell(name)(transaction)
        raise error

    return work


def names(store: Store) -> list[Any]:
    with store.read() as reader:
        return [name for (name,) in reader.rows("SELECT name FROM item ORDER BY id")]


class Told:
    """What the committer told, in that order."""

    def __init__(self, store: Store) -> None:
        self.jobs: list[Job] = []
        self.notices: list[Notice] = []
        store.jobs_committed = self.jobs.extend
        store.notices_committed = self.notices.extend

    def types(self) -> list[str]:
        return [notice.event["type"] for notice in self.notices]


def in_one_commit(store: Store, works: list[Work], **options: bool) -> list[object]:
    """Let all works queue for one commit, in their order; what each returned or raised."""
    ends: list[object] = [None] * len(works)

    def run(number: int, work: Work) -> None:
        try:
            ends[number] = store.write(work, **options)
        except Exception as error:
            ends[number] = error

    with Crowd() as crowd:

        def queued(number: int) -> bool:
            return len(store.committer._waiting) > number

        def queue_all() -> None:
            for number, work in enumerate(works):
                crowd.start(partial(run, number, work))
                until(partial(queued, number))

        store.committer.exclusively(queue_all)
    return ends


def fill_up(store: Store, spare: int = 2) -> None:
    """From now on the file may grow by `spare` pages only."""
    pages = store.write(lambda transaction: transaction.value("PRAGMA page_count"))
    store.write(lambda transaction: transaction.execute(f"PRAGMA max_page_count = {pages + spare}"))


def make_room(store: Store) -> None:
    store.write(lambda transaction: transaction.execute("PRAGMA max_page_count = 1000000"))


# -- sharing


def test_works_that_wait_together_share_one_commit(store: Store) -> None:
    before = store.committer.commits
    assert in_one_commit(store, [insert(name) for name in "abc"]) == [1, 2, 3]
    assert store.committer.commits == before + 1
    assert names(store) == ["a", "b", "c"]


def test_on_a_slow_disk_many_writes_share_a_flush(store: Store, disk: Disk) -> None:
    disk.seconds = 0.005
    flushes = store.committer.flushes
    with Crowd() as crowd:
        for number in range(16):
            crowd.start(partial(store.write, insert(number)), times=10)
    assert len(names(store)) == 160
    assert store.committer.flushes - flushes < 80


def test_each_caller_gets_its_own_result(store: Store) -> None:
    def write_own(number: int) -> None:
        for _ in range(20):
            assert store.write(lambda transaction: number) == number

    with Crowd() as crowd:
        for number in range(8):
            crowd.start(partial(write_own, number))


def test_each_caller_gets_its_own_exception(store: Store) -> None:
    errors = [ValueError("one"), KeyError("two")]
    works = [insert_and_raise("a", errors[0]), insert("b"), insert_and_raise("c", errors[1])]
    assert in_one_commit(store, works) == [errors[0], 1, errors[1]]


def test_a_work_that_raises_leaves_nothing_and_its_mates_commit(store: Store) -> None:
    told = Told(store)
    in_one_commit(store, [insert_and_tell("a"), insert_and_raise("b", ValueError()), insert_and_tell("c")])
    assert names(store) == ["a", "c"]
    assert told.types() == ["a", "c"]
    assert [job.queue for job in told.jobs] == ["a", "c"]
    with store.read() as reader:
        assert reader.value("SELECT count(*) FROM notice") == 2
        assert reader.value("SELECT count(*) FROM job") == 2


def test_a_statement_that_fails_is_the_callers_own_affair(store: Store) -> None:
    store.write(insert("a"))

    def twice(transaction: Transaction) -> None:
        transaction.execute("INSERT INTO item VALUES (1, 'again')")

    ends = in_one_commit(store, [twice, insert("b")])
    assert "UNIQUE" in str(ends[0])
    assert names(store) == ["a", "b"]


def test_the_last_work_of_a_commit_sees_nothing_newer(store: Store) -> None:
    """Each hook reads what its own work left behind, however many others write."""
    seen: list[tuple[int, int]] = []

    def work(transaction: Transaction) -> None:
        own = insert("x")(transaction)
        transaction.after_commit(lambda: seen.append((own, newest())))

    def newest() -> int:
        with store.read() as reader:
            found: int = reader.value("SELECT max(id) FROM item")
            return found

    with Crowd() as crowd:
        for _ in range(8):
            crowd.start(partial(store.write, work, last=True), times=10)
            crowd.start(partial(store.write, insert("y")), times=10)
    assert len(seen) == 80
    assert [own for own, found in seen if own != found] == []


def test_a_last_work_closes_its_group(store: Store) -> None:
    before = store.committer.commits
    in_one_commit(store, [insert(name) for name in "abc"], last=True)
    assert store.committer.commits == before + 3


# -- what is told, and when


def test_notices_are_told_only_after_the_flush_and_jobs_at_once(store: Store, disk: Disk) -> None:
    told = Told(store)
    disk.gate.clear()
    with Crowd() as crowd:
        crowd.start(lambda: store.write(insert_and_tell("a")))
        until(lambda: disk.begun)
        assert [job.queue for job in told.jobs] == ["a"]
        assert told.notices == []
        disk.gate.set()
    assert told.types() == ["a"]


def test_nobody_returns_before_the_flush(store: Store, disk: Disk) -> None:
    returned = threading.Event()

    def write() -> None:
        store.write(insert("a"))
        returned.set()

    disk.gate.clear()
    with Crowd() as crowd:
        crowd.start(write)
        until(lambda: disk.begun)
        assert names(store) == ["a"]  # committed
        assert not returned.is_set()
        disk.gate.set()
    assert returned.is_set()


def test_notices_and_jobs_of_many_writers_are_told_once_and_in_order(store: Store, disk: Disk) -> None:
    disk.seconds = 0.001
    told = Told(store)
    with Crowd() as crowd:
        for name in "abcdefgh":
            crowd.start(partial(store.write, insert_and_tell(name)), times=20)
    assert [notice.id for notice in told.notices] == list(range(1, 161))
    assert [job.id for job in told.jobs] == list(range(1, 161))
    assert told.types() == names(store)


def test_hooks_run_in_commit_order_with_the_lock_held(store: Store) -> None:
    heard: list[int] = []

    def work(transaction: Transaction) -> None:
        own = insert("x")(transaction)
        transaction.after_commit(lambda: heard.append(own))
        transaction.after_commit(lambda: heard.append(-own if store.committer._commit_lock.locked() else 0))

    with Crowd() as crowd:
        for _ in range(8):
            crowd.start(partial(store.write, work), times=10)
    assert heard == [sign * own for own in range(1, 81) for sign in (1, -1)]


def test_a_hook_is_not_called_for_work_that_raises(store: Store) -> None:
    called: list[str] = []

    def work(transaction: Transaction) -> None:
        transaction.after_commit(lambda: called.append("hook"))
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 (its own)
        store.write(work)
    assert called == []


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_hook_that_raises_keeps_nobody_waiting(store: Store, place: int) -> None:
    def hook() -> None:
        raise RuntimeError("on purpose")

    def work(transaction: Transaction) -> None:
        insert("hooked")(transaction)
        transaction.after_commit(hook)

    works = [insert(name) for name in "ab"]
    works.insert(place, work)
    ends = in_one_commit(store, works)
    assert isinstance(ends[place], RuntimeError)
    assert sorted(names(store)) == ["a", "b", "hooked"]
    store.write(insert("afterwards"))


def test_a_listener_that_raises_keeps_nobody_waiting(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    def fail(_: object) -> None:
        raise RuntimeError("on purpose")

    store.jobs_committed = store.notices_committed = fail
    in_one_commit(store, [insert_and_tell("a"), insert_and_tell("b")])
    assert names(store) == ["a", "b"]
    assert "on purpose" in caplog.text


# -- flushing


def test_without_flush_a_write_returns_at_once(store: Store, disk: Disk) -> None:
    disk.gate.clear()
    store.write(insert("a"), flush=False)
    assert disk.begun == 0
    assert names(store) == ["a"]


def test_a_notice_is_flushed_even_if_its_writer_would_not_wait(store: Store, disk: Disk) -> None:
    told = Told(store)
    store.write(insert_and_tell("a"), flush=False)
    assert disk.ended == 1
    assert told.types() == ["a"]


def test_a_later_flush_covers_what_was_written_without_one(store: Store, disk: Disk) -> None:
    store.write(insert("a"), flush=False)
    store.write(insert("b"))
    assert disk.ended == 1


def test_flush_makes_durable_what_was_written_without_one(store: Store, disk: Disk) -> None:
    store.write(insert("a"), flush=False)
    store.flush()
    assert disk.ended == 1
    store.flush()
    assert disk.ended == 1


def test_a_failed_write_flushes_nothing(store: Store, disk: Disk) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (its own)
        store.write(insert_and_raise("a", ValueError()))
    assert disk.begun == 0


def test_a_flush_that_fails_is_an_error_for_those_who_waited(store: Store, disk: Disk) -> None:
    disk.error = OSError(errno.EIO, "Input/output error")
    ends = in_one_commit(store, [insert("a"), insert("b")])
    assert all(isinstance(end, StorageError) for end in ends)
    disk.error = None
    store.write(insert("c"))
    assert names(store)[-1] == "c"


def test_a_store_that_need_not_be_durable_never_flushes(
    store: Store, disk: Disk, clock: MovableClock
) -> None:
    lazy = Store(store.folder, clock, durable=False)
    told = Told(lazy)
    lazy.write(insert_and_tell("a"))
    lazy.close()
    assert disk.begun == 0
    assert told.types() == ["a"]


# -- a full disk


def large(transaction: Transaction) -> None:
    """Writes some rows, tells of them, and then does not fit."""
    insert_and_tell("half")(transaction)
    for _ in range(50):
        transaction.execute("INSERT INTO item(name) VALUES (zeroblob(100000))")


def test_a_full_disk_is_a_readable_error_and_leaves_nothing(store: Store) -> None:
    told = Told(store)
    fill_up(store)
    with pytest.raises(StorageError, match=r"disk of the data folder is full.*nothing.*was stored"):
        store.write(large)
    assert names(store) == []
    assert (told.notices, told.jobs) == ([], [])


def test_after_a_full_disk_small_writes_work_and_with_room_large_ones(store: Store) -> None:
    fill_up(store)
    with pytest.raises(StorageError):
        store.write(large)
    store.write(insert("small"))
    assert names(store) == ["small"]
    make_room(store)
    store.write(large)
    assert len(names(store)) == 52


def test_on_a_full_disk_whoever_got_an_error_left_nothing_and_the_others_all(store: Store) -> None:
    fill_up(store)
    works = [insert("a"), large, insert("b")]
    ends = in_one_commit(store, works)
    assert isinstance(ends[1], StorageError)
    kept = [name for name, end in zip("a.b", ends, strict=True) if not isinstance(end, Exception)]
    assert names(store) == kept
    store.write(insert("afterwards"))


# -- under load


def test_no_writer_is_forgotten(store: Store) -> None:
    """16 threads of 200 writes; some raise, some do not wait, and checkpoints take the lock now and then."""
    done = threading.Event()

    def hammer(seed: int) -> None:
        chance = random.Random(seed)
        for number in range(200):
            name = f"{seed}/{number}"
            match chance.randrange(10):
                case 0:
                    with pytest.raises(ValueError, match=name):
                        store.write(insert_and_raise(name, ValueError(name)))
                case 1:
                    store.write(insert(name), last=True)
                case kind:
                    store.write(insert(name), flush=kind < 4)

    def disturb() -> None:
        while not done.wait(0.001):
            store.committer.exclusively(lambda: None)

    with Crowd() as disturber:
        disturber.start(disturb)
        with Crowd() as crowd:
            for seed in range(16):
                crowd.start(partial(hammer, seed))
        done.set()
    kept = names(store)
    assert len(kept) == len(set(kept))
    assert 2500 < len(kept) < 3200
