"""One server for all clients, and what they are run with."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from appliance.model.user import User
from tests.process.client import DEADLINE, Person, request
from tests.process.server import ServerProcess, clean_environment

BIN = Path(sys.executable).parent
NUMBERS = count()  # no two bots have the same address

Begin = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture(scope="package")
def server(
    populated: tuple[Path, list[User]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServerProcess]:
    folder, users = populated
    data = shutil.copytree(folder, tmp_path_factory.mktemp("clients") / "data")
    environ = {"APPLIANCE_OUTSIDE_PRIVATE_HOSTS": "127.0.0.1"}
    server = ServerProcess(data, users, environ=environ).start()
    yield server
    server.end()
    assert "Traceback" not in server.log


@pytest.fixture
def iago(server: ServerProcess) -> Person:
    """The owner."""
    return server.people("iago")[0]


def zuliprc(person: Person, path: Path) -> Path:
    path.write_text(
        f"[api]\nemail={person.email}\nkey={person.api_key}\nsite=http://127.0.0.1:{person.port}\n"
    )
    path.chmod(0o600)
    return path


def make_bot(owner: Person, name: str, **more: Any) -> Person:
    short_name = f"{name}{next(NUMBERS)}"
    made = owner.ask("POST", "/bots", full_name=short_name, short_name=short_name, **more)
    email = owner.ask("GET", f"/users/{made['user_id']}")["user"]["email"]
    return Person(owner.port, made["user_id"], email, made["api_key"])


def listens(server: ServerProcess, person: Person) -> bool:
    """Does a client of that person wait for events?"""
    secret = (server.data / "internal.secret").read_text()
    queues = request(server.port, "GET", f"/api/internal/queues?secret={secret}").body["queues"]
    return any(each["waiting"] for each in queues if each["user_id"] == person.user_id)


def run(command: Sequence[str | Path], home: Path, input: str = "") -> "subprocess.CompletedProcess[str]":
    """To its end, which is success."""
    done = subprocess.run(
        command,
        env=clean_environment(HOME=str(home)),
        input=input,
        capture_output=True,
        text=True,
        timeout=DEADLINE,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Begin]:
    """Starts programs that run until the test ends; what they print is in `<name>.log`."""
    running: list[subprocess.Popen[bytes]] = []

    def begin(name: str, command: Sequence[str | Path]) -> "subprocess.Popen[bytes]":
        with (tmp_path / f"{name}.log").open("wb") as log:
            environ = clean_environment(HOME=str(tmp_path), PATH=f"{BIN}{os.pathsep}{os.environ['PATH']}")
            running.append(subprocess.Popen(command, cwd=tmp_path, env=environ, stdout=log, stderr=log))
        return running[-1]

    yield begin
    for each in running:
        each.kill()
        each.wait(DEADLINE)
