"""Writing files so that nobody ever finds half of one."""

import os
from pathlib import Path


def replace(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Whole or not at all, and readable by the folder's owner alone. `durable`: also after a power cut.

    One thread at a time for each path. Raises OSError.
    """
    beside = path.with_name(f"{path.name}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        if durable:
            os.fsync(descriptor)
    give_to_owner(beside)
    beside.replace(path)
    if durable:
        flush(path.parent)


def flush(path: Path) -> None:
    """To the disk: what is in a file, or the names in a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def give_to_owner(path: Path) -> None:
    """The folder's: what root's commands make, the server, which is not root, must be able to use."""
    if os.geteuid() == 0:
        owner = path.parent.stat()
        os.chown(path, owner.st_uid, owner.st_gid)
