"""`appliance jobs …` on a folder without a server; with one: tests/process/test_jobs_commands.py."""

import argparse
import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from appliance.base.clock import SystemClock
from appliance.base.options import OPTIONS
from appliance.cli import jobs as module
from appliance.cli.jobs import duration
from appliance.cli.main import main
from appliance.jobs.errors import ErrorFile
from appliance.jobs.statistics import QueueStatistics, file_of
from appliance.store import job as job_table
from appliance.store import job_selection
from appliance.store.job_selection import Selection
from appliance.store.store import Store
from appliance.store.transaction import Transaction

SECRET = "Zz0Zz0Zz0Zz0"
HOUR = 3600


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for option in OPTIONS:
        for variable in option.variables:
            monkeypatch.delenv(variable, raising=False)


class Folder:
    """A data folder with jobs, and the commands on it."""

    def __init__(self, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.path, self._capsys = path, capsys
        self.store = Store(path, SystemClock())

    def add(
        self, queue: str = "errands", *, error: str = "", age: int = 0, run_at: float | None = None
    ) -> int:
        """A waiting job; with an `error` a dead letter. `age`: seconds since it was made."""

        def write(transaction: Transaction) -> int:
            job_id = transaction.job(queue, {"link": SECRET}, run_at=run_at)
            assert job_id is not None
            transaction.execute("UPDATE job SET created = created - ? WHERE id = ?", age, job_id)
            if error:
                job_table.bury(transaction, job_id, 4, error)
            return job_id

        return self.store.write(write)

    def run(self, *arguments: str, status: int = 0) -> str:
        """What `appliance jobs` prints."""
        assert main(["jobs", *arguments, "--data", str(self.path)]) == status
        printed, self.complaint = self._capsys.readouterr()
        return printed

    def json(self, *arguments: str, status: int = 0) -> Any:
        return json.loads(self.run(*arguments, "--json", status=status))

    def listed(self, *arguments: str) -> list[int]:
        return [each["id"] for each in self.json("list", *arguments)]

    @property
    def left(self) -> list[int]:
        """The ids of all jobs, waiting or dead."""
        with self.store.read() as reader:
            return job_selection.ids(reader, Selection())


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Folder]:
    made = Folder(tmp_path / "data", capsys)
    yield made
    made.store.close()


@pytest.fixture
def crowd(folder: Folder) -> Folder:
    """1: waits, 2: waits elsewhere, 3: is old, 4 to 6: dead letters, the last of them elsewhere, 5 old."""
    folder.add()
    folder.add("others")
    folder.add(age=2 * HOUR)
    folder.add(error="TimeoutError: too slow")
    folder.add(error="refused (550)", age=2 * HOUR)
    folder.add("others", error="refused")
    return folder


SELECTIONS: dict[str, list[int]] = {
    "--queue errands": [1, 3],
    "--older-than 1h": [3],
    "--dead": [4, 5, 6],
    "--dead --queue others": [6],
    "--dead --error TIMEOUT": [4],
    "--dead --error refused --older-than 60m": [5],
    "--dead --limit 2": [4, 5],
    "--queue nowhere": [],
    "1 4": [1, 4],
}
every_selection = pytest.mark.parametrize(
    ("arguments", "expected"), [(words.split(), ids) for words, ids in SELECTIONS.items()], ids=SELECTIONS
)
of_dead_letters = pytest.mark.parametrize(
    ("arguments", "expected"),
    [(words.split(), ids) for words, ids in SELECTIONS.items() if "--dead" in words] + [(["4", "6"], [4, 6])],
)


# list, show


@every_selection
def test_list(crowd: Folder, arguments: list[str], expected: list[int]) -> None:
    assert crowd.listed(*arguments) == expected


def test_list_shows_waiting_jobs_and_no_more_than_100(folder: Folder) -> None:
    for _ in range(101):
        folder.add()
    folder.add(error="x")
    assert folder.listed() == list(range(1, 101))
    assert len(folder.listed("--limit", "1000")) == 101


def test_the_table_has_the_beginning_of_the_error(folder: Folder) -> None:
    folder.add(error=f"first {'x' * 100}\nsecond line")
    heading, row = folder.run("list", "--dead").splitlines()
    assert heading.split("  ")[0] == "ID"
    assert row.endswith(f"first {'x' * 73}…")


