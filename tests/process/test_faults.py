"""What can be wrong with a machine: who else is there, what may not be written, a disk that is full."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import until
from tests.process.client import Person
from tests.process.conftest import Serve
from tests.process.server import ServerProcess, free_port

NOBODY = 65534


def refusal(server: ServerProcess) -> str:
    """The one line of a server that does not start."""
    server.launch()
    assert server.process.wait(60) == 2
    [line] = server.log.splitlines()
    return line


# Two of them


def test_a_second_server_on_the_folder_is_refused(server: ServerProcess, hamlet: Person) -> None:
    second = ServerProcess(server.data, port=free_port())
    pid = server.process.pid
    assert refusal(second) == f"appliance: the data folder {server.data} is in use by process {pid}"
    assert hamlet.ask("GET", "/users/me")["user_id"] == hamlet.user_id


def test_the_folder_of_a_dead_server_is_free(server: ServerProcess) -> None:
    server.kill()
    second = ServerProcess(server.data).start()
    assert second.stop() == 0


def test_a_port_in_use(server: ServerProcess, serve: Serve) -> None:
    line = refusal(serve(port=server.port))
    assert line.startswith(f"appliance: cannot listen on 127.0.0.1:{server.port}: Address already in use")


def test_all_mistakes_of_a_configuration_at_once(serve: Serve) -> None:
    server = serve(environ={"APPLIANCE_MAIL_PORT": "zero", "APPLIANCE_SERVER_TREADS": "8"})
    server.launch()
    assert server.process.wait(60) == 2
    assert "APPLIANCE_MAIL_PORT: mail.port must be a whole number" in server.log
    assert "APPLIANCE_SERVER_TREADS: unknown variable, the nearest is APPLIANCE_SERVER_THREADS" in server.log


# Folders that are not ours


@pytest.fixture
def foreign() -> Iterator[Path]:
    """A folder that the server may see and not change. Not below pytest's own, which is closed to others."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def as_nobody() -> list[str]:
    """The command that runs another without root's rights; for the others it is enough to be themselves."""
    if os.geteuid():
        return []
    command = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    attempt = [*command, sys.executable, "-c", "pass"]
    if not shutil.which("setpriv") or subprocess.run(attempt, capture_output=True).returncode:
        pytest.skip("root needs setpriv, and a Python that others may run, to be somebody who may not write")
    return command


@pytest.fixture
def read_only(foreign: Path, serve: Serve) -> ServerProcess:
    """A server, not started, whose data folder it may not write to."""
    data = Path(shutil.move(serve().data, foreign / "data"))
    for path in (data, *data.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    if not os.geteuid():
        os.chown(data, 0, 0)
    else:
        data.chmod(0o555)
    return ServerProcess(data, around=as_nobody())


def test_a_read_only_folder(read_only: ServerProcess) -> None:
    before = {path.name: path.read_bytes() for path in read_only.data.rglob("*") if path.is_file()}
    assert refusal(read_only) == f"appliance: the data folder {read_only.data} is not writable by this user"
    assert {path.name: path.read_bytes() for path in read_only.data.rglob("*") if path.is_file()} == before


def test_a_folder_that_cannot_be_made(foreign: Path, tmp_path: Path) -> None:
    if os.geteuid():
        foreign.chmod(0o555)
    server = ServerProcess(foreign / "data", around=as_nobody(), log=tmp_path / "log")
    line = refusal(server)
    assert line == f"appliance: cannot make the data folder {foreign / 'data'}: Permission denied"


def test_a_file_that_is_not_ours(serve: Serve) -> None:
    server = serve()
    (server.data / "appliance.db").write_text("This is not a database.\n" * 100)
    line = refusal(server)
    assert line.startswith(f"appliance: cannot use the database {server.data / 'appliance.db'}: ")


# A full disk: a file system of some MiB that the server alone sees.

MIB = 1 << 20
ON_SMALL_DISK = """
set -eu
mount -t tmpfs -o size=3m none "$1"
cp -a "$2"/. "$1"
shift 2
exec "$@"
"""


@pytest.fixture
def small_disk(serve: Serve, tmp_path: Path) -> ServerProcess:
    source, disk = serve().data, tmp_path / "disk"
    disk.mkdir()
    around = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    around += ["sh", "-c", ON_SMALL_DISK, "sh", str(disk), str(source)]
    if not shutil.which("unshare") or subprocess.run([*around, "true"], capture_output=True).returncode:
        pytest.skip("needs unshare and the right to mount")
    server = serve(around=around)
    server.data = disk
    return server.start()


def seen_by(server: ServerProcess) -> Path:
    """The data folder as the process sees it."""
    return Path(f"/proc/{server.process.pid}/root{server.data}")


def fill(server: ServerProcess) -> Path:
    """Take all that is left of the disk; the file that does."""
    filler = seen_by(server) / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (64 << 10, 4 << 10, 512):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue
    return filler


def test_a_full_disk(small_disk: ServerProcess) -> None:
    hamlet, cordelia = small_disk.people("hamlet", "cordelia")
    poller = cordelia.register(event_types=["message"])
    acknowledged = [hamlet.send(cordelia, "before")]
    filler = fill(small_disk)
    answer = hamlet.call("POST", "/messages", type="direct", to=[cordelia.user_id], content="x" * 9000)
    while answer.status == 200:  # what is left of the log takes a few
        acknowledged.append(answer.body["id"])
        answer = hamlet.call("POST", "/messages", type="direct", to=[cordelia.user_id], content="x" * 9000)

    assert (answer.status, answer.body["code"]) == (503, "STORAGE_ERROR")
    assert "the disk of the data folder is full" in answer.body["msg"]
    assert [message["id"] for message in cordelia.messages()] == acknowledged
    assert cordelia.call("POST", "/register").status == 503

    filler.unlink()
    acknowledged.append(hamlet.send(cordelia, "after"))
    until(lambda: poller.poll() and len(poller.events) >= len(acknowledged))
    assert poller.message_ids() == acknowledged == [message["id"] for message in cordelia.messages()]
    assert poller.in_order()


def test_the_mail_waits_for_a_full_disk(small_disk: ServerProcess) -> None:
    """The message is stored, what is to be done about it cannot be: it is done when there is room again."""
    hamlet, othello = small_disk.people("hamlet", "othello")
    hamlet.send(othello, "where are you?")
    filler = fill(small_disk)
    until(lambda: "is full" in small_disk.log)
    filler.unlink()
    [mail] = until(lambda: list((seen_by(small_disk) / "outbox").glob("*.eml")))
    assert b"where are you?" in mail.read_bytes()
