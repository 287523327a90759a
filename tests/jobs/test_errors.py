"""Error files: a line a failure, whole, and not without end."""

import json
import multiprocessing
import stat
import threading
from pathlib import Path
from typing import Any

import pytest

from appliance.base.clock import SystemClock
from appliance.jobs import errors as module
from appliance.jobs.errors import ErrorFile, file_of, sizes
from tests.conftest import MovableClock


@pytest.fixture
def errors(tmp_path: Path, clock: MovableClock) -> ErrorFile:
    return ErrorFile(tmp_path, clock)


def events(path: Path) -> list[Any]:
    return [json.loads(line.partition("\t")[2]) for line in path.read_text().splitlines()]


def test_a_failure_is_a_line_with_its_events(errors: ErrorFile, tmp_path: Path) -> None:  # checklist 58
    errors.append("errands", [{"number": 1, "text": "a\tb\nç"}])
    errors.append("errands", [{"number": 2}, {"number": 3}])
    errors.append("others", [])
    first, second = file_of(tmp_path, "errands").read_text().splitlines()
    assert first == 'Tue Nov 14 22:13:20 2023\t[{"number":1,"text":"a\\tb\\nç"}]'
    assert second.endswith('\t[{"number":2},{"number":3}]')
    assert sizes(tmp_path) == {"errands": len(f"{first}\n{second}\n".encode()), "others": 28}


def test_only_the_user_of_the_server_may_read_it(errors: ErrorFile, tmp_path: Path) -> None:
    errors.append("errands", [{}])
    path = file_of(tmp_path, "errands")
    assert [stat.S_IMODE(each.stat().st_mode) for each in (path.parent, path)] == [0o700, 0o600]


def test_an_event_that_never_was_json(errors: ErrorFile, tmp_path: Path) -> None:  # checklist 58
    errors.append("errands", [b"\xff{", "{"])
    assert events(file_of(tmp_path, "errands")) == [["\ufffd{", "{"]]


def test_a_large_file_makes_room_for_the_next(
    errors: ErrorFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LARGEST", 100)
    path = file_of(tmp_path, "errands")
    for number in range(5):
        errors.append("errands", [{"number": number}])
    assert events(path) == [[{"number": 4}]]
    assert events(path.with_suffix(".errors.1")) == [[{"number": 2}], [{"number": 3}]]
    errors.append("errands", ["x" * 1000])  # one that is too large alone is kept whole
    assert sizes(tmp_path).keys() == {"errands"}
    assert events(path) == [["x" * 1000]]


def append_many(folder: Path, name: str) -> None:
    errors = ErrorFile(folder, SystemClock())
    for number in range(200):
        errors.append("errands", [f"{name} {number} {'x' * 500}"])


def test_no_line_is_lost_or_torn_between_threads_and_processes(tmp_path: Path) -> None:  # checklist 58
    context = multiprocessing.get_context("spawn")
    others = [context.Process(target=append_many, args=(tmp_path, f"process {n}")) for n in range(2)]
    threads = [threading.Thread(target=append_many, args=(tmp_path, f"thread {n}")) for n in range(2)]
    writers: list[Any] = [*others, *threads]
    for each in writers:
        each.start()
    for each in writers:
        each.join(60)
    found = sorted(event for [event] in events(file_of(tmp_path, "errands")))
    names = ["process 0", "process 1", "thread 0", "thread 1"]
    assert found == sorted(f"{name} {number} {'x' * 500}" for name in names for number in range(200))


def test_a_disk_that_takes_nothing(
    errors: ErrorFile, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "queue_errors").touch()  # where the folder should be
    errors.append("errands", [{"password": "hunter2"}])
    assert "errands.errors cannot be written" in caplog.text
    assert "hunter2" not in caplog.text
