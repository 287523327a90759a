"""One server at several ports: the main one, and one for each shard."""

import socket

import bottle
import pytest

from appliance.http.listener import CannotListen, bind, port_of
from appliance.http.server import Server
from tests.conftest import until
from tests.http.conftest import Client, Polls, Running, Serve
from tests.process.server import free_port

SHARDS = (0, 0)


def refuses(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.fixture
def running(serve: Serve, polls: Polls) -> Running:
    polls.route("/port", callback=lambda: str(bottle.request.environ["appliance.port"]))
    return serve(polls, shard_ports=SHARDS, trusted_proxies=["127.0.0.1"])


def ports(running: Running) -> list[int]:
    return [running.server.port, *running.server.shard_ports]


@pytest.fixture
def clients(running: Running) -> list[Client]:
    """One at each port."""
    return [running.client(port=port) for port in ports(running)]


def test_every_port_is_another(running: Running) -> None:
    assert len({*ports(running)}) == 3


def test_all_are_served(clients: list[Client]) -> None:
    assert [client.get("/ping").body for client in clients] == [b"pong"] * 3


def test_a_handler_is_told_at_which_port_the_request_came(running: Running, clients: list[Client]) -> None:
    assert [int(client.get("/port").body) for client in clients] == ports(running)


def test_a_proxy_does_not_change_that(running: Running, clients: list[Client]) -> None:
    headers = "X-Forwarded-Host: chat.example.org:1\r\nX-Forwarded-Proto: https\r\n"
    assert [int(client.get("/port", headers=headers).body) for client in clients] == ports(running)


def test_a_poll_may_wait_at_any(polls: Polls, clients: list[Client]) -> None:
    for number, client in enumerate(clients):
        client.send(f"GET /events?q={number}")
    for number, client in enumerate(clients):
        polls.ticket(str(number)).resume(b"%d" % number)
        assert client.read().body == b"%d" % number


def test_a_stop_answers_who_waits_at_any_and_closes_all(
    running: Running, polls: Polls, clients: list[Client]
) -> None:
    for number, client in enumerate(clients):
        client.send(f"GET /events?q={number}")
        polls.ticket(str(number))
    running.server.stop()
    assert [client.read().body for client in clients] == [b"idle"] * 3
    running.thread.join(10)
    assert all(map(refuses, ports(running)))


def test_a_limit_of_connections_is_for_all_ports_together(serve: Serve, polls: Polls) -> None:
    running = serve(polls, {"connection_limit": 1 + 2 + 2}, shard_ports=SHARDS)  # (listeners count, too)
    first = running.client(port=running.server.shard_ports[0])
    assert first.get("/ping").body == b"pong"
    second = running.client(port=running.server.shard_ports[1])
    second.send("GET /ping")
    assert running.connections() == 1
    first.close()
    assert second.read().body == b"pong"


def test_who_is_reset_while_connecting_does_no_harm(running: Running) -> None:
    for port in ports(running):
        running.client(port=port).reset()
    until(lambda: running.connections() == 0)
    assert running.client(port=ports(running)[-1]).get("/ping").body == b"pong"


def test_a_port_in_use_is_named_and_no_other_is_kept(polls: Polls) -> None:
    [taken] = bind("127.0.0.1", [0])
    free = free_port()
    with taken:
        with pytest.raises(CannotListen, match="Address already in use") as raised:
            Server(polls, "127.0.0.1", free, shard_ports=[port_of(taken)], max_body=1)
        assert raised.value.port == port_of(taken)
    assert refuses(free)
