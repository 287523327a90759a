"""Servers on copies of one data folder."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from appliance.model.user import User
from tests.process.client import Person
from tests.process.mail import MailSink
from tests.process.server import ServerProcess, populate

pytest.register_assert_rewrite("tests.process.listener")

Serve = Callable[..., ServerProcess]


@pytest.fixture(scope="session")
def populated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[User]]:
    """A data folder that no test changes, and the people in it; a server has told all that was to be told."""
    folder = tmp_path_factory.mktemp("populated") / "data"
    users = populate(folder)
    assert ServerProcess(folder, users).start().stop() == 0
    return folder, users


@pytest.fixture
def serve(populated: tuple[Path, list[User]], tmp_path: Path) -> Iterator[Serve]:
    """Makes servers, not started yet, each on a copy of that folder. They must not have met a surprise."""
    made: list[ServerProcess] = []

    def make(**options: Any) -> ServerProcess:
        folder, users = populated
        made.append(ServerProcess(shutil.copytree(folder, tmp_path / f"data-{len(made)}"), users, **options))
        return made[-1]

    yield make
    for server in made:
        server.end()
    assert [server.log for server in made if "Traceback" in server.log] == []


@pytest.fixture
def server(serve: Serve) -> ServerProcess:
    return serve().start()


@pytest.fixture
def hamlet(server: ServerProcess) -> Person:
    return server.people("hamlet")[0]


@pytest.fixture
def cordelia(server: ServerProcess) -> Person:
    return server.people("cordelia")[0]


@pytest.fixture
def sink() -> Iterator[MailSink]:
    sink = MailSink()
    yield sink
    sink.close()


@pytest.fixture
def mailing(serve: Serve, sink: MailSink) -> ServerProcess:
    """A server, not started, that mails into the sink."""
    return serve(environ=sink.environ)
