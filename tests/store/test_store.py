"""The data folder: one owner, many readers, refusals in one clear line."""

import contextlib
import os
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import apsw
import pytest

from appliance.base.errors import DataFolderError
from appliance.base.threads import Threads
from appliance.store import migrations
from appliance.store.checkpoint import PAGES
from appliance.store.ownership import Ownership, Server, running_server
from appliance.store.store import FILE_NAME, IDLE_READERS, Store
from appliance.store.transaction import Transaction
from tests.conftest import MovableClock, until
from tests.store.conftest import Disk

NOBODY = 65534


def count(store: Store) -> int:
    with store.read() as reader:
        found: int = reader.value("SELECT count(*) FROM item")
        return found


def insert(transaction: Transaction) -> None:
    transaction.execute("INSERT INTO item(name) VALUES ('x')")


# -- reading


def test_a_reader_sees_what_was_committed_until_it_begins(store: Store, table: str) -> None:
    with store.read() as reader:
        store.write(insert)
        assert reader.value("SELECT count(*) FROM item") == 1
        reader.begin()
        store.write(insert)
        assert reader.value("SELECT count(*) FROM item") == 1
    assert count(store) == 2


def test_a_snapshot_begins_at_begin_and_not_at_the_first_question(store: Store, table: str) -> None:
    with store.read() as reader:
        reader.begin()
        store.write(insert)
        assert reader.value("SELECT count(*) FROM item") == 0


def test_a_reader_that_failed_is_given_back_without_its_snapshot(store: Store, table: str) -> None:
    with contextlib.suppress(apsw.SQLError), store.read() as reader:
        reader.begin()
        reader.value("SELECT nonsense")
    store.write(insert)
    assert count(store) == 1


def test_a_reader_cannot_write(store: Store, table: str) -> None:
    with store.read() as reader, pytest.raises(apsw.ReadOnlyError):
        reader.rows("INSERT INTO item(name) VALUES ('x')")


def test_a_misspelt_column_is_an_error(store: Store, table: str) -> None:
    with store.read() as reader, pytest.raises(apsw.SQLError, match="nmae"):
        reader.rows('SELECT "nmae" FROM item')


def test_readers_are_used_again_but_few_are_kept(store: Store) -> None:
    borrowed = [store.read() for _ in range(IDLE_READERS + 3)]
    first = {id(each.__enter__()) for each in borrowed}
    for each in borrowed:
        each.__exit__(None, None, None)
    again = [store.read() for _ in range(IDLE_READERS + 3)]
    second = [each.__enter__() for each in again]
    kept = {id(each) for each in second} & first
    for each in again:
        each.__exit__(None, None, None)
    assert len(kept) >= IDLE_READERS
    assert len(store._readers) == IDLE_READERS


# -- the folder


def test_the_folder_is_for_its_owner_only(store: Store) -> None:
    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600


def test_a_folder_with_its_parents_is_made(tmp_path: Path, clock: MovableClock) -> None:
    Store(tmp_path / "a" / "b" / "c", clock).close()
    assert (tmp_path / "a" / "b" / "c" / FILE_NAME).exists()


def test_what_was_written_is_there_after_a_restart(store: Store, clock: MovableClock, table: str) -> None:
    store.write(insert)
    again = Store(store.folder, clock)
    again.write(insert)
    again.close()
    third = Store(store.folder, clock)
    assert count(third) == 2
    third.close()


def test_two_processes_worth_of_stores_write_to_one_file(
    store: Store, clock: MovableClock, table: str
) -> None:
    other = Store(store.folder, clock)
    for _ in range(20):
        store.write(insert)
        other.write(insert)
    other.close()
    assert count(store) == 40


def test_a_folder_that_cannot_be_made(tmp_path: Path, clock: MovableClock) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataFolderError, match=r"cannot make the data folder .*/file/data: Not a directory"):
        Store(tmp_path / "file" / "data", clock)


@pytest.fixture
def unwritable() -> Iterator[Path]:
    """A folder that an unprivileged user cannot write into, outside of pytest's private ones."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        folder = Path(name) / "data"
        folder.mkdir()
        folder.chmod(0o555)
        yield folder


def error_of(deed: Callable[[], object]) -> str:
    """The text of the DataFolderError that `deed` raises for an unprivileged user."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            if os.geteuid() == 0:
                os.setuid(NOBODY)
            deed()
        except DataFolderError as error:
            os.write(writing, str(error).encode())
        finally:
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as file:
        return file.read().decode()


