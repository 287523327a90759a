"""Whatever people do: nobody is told by mail or push who should not be, and nobody twice by one road."""

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.actions.message import access as history
from appliance.actions.personal import device
from appliance.actions.realm import organization as realm_actions
from appliance.events.descriptor import ClientDescriptor
from appliance.model import flag
from appliance.model.concern import MAILS, PUSHES
from appliance.notify.decision import decide
from appliance.store import job as job_table
from appliance.store import message as messages
from appliance.store import muted_user as muted_users
from appliance.store import user as users
from appliance.store.store import Store
from tests.actions.deeds import DEEDS, Team
from tests.conftest import MovableClock
from tests.events.conftest import EventSystem

# Steps beside deeds, done by numbers like them: somebody's client comes; those that are asleep are given up.
CONNECT, GIVE_UP = "connect", "give up"
SENDING, EDIT, BE_HERE = ("post", "write"), "edit", "be here"
SILENT = frozenset({"move", "rename a topic", "delete", "delete a topic", "react", "flag", "flag one"})
SECONDS_OF_SLEEP = 700
Step = tuple[str, int, int, int]


class World:
    """The team, and its server, whose fan-out decides."""

    def __init__(self, folder: Path) -> None:
        self.clock = MovableClock()
        self.store = Store(folder, self.clock, durable=False)
        realm_actions.prepare(self.store)
        self.team = Team(self.store, self.clock)
        for each in self.team.active():
            if not each.is_bot:
                device.register(self.store, each, "fcm", "token", {})
        self.system = EventSystem(self.store, self.clock, decide)
        self.told: Counter[tuple[str, int, int]] = Counter()  # by (road, user id, message id)
        self._mentioned: set[tuple[int, int]] = set()  # (user id, message id)
        self._edited_in: Counter[tuple[int, int]] = Counter()  # mentions that came with an edit
        self._last_job = 0

    def take(self, step: Step) -> None:
        name, *numbers = step
        if name == CONNECT:
            self._connect(numbers[0])
        elif name == GIVE_UP:
            self.clock.advance(SECONDS_OF_SLEEP)
            self.system.registry.collect_idle()
        else:
            self.team.do(name, *numbers)
        self.system.apply()
        self._look_at_mentions(edited=name == EDIT)
        orders = self._new_orders()
        assert name not in SILENT or all(self._is_notice(event) for _, event in orders), "nothing to tell of"
        for road, event in orders:
            self._check(road, event, name)

    def _connect(self, who: int) -> None:
        with self.store.read() as reader:
            self.system.registry.allocate(self.team.person(who).id, ClientDescriptor(), reader)

    def _look_at_mentions(self, *, edited: bool) -> None:
        with self.store.read() as reader:
            rows = reader.rows("SELECT user_id, message_id FROM user_message WHERE flags & ?", flag.MENTIONS)
        before, self._mentioned = self._mentioned, set(rows)
        if edited:
            self._edited_in.update(self._mentioned - before)

    def _new_orders(self) -> list[tuple[str, dict[str, Any]]]:
        with self.store.read() as reader:
            waiting = [
                (job_id, queue)
                for job_id, queue, _ in job_table.waiting(reader)
                if queue in (MAILS, PUSHES) and job_id > self._last_job
            ]
            jobs = [(queue, job_table.get(reader, job_id)) for job_id, queue in waiting]
        self._last_job = max([self._last_job, *(job_id for job_id, _ in waiting)])
        events = [(queue, job.event()) for queue, job in jobs if job is not None]
        return [(queue, event) for queue, event in events if "message_id" in event]

    def _is_notice(self, event: dict[str, Any]) -> bool:
        """Of the server's bot, which is a message like others."""
        with self.store.read() as reader:
            found = messages.with_id(reader, 0, event["message_id"])
            sender = users.with_id(reader, found.message.sender.id) if found else None
        return sender is not None and sender.is_system

    def _check(self, road: str, event: dict[str, Any], deed: str) -> None:
        about = user_id, message_id = event["user_profile_id"], event["message_id"]
        self.told[road, *about] += 1
        assert self.told[road, *about] <= 1 + self._edited_in[about], "twice by one road"
        assert deed != EDIT or (about in self._mentioned and self._edited_in[about]), "not mentioned by it"
        with self.store.read() as reader:
            user = users.with_id(reader, user_id)
            assert user is not None
            assert not user.is_bot
            received = messages.with_id(reader, user.id, message_id)
            if deed == GIVE_UP and (received is None or received.flags is None):
                return  # it was deleted, or moved out of their reach, since: the workers drop it
            assert received is not None
            assert received.flags is not None, "it was not sent to them"
            assert received.message.sender.id != user.id, "their own"
            if deed in (*SENDING, EDIT):
                assert history.readable(reader, user, [received]) == [received], "they may not read it"
                assert user.id not in muted_users.muters(reader, received.message.sender.id)


@contextmanager
def a_world() -> Iterator[World]:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        try:
            yield world
        finally:
            world.store.close()


NUMBER = st.integers(0, 255)
STEP = st.tuples(
    st.sampled_from([*DEEDS, *SENDING * 6, *[EDIT, CONNECT, BE_HERE] * 3, GIVE_UP]), NUMBER, NUMBER, NUMBER
)


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(st.lists(STEP, min_size=10, max_size=50))
def test_nobody_is_told_who_should_not_be_nor_twice_by_one_road(steps: list[Step]) -> None:
    with a_world() as world:
        for step in steps:
            world.take(step)


def test_somebody_is_told() -> None:
    """The world above is not one in which nothing happens."""
    with a_world() as world:
        world.take(("write", 0, 6, 0))
        world.take((CONNECT, 1, 0, 0))
        world.take((BE_HERE, 1, 1, 0))
        world.take(("write", 0, 6, 0))
        before = set(world.told)
        world.take((GIVE_UP, 0, 0, 0))
        assert {road for road, _, _ in before} == {MAILS, PUSHES}
        assert set(world.told) > before


def test_somebody_is_told_of_an_edit_and_again_when_a_mention_comes_back() -> None:
    hello, mention = 0, 4  # of CONTENTS
    with a_world() as world:
        world.take(("post", 0, 0, hello))
        assert set(world.told.values()) == set()
        for content in (mention, hello, mention):
            world.take((EDIT, 1, 0, content))
        assert set(world.told.values()) == {2}
