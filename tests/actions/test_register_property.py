"""Whenever a client registers: what it is told, and the events since, make what a new client is told."""

import random
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.actions.realm import organization as realm_actions
from appliance.actions.register import register
from appliance.actions.snapshot import SECTIONS, Moment, Wishes
from appliance.base.errors import Unauthorized
from appliance.events.descriptor import CAPABILITIES, ClientDescriptor
from appliance.events.queue import EventQueue
from appliance.model.realm_section import ServerFacts
from appliance.model.user import User
from appliance.store import user as users
from appliance.store.store import Store
from tests.actions.deeds import DEEDS, Team
from tests.client import ClientState, apply, begin, differences
from tests.conftest import MovableClock
from tests.events.conftest import EventSystem
from tests.invariants import broken

ABLE: dict[str, Any] = dict.fromkeys(CAPABILITIES, True)
CAPABLE = {**ABLE, "include_subscribers": True}
SERVER = ServerFacts(1, 25)
ASKED: dict[str, dict[str, Any]] = {  # parameters of POST /register, by a name for the client
    "newest": CAPABLE,
    "mobile": {**CAPABLE, "simplified_presence_events": False, "slim_presence": True},
    "oldest": {},
    "curious": {"all_public_streams": True, "include_subscribers": True},
    "for people": {"event_types": ["realm_user", "realm_bot", "user_group", "presence"]},
    "for unread messages": {
        "notification_settings_null": True,
        "event_types": [
            "delete_message", "message", "realm_user", "stream", "subscription", "update_message",
            "update_message_flags", "user_topic",
        ],
        "fetch_event_types": [
            "message", "starred_messages", "subscription", "update_message_flags", "user_topic",
        ],
    },
}  # fmt: skip
NAMES = list(ASKED)

# Sections that stay as they are.
FIXED = {
    "default_stream_groups": "there are none: Zulip has given them up",
    "giphy": "this server asks no other for pictures",
    "onboarding_steps": "there is no page yet that would show one",
    "realm_embedded_bots": "there are none",
    "realm_filters": "of clients older than any that this server lets in",
    "realm_incoming_webhook_bots": "there are none",
    "stop_words": "search leaves no word out",
    "video_calls": "there are none of other companies",
}
# Steps beside deeds, done by numbers like them: somebody registers; all clients are looked at.
REGISTER, LOOK = "register", "look"
Step = tuple[str, int, int, int]


def _types(asked: dict[str, Any], name: str) -> frozenset[str] | None:
    return frozenset(asked[name]) if name in asked else None


def _descriptor(asked: dict[str, Any], user: User) -> ClientDescriptor:
    known = {name: value for name, value in asked.items() if name in ClientDescriptor.__annotations__}
    types = tuple(asked["event_types"]) if "event_types" in asked else None
    return ClientDescriptor(**{**known, "event_types": types, "is_guest": user.is_guest})


@dataclass
class Client:
    """Somebody's, with its queue. `shows`: what a client makes of what it is told."""

    user: User
    name: str
    queue: EventQueue
    shows: ClientState
    last_event_id: int = -1

    def catch_up(self) -> None:
        for event in orjson.loads(self.queue.contents()):
            if event["id"] > self.last_event_id:
                apply(self.shows, event)
                self.last_event_id = event["id"]


