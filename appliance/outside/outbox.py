"""Mail without a mail server: each is a file `.eml` in a folder, for a person or another program to fetch."""

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from appliance.base import files
from appliance.base.errors import StorageError

if TYPE_CHECKING:
    from email.message import EmailMessage

FOLDER = "outbox"  # in the data folder
KEPT = 1000  # files; older ones are deleted


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
            files.replace(self._folder / _file_name(message["Message-ID"]), message.as_bytes())
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
