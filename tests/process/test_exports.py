"""Exports by a real server: asked for, fetched, killed in the middle; and by the command beside it."""

import os
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from appliance.actions.export import archive
from tests.actions.exported import Exported
from tests.conftest import until
from tests.process.client import GONE, Person
from tests.process.conftest import Serve
from tests.process.server import ServerProcess, die_in

ARCHIVE, REQUEST = "appliance.actions.export.archive", "appliance.actions.export.request"
SLOWLY = """
import time
from appliance.actions.export import archive
add = archive.Building.add
def slowly(*args):
    time.sleep(0.3)
    return add(*args)
archive.Building.add = slowly
"""
NO_ROOM = f"import {ARCHIVE} as archive\narchive.RESERVE = 1 << 60\n"


@pytest.fixture
def stopped(serve: Serve) -> ServerProcess:
    return serve()


def iago(server: ServerProcess) -> Person:
    """The owner."""
    return server.people("iago")[0]


def asked(server: ServerProcess) -> int:
    export_id: int = iago(server).ask("POST", "/export/realm")["id"]
    return export_id


def export(server: ServerProcess, export_id: int) -> dict[str, Any]:
    """Once it is there, or has failed."""

    def look() -> dict[str, Any] | None:
        listed = iago(server).ask("GET", "/export/realm")["exports"]
        [found] = [each for each in listed if each["id"] == export_id]
        return None if found["pending"] else found

    found: dict[str, Any] = until(look)
    return found


def fetch(person: Person, url: str, **headers: str) -> Any:
    request = urllib.request.Request(url, headers={"Authorization": person.authorization, **headers})
    return urllib.request.urlopen(request, timeout=60)


def left(server: ServerProcess) -> list[str]:
    folder = server.data / "exports"
    return sorted(each.name for each in folder.iterdir()) if folder.exists() else []


def test_an_export(server: ServerProcess, tmp_path: Path) -> None:
    owner, hamlet = server.people("iago", "hamlet")
    poller = owner.register(event_types=["realm_export"])
    hamlet.ask("POST", "/messages", type="stream", to="general", topic="lunch", content="hello all")
    hamlet.send(owner, "for you alone")
    found = export(server, asked(server))
    with fetch(owner, found["export_url"]) as answer:
        assert answer.headers["Content-Type"] == "application/gzip"
        (tmp_path / "fetched.tar.gz").write_bytes(answer.read())
    made = Exported.read(tmp_path / "fetched.tar.gz")
    assert made.texts == {"hello all"}
    assert made.mistakes() == []
    until(lambda: poller.poll() and not poller.events[-1]["exports"][-1]["pending"])
    assert poller.events[-1]["exports"] == [found]
    owner.ask("DELETE", f"/export/realm/{found['id']}")
    assert left(server) == []
    with pytest.raises(urllib.error.HTTPError, match="404"):
        fetch(owner, found["export_url"])


# Crashes


@pytest.mark.parametrize(
    ("point", "call"),
    [
        (f"{ARCHIVE}:Building.__init__", 1),
        (f"{ARCHIVE}:Building.add", 1),
        (f"{ARCHIVE}:Building.add", 9),
        ("appliance.base.files:flush", 1),
        ("appliance.base.files:flush", 2),  # its file has its name already
        (f"{REQUEST}:succeed", 1),
    ],
)
def test_one_that_a_crash_ended_has_failed(stopped: ServerProcess, point: str, call: int) -> None:
    stopped.start(die_in(point, call))
    with suppress(*GONE):
        asked(stopped)
    stopped.crash()
    stopped.start()
    assert export(stopped, 1)["failed_timestamp"]
    assert left(stopped) == []  # checklist 101


def test_one_that_was_killed_after_a_while_has_failed(stopped: ServerProcess) -> None:
    """Jobs that run when the process dies count as failed; this one is delivered once more nevertheless."""
    stopped.start(SLOWLY)
    asked(stopped)
    hidden = until(lambda: [name for name in left(stopped) if name.startswith(archive.FOLDER)])
    until(lambda: stopped.metric("appliance_writes") and marked(stopped))
    stopped.kill()
    assert left(stopped) == hidden
    stopped.start()
    assert export(stopped, 1)["failed_timestamp"]
    assert left(stopped) == []  # checklist 101
    assert stopped.json("jobs", "list", "--dead") == []
    assert export(stopped, asked(stopped))["export_url"]


