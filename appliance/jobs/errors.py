"""Files of what went wrong: one line a failure, with the events that were worked on, for a person to look at.

DATA/queue_errors/email_senders.errors:

    Sun Nov 22 04:33:16 2026<TAB>[{"to_user_ids":[7],…}]

Times are in UTC. The events are whole, so that they can be enqueued again from here; hence nobody but the
server's user may read the files. Nothing is ever taken out of them: who has seen to it deletes the file.
"""

import fcntl
import logging
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from appliance.base.clock import Clock

log = logging.getLogger(__name__)

FOLDER = "queue_errors"  # in the data folder
LARGEST = 4 << 20  # bytes; then the file becomes `.errors.1`, in place of the one before


class ErrorFile:
    """The error files of all queues. Any thread, any process: each line is written under a lock."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        """`folder`: the data folder."""
        self._folder, self._clock = folder, clock

    def append(self, queue: str, events: Sequence[Any]) -> None:
        """`events`: JSON values; one that never was JSON is given as text, or bytes."""
        when = time.asctime(time.gmtime(self._clock.now()))
        line = f"{when}\t".encode() + orjson.dumps(list(events), default=_as_text) + b"\n"
        path = file_of(self._folder, queue)
        try:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            with _locked(path.parent):
                _rotate(path, len(line))
                _append(path, line)
        except OSError as error:  # the failure itself is in the log
            log.error("%s cannot be written: %s", path, error.strerror)


def file_of(folder: Path, queue: str) -> Path:
    return folder / FOLDER / f"{queue}.errors"


def sizes(folder: Path) -> dict[str, int]:
    """Bytes of the error file of each queue that has one, of the data folder `folder`."""
    return {path.stem: path.stat().st_size for path in sorted((folder / FOLDER).glob("*.errors"))}


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """The folder itself is the lock: the files in it come and go."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _rotate(path: Path, more: int) -> None:
    size = path.stat().st_size if path.exists() else 0
    if size and size + more > LARGEST:
        path.replace(path.with_suffix(".errors.1"))


def _append(path: Path, line: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, line)
    finally:
        os.close(descriptor)


def _as_text(value: object) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else repr(value)
