"""The process: how it starts, what it does when idle, how it stops."""

import os
import signal
import sqlite3
import stat
import time

import pytest

from tests.conftest import until
from tests.process.client import Person, request
from tests.process.conftest import Serve
from tests.process.server import ServerProcess

# Starting


def test_an_empty_folder_becomes_a_server(serve: Serve) -> None:
    """Runs without any configuration, and says where it is and how to become its owner."""
    server = serve()
    server.data = server.data / "new" / "folder"
    server.start()
    until(lambda: f"Open this link once: {server.url}/owner/" in server.log)
    assert f"Serving {server.url} with the data in {server.data}\n" in server.log
    assert request(server.port, "GET", "/api/v1/server_settings").body["zulip_feature_level"] == 372


def test_it_is_quick(serve: Serve) -> None:
    server = serve()
    began = time.monotonic()
    server.start()
    assert time.monotonic() - began < 20  # 0.4 on an idle machine


def test_what_it_makes_is_private(server: ServerProcess, hamlet: Person) -> None:
    hamlet.send(server.people("othello")[0], "hello")
    outbox = server.data / "outbox"
    until(lambda: outbox.exists() and list(outbox.glob("*.eml")))
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in server.data.rglob("*")}
    assert {name: mode for name, mode in modes.items() if mode & 0o077} == {}
    assert "appliance.db" in modes


def test_an_owner_is_not_asked_for_again(server: ServerProcess) -> None:
    assert server.stop() == 0
    assert "Serving" in server.log
    assert "/owner/" not in server.log


def test_no_key_is_ever_logged(server: ServerProcess, hamlet: Person) -> None:
    hamlet.ask("GET", "/users/me")
    hamlet.call("GET", "/events", queue_id="unknown", last_event_id=-1)
    assert hamlet.api_key not in server.log


@pytest.mark.parametrize("path", ["/health", "/ready"])
def test_probes(server: ServerProcess, path: str) -> None:
    status, _, body = request(server.port, "GET", path)
    assert (status, body["status"]) == (200, "ok")


def test_an_idle_server_writes_nothing(server: ServerProcess, hamlet: Person) -> None:
    """The journal and the file stay as they are while somebody waits and nothing happens."""

    def written() -> list[tuple[str, int, int]]:
        found = [(path.name, path.stat()) for path in sorted(server.data.iterdir())]
        return [(name, each.st_mtime_ns, each.st_size) for name, each in found]

    poller = hamlet.register().start()
    until(lambda: server.metric("appliance_parked_polls"))
    before = written()
    time.sleep(2)
    assert written() == before
    assert poller.events == []


# Stopping


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_answers_who_waits(
    server: ServerProcess, hamlet: Person, cordelia: Person, number: signal.Signals
) -> None:
    pollers = [person.register().start() for person in (hamlet, cordelia)]
    until(lambda: server.metric("appliance_parked_polls") == 2)
    for poller in pollers:
        poller.end()
    server.process.send_signal(number)
    assert server.process.wait(60) == 0
    for poller in pollers:
        poller.join()
        assert (poller.failures, poller.refusal) == (0, None)
        assert poller.events == []


def test_a_stop_is_not_lost_among_other_signals(server: ServerProcess) -> None:
    for number in [signal.SIGUSR2] * 20 + [signal.SIGTERM]:
        server.process.send_signal(number)
    assert server.process.wait(60) == 0


def test_a_restart_keeps_queues(server: ServerProcess, hamlet: Person, cordelia: Person) -> None:
    poller = hamlet.register(event_types=["message", "restart"])
    ids = [cordelia.send(hamlet, f"message {number}") for number in range(3)]
    poller.poll()
    assert server.stop() == 0
    server.start()
    ids.append(cordelia.send(hamlet, "afterwards"))
    until(lambda: poller.poll() and len(poller.message_ids()) >= len(ids))
    assert poller.message_ids() == ids
    assert poller.in_order()
    assert [event["zulip_feature_level"] for event in poller.of_type("restart")] == [372]


def test_a_stop_waits_for_what_runs(server: ServerProcess, hamlet: Person, cordelia: Person) -> None:
    """Nothing that was acknowledged just before is lost."""
    message_id = cordelia.send(hamlet, "just before")
    assert server.stop() == 0
    server.start()
    assert [message["id"] for message in hamlet.messages()] == [message_id]


def test_what_is_left_is_one_sound_file(server: ServerProcess, hamlet: Person, cordelia: Person) -> None:
    cordelia.send(hamlet, "hello")
    assert server.stop() == 0
    assert not list(server.data.glob("*-wal"))
    with sqlite3.connect(server.data / "appliance.db") as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert file.execute("SELECT count(*) FROM message").fetchall() == [(1,)]


def test_a_command_of_another_process_is_told(server: ServerProcess, hamlet: Person) -> None:
    """SIGUSR2 without news is harmless."""
    for _ in range(5):
        os.kill(server.process.pid, signal.SIGUSR2)
    assert hamlet.ask("GET", "/users/me")["user_id"] == hamlet.user_id
