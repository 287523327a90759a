"""What clients are told after the server was restarted: that it was, and when to load themselves again."""

from typing import Any

import pytest

from tests.conftest import until
from tests.process.client import FORM, Person, Poller, encoded, request
from tests.process.conftest import Serve
from tests.process.server import ServerProcess

TYPES = ["restart", "web_reload_client"]


def reload_clients(server: ServerProcess, **parameters: Any) -> tuple[int, bool]:
    """How many were told, and whether that was all."""
    given = encoded({"secret": (server.data / "internal.secret").read_text(), **parameters})
    answer = request(
        server.port, "POST", "/api/internal/web_reload_clients", body=given, headers={"Content-Type": FORM}
    )
    assert answer.status == 200, answer.body
    return answer.body["sent_events"], answer.body["complete"]


def events(poller: Poller, count: int) -> list[dict[str, Any]]:
    """The first `count`, without their ids."""
    until(lambda: poller.poll(dont_block=True) and len(poller.events) >= count)
    return [{name: value for name, value in event.items() if name != "id"} for event in poller.events]


# checklist 219
@pytest.mark.parametrize("end", [ServerProcess.stop, ServerProcess.kill], ids=["stop", "kill"])
def test_clients_hear_of_a_restart_and_are_to_reload(
    server: ServerProcess, hamlet: Person, cordelia: Person, end: Any
) -> None:
    all_types, some, none = (
        hamlet.register(),
        cordelia.register(event_types=TYPES),
        cordelia.register(event_types=["message"]),
    )
    end(server)
    server.start()
    for poller in (all_types, some):
        restart, reload = events(poller, 2)
        assert restart.pop("server_generation") > 1_700_000_000
        assert restart == {
            "type": "restart",
            "zulip_version": "10.1",
            "zulip_merge_base": "10.1",
            "zulip_feature_level": 372,
        }
        assert reload == {"type": "web_reload_client", "immediate": False}
    assert none.poll(dont_block=True) == []


def test_each_is_told_once(server: ServerProcess, hamlet: Person) -> None:
    before = hamlet.register(event_types=["web_reload_client"])
    assert server.stop() == 0
    server.start()
    after = hamlet.register(event_types=["web_reload_client"])
    assert len(events(before, 1)) == 1
    assert reload_clients(server) == (0, True)
    assert before.poll(dont_block=True) == after.poll(dont_block=True) == []


@pytest.fixture
def patient(serve: Serve) -> ServerProcess:
    """Its clients wait until they are told, one by one."""
    return serve(environ={"APPLIANCE_SERVER_RELOAD_CLIENTS": "false"}).start()


def test_clients_are_told_in_batches_the_oldest_first(patient: ServerProcess) -> None:
    people = patient.people("hamlet", "cordelia", "iago")
    pollers = [person.register(event_types=TYPES) for person in people]
    assert patient.stop() == 0
    patient.start()
    for poller in pollers:
        assert [event["type"] for event in events(poller, 1)] == ["restart"]

    assert reload_clients(patient, client_count=2) == (2, False)
    for poller in pollers[:2]:
        assert events(poller, 2)[1] == {"type": "web_reload_client", "immediate": False}
    assert pollers[2].poll(dont_block=True) == []

    assert reload_clients(patient, client_count=2, immediate=True) == (1, True)
    assert events(pollers[2], 2)[1] == {"type": "web_reload_client", "immediate": True}
    assert reload_clients(patient, client_count=2) == (0, True)


def test_a_queue_that_was_deleted_is_not_told(patient: ServerProcess) -> None:
    hamlet, cordelia = patient.people("hamlet", "cordelia")
    gone, left = hamlet.register(event_types=TYPES), cordelia.register(event_types=TYPES)
    assert patient.stop() == 0
    patient.start()
    hamlet.ask("DELETE", "/events", queue_id=gone.queue_id)
    until(lambda: patient.metric("appliance_queues") == 1)
    assert reload_clients(patient) == (1, True)
    assert len(events(left, 2)) == 2
