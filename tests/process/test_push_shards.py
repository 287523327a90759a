"""Deciding on pushes in one thread, in shards, and in a process of its own, from a client's message on."""

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from appliance.actions.personal import device as device_actions
from appliance.actions.user import creation as user_actions
from appliance.base.clock import SystemClock
from appliance.model.user import Role
from appliance.store import user as users
from appliance.store.store import Store
from tests.conftest import until
from tests.outside.ntfy import NtfyServer
from tests.process.client import DEADLINE
from tests.process.conftest import Serve
from tests.process.server import CHECKOUT, RUN, ServerProcess, clean_environment

QUEUE = "missedmessage_mobile_notifications"
FIRST, LAST = 4, 8  # those with an address
MESSAGES = 4
SPLIT = {"APPLIANCE_JOBS_POLICIES": f"{QUEUE} shards=3"}
ELSEWHERE = {"APPLIANCE_JOBS_ELSEWHERE": QUEUE}

Work = Callable[[ServerProcess], subprocess.Popen[bytes]]


@pytest.fixture
def ntfy() -> Iterator[NtfyServer]:
    with NtfyServer() as server:
        yield server


@pytest.fixture
def pushing(serve: Serve, ntfy: NtfyServer) -> Callable[..., ServerProcess]:
    """Starts servers with such settings more."""

    def start(**environ: str) -> ServerProcess:
        server = serve(environ={"APPLIANCE_OUTSIDE_PRIVATE_HOSTS": ntfy.server, **environ})
        invite(server, ntfy)
        return server.start()

    return start


def invite(server: ServerProcess, ntfy: NtfyServer) -> None:
    """More people, up to number LAST; the topic of each has the number for its name."""
    store = Store(server.data, SystemClock())
    try:
        for number in range(FIRST + 2, LAST + 1):
            made: Any = {"full_name": f"person {number}", "role": Role.MEMBER, "password": None}
            assert user_actions.create(store, email=f"{number}@chat.test", **made).id == number
        for number in range(FIRST, LAST + 1):
            with store.read() as reader:
                user = users.with_id(reader, number)
            assert user is not None
            device_actions.register(store, user, "ntfy", ntfy.topic(str(number)), {"form": "ntfy"})
    finally:
        store.close()


@pytest.fixture
def work() -> Iterator[Work]:
    """Starts `appliance work`, as a supervisor would."""
    started: list[subprocess.Popen[bytes]] = []

    def start(server: ServerProcess, **environ: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", RUN, "work", "--queue", QUEUE, "--data", str(server.data)]
        more = {"cwd": CHECKOUT, "env": clean_environment(**environ), "stdout": subprocess.DEVNULL}
        started.append(subprocess.Popen(command, **more))  # type: ignore[call-overload]
        return started[-1]

    yield start
    for each in started:
        each.kill()
        each.wait(DEADLINE)


def write_to_all(server: ServerProcess, text: str = "hello") -> None:
    """By the real client."""
    [hamlet] = server.people("hamlet")
    client = hamlet.client()
    for number in range(MESSAGES):
        for person in range(FIRST, LAST + 1):
            message = {"type": "direct", "to": [person], "content": f"{text} {number}"}
            assert client.send_message(message)["result"] == "success"


def all_got_each_once(ntfy: NtfyServer, rounds: int = 1) -> bool:
    found = Counter((each.topic, each.message) for each in ntfy.published)
    return len(found) == rounds * MESSAGES * (LAST + 1 - FIRST) and set(found.values()) == {1}


def decided(server: ServerProcess, queue: str) -> float:
    return server.metric(f'appliance_jobs_total{{queue="{queue}",how="done"}}')


# checklist 229, 263: a single instance
def test_in_the_server(pushing: Callable[..., ServerProcess], ntfy: NtfyServer) -> None:
    server = pushing()
    write_to_all(server)
    until(lambda: all_got_each_once(ntfy))
    until(lambda: decided(server, QUEUE) == MESSAGES * (LAST + 1 - FIRST))


# checklist 128, 230, 248, 260, 261, 263: split; person 7 is on shard 2, and so is 4
def test_in_shards(pushing: Callable[..., ServerProcess], ntfy: NtfyServer) -> None:
    server = pushing(**SPLIT)
    write_to_all(server)
    until(lambda: all_got_each_once(ntfy))
    shards = {number: f"{QUEUE}_shard{number}" for number in (1, 2, 3)}
    people = Counter(person % 3 + 1 for person in range(FIRST, LAST + 1))
    assert people[2] == 2
    until(lambda: {each: decided(server, name) for each, name in shards.items()} == {
        each: MESSAGES * people[each] for each in shards
    })  # fmt: skip
    assert decided(server, QUEUE) == 0


# checklist 229, 263: in a process of its own that is started again when it ends
@pytest.mark.parametrize("settings", [{}, SPLIT], ids=["single", "sharded"])
def test_under_a_supervisor(
    pushing: Callable[..., ServerProcess], work: Any, ntfy: NtfyServer, settings: dict[str, str]
) -> None:
    server = pushing(**ELSEWHERE, **settings)
    write_to_all(server)
    assert ntfy.published == []
    first = work(server, **settings)
    until(lambda: ntfy.published)
    first.send_signal(signal.SIGKILL)
    first.wait(DEADLINE)
    write_to_all(server, "hello again")
    second = work(server, **settings)
    until(lambda: all_got_each_once(ntfy, rounds=2))
    second.send_signal(signal.SIGTERM)
    assert second.wait(DEADLINE) == 0
