"""The file of an export is there whole or not at all, and nothing is left beside it."""

import os
import shutil
import stat
from multiprocessing import Process
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import pytest

from appliance.actions.export import archive
from tests.actions.exported import Exported

NOW = 1_700_000_000.0


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "exports" / "mine.tar.gz"


def hello(file: BinaryIO) -> str:
    file.write(b"[]")
    return "written"


def around(target: Path) -> list[str]:
    return sorted(path.name for path in target.parent.iterdir())


def test_a_file(target: Path) -> None:  # checklist 101
    with archive.building(target, NOW) as building:
        assert building.add("uploads/records.json", hello) == "written"
        assert not target.exists()
    assert around(target) == ["mine.tar.gz"]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert stat.S_IMODE(target.parent.stat().st_mode) == 0o700


def test_what_has_gone_is_not_kept_beside_it(target: Path) -> None:
    with archive.building(target, NOW) as building:
        building.add("one", hello)
        building.add("two", hello)
        assert [path.name for path in building.path.parent.iterdir()] == ["archive"]


@pytest.mark.parametrize("error", [RuntimeError, OSError, KeyboardInterrupt])
def test_after_a_failure(target: Path, error: type[BaseException]) -> None:  # checklist 101
    def fail(file: BinaryIO) -> None:
        file.write(b"half")
        raise error

    with pytest.raises(error), archive.building(target, NOW) as building:
        building.add("one", fail)
    assert around(target) == []


def test_a_failure_leaves_the_older_file(target: Path) -> None:
    with archive.building(target, NOW) as building:
        building.add("one", hello)
    before = target.read_bytes()
    with pytest.raises(RuntimeError), archive.building(target, NOW):
        raise RuntimeError
    assert target.read_bytes() == before


def full(*_: Any) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("call", ["fsync", "open"])
def test_a_full_disk(target: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:  # checklist 101
    def write(file: BinaryIO) -> None:
        monkeypatch.setattr(os, "fsync", full)
        if call == "open":
            full()

    with pytest.raises(OSError, match="No space"), archive.building(target, NOW) as building:
        building.add("one", write)
    assert around(target) == []


class Usage(NamedTuple):
    free: int


def test_people_keep_their_room(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is not filled up to where nobody could write a message."""
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(archive.RESERVE - 1))
    with pytest.raises(OSError, match="less than 32 MiB"), archive.building(target, NOW) as building:
        building.add("one", hello)
    assert around(target) == []
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(archive.RESERVE))
    with archive.building(target, NOW) as building:
        building.add("one", hello)
    assert target.exists()


# What others leave


def die(target: Path) -> None:
    with archive.building(target, NOW) as building:
        building.add("one", hello)
        os._exit(9)


@pytest.fixture
def left(target: Path) -> Path:
    """Of a process that was killed."""
    process = Process(target=die, args=(target,))
    process.start()
    process.join()
    [name] = around(target)
    assert name.startswith(archive.FOLDER)
    return target.parent / name


def test_what_a_dead_process_left_is_swept(left: Path, target: Path) -> None:  # checklist 101
    archive.sweep(target.parent)
    assert around(target) == []


def test_the_next_export_sweeps(left: Path, target: Path) -> None:
    with archive.building(target, NOW):
        assert not left.exists()
    assert around(target) == ["mine.tar.gz"]


def test_what_is_being_made_is_left_alone(target: Path) -> None:
    with archive.building(target, NOW) as building:
        building.add("one", hello)
        archive.sweep(target.parent)
        with archive.building(target.with_name("other.tar.gz"), NOW) as other:
            other.add("one", hello)
    assert around(target) == ["mine.tar.gz", "other.tar.gz"]


def test_nothing_to_sweep(tmp_path: Path) -> None:
    archive.sweep(tmp_path / "no such folder")


def test_the_folder_in_it_has_its_name(target: Path) -> None:
    with archive.building(target, NOW) as building:
        building.add("stats.json", lambda file: file.write(b"{}"))
    assert Exported.read(target).folder == "mine"


def test_files_that_are_there_are_copied(target: Path, tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"one")
    with archive.building(target, NOW) as building:
        assert building.copy("uploads/1/one", tmp_path / "one") == 3
        assert building.copy("uploads/1/two", tmp_path / "two") is None
    assert Exported.read(target).files == {"uploads/1/one": b"one"}
