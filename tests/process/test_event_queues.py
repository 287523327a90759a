"""Event queues and their clients at the limits: memory stays bounded, and others get their events in time."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import until
from tests.http.conftest import Client, send_poll
from tests.process.client import Person, Poller
from tests.process.conftest import Serve
from tests.process.server import ServerProcess

MIB = 1 << 20
PER_USER, IN_ALL = "APPLIANCE_LIMITS_QUEUES_PER_USER", "APPLIANCE_LIMITS_QUEUES"


def resident(server: ServerProcess) -> int:
    """Bytes."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) << 10


def is_gone(poller: Poller) -> bool:
    answer = poller.person.call(
        "GET", "/events", queue_id=poller.queue_id, last_event_id=poller.last_event_id, dont_block=True
    )
    return answer.status == 400 and answer.body["code"] == "BAD_EVENT_QUEUE_ID"


# Clients that come again and again


@pytest.mark.parametrize(
    ("limit", "most"), [({PER_USER: "5"}, 5 + 1), ({PER_USER: "50", IN_ALL: "10"}, 10)], ids=["own", "in all"]
)
def test_a_client_that_registers_in_a_loop(serve: Serve, limit: dict[str, str], most: int) -> None:
    """Its oldest clients have to register again; who waits, and the newest, stay."""
    server = serve(environ=limit).start()
    hamlet, cordelia = server.people("hamlet", "cordelia")
    bystander = cordelia.register(event_types=["message"]).start()
    until(lambda: server.metric("appliance_parked_polls") == 1)
    pollers = [hamlet.register(event_types=["message"]) for _ in range(40)]
    until(lambda: server.metric("appliance_queues") <= most)
    assert [is_gone(each) for each in pollers] == [True] * (40 - most + 1) + [False] * (most - 1)
    hamlet.send(cordelia, "still here?")
    until(bystander.contents)
    assert (bystander.refusal, bystander.failures) == (None, 0)


def test_what_registers_in_a_loop_leaves_no_memory_behind(serve: Serve) -> None:
    server = serve(environ={PER_USER: "5"}).start()
    [hamlet] = server.people("hamlet")

    def register(times: int) -> int:
        for _ in range(times):
            hamlet.register(event_types=["message"], narrow=[["topic", "x" * 300]] * 10)
        until(lambda: server.metric("appliance_queues") <= 5)
        return resident(server)

    before = register(200)
    assert register(600) - before < 4 * MIB


# Clients that stay away

FEW_EVENTS = "from appliance.events import queue\nassert queue.MAX_EVENTS\nqueue.MAX_EVENTS = 10\n"
COLLECT_OFTEN = "from appliance import runtime\nassert runtime.COLLECT_EVERY\nruntime.COLLECT_EVERY = 0.2\n"


def test_an_expired_queue(serve: Serve) -> None:  # checklist 208
    server = serve().start(COLLECT_OFTEN)
    hamlet, cordelia = server.people("hamlet", "cordelia")
    short = hamlet.register(event_types=["message"], queue_lifespan_secs=1)
    long, waits = hamlet.register(event_types=["message"]), hamlet.register(queue_lifespan_secs=1).start()
    until(lambda: is_gone(short))
    cordelia.send(hamlet, "hello")
    until(lambda: long.poll() and waits.contents())
    assert long.contents() == waits.contents() == ["hello"]


def test_a_queue_that_nobody_empties_is_dropped(serve: Serve) -> None:
    server = serve().start(FEW_EVENTS)
    hamlet, cordelia = server.people("hamlet", "cordelia")
    lazy, bystander = hamlet.register(), hamlet.register().start()
    for number in range(15):
        cordelia.send(hamlet, f"message {number}")
    until(lambda: is_gone(lazy))
    until(lambda: len(bystander.contents()) == 15)
    assert bystander.refusal is None
    assert "its client does not fetch events" in server.log


# Clients that do not read

STALLED = 12  # more than there are threads for requests


@pytest.fixture
def stalled(server: ServerProcess, hamlet: Person) -> Iterator[Poller]:
    """A queue with a MiB of events, of which many connections ask for all, often, and read none."""
    poller = hamlet.register(event_types=["message"])
    for number in range(110):
        hamlet.send(hamlet, f"{number} {'x' * 9_500}")
    clients = [Client(server.port, receive_buffer=4096) for _ in range(STALLED)]
    for client in clients:
        send_poll(client, hamlet, poller.queue_id, times=50)
    yield poller
    for client in clients:
        client.reset()


def test_clients_that_never_read(server: ServerProcess, hamlet: Person, stalled: Poller) -> None:
    """Neither requests nor fan-out wait for them, and their answers do not pile up in memory."""
    [cordelia] = server.people("cordelia")
    bystander = cordelia.register(event_types=["message"]).start()
    until(lambda: server.metric("appliance_parked_polls") == 1)
    before = resident(server)
    for number in range(20):
        began = time.monotonic()
        hamlet.send(cordelia, f"message {number}")
        until(lambda: len(bystander.contents()) > number)  # noqa: B023 (is called here)
        assert time.monotonic() - began < 5  # a few ms on an idle machine
    assert resident(server) - before < 2 * STALLED * MIB
    assert stalled.poll(dont_block=True)[0]["id"] == 0


def test_a_waiting_client_that_never_reads(server: ServerProcess, hamlet: Person, cordelia: Person) -> None:
    """It is answered once, and from then on only its queue grows."""
    poller = hamlet.register(event_types=["message"])
    clients = [Client(server.port, receive_buffer=4096) for _ in range(STALLED)]
    for client in clients:
        send_poll(client, hamlet, hamlet.register(event_types=["message"]).queue_id)
    until(lambda: server.metric("appliance_parked_polls") == STALLED)
    for number in range(20):
        cordelia.send(hamlet, f"{number} {'x' * 9_000}")
    until(lambda: poller.poll() and len(poller.events) >= 20)
    assert server.metric("appliance_parked_polls") == 0
    assert [client.read().status for client in clients] == [200] * STALLED
    for client in clients:
        client.close()
