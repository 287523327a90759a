"""Bad and excessive use of event queues, in a real server: a clear answer, and nobody else notices."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import until
from tests.http.conftest import Client, send_poll
from tests.process.client import Answer, Person, Poller
from tests.process.server import ServerProcess

HUGE = 10**30
MIB = 1 << 20


@pytest.fixture
def poller(hamlet: Person) -> Poller:
    """A queue with the events 0, 1 and 2, of which 0 and 1 are acknowledged."""
    poller = hamlet.register(event_types=["message"])
    for number in range(3):
        hamlet.send(hamlet, f"message {number}")
    until(lambda: len(poll(poller, -1).body["events"]) == 3)
    assert [event["id"] for event in poll(poller, 1).body["events"]] == [2]
    return poller


def poll(poller: Poller, last_event_id: object, **more: Any) -> Answer:
    given = {"queue_id": poller.queue_id, "last_event_id": last_event_id, "dont_block": True}
    return poller.person.call("GET", "/events", **{**given, **more})


@pytest.fixture
def bystander(cordelia: Person, hamlet: Person) -> Iterator[Poller]:
    """Waits all the while, and afterwards gets what is for it at once."""
    poller = cordelia.register(event_types=["message"]).start()
    yield poller
    hamlet.send(cordelia, "still here?")
    until(lambda: "still here?" in poller.contents(), seconds=10)
    assert (poller.refusal, poller.failures) == (None, 0)
    poller.end()
    cordelia.ask("DELETE", "/events", queue_id=poller.queue_id)
    poller.join()


# Whose queue


@pytest.mark.parametrize("method", ["GET", "DELETE"])
# checklist 138, 212
def test_a_foreign_queue(
    server: ServerProcess, cordelia: Person, poller: Poller, bystander: Poller, method: str
) -> None:
    """The same answer as for one that is unknown, and a line in the log."""
    theirs = cordelia.call(method, "/events", queue_id=poller.queue_id, last_event_id=-1)
    unknown = cordelia.call(method, "/events", queue_id="0" * 36, last_event_id=-1)
    for answer, queue_id in ((theirs, poller.queue_id), (unknown, "0" * 36)):
        assert answer.status == 400
        assert answer.body == {
            "result": "error",
            "code": "BAD_EVENT_QUEUE_ID",
            "msg": f"Bad event queue id: {queue_id}",
            "queue_id": queue_id,
        }
    assert f"user {cordelia.user_id} asked for an event queue of user {poller.person.user_id}" in server.log
    assert [event["id"] for event in poll(poller, 1).body["events"]] == [2]


# Where in the queue


@pytest.mark.parametrize(
    ("last_event_id", "msg"),
    [
        (-1, "An event newer than -1 has already been pruned!"),
        (0, "An event newer than 0 has already been pruned!"),
        (-(2**62), f"An event newer than {-(2**62)} has already been pruned!"),
        (3, "Event 3 was not in this queue"),
        (2**62, f"Event {2**62} was not in this queue"),
        (HUGE, None),
        (-HUGE, None),
        ("x", None),
        ("", None),
        ("1.5", None),
        ("null", None),
        ("[1]", None),
        ("9" * 50_000, None),
    ],
)
# checklist 213
def test_a_last_event_id_that_cannot_be(
    poller: Poller, bystander: Poller, last_event_id: object, msg: str | None
) -> None:
    answer = poll(poller, last_event_id)
    assert answer.is_error(400, "BAD_REQUEST")
    assert len(answer.body["msg"]) < 200
    assert msg in (None, answer.body["msg"])


def test_a_wrong_id_that_was_too_high_has_acknowledged_all_below(poller: Poller) -> None:
    assert poll(poller, 7).is_error(400, "BAD_REQUEST")
    assert poll(poller, 1).body["msg"] == "An event newer than 1 has already been pruned!"
    assert poll(poller, 2).body["events"] == []


def test_a_bad_poll_leaves_the_one_that_waits(
    server: ServerProcess, client: Client, hamlet: Person, cordelia: Person
) -> None:
    waits = hamlet.register(event_types=["message"])
    send_poll(client, hamlet, waits.queue_id)
    until(lambda: server.metric("appliance_parked_polls") == 1)
    assert poll(waits, 5).is_error(400, "BAD_REQUEST")
    cordelia.send(hamlet, "hello")
    [event] = json.loads(client.read().body)["events"]
    assert event["message"]["content"] == "hello"


# Answers


# checklist 2
def test_who_waits_is_answered_at_once(hamlet: Person, cordelia: Person, bystander: Poller) -> None:
    seconds = []
    for number in range(20):
        began = time.monotonic()
        hamlet.send(cordelia, f"message {number}")
        until(lambda: len(bystander.contents()) > number)  # noqa: B023 (is called here)
        seconds.append(time.monotonic() - began)
    assert sorted(seconds)[len(seconds) // 2] < 0.1  # with the sending; some ms on an idle machine


def test_an_answer_that_cannot_be_written_is_given_again(
    server: ServerProcess, hamlet: Person, cordelia: Person
) -> None:  # checklist 214
    poller = hamlet.register(event_types=["message"])
    for number in range(20):
        client = Client(server.port)
        send_poll(client, hamlet, poller.queue_id, poller.last_event_id)
        until(lambda: server.metric("appliance_parked_polls") == 1)
        client.reset()
        cordelia.send(hamlet, f"message {number}")
        until(poller.poll)
    assert poller.contents() == [f"message {number}" for number in range(20)]
    assert poller.in_order()


# What is asked for


WORD = "x" * 50
EXCESSIVE = [
    {"event_types": [f"{number:07}" for number in range(MIB // 10)]},
    {"event_types": ["x" * MIB]},
    {"fetch_event_types": [f"{number:07}" for number in range(MIB // 10)]},
    {"narrow": [["topic", WORD]] * (MIB // 64)},
    {"narrow": [["topic", "x" * MIB]]},
    {"narrow": [["x" * MIB, "lunch"]]},
]
MALFORMED_NARROWS: list[Any] = [
    5,
    "frob",
    {},
    [[]],
    [["is"]],
    [["is", "dm", "x"]],
    [["is", 5]],
    [[5, "is"]],
    [None],
    [{"operator": "is", "operand": "dm"}],
    [["frob", "x"]],
    [["has", "link"]],
    [["is", "followed"]],
]


def register(person: Person, parameters: dict[str, Any]) -> Answer:
    """Large parameters do not fit into a log line; so not `Person.register`."""
    return person.call("POST", "/register", **parameters)


@pytest.mark.parametrize("parameters", EXCESSIVE, ids=lambda each: next(iter(each)))
def test_a_megabyte_of_wishes(
    server: ServerProcess, hamlet: Person, bystander: Poller, parameters: dict[str, Any]
) -> None:
    before = server.metric("appliance_queues_created_total")
    answer = register(hamlet, parameters)
    assert answer.is_error(400, "BAD_REQUEST")
    assert len(answer.body["msg"]) < 200
    assert server.metric("appliance_queues_created_total") == before


@pytest.mark.parametrize("narrow", MALFORMED_NARROWS)
def test_a_malformed_narrow(server: ServerProcess, hamlet: Person, narrow: Any) -> None:
    before = server.metric("appliance_queues_created_total")
    answer = register(hamlet, {"narrow": narrow})
    assert (answer.status, answer.body["result"]) == (400, "error")
    assert answer.body["code"] in ("BAD_REQUEST", "INVALID_JSON")
    assert server.metric("appliance_queues_created_total") == before


def test_capabilities_of_newer_clients_are_left_out(hamlet: Person) -> None:  # checklist 163
    unknown = {f"of the future {number}": [WORD] for number in range(10_000)}
    answer = register(hamlet, {"client_capabilities": {"notification_settings_null": True, **unknown}})
    assert answer.status == 200


@pytest.mark.parametrize("capabilities", [{}, {"linkifier_url_template": False}])
def test_without_the_capability_there_are_no_linkifiers(
    hamlet: Person, capabilities: dict[str, bool]
) -> None:  # checklist 154
    given = {"notification_settings_null": True, **capabilities}
    answer = register(hamlet, {"client_capabilities": given, "fetch_event_types": ["realm_linkifiers"]})
    assert answer.body["realm_linkifiers"] == []


# Too many at once


# checklist 144, 203
def test_one_queue_polled_on_a_hundred_connections(
    server: ServerProcess, hamlet: Person, cordelia: Person, bystander: Poller
) -> None:
    """All but the last get their answer at once; nothing of them stays."""
    until(lambda: server.metric("appliance_parked_polls") == 1)  # the bystander's
    queue_id = hamlet.register(event_types=["message"]).queue_id
    clients = [Client(server.port) for _ in range(100)]
    for client in clients:
        send_poll(client, hamlet, queue_id)
    until(lambda: len(waiting(clients)) == 1)
    [last] = waiting(clients)
    answers = [json.loads(client.read().body)["events"] for client in clients if client is not last]
    assert answers == [[]] * 99
    assert server.metric("appliance_parked_polls") == 2
    cordelia.send(hamlet, "hello")
    [event] = json.loads(last.read().body)["events"]
    assert (event["id"], event["message"]["content"]) == (0, "hello")
    for client in clients:
        client.close()


def waiting(clients: list[Client]) -> list[Client]:
    """Those who were not answered yet."""
    return [client for client in clients if not client.answered()]


# checklist 202, 211
def test_a_thousand_polls_leave_nothing_behind(
    server: ServerProcess, hamlet: Person, bystander: Poller
) -> None:
    """Each ends the one before."""
    until(lambda: server.metric("appliance_parked_polls") == 1)
    queue_id = hamlet.register(event_types=["message"]).queue_id
    files = open_files(server)
    earlier, later = Client(server.port), Client(server.port)
    send_poll(earlier, hamlet, queue_id)
    for _ in range(999):
        send_poll(later, hamlet, queue_id)
        assert json.loads(earlier.read().body)["events"] == []
        earlier, later = later, earlier
    assert server.metric("appliance_parked_polls") == 2
    for client in (earlier, later):
        client.close()
    until(lambda: server.metric("appliance_parked_polls") == 1)
    until(lambda: open_files(server) <= files)


def open_files(server: ServerProcess) -> int:
    return len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))