def marked(server: ServerProcess) -> bool:
    """It has been written down that a job runs."""
    import apsw

    connection = apsw.Connection(str(server.data / "appliance.db"), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        return bool(connection.execute("SELECT count(*) FROM job_running").fetchall()[0][0])
    finally:
        connection.close()


def test_a_crash_before_it_began_costs_nothing(stopped: ServerProcess) -> None:
    stopped.start(die_in(f"{REQUEST}:begin"))
    with suppress(*GONE):
        asked(stopped)
    stopped.crash()
    stopped.start()
    assert export(stopped, 1)["export_url"]


def test_a_stop_in_the_middle(stopped: ServerProcess) -> None:
    stopped.start(SLOWLY + "from appliance import runtime\nruntime.GRACE = 0.1\n")
    asked(stopped)
    until(lambda: left(stopped))
    assert stopped.stop() == 0
    stopped.start()
    assert export(stopped, 1)["failed_timestamp"]
    assert left(stopped) == []


def test_no_room(stopped: ServerProcess) -> None:
    """Who writes messages is not bothered."""
    stopped.start(NO_ROOM)
    assert export(stopped, asked(stopped))["failed_timestamp"]
    owner, hamlet = stopped.people("iago", "hamlet")
    assert hamlet.send(owner, "still here")
    assert left(stopped) == []
    assert "MiB would be left on the disk" in stopped.log


# Fetching


def test_a_large_one_is_not_loaded(server: ServerProcess) -> None:
    """It is put in the place of a small one."""
    found = export(server, asked(server))
    [name] = left(server)
    size = 400 << 20
    os.truncate(server.data / "exports" / name, size)
    before, read = memory(server), 0
    with fetch(iago(server), found["export_url"]) as answer:
        assert int(answer.headers["Content-Length"]) == size
        while block := answer.read(1 << 20):
            read += len(block)
    assert read == size
    assert memory(server) < before + (64 << 20)


def memory(server: ServerProcess) -> int:
    """The most that the process ever had."""
    lines = Path(f"/proc/{server.process.pid}/status").read_text().splitlines()
    [line] = [line for line in lines if line.startswith("VmHWM")]
    return int(line.split()[1]) << 10


# The command


@pytest.fixture(params=["running", "stopped"])
def folder(request: pytest.FixtureRequest, serve: Serve) -> ServerProcess:
    """With a message that one person has sent to another."""
    server = serve().start()
    owner, hamlet = server.people("iago", "hamlet")
    hamlet.send(owner, "for you alone")
    if request.param == "stopped":
        server.stop()
    return server


def test_the_command(folder: ServerProcess, tmp_path: Path) -> None:
    target = tmp_path / "team.tar.gz"
    shown = folder.json("export", str(target))
    assert shown == {"file": str(target), "size": target.stat().st_size, "messages": 1}
    made = Exported.read(target)
    assert made.texts == {"for you alone"}
    assert made.mistakes() == []
    assert left(folder) == []


def test_the_command_says_where_it_is(folder: ServerProcess) -> None:
    done = folder.command("export")
    [name] = left(folder)
    path, _, rest = done.stdout.partition(": ")
    assert (done.returncode, Path(path)) == (0, folder.data / "exports" / name)
    assert rest.startswith("1 messages, 0.0 MB")
    assert done.stderr == ""


def test_what_the_command_does_not_overwrite(stopped: ServerProcess, tmp_path: Path) -> None:
    target = tmp_path / "team.tar.gz"
    target.touch()
    done = stopped.command("export", str(target))
    assert (done.returncode, done.stderr) == (2, f"appliance: {target} is there already\n")


def test_a_folder_that_is_not_there(stopped: ServerProcess, tmp_path: Path) -> None:
    done = stopped.command("export", str(tmp_path / "no" / "team.tar.gz"))
    assert (done.returncode, done.stderr) == (2, f"appliance: there is no folder {tmp_path / 'no'}\n")


def test_a_place_where_nothing_can_be_written(stopped: ServerProcess) -> None:
    done = stopped.command("export", "/proc/team.tar.gz")
    assert done.returncode == 2
    assert done.stderr.startswith("appliance: cannot write /proc/team.tar.gz: ")
