"""The file's form, one numbered step after another.

Each step is one function in a module of its own, run with its record (`user_version`) in one transaction, so
that a crash leaves the form before it or after it. Before the first step touches a file that holds data, a
copy is taken. A file of a newer program is refused.
"""

from collections.abc import Callable
from pathlib import Path
from typing import cast

import apsw

from appliance.base.errors import DataFolderError
from appliance.store import free_pages
from appliance.store.migrations import (
    m0001_chat,
    m0002_jobs,
    m0003_scheduled_mail,
    m0004_notifications,
    m0005_bots,
    m0006_exports,
    m0007_personal,
    m0008_whole_chat,
    m0009_search,
    m0010_browsers,
)

Step = Callable[[apsw.Connection], None]

STEPS: tuple[Step, ...] = (
    m0001_chat.migrate,
    m0002_jobs.migrate,
    m0003_scheduled_mail.migrate,
    m0004_notifications.migrate,
    m0005_bots.migrate,
    m0006_exports.migrate,
    m0007_personal.migrate,
    m0008_whole_chat.migrate,
    m0009_search.migrate,
    m0010_browsers.migrate,
)
APPLICATION_ID = 0x5A434854  # tells `file` and us whose database it is


def migrate(
    connection: apsw.Connection, folder: Path, *, served: bool = False, steps: tuple[Step, ...] = STEPS
) -> None:
    """Bring the file to the newest form. Raises DataFolderError for a foreign or newer one, and for an older
    one that a running server has open (`served`)."""
    version = _version(connection)
    if version > len(steps):
        raise DataFolderError(
            f"the database in {folder} has form {version}, this program knows {len(steps)}:"
            " it was used by a newer version; install that, or restore a backup made by this one"
        )
    if served and version < len(steps):
        raise DataFolderError(
            f"the data folder {folder} is served by an older version: restart the server first"
        )
    if 0 < version < len(steps):  # (0: the file is new)
        _copy(connection, folder / f"before-form-{version + 1}.db")
    for number, step in enumerate(steps[version:], version + 1):
        connection.execute("BEGIN IMMEDIATE")
        try:
            if _number(connection, "PRAGMA user_version") < number:  # nobody else did it meanwhile
                step(connection)
                connection.execute(f"PRAGMA user_version = {number}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:  # a full disk has rolled back already
                connection.execute("ROLLBACK")
            raise


def _version(connection: apsw.Connection) -> int:
    owner = _number(connection, "PRAGMA application_id")
    tables = _number(connection, "SELECT count(*) FROM sqlite_schema")
    if owner != APPLICATION_ID:
        if tables:
            raise DataFolderError(f"{connection.filename} is not a database of this program")
        free_pages.prepare(connection)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    return _number(connection, "PRAGMA user_version")


def _number(connection: apsw.Connection, sql: str) -> int:
    return cast(int, connection.execute(sql).fetchall()[0][0])


def _copy(connection: apsw.Connection, target: Path) -> None:
    """A copy of the file as it is, in place of an older one of the same step."""
    partial = target.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    connection.execute("VACUUM INTO ?", (str(partial),))
    partial.chmod(0o600)
    partial.replace(target)
