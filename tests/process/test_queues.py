"""`appliance queues`: of a server that runs, of one that does not, and of one that does not answer."""

import os
import signal
import sqlite3
import subprocess
from typing import Any

import pytest

from tests.conftest import until
from tests.process.client import Person
from tests.process.conftest import Serve
from tests.process.server import ServerProcess


def told(server: ServerProcess, email: str = "") -> list[dict[str, Any]]:
    """What the command says."""
    found: list[dict[str, Any]] = server.json("queues", *(["--user", email] if email else []))
    return found


@pytest.mark.parametrize("running", [True, False])
def test_nobody_is_connected(serve: Serve, running: bool) -> None:
    server = serve()
    if running:
        server.start()
    assert told(server) == []
    [headings] = server.command("queues").stdout.splitlines()
    assert headings.split() == ["QUEUE", "PERSON", "CLIENT", "EVENTS", "KIB", "STATE", "TIMEOUT"]


def test_a_folder_that_no_server_has_seen(serve: Serve) -> None:
    server = serve()
    server.data = server.data / "new"
    assert told(server) == []
    assert not (server.data / "internal.secret").exists()


def test_what_is_told_of_a_queue(server: ServerProcess, hamlet: Person, cordelia: Person) -> None:
    poller = hamlet.register(event_types=["message"], narrow=[["is", "dm"]], idle_queue_timeout=90)
    cordelia.send(hamlet, "hello")
    [found] = until(lambda: told(server) if server.metric("appliance_queue_events") else None)
    assert found["bytes"] > 100
    assert 0 <= found["idle_seconds"] < 60
    assert {**found, "bytes": 0, "idle_seconds": 0} == {
        "id": poller.queue_id[:8],
        "user_id": hamlet.user_id,
        "email": hamlet.email,
        "client_type_name": "test",
        "events": 1,
        "bytes": 0,
        "waiting": False,
        "idle_seconds": 0,
        "queue_timeout": 90,
        "event_types": ["message"],
        "narrow": [["is", "dm"]],
    }


def test_the_table(server: ServerProcess, hamlet: Person, cordelia: Person) -> None:
    waiting = hamlet.register(event_types=["message"]).start()
    idle = cordelia.register(event_types=["realm"], idle_queue_timeout="mobile")
    until(lambda: server.metric("appliance_parked_polls"))
    _, first, second = server.command("queues").stdout.splitlines()
    assert first.split()[:6] == [idle.queue_id[:8], cordelia.email, "test", "0", "0.0", "idle"]
    assert first.endswith("12 h")
    assert second.split() == [waiting.queue_id[:8], hamlet.email, "test", "0", "0.0", "waiting", "10", "min"]


def test_those_with_the_most_to_fetch_come_first(
    server: ServerProcess, hamlet: Person, cordelia: Person
) -> None:
    pollers = [person.register(event_types=["message"]) for person in (cordelia, hamlet, hamlet)]
    hamlet.send(cordelia, "one")
    cordelia.send(cordelia, "two")
    until(lambda: server.metric("appliance_queue_events") == 4)
    pollers[1].poll()
    pollers[1].poll(dont_block=True)
    assert [each["events"] for each in told(server)] == [2, 1, 0]


def test_of_one_person(server: ServerProcess, hamlet: Person, cordelia: Person) -> None:
    own = hamlet.register()
    cordelia.register()
    assert [each["id"] for each in told(server, hamlet.email)] == [own.queue_id[:8]]
    assert told(server, "iago@chat.test") == []
    done = server.command("queues", "--user", "nobody@chat.test")
    assert done.returncode == 2
    assert "nobody has the address nobody@chat.test" in done.stderr


@pytest.mark.parametrize("end", [ServerProcess.stop, ServerProcess.kill], ids=["stop", "kill"])
def test_a_server_that_has_ended(server: ServerProcess, hamlet: Person, end: Any) -> None:
    """As far as its queues were saved."""
    poller = hamlet.register(event_types=["message"])
    end(server)
    done = server.command("queues")
    assert (done.returncode, done.stderr) == (0, "")
    assert poller.queue_id[:8] in done.stdout
    [found] = told(server)
    assert (found["email"], found["waiting"]) == (hamlet.email, False)


def test_a_server_that_does_not_answer(server: ServerProcess, hamlet: Person) -> None:
    poller = hamlet.register()
    os.kill(server.process.pid, signal.SIGSTOP)
    try:
        done = server.command("queues")
    finally:
        os.kill(server.process.pid, signal.SIGCONT)
    assert done.returncode == 0
    assert f"process {server.process.pid} does not answer (timed out); as last saved:" in done.stderr
    assert poller.queue_id[:8] in done.stdout


@pytest.mark.parametrize("left", ["", "0" * 64])
def test_a_secret_that_was_lost(server: ServerProcess, hamlet: Person, left: str) -> None:
    """The server knows the one that it had when it started."""
    poller = hamlet.register()
    (server.data / "internal.secret").write_text(left)
    done = server.command("queues")
    assert done.returncode == 0
    assert "does not answer (Access denied); as last saved:" in done.stderr
    assert poller.queue_id[:8] in done.stdout


def test_a_queue_that_cannot_be_read_is_left_out(
    server: ServerProcess, hamlet: Person, cordelia: Person
) -> None:
    damaged, sound = hamlet.register(), cordelia.register()
    assert server.stop() == 0
    with sqlite3.connect(server.data / "appliance.db") as file:
        file.execute("UPDATE event_queue SET state = x'ff' WHERE id = ?", (damaged.queue_id,))
    done = server.command("queues")
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
    assert (damaged.queue_id[:8] in done.stdout, sound.queue_id[:8] in done.stdout) == (False, True)


def test_no_proxy_gets_to_see_the_secret(server: ServerProcess, hamlet: Person) -> None:
    """That of the environment leads nowhere; the command would wait for it, or say that it cannot."""
    hamlet.register()
    done: subprocess.CompletedProcess[str] = server.run(
        "queues", "--data", str(server.data), http_proxy="http://127.0.0.1:9", HTTP_PROXY="http://127.0.0.1:9"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert hamlet.email in done.stdout


def test_neither_queues_nor_secrets_can_be_used_from_what_is_told(
    server: ServerProcess, hamlet: Person
) -> None:
    poller = hamlet.register()
    secret = (server.data / "internal.secret").read_text()
    for output in (server.command("queues").stdout, server.command("queues", "--json").stdout):
        assert poller.queue_id not in output
        assert secret not in output
