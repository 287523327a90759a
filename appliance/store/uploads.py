"""The folder of uploaded files.

    DATA/uploads/files/<path_id>               files of messages: model/attachment.py
                 thumbnail/<path_id>/<name>    small ones of pictures, made when there is time
                 avatars/<path>                pictures that everybody may see: of people, emoji, icons
                 incoming/                     what is still on its way

A file is whole, and on the disk, before there is a row that names it, and goes after its row has gone: a
crash leaves at most a file that no row names, which `orphans` finds. Any thread may call.
"""

import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from appliance.base import files
from appliance.base.errors import StorageError

FOLDER = "uploads"
ABANDONED = 24 * 3600  # seconds after which what is on its way, or has no row, is nobody's


@dataclass(frozen=True, slots=True)
class Received:
    """A file that has come. `path`: where it lies until it is kept or forgotten; `size`: bytes; `name`: as it
    was sent; `content_type`: what its sender says it is."""

    path: Path
    size: int
    name: str
    content_type: str | None


class Uploads:
    def __init__(self, data: Path) -> None:
        """`data`: the data folder. Nothing is made before there is something to keep."""
        self.folder = data / FOLDER
        self._incoming = self.folder / "incoming"

    def file(self, path_id: str) -> Path:
        return self.folder / "files" / path_id

    def thumbnail(self, path_id: str, name: str) -> Path:
        return self.folder / "thumbnail" / path_id / name

    def avatar(self, path: str) -> Path:
        return self.folder / "avatars" / path

    @contextmanager
    def receive(self, chunks: Iterable[bytes]) -> Iterator[Path]:
        """A file with that content, to be kept with `keep`, or it goes. Raises StorageError, and what reading
        the chunks raises."""
        with _storing(self._incoming):
            _make(self._incoming)
        path = self._incoming / secrets.token_hex(16)
        try:
            self._write(path, chunks)
            yield path
        finally:
            path.unlink(missing_ok=True)

    def _write(self, path: Path, chunks: Iterable[bytes]) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            for chunk in chunks:
                with _storing(path):
                    file.write(chunk)
            with _storing(path):
                file.flush()
                os.fsync(descriptor)

    def keep(self, received: Path, place: Path) -> None:
        """Move it there, for good. Raises StorageError."""
        with _storing(place):
            _make(place.parent)
            received.replace(place)
            files.flush(place.parent)

    def put_avatar(self, path: str, content: bytes) -> None:
        """Whole or not at all. Raises StorageError."""
        self._put(self.avatar(path), content)

    def put_thumbnail(self, path_id: str, name: str, content: bytes) -> None:
        """Whole or not at all. Raises StorageError."""
        self._put(self.thumbnail(path_id, name), content)

    def _put(self, place: Path, content: bytes) -> None:
        with self.receive([content]) as received:
            self.keep(received, place)

    def drop_file(self, path_id: str) -> None:
        """With its thumbnails, and the folders that are empty then."""
        shutil.rmtree(self.folder / "thumbnail" / path_id, ignore_errors=True)
        self._drop(self.file(path_id))

    def drop_avatars(self, paths: Iterable[str]) -> None:
        for path in paths:
            self._drop(self.avatar(path))

    def _drop(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        for folder in path.parents:
            if folder in (self.folder / "files", self.folder / "avatars", self.folder):
                break
            with suppress(OSError):  # there is something else in it
                folder.rmdir()

    def orphans(self, kind: str, known: Callable[[list[str]], set[str]]) -> Iterator[str]:
        """Paths below `kind` ("files", "avatars") of files that are not new any more, and that `known`, which
        is given them by hundreds, does not name."""
        root = self.folder / kind
        for batch in _batches(_old_files(root)):
            paths = [each.relative_to(root).as_posix() for each in batch]
            named = known(paths)
            yield from (each for each in paths if each not in named)

    def orphaned_thumbnails(self) -> Iterator[str]:
        """The path_ids of files that have gone while thumbnails of them were made."""
        for path in _old_files(self.folder / "thumbnail"):
            path_id = path.parent.relative_to(self.folder / "thumbnail").as_posix()
            if not self.file(path_id).exists():
                yield path_id

    def drop_abandoned(self) -> None:
        """What was on its way when the server was stopped."""
        for path in _old_files(self._incoming):
            path.unlink(missing_ok=True)


def _old_files(folder: Path) -> Iterator[Path]:
    before = time.time() - ABANDONED
    for at, _, names in os.walk(folder):
        for name in names:
            path = Path(at, name)
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < before:
                    yield path


def _batches(paths: Iterable[Path], size: int = 200) -> Iterator[list[Path]]:
    batch: list[Path] = []
    for path in paths:
        batch.append(path)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _make(folder: Path) -> None:
    """With those above it; for the folder's owner alone."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)
        files.give_to_owner(each)
        files.flush(each.parent)


@contextmanager
def _storing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(f"cannot write {path}: {error.strerror}") from error
