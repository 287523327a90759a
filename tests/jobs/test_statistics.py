"""The statistics of a queue, and when their file is written."""

import json
import stat
import threading
from pathlib import Path
from typing import Any

import pytest

from appliance.jobs import statistics as module
from appliance.jobs.statistics import QueueStatistics, Statistics, file_of, queues, read
from tests.conftest import MovableClock, until

QUEUE = "errands"
START = 1_700_000_000.0


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PACE", 0.0)


@pytest.fixture
def told(tmp_path: Path, clock: MovableClock, at_once: None) -> QueueStatistics:
    return QueueStatistics(QUEUE, tmp_path, clock)


class Writes:
    """What has been written."""

    def __init__(self, folder: Path) -> None:
        self._file = file_of(folder, QUEUE)
        self.seen = 0

    def new(self) -> bool:
        """Since it was asked last."""
        before, self.seen = self.seen, self._file.stat().st_ino * 10**12 + self._file.stat().st_mtime_ns
        return self.seen != before

    def content(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._file.read_text())
        return found


@pytest.fixture
def writes(tmp_path: Path, told: QueueStatistics) -> Writes:
    found = Writes(tmp_path)
    assert found.new()
    return found


def test_the_file_has_the_four_keys(
    told: QueueStatistics, writes: Writes, clock: MovableClock
) -> None:  # checklist 34, 52
    assert writes.content() == {
        "update_time": START,
        "recent_average_consume_time": None,
        "queue_last_emptied_timestamp": START,
        "consumed_since_last_emptied": 0,
    }
    clock.advance(60)
    told.started()
    told.consumed(1, 0.5, backlog=0)
    assert writes.content() == {
        "update_time": START + 60,
        "recent_average_consume_time": 0.5,
        "queue_last_emptied_timestamp": START + 60,
        "consumed_since_last_emptied": 0,
    }


def test_it_is_replaced_as_a_whole(
    told: QueueStatistics, writes: Writes, tmp_path: Path
) -> None:  # checklist 52
    """Whoever reads it meanwhile sees the old one or the new one."""
    done = threading.Event()

    def work() -> None:
        for _ in range(2000):
            told.consumed(1, 0.1, backlog=0)
        done.set()

    threading.Thread(target=work, daemon=True).start()
    while not done.is_set():
        assert read(tmp_path, QUEUE) is not None
    [left] = file_of(tmp_path, QUEUE).parent.iterdir()
    assert left == file_of(tmp_path, QUEUE)
    assert stat.S_IMODE(left.stat().st_mode) == 0o600


def test_the_average_is_that_of_an_event_over_the_last_50_consumes(
    told: QueueStatistics,
) -> None:  # checklist 39
    for _ in range(30):
        told.consumed(1, 1000.0, backlog=9)
    for number in range(25):
        told.consumed(1, 1.0, backlog=9)
        told.consumed(3, 2.0 + number, backlog=9)
    assert told.now().recent_average_consume_time == (25 * 1.0 + sum(2.0 + n for n in range(25))) / (25 * 4)


def test_what_failed_has_no_part_in_the_average(told: QueueStatistics) -> None:  # checklist 39
    told.consumed(0, 30.0, backlog=3)
    assert told.now().recent_average_consume_time is None
    assert told.now().consumed_since_last_emptied == 0


def test_a_busy_queue_writes_every_50_consumes(told: QueueStatistics, writes: Writes) -> None:  # checklist 47
    told.started()
    assert writes.new()
    wrote = []
    for number in range(1, 151):
        told.started()
        told.consumed(1, 0.01, backlog=9)
        if writes.new():
            wrote.append(number)
    assert wrote == [50, 100, 150]
    assert writes.content()["consumed_since_last_emptied"] == 150


@pytest.mark.parametrize("seconds", [30.5, -3600])
def test_a_busy_queue_writes_when_30_s_have_passed(
    told: QueueStatistics, writes: Writes, clock: MovableClock, seconds: float
) -> None:  # checklist 47
    """Or when the clock was set back."""
    told.started()
    told.consumed(1, 0.01, backlog=9)
    assert writes.new()
    clock.advance(29)
    told.consumed(1, 0.01, backlog=9)
    assert not writes.new()
    clock.advance(seconds - 29)
    told.consumed(1, 0.01, backlog=9)
    assert writes.new()


