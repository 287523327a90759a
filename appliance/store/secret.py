"""The secret by which programs of this data folder's owner prove to the running server that they are his."""

import secrets
from pathlib import Path

from appliance.base import files
from appliance.base.errors import DataFolderError

FILE_NAME = "internal.secret"
LENGTH = 64  # hexadecimal digits


def provide(folder: Path) -> str:
    """The server's: made when it is not there, or not whole. Raises DataFolderError."""
    path = folder / FILE_NAME
    try:
        return read(folder) or _make(path)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise DataFolderError(
            f"cannot use the file {path}: {reason} (without it, a new one is made)"
        ) from None


def read(folder: Path) -> str | None:
    """As it is in the folder; None if no server was there yet. Raises OSError."""
    try:
        found = (folder / FILE_NAME).read_text("ascii").strip()
    except FileNotFoundError:
        return None
    return found if len(found) == LENGTH else None


def _make(path: Path) -> str:
    made = secrets.token_hex(LENGTH // 2)
    files.replace(path, made.encode())  # without a newline: `curl --data-urlencode secret@FILE` would send it
    return made
