"""Rounds of people, clients and crashes, all at random: who keeps polling sees every event once, in order."""

import random
import signal
import time

import pytest

from tests.conftest import until
from tests.invariants import broken
from tests.process.actor import Actor
from tests.process.conftest import Serve
from tests.process.listener import GARDEN, Listener, Truth
from tests.process.server import FAST_HEARTBEATS, SAVE_OFTEN, ServerProcess, die_in

ROUNDS = range(20)  # `pytest -k "round[7]"` repeats one, as far as threads can repeat anything

# Where a server that is doing all of this may die: before and after what has to be on the disk.
POINTS = [
    "appliance.events.fanout:FanOut._answer",
    "appliance.events.fanout:FanOut._apply",
    "appliance.events.fanout:FanOut._deliver",
    "appliance.events.fanout:FanOut.notices_committed",
    "appliance.events.fanout:FanOut.save",
    "appliance.events.fanout:FanOut._write_save",
    "appliance.events.fanout:state",
    "appliance.events.polling:Polling.poll",
    "appliance.events.queue:EventQueue.acknowledge",
    "appliance.events.queue:EventQueue.push",
    "appliance.events.registry:QueueRegistry._begin",
    "appliance.events.registry:QueueRegistry._close",
    "appliance.http.lot:Lot.resume",
    "appliance.store.committer:Committer._flush",
    "appliance.store.event_queue:add",
    "appliance.store.event_queue:drop",
    "appliance.store.event_queue:save_states",
    "appliance.store.notice:prune",
]
PRELUDES = ["", SAVE_OFTEN, FAST_HEARTBEATS]


class Round:
    """One server, three people with a few clients each, and a kill or two."""

    def __init__(self, server: ServerProcess, seed: int) -> None:
        self._server, self._chance = server, random.Random(seed)
        self._prelude = self._chance.choice(PRELUDES)
        self._starts = self._seen_ready = 0
        people = server.people("iago", "hamlet", "cordelia")
        self._actors = [
            Actor(
                person,
                [each for each in people if each is not person],
                random.Random(f"{seed} {person.user_id}"),
                lambda: self._starts,
            )
            for person in people
        ]

    def run(self) -> None:
        self._start(self._doom())
        for actor in self._actors:
            actor.start()
        self._go_on()
        for _ in range(self._chance.randint(0, 1)):
            self._crash()
            self._start(self._doom())
            self._go_on()
        self._crash()
        self._start()
        self._go_on()
        for actor in self._actors:
            actor.end()
        self._check()

    def _doom(self) -> str:
        """Half of the servers end themselves."""
        if self._chance.random() < 0.5:
            return ""
        return die_in(self._chance.choice(POINTS), self._chance.randint(1, 20))

    def _start(self, doom: str = "") -> None:
        """A doomed one may die before it is ready; then once more."""
        self._starts += 1
        self._server.launch(self._prelude + doom)
        until(lambda: self._server.ready() or not self._server.running)
        if self._server.running:
            self._seen_ready += 1
            return
        assert doom, self._server.log
        self._server.crash()
        self._start()

    def _go_on(self) -> None:
        """Some more actions, and then any moment will do."""
        enough = self._done() + self._chance.randint(20, 50)
        until(lambda: self._done() >= enough or not self._server.running)
        time.sleep(self._chance.random() / 50)

    def _done(self) -> int:
        return sum(actor.done for actor in self._actors)

    def _crash(self) -> None:
        self._server.end()
        assert self._server.process.returncode == -signal.SIGKILL, self._server.log

    def _check(self) -> None:
        listeners = self._living()
        for actor in self._actors:
            actor.finish()
        truth = self._truth()
        patience = time.monotonic() + 30
        for each in listeners:  # what is missing then, the check will say
            until(lambda: each.has_all(truth) or time.monotonic() > patience)  # noqa: B023 (called here)
            each.poller.end()
        self._server.kill()
        assert broken(self._server.data) == []
        for each in listeners:
            each.poller.join()
            each.check(truth, (self._seen_ready, self._starts))

    def _living(self) -> list[Listener]:
        """All polling in the end."""
        listeners = [each for actor in self._actors for each in actor.listeners if not each.deleted]
        for each in listeners:
            each.listen()
        return listeners

    def _truth(self) -> Truth:
        iago = self._actors[0].person
        narrow = [["channel", GARDEN]]
        received = {
            actor.person.user_id: {message["id"]: message for message in actor.person.messages()}
            for actor in self._actors
        }
        seen = [*iago.messages(narrow=narrow), *(each for own in received.values() for each in own.values())]
        messages = {message["id"]: message for message in seen}
        contents = {message_id: message["content"] for message_id, message in messages.items()}
        for actor in self._actors:
            assert actor.sent.items() <= contents.items()
        return Truth(messages, received, {actor.person.user_id: actor.periods for actor in self._actors})


@pytest.mark.parametrize("seed", ROUNDS)
def test_round(serve: Serve, seed: int) -> None:
    Round(serve(), seed).run()
