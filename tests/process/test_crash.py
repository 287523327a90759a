"""`kill -9`: what was acknowledged is there, and each client is told everything once, in order."""

import random
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import Any

import pytest

from tests.conftest import until
from tests.process.client import GONE, Person, Poller
from tests.process.conftest import Serve
from tests.process.server import FAST_HEARTBEATS, SAVE_OFTEN, ServerProcess, die_in

KILLS = 3
BETWEEN_KILLS = 10  # acknowledged messages, at least


class Sender:
    """Sends messages that all differ, one after the other, in a thread, until `end`."""

    def __init__(self, send: Callable[[str], int]) -> None:
        """`send` returns the id of a message that was acknowledged, or raises when the server is gone."""
        self._send = send
        self.acknowledged: dict[int, str] = {}  # id -> content, in the order of the answers
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        for number in count():
            if self._ending.is_set():
                return
            content = f"message {number}"
            try:
                self.acknowledged[self._send(content)] = content
            except GONE:
                time.sleep(0.02)  # not sent again: it may be stored

    def end(self) -> None:
        self._ending.set()
        self._thread.join(60)
        assert not self._thread.is_alive()


def kill_now_and_then(server: ServerProcess, sender: Sender, prelude: str = "") -> None:
    for _ in range(KILLS):
        enough = len(sender.acknowledged) + BETWEEN_KILLS
        until(lambda: len(sender.acknowledged) > enough)  # noqa: B023 (is called here)
        time.sleep(random.random() / 10)  # any moment will do
        server.kill()
        server.start(prelude)
    enough = len(sender.acknowledged) + BETWEEN_KILLS
    until(lambda: len(sender.acknowledged) > enough)
    sender.end()


def stored(person: Person) -> dict[int, str]:
    return {message["id"]: message["content"] for message in person.messages()}


# Chat


def test_zulip_clients_do_not_notice(server: ServerProcess, hamlet: Person, cordelia: Person) -> None:
    """The unmodified package on both sides: it sends again what it has no answer to."""
    received: list[dict[str, Any]] = []

    def receive(message: dict[str, Any]) -> None:
        received.append(message)
        if message["content"] == "the end":
            raise EOFError  # the only way out of call_on_each_message

    def listen() -> None:
        with suppress(EOFError):
            hamlet.client().call_on_each_message(receive)

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    until(lambda: server.metric("appliance_parked_polls"))
    client = cordelia.client()

    def send(content: str) -> int:
        answer = client.send_message({"type": "private", "to": [hamlet.user_id], "content": content})
        assert answer["result"] == "success", answer
        message_id: int = answer["id"]
        return message_id

    sender = Sender(send)
    kill_now_and_then(server, sender)
    send("the end")
    listener.join(60)
    assert not listener.is_alive()

    found = {message["id"]: message["content"] for message in received}
    assert [message["id"] for message in received] == sorted(found)  # once each, in order
    assert found == stored(hamlet)
    assert sender.acknowledged.items() <= found.items()


@pytest.mark.parametrize("prelude", ["", SAVE_OFTEN], ids=["not saved", "saved often"])
def test_pollers_see_each_event_once(serve: Serve, prelude: str) -> None:
    server = serve().start(prelude)
    hamlet, cordelia = server.people("hamlet", "cordelia")
    pollers = [hamlet.register().start(), cordelia.register(event_types=["message"]).start()]
    sender = Sender(lambda content: cordelia.send(hamlet, content))
    kill_now_and_then(server, sender, prelude)
    found = stored(hamlet)
    assert sender.acknowledged.items() <= found.items()
    for poller in pollers:
        until(lambda: max(found) in poller.message_ids() or poller.refusal)  # noqa: B023
        assert poller.refusal is None
        assert poller.in_order()
        assert poller.message_ids() == sorted(found)
        assert poller.contents() == list(found.values())


