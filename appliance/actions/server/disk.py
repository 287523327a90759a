"""What the data folder takes on the disk.

To look at every file, and at every page of the database, takes its time on a small machine: what was
measured a moment ago is not measured again.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from appliance.base.clock import Clock
from appliance.store import page
from appliance.store.store import FILE_NAME, Store

T = TypeVar("T")

FRESH = 60.0  # seconds for which what was measured is told again
BACKUPS = "backups"
FOLDERS = ("uploads", "outbox", "exports", BACKUPS)
MOST_TABLES, MOST_BACKUPS = 40, 100


@dataclass(frozen=True, slots=True)
class Backup:
    """A file, or a folder, of DATA/backups. `modified`: epoch seconds."""

    name: str
    bytes: int
    modified: float


class Measuring:
    """Of one data folder. Any thread, one at a time."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._known: dict[str, tuple[float, Any]] = {}

    def parts(self) -> tuple[float, dict[str, int]]:
        """When it was measured, and the bytes of the database, of each folder of FOLDERS and of the rest."""
        return self._measured("parts", lambda: _parts(self._store.folder))

    def backups(self) -> tuple[float, list[Backup]]:
        """When, and the newest, newest first."""
        return self._measured("backups", lambda: _backups(self._store.folder))

    def tables(self) -> tuple[float, list[tuple[str, int]]]:
        """When, and the bytes of the largest tables with their indexes, largest first."""
        return self._measured("tables", self._tables)

    def _tables(self) -> list[tuple[str, int]]:
        with self._store.read() as reader:
            return page.sizes(reader, MOST_TABLES)

    def _measured(self, name: str, measure: Callable[[], T]) -> tuple[float, T]:
        now = self._clock.now()
        if name not in self._known or not 0 <= now - self._known[name][0] < FRESH:
            self._known[name] = now, measure()
        return self._known[name]


def _parts(folder: Path) -> dict[str, int]:
    database = database_size(folder)
    found = {"database": database, **{name: _size(folder / name) for name in FOLDERS}}
    return {**found, "other": max(0, _size(folder) - sum(found.values()))}


def database_size(folder: Path) -> int:
    """Bytes, with what is beside it."""
    return sum(_size(each) for each in folder.glob(f"{FILE_NAME}*"))


def room(folder: Path) -> tuple[int, int]:
    """Bytes that are free for us, and all that the file system has."""
    usage = shutil.disk_usage(folder)
    return usage.free, usage.total


def _backups(folder: Path) -> list[Backup]:
    found = []
    with suppress(FileNotFoundError), os.scandir(folder / BACKUPS) as entries:
        found = [Backup(each.name, _size(Path(each)), each.stat().st_mtime) for each in entries]
    return sorted(found, key=lambda each: each.modified, reverse=True)[:MOST_BACKUPS]


def _size(path: Path) -> int:
    """Bytes of a file, or of all files in a folder; of what is gone, 0."""
    return sum(_sizes(path))


def _sizes(path: Path) -> Iterator[int]:
    files = (Path(at, name) for at, _, names in os.walk(path) for name in names) if path.is_dir() else [path]
    for each in files:
        with suppress(FileNotFoundError):
            yield each.lstat().st_size
