"""The file of an export: written beside its place, put there whole, and nothing else left behind."""

import errno
import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TypeVar

from appliance.base import files, scratch

T = TypeVar("T")

FOLDER = ".export-"  # what names of the folders begin with in which one is made
SUFFIX = ".tar.gz"
RESERVE = 32 << 20  # bytes that are left free: people's messages need the disk more
COMPRESSION = 6  # 9 takes three times as long for a few per cent


class Building:
    """The archive as it grows; no more than one of its files lies beside it."""

    def __init__(self, folder: Path, name: str, time: float) -> None:
        self.path = folder / "archive"
        self._folder, self._name, self._time = folder, name, time
        self._tar = tarfile.open(self.path, "w:gz", compresslevel=COMPRESSION)  # noqa: SIM115 (see close)

    def add(self, name: str, write: Callable[[BinaryIO], T]) -> T:
        """A file of the archive, which `write` fills. Raises OSError."""
        self._check_room()
        path = self._folder / "file"
        with path.open("w+b") as file:
            result = write(file)
            self._add(name, file, file.tell())
        path.unlink()
        return result

    def copy(self, name: str, path: Path) -> int | None:
        """A file that is there; its size in bytes, or None if it is not there after all. Raises OSError."""
        self._check_room()
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return None
        with file:
            size = file.seek(0, 2)
            self._add(name, file, size)
        return size

    def _check_room(self) -> None:
        if shutil.disk_usage(self._folder).free < RESERVE:
            raise OSError(errno.ENOSPC, f"less than {RESERVE >> 20} MiB would be left on the disk")

    def _add(self, name: str, file: BinaryIO, size: int) -> None:
        entry = tarfile.TarInfo(f"{self._name}/{name}")
        entry.size, entry.mtime, entry.mode = size, self._time, 0o600
        file.seek(0)
        self._tar.addfile(entry, file)

    def close(self) -> None:
        self._tar.close()


@contextmanager
def building(target: Path, time: float) -> Iterator[Building]:
    """`target` is there if this ends without an error. `time`: when that was, which files in it say."""
    scratch.make(target.parent)
    with scratch.folder(target.parent, FOLDER) as folder:
        made = Building(folder, target.name.removesuffix(SUFFIX), time)
        try:
            yield made
        finally:
            made.close()
        files.flush(made.path)
        files.give_to_owner(made.path)
        made.path.chmod(0o600)
        made.path.replace(target)
        files.flush(target.parent)


def sweep(parent: Path) -> None:
    """Take away what was left by processes that died."""
    scratch.sweep(parent, FOLDER)
