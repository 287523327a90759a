"""zulip-flutter decodes whatever happens to its user."""

import logging
import random

import orjson
import pytest

from appliance.actions.realm import organization as realm_actions
from appliance.actions.register import register
from appliance.actions.search import page as search
from appliance.actions.snapshot import Wishes
from appliance.events.descriptor import CAPABILITIES, ClientDescriptor
from appliance.events.queue import EventQueue
from appliance.model.message import Shape
from appliance.model.realm_section import ServerFacts
from appliance.model.user import User
from appliance.store.store import Store
from tests.actions.deeds import DEEDS, Team
from tests.client import flutter
from tests.conftest import MovableClock
from tests.events.conftest import EventSystem

KNOWN = {name: True for name in flutter.CAPABILITIES if name in CAPABILITIES}
CLIENT = ClientDescriptor(apply_markdown=True, slim_presence=True, **KNOWN)
SHAPE = Shape(apply_markdown=True, empty_topic_name=True)
# What these deeds do not bring about, or only once in a long while.
AT_ONCE = 8  # deeds between two polls
# These are mostly refused.
SELDOM = ("react", "keep a snippet", "vote", "move in a group")
RARE = {
    "reaction/remove",
    "realm_emoji/update_one",
    "realm_emoji/add",
    "user_group/remove",
    "realm_user/remove",
}


class Phones:
    """Everybody in the team has one."""

    def __init__(self, store: Store, clock: MovableClock) -> None:
        self.store, self.clock = store, clock
        realm_actions.prepare(store)
        self.team = Team(store, clock)
        self.system = EventSystem(store, clock)
        self.queues: dict[int, tuple[EventQueue, int]] = {}
        self.seen: set[str] = set()
        self.mistakes: list[str] = []

    def begin(self) -> None:
        """Those who have none, or whose queue has ended, get one."""
        for user in self.team.active():
            if user.id not in self.queues or self.queues[user.id][0].closed:
                self.register(user)

    def register(self, user: User) -> None:
        answer = register(
            self.store,
            self.system.registry,
            user,
            CLIENT,
            Wishes(None),
            public_url="https://chat.example.org",
            server=ServerFacts(1, 25),
            now=self.clock.now(),
        )
        told = orjson.loads(orjson.dumps(answer, option=orjson.OPT_NON_STR_KEYS))
        self.mistakes += flutter.SNAPSHOT(told, "register")
        with self.system.queues.lock:
            self.queues[user.id] = self.system.queues.get(told["queue_id"], user.id), -1

    def poll(self) -> None:
        self.system.apply()
        for user_id, (queue, seen) in self.queues.items():
            new = (
                [] if queue.closed else [each for each in orjson.loads(queue.contents()) if each["id"] > seen]
            )
            for event in new:
                self.seen.add(flutter.kind_of(event))
                self.mistakes += flutter.event(event)
            if new:
                self.queues[user_id] = queue, new[-1]["id"]

    def read(self) -> None:
        with self.store.read() as reader:
            newest = reader.value("SELECT max(id) FROM message")
        for user in self.team.active():
            found = search.fetch_ids(self.store, user, [], [*range(1, newest + 1)], SHAPE)["messages"]
            for each in orjson.loads(orjson.dumps(found)):
                self.mistakes += flutter.message(each, "message")


def test_whatever_happens(store: Store, clock: MovableClock, caplog: pytest.LogCaptureFixture) -> None:
    phones, chance = Phones(store, clock), random.Random(372)
    deeds = [*DEEDS] * 30 + [*SELDOM] * 120
    chance.shuffle(deeds)
    for number, deed in enumerate(deeds):
        if number % AT_ONCE == 0:
            phones.begin()
        phones.team.do(deed, *(chance.randrange(256) for _ in range(3)))
        if number % AT_ONCE == AT_ONCE - 1:
            phones.poll()
            assert phones.mistakes == []
    phones.read()
    assert phones.mistakes == []
    assert [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR] == []

    assert sorted(flutter.EVENTS.keys() - phones.seen - RARE) == []