class World:
    """The team, its server, and clients."""

    def __init__(self, folder: Path) -> None:
        self.clock = MovableClock()
        self.store = Store(folder, self.clock, durable=False)
        realm_actions.prepare(self.store)
        self.team = Team(self.store, self.clock)
        self.first_id = self.team.person(0).id
        self.system = EventSystem(self.store, self.clock)
        self.clients = [self.register(number, number) for number in range(len(NAMES))]

    def register(self, who: int, which: int) -> Client:
        return self._register(self.team.person(who), NAMES[which % len(NAMES)])

    def _register(self, user: User, name: str) -> Client:
        asked = ASKED[name]
        fetched = _types(asked, "fetch_event_types") or _types(asked, "event_types")
        answer = register(
            self.store,
            self.system.registry,
            user,
            _descriptor(asked, user),
            Wishes(fetched, asked.get("include_subscribers", False)),
            public_url="https://chat.example.org",
            server=SERVER,
            now=self.clock.now(),
        )
        told = orjson.loads(orjson.dumps(answer, option=orjson.OPT_NON_STR_KEYS))
        with self.system.queues.lock:
            queue = self.system.queues.get(told["queue_id"], user.id)
        return Client(user, name, queue, begin(user.id, told, asked))

    def take(self, step: Step) -> None:
        name, *numbers = step
        if name == REGISTER:
            self.clients.append(self.register(numbers[0], numbers[1]))
        elif name == LOOK:
            self.look()
        else:
            self.team.do(name, *numbers)

    def fetch(self) -> None:
        """All clients take what there is for them."""
        self.system.apply()
        left = {queue.id for queue in self.system.queues.all() if not queue.closed}
        self.clients = [each for each in self.clients if each.queue.id in left]
        for client in self.clients:
            client.catch_up()

    def look(self) -> None:
        """Every client that still has a queue shows what a new one would."""
        self.fetch()
        for client in self.clients:
            new = self._register(client.user, client.name)
            assert differences(client.shows, new.shows) == {}, client.name
            self.system.registry.delete(new.queue.id, new.user.id)
        assert broken(self.store.folder) == []


    def sections(self) -> dict[str, list[dict[str, Any]]]:
        """What each says to the first who came, by clients of two kinds."""
        with self.store.read() as reader:
            first = users.with_id(reader, self.first_id)
            assert first is not None
            wishes, url, now = Wishes(None, True), "https://chat.example.org", self.clock.now()
            moments = [
                Moment(reader, first, client, wishes, url, SERVER, now)
                for client in (ClientDescriptor(), ClientDescriptor(**ABLE))
            ]
            told = {" ".join(each.types): [each.compute(moment) for moment in moments] for each in SECTIONS}
        for each in told["presence"]:
            each.pop("server_timestamp", None)
        return told


@contextmanager
def a_world() -> Iterator[World]:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        try:
            yield world
        finally:
            world.store.close()


@pytest.mark.parametrize("name", NAMES)
def test_the_clients_here_hear_all_that_changes_what_they_fetch(name: str) -> None:
    asked = ASKED[name]
    heard, fetched = _types(asked, "event_types"), _types(asked, "fetch_event_types")
    kinds = {kind for each in SECTIONS if each.wanted(fetched or heard) for kind in each.changed_by}
    assert heard is None or {kind.partition("/")[0] for kind in kinds} <= heard


@pytest.fixture(scope="module")
def changed() -> set[str]:
    """Sections, by deeds in some worlds in which each is done by somebody several times."""
    found = set[str]()
    for seed in range(8):
        chance = random.Random(seed)
        with a_world() as world:
            before = world.sections()
            for number, name in enumerate(chance.sample(list(DEEDS), len(DEEDS))):
                who = chance.choice((0, 0, 1, 3))
                for _ in range(6):
                    world.take((name, who, chance.randrange(12), chance.randrange(12)))
                if number % 4 == 0:
                    found |= {name for name, told in world.sections().items() if told != before[name]}
    return found


@pytest.mark.parametrize("name", [" ".join(each.types) for each in SECTIONS])
def test_deeds_change_every_section(name: str, changed: set[str]) -> None:
    assert (name in changed) is (name not in FIXED)


NUMBER = st.integers(0, 255)
STEP = st.tuples(st.sampled_from([*DEEDS, *[REGISTER] * 3, LOOK]), NUMBER, NUMBER, NUMBER)


@settings(max_examples=120, deadline=None, derandomize=True, database=None)
@given(st.lists(STEP, min_size=10, max_size=60))
def test_a_snapshot_and_the_events_since_are_a_new_snapshot(steps: list[Step]) -> None:
    with a_world() as world:
        for step in steps:
            world.take(step)
        world.look()


@pytest.mark.parametrize("seed", range(4))
def test_so_they_are_for_clients_that_register_while_others_act(seed: int) -> None:
    """Three threads act, three register: each snapshot begins between two commits, where its queue begins."""

    def act(number: int) -> None:
        chance = random.Random(f"{seed} {number}")
        for _ in range(40):
            world.team.do(chance.choice(list(DEEDS)), *(chance.randrange(256) for _ in range(3)))

    def come(number: int) -> None:
        chance = random.Random(f"{seed} {number}")
        for _ in range(12):
            with suppress(Unauthorized):  # who has just been deactivated
                world.clients.append(world.register(chance.randrange(256), chance.randrange(256)))

    with a_world() as world, ThreadPoolExecutor(6) as threads:
        for each in [threads.submit(act if number % 2 else come, number) for number in range(6)]:
            each.result()
        world.look()
