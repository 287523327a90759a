"""A database file in the making: nobody sees it, so it needs no log and no flush until it is whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from appliance.base import files
from appliance.base.clock import Clock
from appliance.base.errors import StorageError
from appliance.store import migrations
from appliance.store.connection import connect, strict_quotes
from appliance.store.store import FILE_NAME
from appliance.store.transaction import Transaction


def without_journal(connection: apsw.Connection) -> None:
    """What is interrupted is thrown away, not mended."""
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")


def large_cache(connection: apsw.Connection) -> None:
    """64 MiB: rows come in no order of the indexes."""
    connection.execute("PRAGMA cache_size = -65536")


POLICY = (strict_quotes, without_journal, large_cache)


@contextmanager
def writing(folder: Path, clock: Clock) -> Iterator[Transaction]:
    """A new file in `folder`, in the newest form; it is whole, and on the disk, if this ends without an
    error. Raises StorageError."""
    path = folder / FILE_NAME
    connection = connect(path, POLICY)
    try:
        migrations.migrate(connection, folder)
        transaction = Transaction(connection, clock, {})
        connection.execute("BEGIN")
        yield transaction
        transaction.end()
        connection.execute("COMMIT")
        connection.execute("PRAGMA optimize")
    except (apsw.FullError, apsw.IOError) as error:
        raise StorageError(f"cannot write {path}: {error}") from error
    finally:
        connection.close(True)
    files.flush(path)


def put_in_place(made: Path, folder: Path) -> None:
    """The file in `made` becomes that of the data folder, in the place of one that nobody has open."""
    for suffix in ("-wal", "-shm"):  # of the other one, whose log is empty
        (folder / f"{FILE_NAME}{suffix}").unlink(missing_ok=True)
    path = made / FILE_NAME
    path.chmod(0o600)
    files.give_to_owner(path)
    path.replace(folder / FILE_NAME)
    files.flush(folder)