@pytest.mark.skipif(sys.platform != "linux", reason="the server runs on Linux")
def test_a_folder_of_somebody_else_is_refused(unwritable: Path, clock: MovableClock) -> None:
    expected = f"the data folder {unwritable} is not writable by this user"
    assert error_of(lambda: Store(unwritable, clock)) == expected
    assert error_of(lambda: Ownership(unwritable)) == expected


def test_a_file_of_another_program_is_refused_and_left_alone(tmp_path: Path, clock: MovableClock) -> None:
    path = tmp_path / FILE_NAME
    foreign = apsw.Connection(str(path))
    foreign.execute("CREATE TABLE recipe(name); PRAGMA user_version = 7")
    foreign.close()
    before = path.read_bytes()
    with pytest.raises(DataFolderError, match=f"{FILE_NAME} is not a database of this program$"):
        Store(tmp_path, clock)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused(tmp_path: Path, clock: MovableClock) -> None:
    (tmp_path / FILE_NAME).write_text("This is a letter, not a database. " * 100)
    with pytest.raises(DataFolderError, match=r"cannot use the database .* not a database") as raised:
        Store(tmp_path, clock)
    assert "\n" not in str(raised.value)


def test_a_file_of_a_newer_program_is_refused(store: Store, clock: MovableClock) -> None:
    newer = len(migrations.STEPS) + 1
    store.write(lambda transaction: transaction.execute(f"PRAGMA user_version = {newer}"))
    with pytest.raises(DataFolderError, match=f"has form {newer}, .* used by a newer version"):
        Store(store.folder, clock)


# -- owning it


def test_nobody_serves_a_folder_that_was_never_served(tmp_path: Path) -> None:
    assert running_server(tmp_path) is None


def test_the_owner_is_known_until_it_gives_up(tmp_path: Path) -> None:
    ownership = Ownership(tmp_path)
    assert running_server(tmp_path) == Server(os.getpid(), "")
    ownership.release()
    assert running_server(tmp_path) is None
    Ownership(tmp_path).release()


def test_a_second_owner_is_refused_and_told_who_is_first(tmp_path: Path) -> None:
    ownership = Ownership(tmp_path)
    with pytest.raises(DataFolderError, match=rf"^the data folder .* is in use by process {os.getpid()}$"):
        Ownership(tmp_path)
    assert running_server(tmp_path) == Server(os.getpid(), "")
    ownership.release()


def test_the_pid_that_a_crash_left_behind_serves_nothing(tmp_path: Path) -> None:
    (tmp_path / "server.pid").write_text("4711")
    assert running_server(tmp_path) is None
    ownership = Ownership(tmp_path)
    assert (tmp_path / "server.pid").read_text().split() == [str(os.getpid())]
    ownership.release()


# -- checkpoints


def test_a_long_log_is_moved_into_the_file_and_starts_over(store: Store, table: str, disk: Disk) -> None:
    """Twelve times the limit is written; the log stays near it, because checkpoints let it start over."""
    page = 4096
    threads = Threads()
    store.start(threads)

    def replace_all(transaction: Transaction) -> None:
        transaction.execute("DELETE FROM item")
        transaction.many("INSERT INTO item(name) VALUES (zeroblob(?))", [(page,)] * PAGES)

    def moved_since(before: int) -> bool:
        return store.path.stat().st_mtime_ns != before

    for _ in range(12):
        before = store.path.stat().st_mtime_ns
        store.write(replace_all)
        until(partial(moved_since, before))
    log = Path(f"{store.path}-wal").stat().st_size
    store.checkpointer.stop()
    threads.stop(10)
    assert count(store) == PAGES
    assert log < 8 * PAGES * page


def test_an_idle_store_leaves_its_files_alone(store: Store, table: str) -> None:
    threads = Threads()
    store.start(threads)
    store.write(insert)
    before = [path.stat().st_mtime_ns for path in sorted(store.folder.iterdir())]
    assert count(store) == 1
    store.checkpointer.stop()
    threads.stop(10)
    assert [path.stat().st_mtime_ns for path in sorted(store.folder.iterdir())] == before
