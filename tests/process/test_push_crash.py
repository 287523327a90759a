"""Pushes over every crash between the decision and the handover, from a client's message to the service."""

from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.conftest import until
from tests.outside.ntfy import NtfyServer
from tests.outside.post_sink import Reply
from tests.process.client import GONE, Person
from tests.process.conftest import Serve
from tests.process.server import ServerProcess, die_in

DECIDING = "appliance.workers.missedmessage_mobile_notifications"
BEFORE_HANDOVER = [
    f"{DECIDING}:MissedMessageMobileNotifications._add",
    f"{DECIDING}:_enqueue",
    "appliance.store.message:set_flag",
    "appliance.workers.push_order:_message",
    "appliance.workers.pushing:PushingWorker._prepare",
    "appliance.workers.pushing:PushingWorker._send",
]


@pytest.fixture
def ntfy() -> Iterator[NtfyServer]:
    with NtfyServer() as server:
        yield server


@pytest.fixture
def pushing(serve: Serve, ntfy: NtfyServer) -> ServerProcess:
    return serve(environ={"APPLIANCE_OUTSIDE_PRIVATE_HOSTS": ntfy.server})


def people(server: ServerProcess, ntfy: NtfyServer) -> tuple[Person, Person]:
    """The second has pushes sent to their own address."""
    hamlet, cordelia = server.people("hamlet", "cordelia")
    cordelia.ask("POST", "/appliance/ntfy", url=ntfy.topic("mine"))
    return hamlet, cordelia


def is_done(server: ServerProcess) -> bool:
    mail = {"missedmessage_email_batches"}
    return server.metric("appliance_notices_behind") == 0 and not [
        job for job in server.json("jobs", "list") if job["queue"] not in mail
    ]


# checklist 236, 242
@pytest.mark.parametrize("point", BEFORE_HANDOVER)
def test_a_crash_before_the_handover_costs_no_push_and_makes_none_twice(
    pushing: ServerProcess, ntfy: NtfyServer, point: str
) -> None:
    pushing.start(die_in(point))
    hamlet, cordelia = people(pushing, ntfy)
    with suppress(*GONE):
        hamlet.send(cordelia, "hello")
    pushing.crash()
    assert ntfy.posted == []
    pushing.start()
    until(lambda: ntfy.published)
    until(lambda: is_done(pushing))
    assert [each.message for each in ntfy.published] == ["hello"]


def test_a_crash_while_a_push_waits_for_its_retry(pushing: ServerProcess, ntfy: NtfyServer) -> None:
    ntfy.replies.append(Reply(429, {"Retry-After": "3"}))
    pushing.start()
    hamlet, cordelia = people(pushing, ntfy)
    hamlet.send(cordelia, "hello")
    until(lambda: pushing.metric("appliance_pushes_total"))
    pushing.kill()
    pushing.start()
    until(lambda: ntfy.published)
    until(lambda: is_done(pushing))
    assert len(ntfy.published) == 1
    assert len(ntfy.posted) == 2


def test_what_is_read_over_a_crash_is_not_pushed(pushing: ServerProcess, ntfy: NtfyServer) -> None:
    ntfy.replies.append(Reply(429, {"Retry-After": "5"}))
    pushing.start()
    hamlet, cordelia = people(pushing, ntfy)
    message_id = hamlet.send(cordelia, "hello")
    until(lambda: pushing.metric("appliance_pushes_total"))
    cordelia.ask("POST", "/messages/flags", messages=[message_id], op="add", flag="read")
    pushing.kill()
    pushing.start()
    until(lambda: is_done(pushing))
    assert ntfy.published == []