def test_a_queue_that_was_just_made(server: ServerProcess, hamlet: Person, cordelia: Person) -> None:
    poller = hamlet.register(event_types=["message"])
    server.kill()
    server.start()
    assert poller.poll(dont_block=True) == []
    cordelia.send(hamlet, "hello")
    poller.poll()
    assert (poller.contents(), poller.last_event_id) == (["hello"], 0)


def test_what_was_not_acknowledged_comes_again(
    server: ServerProcess, hamlet: Person, cordelia: Person
) -> None:
    poller = hamlet.register(event_types=["message"])
    ids = [cordelia.send(hamlet, f"message {number}") for number in range(3)]
    twin = Poller(hamlet, poller.queue_id, -1, {})
    until(lambda: poller.poll() and len(poller.events) >= 3)
    server.kill()
    server.start()
    assert twin.poll() == poller.events
    assert twin.message_ids() == ids


def test_what_was_acknowledged_does_not(server: ServerProcess, hamlet: Person, cordelia: Person) -> None:
    poller = hamlet.register(event_types=["message"])
    cordelia.send(hamlet, "before")
    poller.poll()
    poller.poll(dont_block=True)  # acknowledges
    server.kill()
    server.start()
    assert poller.poll(dont_block=True) == []
    cordelia.send(hamlet, "after")
    poller.poll()
    assert poller.contents() == ["before", "after"]
    assert poller.in_order()


def test_a_deleted_queue_stays_deleted(server: ServerProcess, hamlet: Person) -> None:
    poller = hamlet.register()
    hamlet.ask("DELETE", "/events", queue_id=poller.queue_id)
    server.kill()
    server.start()
    poller.poll(dont_block=True)
    assert poller.refusal is not None
    assert poller.refusal.body["code"] == "BAD_EVENT_QUEUE_ID"


def test_a_crash_while_another_is_repaired(serve: Serve) -> None:
    """The notices of the first crash are replayed when the second comes."""
    server = serve().start()
    hamlet, cordelia = server.people("hamlet", "cordelia")
    poller = hamlet.register(event_types=["message"])
    ids = [cordelia.send(hamlet, f"message {number}") for number in range(3)]
    server.kill()
    for point in ("FanOut._deliver", "FanOut._answer", "FanOut.run"):
        server.launch(die_in(f"appliance.events.fanout:{point}"))
        server.crash()
    server.start()
    until(lambda: poller.poll() and len(poller.events) >= 3)
    assert poller.message_ids() == ids
    assert poller.in_order()


def test_a_crash_while_queues_are_saved(serve: Serve) -> None:
    server = serve().start(die_in("appliance.store.event_queue:save_states"))
    hamlet, cordelia = server.people("hamlet", "cordelia")
    poller = hamlet.register(event_types=["message"])
    cordelia.send(hamlet, "hello")
    assert server.stop() == -signal.SIGKILL
    server.start()
    poller.poll()
    assert poller.contents() == ["hello"]


# Heartbeats: a crash forgets those that were sent, and their ids.


def test_heartbeats_and_a_crash(serve: Serve) -> None:
    server = serve().start(FAST_HEARTBEATS)
    hamlet, cordelia = server.people("hamlet", "cordelia")
    poller = hamlet.register(event_types=["message"]).start()
    until(lambda: len(poller.of_type("heartbeat")) >= 2)
    cordelia.send(hamlet, "one")
    until(lambda: len(poller.of_type("heartbeat")) >= 3)
    server.kill()
    server.start(FAST_HEARTBEATS)
    cordelia.send(hamlet, "two")
    until(lambda: len(poller.contents()) >= 2)
    beats = len(poller.of_type("heartbeat"))
    until(lambda: len(poller.of_type("heartbeat")) > beats)
    server.kill()
    server.start(FAST_HEARTBEATS)
    cordelia.send(hamlet, "three")
    until(lambda: len(poller.contents()) >= 3)
    assert poller.refusal is None
    assert poller.contents() == ["one", "two", "three"]
    assert poller.in_order()
