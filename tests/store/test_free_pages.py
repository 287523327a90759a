"""A file that was large for a while: it becomes small again, beside the writers, and then rests."""

import threading
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from appliance.base.threads import Threads
from appliance.store import free_pages
from appliance.store.store import FILE_NAME, Store
from appliance.store.transaction import Transaction
from tests.conftest import MovableClock, until

PAGE = 4096
MANY = 500


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(free_pages, "MANY", MANY)
    monkeypatch.setattr(free_pages, "CALM", 0.05)
    monkeypatch.setattr(free_pages, "PAUSE", 0.001)


@pytest.fixture
def running(store: Store, table: str) -> Iterator[Store]:
    threads = Threads()
    store.start(threads)
    yield store
    store.checkpointer.stop()
    threads.stop(10)


def fill(store: Store, pages: int) -> None:
    """In both halves of the file: what is kept lies behind what goes."""
    rows = [(PAGE - 200,)] * pages

    def write(transaction: Transaction) -> None:
        transaction.many("INSERT INTO item(name) VALUES (zeroblob(?))", rows)

    store.write(write)


def empty(store: Store, kept: int) -> None:
    """All but the newest."""

    def write(transaction: Transaction) -> None:
        transaction.execute("DELETE FROM item WHERE id <= (SELECT max(id) FROM item) - ?", kept)

    store.write(write)


def pages(store: Store) -> int:
    return store.path.stat().st_size // PAGE


def unchanged_for(store: Store, seconds: float) -> bool:
    """Nothing is written."""
    before = [path.stat().st_mtime_ns for path in sorted(store.folder.iterdir())]
    threading.Event().wait(seconds)
    return [path.stat().st_mtime_ns for path in sorted(store.folder.iterdir())] == before


def test_what_was_freed_is_given_back(running: Store) -> None:
    fill(running, 6000)
    until(lambda: pages(running) > 6000)
    empty(running, kept=300)
    until(lambda: pages(running) < 500)
    with running.read() as reader:
        assert reader.value("PRAGMA integrity_check") == "ok"
        assert reader.row("SELECT count(*), sum(length(name)) FROM item") == (300, 300 * (PAGE - 200))


def test_writers_go_on_meanwhile(running: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(free_pages, "STEP", 0.0005)
    fill(running, 6000)
    until(lambda: pages(running) > 6000)
    empty(running, kept=3000)
    written = 0
    while pages(running) > 4500:
        running.write(lambda transaction: transaction.execute("INSERT INTO item(name) VALUES ('x')"))
        written += 1
    assert written > 20
    with running.read() as reader:
        assert reader.value("SELECT count(*) FROM item") == 3000 + written
        assert reader.value("PRAGMA integrity_check") == "ok"


def test_what_is_freed_in_passing_is_kept(running: Store) -> None:
    fill(running, 6000)
    until(lambda: pages(running) > 6000)
    empty(running, kept=6000 - MANY + 100)
    commits = running.committer.commits
    with pytest.raises(AssertionError):
        until(lambda: running.committer.commits > commits, seconds=0.3)
    assert pages(running) > 6000


def test_then_the_store_rests(running: Store) -> None:
    fill(running, 6000)
    empty(running, kept=0)
    until(lambda: pages(running) < 300 and unchanged_for(running, 0.1))
    assert unchanged_for(running, 0.3)


def test_what_a_crash_left_is_given_back_after_a_start(store: Store, table: str) -> None:
    fill(store, 6000)
    empty(store, kept=0)
    threads = Threads()
    store.start(threads)
    until(lambda: 0 < pages(store) < 300)
    store.checkpointer.stop()
    threads.stop(10)


def test_a_file_made_before_keeps_its_form(tmp_path: Path, clock: MovableClock) -> None:
    path = tmp_path / FILE_NAME
    Store(tmp_path, clock).close()
    old = apsw.Connection(str(path))
    old.execute("PRAGMA auto_vacuum = NONE; VACUUM; CREATE TABLE item(id INTEGER PRIMARY KEY, name)")
    old.close()
    store, threads = Store(tmp_path, clock), Threads()
    fill(store, 6000)
    store.start(threads)
    empty(store, kept=0)
    commits = store.committer.commits
    with pytest.raises(AssertionError):
        until(lambda: store.committer.commits > commits, seconds=0.3)
    store.checkpointer.stop()
    threads.stop(10)
    store.close()
    stopped = apsw.Connection(str(path))
    stopped.execute("PRAGMA auto_vacuum = 2; VACUUM")
    assert stopped.execute("PRAGMA auto_vacuum").fetchall() == [(2,)]
    stopped.close()
    assert path.stat().st_size < 300 * PAGE
