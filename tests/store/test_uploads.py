"""The folder of uploaded files: whole or not there, and nothing left behind."""

import errno
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.base.errors import StorageError
from appliance.store.uploads import ABANDONED, Uploads

PATH = "1/ab/secret/a.txt"


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    return Uploads(tmp_path)


def kept(uploads: Uploads, path_id: str = PATH, content: bytes = b"hello") -> Path:
    with uploads.receive([content]) as received:
        uploads.keep(received, uploads.file(path_id))
    return uploads.file(path_id)


def files(uploads: Uploads) -> list[str]:
    return sorted(
        path.relative_to(uploads.folder).as_posix() for path in uploads.folder.rglob("*") if path.is_file()
    )


def age(path: Path) -> None:
    before = time.time() - ABANDONED - 1
    os.utime(path, (before, before))


def test_nothing_is_made_for_nothing(uploads: Uploads) -> None:
    assert list(uploads.orphans("files", set)) == []
    uploads.drop_abandoned()
    assert not uploads.folder.exists()


def test_keeping(uploads: Uploads) -> None:
    assert kept(uploads).read_bytes() == b"hello"
    assert files(uploads) == [f"files/{PATH}"]


def test_only_the_owner_of_the_folder_can_read_it(uploads: Uploads) -> None:
    path = kept(uploads)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_what_is_not_kept_goes(uploads: Uploads) -> None:
    with uploads.receive([b"hello"]) as received:
        assert received.read_bytes() == b"hello"
    assert files(uploads) == []


def test_so_does_what_breaks_off(uploads: Uploads) -> None:
    def breaking() -> Iterator[bytes]:
        yield b"hello"
        raise ValueError("gone")

    with pytest.raises(ValueError, match="gone"), uploads.receive(breaking()):
        pass
    assert files(uploads) == []


def test_a_full_disk(uploads: Uploads, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="No space left"):
        kept(uploads)
    assert files(uploads) == []


def test_dropping_takes_thumbnails_and_empty_folders_along(uploads: Uploads) -> None:
    kept(uploads)
    other = kept(uploads, "1/cd/secret/b.txt")
    uploads.put_thumbnail(PATH, "840x560.webp", b"small")
    uploads.drop_file(PATH)
    assert files(uploads) == ["files/1/cd/secret/b.txt"]
    assert not (uploads.folder / "files/1/ab").exists()
    assert other.exists()
    uploads.drop_file(PATH)  # once more


def test_public_pictures(uploads: Uploads) -> None:
    uploads.put_avatar("1/realm/x.png", b"picture")
    assert uploads.avatar("1/realm/x.png").read_bytes() == b"picture"
    uploads.drop_avatars(["1/realm/x.png", "1/y.png"])
    assert files(uploads) == []


def test_files_that_nothing_names(uploads: Uploads) -> None:
    for number in range(450):
        age(kept(uploads, f"1/ab/{number}/a.txt"))
    kept(uploads, "1/ab/new/a.txt")
    named = {f"1/ab/{number}/a.txt" for number in range(0, 450, 2)}
    found = set(uploads.orphans("files", named.intersection))
    assert found == {f"1/ab/{number}/a.txt" for number in range(1, 450, 2)}


def test_thumbnails_of_nothing(uploads: Uploads) -> None:
    uploads.put_thumbnail(PATH, "840x560.webp", b"small")
    assert list(uploads.orphaned_thumbnails()) == []  # it is new
    age(uploads.thumbnail(PATH, "840x560.webp"))
    assert list(uploads.orphaned_thumbnails()) == [PATH]
    kept(uploads)
    assert list(uploads.orphaned_thumbnails()) == []


def test_what_a_crash_left_on_its_way(uploads: Uploads) -> None:
    with uploads.receive([b"hello"]) as received:
        uploads.drop_abandoned()
        assert received.exists()
        age(received)
        uploads.drop_abandoned()
        assert not received.exists()