def test_bodies_are_not_listed(crowd: Folder) -> None:
    for arguments in (["list"], ["list", "--dead"], ["list", "--json"], ["list", "--dead", "--json"]):
        assert SECRET not in crowd.run(*arguments)


def test_show_has_the_whole_body_and_error(folder: Folder) -> None:
    error = f"first {'x' * 1000}\nsecond line"
    folder.add(error=error)
    shown = folder.json("show", "1")
    assert (shown["state"], shown["failed_tries"], shown["error"]) == ("dead", 4, error)
    assert shown["event"] == {"link": SECRET}
    text = folder.run("show", "1")
    assert error in text
    assert f'"link": "{SECRET}"' in text


def test_show_a_body_that_is_not_json(folder: Folder) -> None:
    folder.add()
    with sqlite3.connect(folder.path / "appliance.db") as file:
        file.execute("UPDATE job SET body = x'ff7b'")
    assert folder.json("show", "1")["event"] == "\ufffd{"


def test_show_a_job_that_is_not_there(folder: Folder) -> None:
    folder.run("show", "7", status=2)
    assert folder.complaint == "appliance: there is no job 7: it was done, or never was\n"


# retry


@of_dead_letters
def test_retry_puts_dead_letters_back(crowd: Folder, arguments: list[str], expected: list[int]) -> None:
    retried = crowd.json("retry", *arguments)["retried"]
    assert retried == [{"id": each, "new_id": 7 + place} for place, each in enumerate(expected)]
    assert crowd.listed("--dead") == [each for each in (4, 5, 6) if each not in expected]
    assert crowd.listed() == [1, 2, 3, *(each["new_id"] for each in retried)]


def test_a_job_that_is_retried_is_as_new(folder: Folder) -> None:
    folder.add("others", error="x", age=HOUR)
    dead = folder.json("show", "1")
    assert folder.run("retry", "1") == "1 job put back\n"
    again = folder.json("show", "2")
    assert again == {**dead, "id": 2, "state": "waiting", "failed_tries": 0, "error": None, "died": None}


def test_retry_takes_dead_letters_only(crowd: Folder) -> None:
    crowd.run("retry", "1", "4", status=2)
    assert crowd.complaint == "appliance: there is no dead letter 1, and nothing was changed\n"
    assert crowd.json("retry", "--queue", "errands")["retried"] == [
        {"id": 4, "new_id": 7},
        {"id": 5, "new_id": 8},
    ]


# drop


@every_selection
def test_drop(crowd: Folder, arguments: list[str], expected: list[int]) -> None:
    assert crowd.json("drop", *arguments) == {"dropped": len(expected)}
    assert crowd.left == [each for each in range(1, 7) if each not in expected]


