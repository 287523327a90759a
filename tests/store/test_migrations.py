"""Each step and its record stand or fall together, and a copy is taken before data is touched."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apsw
import pytest

from appliance.base.errors import DataFolderError
from appliance.store.migrations import STEPS, Step, m0010_browsers, migrate


def step(sql: str) -> Step:
    def run(connection: apsw.Connection) -> None:
        connection.execute(sql)

    return run


def failing(connection: apsw.Connection) -> None:
    connection.execute("CREATE TABLE half(name)")
    raise RuntimeError("on purpose")


FIRST = step("CREATE TABLE item(name)")
SECOND = step("ALTER TABLE item ADD COLUMN size")
THIRD = step("CREATE TABLE other(name)")


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[apsw.Connection]:
    opened = apsw.Connection(str(tmp_path / "file.db"))
    yield opened
    opened.close()


def version(connection: apsw.Connection) -> Any:
    return connection.execute("PRAGMA user_version").fetchall()[0][0]


def tables(connection: apsw.Connection) -> list[str]:
    return [name for (name,) in connection.execute("SELECT name FROM sqlite_schema ORDER BY name")]


def test_a_new_file_gets_all_steps_and_no_copy(connection: apsw.Connection, tmp_path: Path) -> None:
    migrate(connection, tmp_path, steps=(FIRST,))
    assert (version(connection), tables(connection)) == (1, ["item"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file.db"]


def test_only_missing_steps_are_run(connection: apsw.Connection, tmp_path: Path) -> None:
    migrate(connection, tmp_path, steps=(FIRST,))
    migrate(connection, tmp_path, steps=(failing, SECOND, THIRD))
    assert (version(connection), tables(connection)) == (3, ["item", "other"])


def test_a_file_of_today_is_left_alone(connection: apsw.Connection, tmp_path: Path) -> None:
    migrate(connection, tmp_path, steps=(FIRST, SECOND))
    before = connection.changes()
    migrate(connection, tmp_path, served=True, steps=(FIRST, SECOND))
    assert connection.changes() == before


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_step_that_fails_leaves_the_form_before_it(
    connection: apsw.Connection, tmp_path: Path, number: int
) -> None:
    steps = [FIRST, SECOND, THIRD]
    steps[number - 1] = failing
    with pytest.raises(RuntimeError, match="on purpose"):
        migrate(connection, tmp_path, steps=tuple(steps))
    assert version(connection) == number - 1
    assert "half" not in tables(connection)
    migrate(connection, tmp_path, steps=(FIRST, SECOND, THIRD))
    assert (version(connection), tables(connection)) == (3, ["item", "other"])


def test_a_step_that_finds_no_room_says_so(connection: apsw.Connection, tmp_path: Path) -> None:
    """SQLite rolls back by itself then."""
    migrate(connection, tmp_path, steps=(FIRST,))
    connection.execute("PRAGMA max_page_count = 4")
    with pytest.raises(apsw.FullError):
        migrate(connection, tmp_path, steps=(FIRST, step("INSERT INTO item VALUES (zeroblob(1000000))")))
    assert version(connection) == 1


def test_a_copy_is_taken_before_a_step_touches_data(connection: apsw.Connection, tmp_path: Path) -> None:
    migrate(connection, tmp_path, steps=(FIRST,))
    connection.execute("INSERT INTO item VALUES ('precious')")
    with pytest.raises(RuntimeError):
        migrate(connection, tmp_path, steps=(FIRST, failing))
    copy = apsw.Connection(str(tmp_path / "before-form-2.db"))
    assert copy.execute("SELECT * FROM item").fetchall() == [("precious",)]
    assert version(copy) == 1
    copy.close()
    assert (tmp_path / "before-form-2.db").stat().st_mode & 0o777 == 0o600


def test_an_upgrade_of_several_steps_takes_one_copy(connection: apsw.Connection, tmp_path: Path) -> None:
    migrate(connection, tmp_path, steps=(FIRST,))
    migrate(connection, tmp_path, steps=(FIRST, SECOND, THIRD))
    assert version(connection) == 3
    assert [each.name for each in tmp_path.glob("before-form-*")] == ["before-form-2.db"]


def test_a_second_attempt_replaces_the_copy(connection: apsw.Connection, tmp_path: Path) -> None:
    migrate(connection, tmp_path, steps=(FIRST,))
    for name in ("one", "two"):
        connection.execute("INSERT INTO item VALUES (?)", (name,))
        with pytest.raises(RuntimeError):
            migrate(connection, tmp_path, steps=(FIRST, failing))
    copy = apsw.Connection(str(tmp_path / "before-form-2.db"))
    assert copy.execute("SELECT count(*) FROM item").fetchall() == [(2,)]
    copy.close()
    assert not list(tmp_path.glob("*.partial"))


def test_a_served_folder_of_an_older_form_is_refused(connection: apsw.Connection, tmp_path: Path) -> None:
    migrate(connection, tmp_path, steps=(FIRST,))
    with pytest.raises(DataFolderError, match="served by an older version: restart the server first"):
        migrate(connection, tmp_path, served=True, steps=(FIRST, SECOND))
    assert version(connection) == 1


def test_a_newer_form_is_refused_by_name(connection: apsw.Connection, tmp_path: Path) -> None:
    migrate(connection, tmp_path, steps=(FIRST, SECOND))
    with pytest.raises(DataFolderError, match="form 2, this program knows 1: it was used by a newer version"):
        migrate(connection, tmp_path, steps=(FIRST,))


def test_a_foreign_file_is_refused(connection: apsw.Connection, tmp_path: Path) -> None:
    connection.execute("CREATE TABLE recipe(name)")
    with pytest.raises(DataFolderError, match="is not a database of this program"):
        migrate(connection, tmp_path, steps=(FIRST,))
    assert tables(connection) == ["recipe"]


def test_of_a_new_file_there_is_nothing_to_copy(connection: apsw.Connection, tmp_path: Path) -> None:
    migrate(connection, tmp_path, steps=(FIRST, step("INSERT INTO item VALUES ('first')")))
    assert list(tmp_path.glob("before-form-*")) == []


def test_who_was_signed_in_stays_so(connection: apsw.Connection, tmp_path: Path) -> None:
    number = STEPS.index(m0010_browsers.migrate)
    migrate(connection, tmp_path, steps=STEPS[:number])
    connection.execute("INSERT INTO session VALUES (x'aa', 5, 1800000000)")
    migrate(connection, tmp_path)
    began = 1_800_000_000 - 14 * 24 * 3600
    rows = connection.execute("SELECT token_hash, user_id, browser, created, last_used, expires FROM session")
    assert rows.fetchall() == [(b"\xaa", 5, "", began, began, 1_800_000_000)]
