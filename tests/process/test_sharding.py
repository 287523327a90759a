"""Two shards: each person is served at the port of theirs, and at the main one; nothing gets lost."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.conftest import until
from tests.process.client import Answer, Person, encoded, request
from tests.process.conftest import Serve
from tests.process.server import ServerProcess, free_port

Ports = tuple[int, int]
SHARDS = "APPLIANCE_EVENTS_SHARDS"


@pytest.fixture
def ports() -> Ports:
    return free_port(), free_port()


@pytest.fixture
def sharded(serve: Serve, ports: Ports) -> ServerProcess:
    """Not started. cordelia's id is even, hamlet's is odd."""
    return serve(environ={SHARDS: f"127.0.0.1={ports[0]}+{ports[1]}"})


@pytest.fixture
def server(sharded: ServerProcess) -> ServerProcess:
    return sharded.start()


def at(port: int, person: Person) -> Person:
    """The same person, who asks at another port."""
    return replace(person, port=port)


def poll(person: Person, **parameters: object) -> Answer:
    return person.call("GET", "/events", **parameters)


# checklist 206
def test_a_poll_at_the_wrong_port_is_sent_on(
    server: ServerProcess, ports: Ports, cordelia: Person, hamlet: Person
) -> None:
    asked = {"queue_id": "a/b c", "last_event_id": -1}
    for person, right, wrong in ((cordelia, *ports), (hamlet, *reversed(ports))):
        sent_on = poll(at(wrong, person), **asked)
        assert (sent_on.status, sent_on.body) == (200, None)
        assert sent_on.headers["Content-Length"] == "0"
        assert sent_on.headers["X-Accel-Redirect"] == (
            f"/internal/tornado/{right}/api/v1/events?{encoded(asked)}"
        )
        for port in (right, server.port):
            answer = poll(at(port, person), **asked)
            assert answer.is_error(400, "BAD_EVENT_QUEUE_ID")
            assert "X-Accel-Redirect" not in answer.headers


def test_without_parameters_the_path_alone_is_sent_on(
    server: ServerProcess, ports: Ports, cordelia: Person
) -> None:
    headers = {"Authorization": cordelia.authorization}
    answer = request(ports[1], "GET", "/api/v1/events", headers=headers)
    assert answer.headers["X-Accel-Redirect"] == f"/internal/tornado/{ports[0]}/api/v1/events"


@pytest.mark.parametrize("query", ["queue_id=%0d%0aX-Evil:%201", "queue_id=%00", "q=\xe4".encode().hex()])
def test_a_poll_cannot_smuggle_a_header(
    server: ServerProcess, ports: Ports, cordelia: Person, query: str
) -> None:
    headers = {"Authorization": cordelia.authorization}
    answer = request(ports[1], "GET", f"/api/v1/events?{query}", headers=headers)
    assert answer.headers["X-Accel-Redirect"] == f"/internal/tornado/{ports[0]}/api/v1/events?{query}"
    assert "X-Evil" not in answer.headers


def test_nobody_is_sent_on_who_is_not_known(server: ServerProcess, ports: Ports) -> None:
    for port in ports:
        answer = request(port, "GET", "/api/v1/events")
        assert answer.is_error(401, "UNAUTHORIZED")
        assert "X-Accel-Redirect" not in answer.headers


def test_everything_else_is_served_at_any_port(
    server: ServerProcess, ports: Ports, cordelia: Person, hamlet: Person
) -> None:
    for port in ports:
        assert at(port, cordelia).ask("GET", "/users/me")["user_id"] == cordelia.user_id
        sent = at(port, hamlet).send(cordelia, "hello")
        assert cordelia.ask("GET", f"/messages/{sent}")["raw_content"] == "hello"


def test_events_reach_the_people_of_every_shard(
    server: ServerProcess, ports: Ports, cordelia: Person, hamlet: Person
) -> None:
    """Each of whom polls at the port of theirs, or at the main one."""
    pollers = [
        at(port, person).register(event_types=["message"]).start()
        for person, right in ((cordelia, ports[0]), (hamlet, ports[1]))
        for port in (right, server.port)
    ]
    until(lambda: server.metric("appliance_parked_polls") == len(pollers))
    ids = [hamlet.send(cordelia, "hello"), cordelia.send(hamlet, "hello")]
    for poller in pollers:
        until(lambda poller=poller: poller.message_ids() == ids)
        poller.end()


def test_deleting_a_queue_at_the_wrong_port(
    server: ServerProcess, ports: Ports, cordelia: Person, hamlet: Person
) -> None:
    """Who waits there is answered, and then learns of it."""
    poller, other = cordelia.register().start(), cordelia.register()
    until(lambda: server.metric("appliance_parked_polls"))
    deleted = at(ports[1], cordelia).call("DELETE", "/events", queue_id=poller.queue_id)
    assert (deleted.status, deleted.body) == (200, {"result": "success", "msg": ""})
    refusal = until(lambda: poller.refusal)
    assert refusal.is_error(400, "BAD_EVENT_QUEUE_ID")
    assert poller.events == []
    other.poll(dont_block=True)
    assert other.refusal is None


@pytest.mark.parametrize("queue_id", ["unknown", "x" * 10_000])
def test_deleting_no_queue_at_the_wrong_port(
    server: ServerProcess, ports: Ports, cordelia: Person, hamlet: Person, queue_id: str
) -> None:
    assert at(ports[1], cordelia).call("DELETE", "/events", queue_id=queue_id).status == 200
    until(lambda: "user 4 deletes an event queue that is unknown or not theirs" in server.log)
    right = at(ports[0], cordelia).call("DELETE", "/events", queue_id=queue_id)
    assert right.is_error(400, "BAD_EVENT_QUEUE_ID")
    assert hamlet.send(cordelia, "hello")  # it goes on


def test_deleting_the_queue_of_somebody_else_at_the_wrong_port(
    server: ServerProcess, ports: Ports, cordelia: Person, hamlet: Person
) -> None:
    theirs, own = hamlet.register(event_types=["message"]), cordelia.register(event_types=["message"])
    assert at(ports[1], cordelia).call("DELETE", "/events", queue_id=theirs.queue_id).status == 200
    message_id = cordelia.send(hamlet, "after what was to be deleted")
    for poller in (own, theirs):
        until(lambda poller=poller: poller.poll(dont_block=True))
        assert (poller.message_ids(), poller.refusal) == ([message_id], None)


# What a server of several processes dumps into a file for each port is here in the one file.

End = Callable[[ServerProcess], object]


# checklist 216
@pytest.mark.parametrize("end", [ServerProcess.stop, ServerProcess.kill], ids=["stop", "kill"])
def test_the_queues_of_all_shards_are_kept(
    server: ServerProcess, cordelia: Person, hamlet: Person, end: End
) -> None:
    pollers = [person.register(event_types=["message"]) for person in (cordelia, hamlet)]
    ids = [hamlet.send(cordelia, "before"), cordelia.send(hamlet, "before, too")]
    end(server)
    assert not list(server.data.glob("event_queues*"))
    assert [each["user_id"] for each in server.json("queues")] == [4, 3]
    server.start()
    ids.append(hamlet.send(cordelia, "after"))
    for poller in pollers:
        until(lambda poller=poller: poller.poll() and len(poller.message_ids()) == len(ids))
        assert poller.message_ids() == ids
        assert poller.in_order()


def test_queues_move_when_shards_come_and_go(
    sharded: ServerProcess, serve: Serve, cordelia: Person, hamlet: Person
) -> None:
    """From two shards to one."""
    pollers = [person.register(event_types=["message"]) for person in (cordelia, hamlet)]
    ids = [hamlet.send(cordelia, "before")]
    assert sharded.stop() == 0
    single = ServerProcess(sharded.data, port=sharded.port).start()
    ids.append(hamlet.send(cordelia, "after"))
    for poller in pollers:
        until(lambda poller=poller: poller.poll() and len(poller.message_ids()) == len(ids))
        assert poller.message_ids() == ids
    assert single.stop() == 0


# Which ports


def test_other_organizations_have_no_ports_here(serve: Serve, ports: Ports) -> None:
    """`listen` is at 127.0.0.1, which only the last rule matches."""
    server = serve(environ={SHARDS: f"chat.example.org={ports[0]} ~^127[.]={ports[1]}"}).start()
    assert request(ports[1], "GET", "/ready").status == 200
    with pytest.raises(ConnectionRefusedError):
        request(ports[0], "GET", "/ready")
    assert server.stop() == 0


def test_the_host_is_that_of_the_public_url(serve: Serve, ports: Ports) -> None:
    environ = {"APPLIANCE_SERVER_PUBLIC_URL": "https://Chat.example.org:8443"}
    server = serve(environ={SHARDS: f"{ports[0]} chat.example.org={ports[1]}", **environ}).start()
    assert request(ports[1], "GET", "/ready").status == 200
    assert server.stop() == 0


def test_a_port_that_is_in_use(serve: Serve, ports: Ports) -> None:
    server = serve()
    server.start()
    other = serve(environ={SHARDS: f"{ports[0]}+{server.port}"})
    other.launch()
    assert other.process.wait(60) == 2
    assert (
        f"appliance: cannot listen on 127.0.0.1:{server.port}: Address already in use"
        " (choose another with events.shards)"
    ) in other.log


def test_all_mistakes_are_told_at_once(serve: Serve) -> None:
    server = serve(environ={SHARDS: "a=x ~[=1", "APPLIANCE_SERVER_RELOAD_CLIENTS": "perhaps"})
    found = server.command("config", "check")
    assert found.returncode == 1
    first, second = sorted(found.stdout.splitlines())
    assert first.startswith("APPLIANCE_EVENTS_SHARDS: events.shards must be entries such as ")
    assert "'a=x' has no ports; '~[=1' has no regular expression" in first
    assert second.startswith("APPLIANCE_SERVER_RELOAD_CLIENTS: server.reload_clients must be true or false")
