"""The file of an export: written beside its place, put there whole, and nothing else left behind.

All is written into a fresh folder beside the file, which its maker has locked. One without a lock was left by
a process that died; whoever makes the next export beside it takes it away.
"""

import errno
import fcntl
import os
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TypeVar

from appliance.base import files

T = TypeVar("T")

FOLDER = ".export-"  # what names of these folders begin with
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
        if shutil.disk_usage(self._folder).free < RESERVE:
            raise OSError(errno.ENOSPC, f"less than {RESERVE >> 20} MiB would be left on the disk")
        path = self._folder / "file"
        with path.open("w+b") as file:
            result = write(file)
            entry = tarfile.TarInfo(f"{self._name}/{name}")
            entry.size, entry.mtime, entry.mode = file.tell(), self._time, 0o600
            file.seek(0)
            self._tar.addfile(entry, file)
        path.unlink()
        return result

    def close(self) -> None:
        self._tar.close()


@contextmanager
def building(target: Path, time: float) -> Iterator[Building]:
    """`target` is there if this ends without an error. `time`: when that was, which files in it say."""
    make_folder(target.parent)
    folder, lock = _fresh(target.parent)
    try:
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
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def make_folder(folder: Path) -> None:
    """For its owner only."""
    if not folder.is_dir():
        folder.mkdir(mode=0o700)
        files.give_to_owner(folder)


def sweep(parent: Path) -> None:
    """Take away what was left by processes that died."""
    if parent.is_dir():
        with _locked(parent):
            _sweep(parent)


def _fresh(parent: Path) -> tuple[Path, int]:
    """A folder, and its lock. Nobody sweeps between the making of the one and the other."""
    with _locked(parent):
        _sweep(parent)
        folder = Path(tempfile.mkdtemp(prefix=FOLDER, dir=parent))
        lock = os.open(folder, os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_EX)
        return folder, lock


def _sweep(parent: Path) -> None:
    """With the lock of `parent`."""
    for folder in parent.glob(f"{FOLDER}*"):
        lock = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue  # its maker lives
        else:
            shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(lock)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