def test_many_are_dropped_in_turns(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TOGETHER", 2)
    for _ in range(5):
        folder.add(error="x")
    before = folder.store.path.stat().st_size
    assert folder.run("drop", "--dead") == "5 jobs dropped\n"
    assert folder.left == []
    assert folder.store.path.stat().st_size <= before


@pytest.mark.parametrize("command", ["retry", "drop"])
def test_not_everything_is_meant_by_saying_nothing(crowd: Folder, command: str) -> None:
    crowd.run(command, status=2)
    assert "which? give ids" in crowd.complaint
    assert crowd.left == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("command", ["retry", "drop"])
def test_a_job_that_is_not_there_changes_nothing(crowd: Folder, command: str) -> None:
    crowd.run(command, "4", "99", status=2)
    assert " 99, and nothing was changed" in crowd.complaint
    assert crowd.left == [1, 2, 3, 4, 5, 6]


# drain


def test_drain_of_empty_queues(crowd: Folder) -> None:
    assert crowd.run("drain", "--queue", "nowhere") == "empty\n"
    crowd.json("drop", "1", "2", "3")
    assert crowd.json("drain") == {"left": {}}  # dead letters do not count


def test_drain_without_a_server(crowd: Folder) -> None:
    crowd.run("drain", "--queue", "errands", status=2)
    assert crowd.complaint == "appliance: nobody works on errands: is the server running?\n"


# stats


class Statistics:
    """What a server has left in the folder."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder.path

    def of(self, queue: str, average: float = 0.0, *, ago: float = 0.0) -> None:
        told = QueueStatistics(queue, self._folder, SystemClock())
        told.consumed(1, average, backlog=0)
        told.close()
        path = file_of(self._folder, queue)
        content = json.loads(path.read_text())
        path.write_text(json.dumps({**content, "update_time": content["update_time"] - ago}))


@pytest.fixture
def statistics(folder: Folder) -> Statistics:
    return Statistics(folder)


def slow(folder: Folder, statistics: Statistics) -> None:
    statistics.of("errands", average=20.0)
    folder.add()
    folder.add()


def very_slow(folder: Folder, statistics: Statistics) -> None:
    slow(folder, statistics)
    statistics.of("errands", average=31.0)


def stuck(folder: Folder, statistics: Statistics) -> None:
    statistics.of("errands", ago=200)
    for _ in range(11):
        folder.add()


def failed(folder: Folder, statistics: Statistics) -> None:
    statistics.of("errands")
    ErrorFile(folder.path, SystemClock()).append("errands", [{"link": SECRET}])


def unknown(folder: Folder, statistics: Statistics) -> None:
    stuck(folder, statistics)
    file_of(folder.path, "errands").write_text("")


@pytest.mark.parametrize(
    ("make", "level", "status"),
    [
        (lambda *_: None, "OK", 0),
        (slow, "WARNING", 1),
        (failed, "WARNING", 1),
        (very_slow, "CRITICAL", 2),
        (stuck, "CRITICAL", 2),
        (unknown, "UNKNOWN", 3),
    ],
)
def test_stats_exits_with_the_worst(  # checklist 34, 55
    folder: Folder, statistics: Statistics, make: Callable[..., None], level: str, status: int
) -> None:
    statistics.of("others")
    make(folder, statistics)
    told = folder.json("stats", status=status)
    assert told["level"] == level
    assert {each["queue"]: each["level"] for each in told["queues"]} == {
        **({} if status == 0 else {"errands": level}),
        "others": "OK",
    }


def test_stats_of_one_queue(folder: Folder, statistics: Statistics) -> None:  # checklist 34
    statistics.of("errands", average=0.25)
    folder.add()
    folder.add(run_at=time.time() + HOUR)
    folder.add(error="x")
    [told] = folder.json("stats")["queues"]
    assert told.pop("statistics").keys() == {
        "update_time",
        "recent_average_consume_time",
        "queue_last_emptied_timestamp",
        "consumed_since_last_emptied",
    }
    assert told == {
        "queue": "errands",
        "level": "OK",
        "text": "1 wait, for about 0 s",
        "ready": 1,
        "later": 1,
        "dead": 1,
        "errors": 0,
    }


def test_stats_as_a_table(folder: Folder, statistics: Statistics) -> None:
    very_slow(folder, statistics)
    heading, row = folder.run("stats", status=2).splitlines()
    assert heading.split()[:6] == ["QUEUE", "LEVEL", "READY", "LATER", "DEAD", "AVERAGE"]
    assert row.split()[:7] == ["errands", "CRITICAL", "2", "0", "0", "31.000", "s"]


def test_limits_of_the_configuration(folder: Folder, statistics: Statistics) -> None:  # checklist 55
    slow(folder, statistics)
    (folder.path / "config.toml").write_text('[jobs]\nlimits = ["errands 40/50"]\n')
    assert folder.json("stats")["level"] == "OK"


def test_without_statistics_the_size_counts(folder: Folder, statistics: Statistics) -> None:
    stuck(folder, statistics)
    (folder.path / "config.toml").write_text("[jobs]\nstatistics = false\n")
    assert folder.json("stats", status=1)["queues"][0]["statistics"] is None


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 90), ("90s", 90), ("15m", 900), ("2h", 7200), ("7d", 604_800), ("0", 0)]
)
def test_durations(text: str, seconds: int) -> None:
    assert duration(text) == seconds


@pytest.mark.parametrize("text", ["", "s", "-1", "1.5h", "1w", "1 h"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is no time such as"):
        duration(text)
