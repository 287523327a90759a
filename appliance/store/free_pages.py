"""Gives pages that nothing uses any more back to the file system, beside the writers: a file that was large
for a while, as with a million jobs, does not stay large.

It takes a file with room for it in its form (`prepare`); one made before is left as it is.
"""

import logging
import time
from typing import cast

import apsw

from appliance.base.errors import StorageError
from appliance.store.committer import Committer
from appliance.store.transaction import Transaction

log = logging.getLogger(__name__)

INCREMENTAL = 2  # as SQLite numbers it

# Pages, of 4 KiB
MANY = 4000  # fewer are kept, for what comes next
SHARE = 4  # so are fewer than one of so many
FEW = 64  # once begun, it goes on until so few are free
RESTLESS = 250  # freed or taken meanwhile: whoever does that goes first

# Seconds
STEP = 0.003  # in which others cannot commit
PAUSE = 0.03  # between two steps
CALM = 2.0  # without much change before the first of them


def prepare(connection: apsw.Connection) -> None:
    """Only before the first table is made."""
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")


class FreePages:
    """Used by one thread."""

    def __init__(self, writer: apsw.Connection, committer: Committer) -> None:
        self._writer, self._committer = writer, committer
        self._giving = False
        self._free = 0  # when it was looked last

    def give_back(self, reader: apsw.Connection) -> float | None:
        """A step. Seconds until the next; None: no more, for now."""
        free, pages = _number(reader, "freelist_count"), _number(reader, "page_count")
        changed, self._free = abs(free - self._free), free
        enough = FEW if self._giving else max(MANY, pages // SHARE)
        if free <= enough or _number(reader, "auto_vacuum") != INCREMENTAL:
            self._giving = False
            return None
        if changed > RESTLESS:
            return CALM
        return self._step(reader)

    def _step(self, reader: apsw.Connection) -> float | None:
        try:
            self._committer.write(self._give, flush=False)
        except StorageError as error:
            log.warning("the database file stays larger than need be: %s", error)
            self._giving = False
            return None
        self._giving = True
        self._free = _number(reader, "freelist_count")
        return PAUSE

    def _give(self, _transaction: Transaction) -> None:
        """Write lock held. Each row that SQLite answers is one page given back."""
        end = time.perf_counter() + STEP
        rows = self._writer.execute("PRAGMA incremental_vacuum")
        for _ in rows:
            if time.perf_counter() >= end:
                break
        rows.close(True)


def _number(connection: apsw.Connection, pragma: str) -> int:
    return cast(int, connection.execute(f"PRAGMA {pragma}").fetchall()[0][0])
