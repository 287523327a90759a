"""A fresh folder for what is being made, which does not outlive its maker for long.

Its maker has it locked. One without a lock was left by a process that died; whoever makes the next one
beside it takes it away.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from appliance.base import files


@contextmanager
def folder(parent: Path, prefix: str) -> Iterator[Path]:
    """In `parent`, with a name of its own after `prefix`. Raises OSError."""
    made, lock = _fresh(parent, prefix)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
        os.close(lock)


def make(path: Path) -> None:
    """A folder for its owner only, if it is not there."""
    if not path.is_dir():
        path.mkdir(mode=0o700)
        files.give_to_owner(path)


def sweep(parent: Path, prefix: str) -> None:
    """Take away what was left by processes that died."""
    if parent.is_dir():
        with _locked(parent):
            _sweep(parent, prefix)


def _fresh(parent: Path, prefix: str) -> tuple[Path, int]:
    """A folder, and its lock. Nobody sweeps between the making of the one and the other."""
    with _locked(parent):
        _sweep(parent, prefix)
        made = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
        lock = os.open(made, os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_EX)
        return made, lock


def _sweep(parent: Path, prefix: str) -> None:
    """With the lock of `parent`."""
    for each in parent.glob(f"{prefix}*"):
        lock = os.open(each, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue  # its maker lives
        else:
            shutil.rmtree(each, ignore_errors=True)
        finally:
            os.close(lock)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
