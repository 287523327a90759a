"""Mail without a mail server: each is a file `.eml` in a folder, for a person or another program to fetch."""

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from appliance.base.errors import StorageError

if TYPE_CHECKING:
    from email.message import EmailMessage

KEPT = 1000  # files; older ones are deleted
PARTIAL = "mail.partial"  # being written; one, as one thread sends


class Outbox:
    def __init__(self, folder: Path) -> None:
        """`folder` is made with the first mail."""
        self._folder = folder

    def send(self, message: "EmailMessage", left: object = None) -> None:
        """Write it down for good; the same Message-ID again is the same file. Raises StorageError.

        `left`: Mailer's; nothing here waits for anybody.
        """
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            _write(self._folder, _file_name(message["Message-ID"]), message.as_bytes())
            self._prune()
        except OSError as error:
            raise StorageError(f"mails cannot be written to {self._folder}: {error.strerror}") from error

    def close(self) -> None:
        """Nothing is kept open."""

    def _prune(self) -> None:
        with os.scandir(self._folder) as entries:
            mails = [entry for entry in entries if entry.name.endswith(".eml")]
        if len(mails) > KEPT:
            mails.sort(key=lambda entry: entry.stat().st_mtime_ns)
            for entry in mails[:-KEPT]:
                os.unlink(entry)


def _file_name(message_id: str) -> str:
    """Ids may hold "/"; none of ours is too long for a file."""
    return re.sub(r"[^\w.@-]", "_", message_id.strip("<> "))[:200] + ".eml"


def _write(folder: Path, name: str, content: bytes) -> None:
    """Whole or not at all, also after a power cut."""
    partial = folder / PARTIAL
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(folder / name)
    _flush_names(folder)


def _flush_names(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
