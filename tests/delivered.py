"""Every event that any test sees is held against the contract (appliance/model/events): each that this
process puts into a queue, each that a test's client polls, and what notices of action tests would become."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import orjson

from appliance.events.descriptor import CAPABILITIES, ClientDescriptor
from appliance.events.fanout import CLEANUP, POLL_ANEW
from appliance.events.processors import deliveries
from appliance.events.queue import Event, EventQueue
from appliance.events.queues import Queues
from appliance.model import events
from appliance.model.events.types import MISSING
from appliance.store.transaction import Notice, Transaction

# Types that no client knows, for tests in which nothing depends on the type.
MADE_UP = frozenset({"example", "number"})
# Tests of what happens to fields may leave out the others.
IN_PART = "tests/events/"

PLAIN = ClientDescriptor()
CAPABLE = ClientDescriptor(
    apply_markdown=True,
    slim_presence=True,
    **dict.fromkeys(CAPABILITIES - {"simplified_presence_events"}, True),
)
NEWEST = ClientDescriptor(simplified_presence_events=True)


class Remembered:
    """What tests do again and again (all have the same people and clock) is looked at once."""

    MOST = 20_000

    def __init__(self) -> None:
        self._seen: set[bytes] = set()

    def is_new(self, what: bytes) -> bool:
        if what in self._seen:
            return False
        if len(self._seen) >= self.MOST:
            self._seen.clear()
        self._seen.add(what)
        return True


class Seen:
    """Mistakes of the events that were seen since the last look."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._mistakes: list[str] = []
        self._known = Remembered()

    def in_process(self, body: bytes) -> None:
        """An event without its id and closing brace, as queues hold it."""
        if self._known.is_new(body):
            self._check({**orjson.loads(body + b"}"), "id": 0})

    def polled(self, polled: list[dict[str, Any]]) -> None:
        """Events from a real server, which sends no others than the document says."""
        for event in polled:
            self._check(event)
            kind = events.find(event)
            if kind is not None and not kind.served:
                self._note(f"{kind.name} is served, but its description does not say so")

    def _check(self, event: dict[str, Any]) -> None:
        if event["type"] not in MADE_UP:
            for mistake in events.check(event):
                self._note(f"{event['type']}: {mistake}")

    def _note(self, mistake: str) -> None:
        with self._lock:
            self._mistakes.append(mistake)

    def mistakes(self, *, in_part: bool = False) -> list[str]:
        """And forget them. `in_part`: a missing field is none."""
        with self._lock:
            found = list(dict.fromkeys(self._mistakes))
            self._mistakes.clear()
        return [each for each in found if not (in_part and each.endswith(f": {MISSING}"))]


SEEN, NOTICES = Seen(), Remembered()


@contextmanager
def watching_queues() -> Iterator[None]:
    """Each event that this process makes for a queue."""
    make = Event.__init__

    def made(self: Event, *arguments: Any, **named: Any) -> None:
        make(self, *arguments, **named)
        SEEN.in_process(self.body)

    with mock.patch.object(Event, "__init__", made):
        yield


@contextmanager
def watching_notices() -> Iterator[None]:
    """Each notice, as three kinds of clients of all whom it is for would get it."""
    tell, told = Transaction.notice, list[Notice]()

    def notice(self: Transaction, event: dict[str, Any], users: list[Any]) -> None:
        tell(self, event, users)
        told.append(self.outcome.notices[-1])

    with mock.patch.object(Transaction, "notice", notice):
        yield
    for each in told:
        key = orjson.dumps([each.event, each.users], option=orjson.OPT_NON_STR_KEYS)
        if each.event["type"] not in (CLEANUP, POLL_ANEW) and NOTICES.is_new(key):
            list(deliveries(each, _audience(each)))


def _audience(notice: Notice) -> Queues:
    queues = Queues()
    for user in notice.users:
        user_id = user if isinstance(user, int) else user["id"]
        for number, client in enumerate((PLAIN, CAPABLE, NEWEST)):
            queues.add(EventQueue(f"{user_id}/{number}", user_id, client, 0))
    return queues
