"""The archive as a folder of plain files, wherever it came from: nothing in it can name a place outside."""

import errno
import os
import shutil
import tarfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from appliance.actions.import_zulip.row import BadArchive

FIRST = "realm.json"  # what the folder of an export is known by
MOST_FILES = 2_000_000
MOST_PATH, MOST_PART = 1000, 255  # characters, bytes
RESERVE = 64 << 20  # bytes that are left free
COPY = 1 << 20  # bytes at once

Step = Callable[[int, int], None]  # bytes read, and of how many


def unpack(archive: Path, into: Path, step: Step) -> Path:
    """The folder with FIRST in it: below `into`, which is there and empty, or `archive` itself if it is a
    folder. Raises BadArchive, OSError."""
    if archive.is_dir():
        return _root(archive, archive)
    try:
        with archive.open("rb") as file, tarfile.open(fileobj=file, mode="r|*") as tar:
            size = os.fstat(file.fileno()).st_size
            for number, entry in enumerate(tar):
                if number >= MOST_FILES:
                    raise BadArchive(f"{archive.name} has more than {MOST_FILES} files")
                _extract(tar, entry, into)
                step(file.tell(), size)
    except FileNotFoundError:
        raise BadArchive(f"there is no {archive}") from None
    except (tarfile.TarError, zlib.error, EOFError) as error:
        raise BadArchive(f"{archive.name} is no .tar.gz, or it is damaged: {error}") from None
    except OSError as error:
        if error.errno is None:  # what gzip says of damage
            raise BadArchive(f"{archive.name} is damaged: {error}") from None
        raise
    return _root(into, archive)


def _root(folder: Path, archive: Path) -> Path:
    for each in (folder, *sorted(path for path in folder.iterdir() if path.is_dir())):
        if (each / FIRST).is_file():
            return each
    raise BadArchive(f"{archive} is no export of a Zulip organization: there is no {FIRST} in it")


def _extract(tar: tarfile.TarFile, entry: tarfile.TarInfo, into: Path) -> None:
    """Folders are made as their files come."""
    if entry.isdir():
        return
    if not entry.isreg():
        raise BadArchive(f"{entry.name[:200]} in the archive is neither a file nor a folder")
    target = into.joinpath(*parts(entry.name))
    if shutil.disk_usage(into).free < RESERVE + entry.size:
        raise OSError(errno.ENOSPC, f"less than {RESERVE >> 20} MiB would be left on the disk")
    content = tar.extractfile(entry)
    assert content is not None
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with target.open("xb") as file:
            shutil.copyfileobj(content, file, COPY)
    except (FileExistsError, NotADirectoryError):
        raise BadArchive(f"{entry.name[:200]} is twice in the archive") from None


def parts(name: str) -> tuple[str, ...]:
    """The folders of a path in the archive, and the file's name. Raises BadArchive for one that leads
    elsewhere."""
    path = PurePosixPath(name)
    found = tuple(part for part in path.parts if part != ".")
    leads_away = path.is_absolute() or ".." in found or "\0" in name or "\\" in name
    is_long = len(name) > MOST_PATH or any(len(os.fsencode(part)) > MOST_PART for part in found)
    if not found or leads_away or is_long:
        raise BadArchive(f"the archive names a path that is none: {name[:200]!r}")
    return found


def find(root: Path, name: str) -> Path | None:
    """A plain file below `root`, by its path in the archive; None: it is not there. Raises BadArchive."""
    path = root
    for part in parts(name):
        path = path / part
        if path.is_symlink():
            raise BadArchive(f"{name[:200]} in the archive leads elsewhere")
    return path if path.is_file() else None
