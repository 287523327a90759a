"""Real processes that die at their work: nothing is lost, and a job that kills is a dead letter, alone."""

import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from appliance.base.clock import SystemClock
from appliance.store import job_selection
from appliance.store.job_selection import JobRow, Selection
from appliance.store.store import Store
from tests.jobs.victim import DONE
from tests.process.server import CHECKOUT, die_in

MOST_STARTS = 12
RUN = "from tests.jobs.victim import main\nmain()\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def run(folder: Path, prelude: str = "") -> int:
    """The exit status of one life of the victim."""
    command = [sys.executable, "-c", prelude + RUN, str(folder)]
    done = subprocess.run(command, cwd=CHECKOUT, timeout=60, check=False, stderr=subprocess.DEVNULL)
    return done.returncode


def live_until_done(folder: Path) -> int:
    """How often it was started."""
    for starts in range(1, MOST_STARTS):
        if run(folder) == 0:
            return starts
    raise AssertionError("it dies again and again")


def fill(folder: Path, *events: Mapping[str, object]) -> None:
    store = Store(folder, SystemClock())
    store.write(lambda transaction: [transaction.job("errands", dict(event)) for event in events])
    store.close()


def left(folder: Path, *, dead: bool) -> list[JobRow]:
    store = Store(folder, SystemClock())
    with store.read() as reader:
        found = job_selection.rows(reader, Selection(dead=dead))
        assert not reader.value("SELECT count(*) FROM job_running")
    store.close()
    return found


def done(folder: Path) -> Counter[int]:
    """How often each number was done."""
    return Counter(map(int, (folder / DONE).read_text().split()))


@pytest.mark.parametrize("kill", ["exit", "crash", "memory"])
def test_a_job_that_kills_is_a_dead_letter_alone(folder: Path, kill: str) -> None:
    innocents = [{"number": number, "pause": number % 3 * 0.01} for number in range(20)]
    fill(folder, *innocents[:10], {"number": 99, "kill": kill}, *innocents[10:])
    starts = live_until_done(folder)
    assert 4 <= starts <= 5
    [dead] = left(folder, dead=True)
    assert (dead.failed_tries, dead.error) == (3, "the process died while it ran")
    assert b'"number":99' in dead.body
    assert done(folder).keys() == set(range(20))


def test_a_job_that_kills_late_is_known_by_its_mark(folder: Path) -> None:
    fill(folder, {"number": 99, "kill": "exit", "pause": 0.4}, {"number": 1, "pause": 0.3})
    assert live_until_done(folder) == 4
    assert [each.failed_tries for each in left(folder, dead=True)] == [3]
    assert done(folder).keys() == {1}


# checklist 24, 25
@pytest.mark.parametrize(
    ("point", "call"),
    [
        ("appliance.store.job:ready", 1),
        ("appliance.jobs.post:Post._work", 1),
        ("appliance.jobs.post:Post._work", 10),
        ("tests.jobs.victim:Deadly.consume", 10),
        ("appliance.jobs.ledger:Ledger.settle", 10),
        ("appliance.jobs.ledger:Ledger.write_off", 1),
        ("appliance.jobs.ledger:Ledger._write", 1),
        ("appliance.jobs.ledger:Ledger._count", 1),
        ("appliance.jobs.pool:JobPool.close", 1),
        ("appliance.jobs.lease:Lease.release", 1),
    ],
)
def test_killed_at_any_step_nothing_is_lost(folder: Path, point: str, call: int) -> None:
    fill(folder, *({"number": number} for number in range(30)))
    assert run(folder, die_in(point, call)) == -9
    assert live_until_done(folder) == 1
    times = done(folder)
    assert times.keys() == set(range(30))
    assert max(times.values()) <= 2
    assert left(folder, dead=False) == left(folder, dead=True) == []