def test_embed_links_writes_every_time(
    tmp_path: Path, clock: MovableClock, at_once: None
) -> None:  # checklist 47
    told = QueueStatistics("embed_links", tmp_path, clock)
    told.consumed(1, 0.01, backlog=9)
    found = read(tmp_path, "embed_links")
    assert found is not None
    assert found.consumed_since_last_emptied == 1


def test_an_idle_queue_writes_when_it_starts_and_when_it_is_empty(
    told: QueueStatistics, writes: Writes
) -> None:  # checklist 34, 47
    told.started()
    assert writes.new()
    told.started()
    assert not writes.new()
    told.consumed(1, 0.01, backlog=1)
    assert not writes.new()
    told.consumed(1, 0.01, backlog=0)
    assert writes.new()
    told.close()
    assert not writes.new()


def test_quick_jobs_share_a_write(tmp_path: Path, clock: MovableClock) -> None:
    """At most one a second; the last state is written in the end."""
    told = QueueStatistics(QUEUE, tmp_path, clock)
    writes = Writes(tmp_path)
    writes.new()
    for number in range(1000):
        told.started()
        clock.advance(1)
        told.consumed(1, number, backlog=0)
    assert not writes.new()
    until(lambda: writes.content()["queue_last_emptied_timestamp"] == START + 1000)


def test_what_was_put_off_is_written_at_the_end(tmp_path: Path, clock: MovableClock) -> None:
    told = QueueStatistics(QUEUE, tmp_path, clock)
    clock.advance(5)
    told.consumed(1, 1.0, backlog=0)
    told.close()
    assert read(tmp_path, QUEUE) == Statistics(START + 5, 1.0, START + 5, 0)


def test_what_another_process_has_written_stays(tmp_path: Path, clock: MovableClock, at_once: None) -> None:
    """Until this one has something to tell: the queue may be worked by the other."""
    owner = QueueStatistics(QUEUE, tmp_path, clock)
    owner.consumed(1, 2.0, backlog=0)
    clock.advance(60)
    successor = QueueStatistics(QUEUE, tmp_path, clock)
    assert read(tmp_path, QUEUE) == Statistics(START, 2.0, START, 0)
    successor.started()
    assert read(tmp_path, QUEUE) == Statistics(START + 60, None, START + 60, 0)


def test_without_files(tmp_path: Path, clock: MovableClock) -> None:
    told = QueueStatistics(QUEUE, None, clock)
    told.started()
    told.consumed(2, 1.0, backlog=0)
    told.close()
    assert list(tmp_path.iterdir()) == []
    assert told.now().recent_average_consume_time == 0.5


def test_a_disk_that_takes_nothing_is_told_once(
    tmp_path: Path, clock: MovableClock, at_once: None, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "queue_stats").touch()  # where the folder should be
    told = QueueStatistics(QUEUE, tmp_path, clock)
    told.consumed(1, 1.0, backlog=0)
    told.consumed(1, 1.0, backlog=0)
    assert len(caplog.messages) == 1
    assert "errands.stats cannot be written" in caplog.text


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"update_time":1}',
        '{"update_time":"1","recent_average_consume_time":1,"queue_last_emptied_timestamp":1,'
        '"consumed_since_last_emptied":1}',
        '{"update_time":null,"recent_average_consume_time":null,"queue_last_emptied_timestamp":1,'
        '"consumed_since_last_emptied":1}',
    ],
)
def test_a_file_that_makes_no_sense(tmp_path: Path, content: str) -> None:
    assert read(tmp_path, QUEUE) is None
    file_of(tmp_path, QUEUE).parent.mkdir()
    file_of(tmp_path, QUEUE).write_text(content)
    assert read(tmp_path, QUEUE) is None
    assert queues(tmp_path) == [QUEUE]
