"""One client's queue of events: ids, acknowledgement, virtual events.

Ids rise by one with each event. After a pause of T seconds the next id also leaves room for the T // 40
heartbeats that may have been sent meanwhile (they come 45 s apart or more). So the id of an event follows
from the notices alone: replayed after a crash, which forgets heartbeats, every event has the id that the
client knows it by, and an acknowledgement means what it meant before.

Everything here is called with the lock of `Queues` held. What of a queue is written to the file: state.py.
"""

from collections import deque
from dataclasses import dataclass
from typing import Any

import orjson

from appliance.base.errors import ApiError
from appliance.events.descriptor import MAX_QUEUE_TIMEOUT, ClientDescriptor
from appliance.events.waiting import Waiter
from appliance.model.concern import JobOrder

HEARTBEAT_ROOM = 40_000  # milliseconds
OPPOSITE = {"add": "remove", "remove": "add"}
HEARTBEAT = b'{"type":"heartbeat"'
FORGOTTEN_HEARTBEATS = MAX_QUEUE_TIMEOUT * 1000 // HEARTBEAT_ROOM
MAX_EVENTS, MAX_BYTES = 20_000, 16 << 20


@dataclass(frozen=True, slots=True)
class Event:
    """An event as it goes into queues: `body` is its JSON without the id and the closing brace, serialised
    once and shared by all queues that hold it. `flags`: set for one that may become part of another.
    `undoes`: the operation and flag that it is the opposite of."""

    body: bytes
    flags: "FlagChange | None" = None
    undoes: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class FlagChange:
    """An update_message_flags event, of which several that wait become one (a virtual event)."""

    op: str
    flag: str
    messages: tuple[int, ...]

    @property
    def key(self) -> tuple[str, str]:
        return self.op, self.flag


@dataclass(frozen=True, slots=True)
class QueueFacts:
    """What an administrator may know of a queue. `idle_seconds`: since its last poll; 0 while one waits."""

    id: str
    user_id: int
    client_type_name: str
    events: int
    bytes: int
    waiting: bool
    idle_seconds: int
    queue_timeout: int
    event_types: tuple[str, ...] | None
    narrow: tuple[tuple[str, str], ...]


class EventQueue:
    """`born`: the last notice that its client has in its snapshot already. `changed`: not saved since.
    `closed`: given up, but there until fan-out comes to the notice that says so."""

    __slots__ = (
        "_bytes", "born", "changed", "client", "closed", "entries", "forgiving", "id", "if_missed",
        "last_connection_time", "last_id", "last_time", "newest_pruned_id", "next_id", "user_id", "virtual",
        "waiter",
    )  # fmt: skip

    def __init__(
        self, queue_id: str, user_id: int, client: ClientDescriptor, now: float, born: int = 0
    ) -> None:
        self.id, self.user_id, self.client, self.born = queue_id, user_id, client, born
        self.last_connection_time = now
        self.waiter: Waiter | None = None
        self.changed = self.closed = False
        self.entries: deque[tuple[int, Event]] = deque()
        # Flag events in the making: what was changed at which id, for each operation and flag.
        self.virtual: dict[tuple[str, str], list[tuple[int, tuple[int, ...]]]] = {}
        self.if_missed: dict[int, list[JobOrder]] = {}  # by event: what to enqueue if its client never comes
        self._bytes = 0
        self.next_id = 0
        self.last_id, self.last_time = -1, int(now * 1000)  # of the last event that a notice caused
        self.newest_pruned_id = -1
        self.forgiving = False  # the next poll may name an id that a crash made us forget

    # -- putting in

    def push(self, event: Event, time: int) -> int:
        """`time`: of the notice, in milliseconds. The event's id."""
        room = (time - self.last_time) // HEARTBEAT_ROOM
        event_id = self.last_id + 1 + room if room > 0 else self.last_id + 1
        if event_id < self.next_id:
            event_id = self.next_id
        self.last_id, self.last_time = event_id, time
        self.next_id = event_id + 1
        self.changed = True
        if event.undoes in self.virtual:
            self._resolve()  # what is done again after this must not come before it
        if event.flags is None:
            self.append(event_id, event)
        else:
            self.merge(event_id, event.flags)
        return event_id

    def push_heartbeat(self) -> None:
        self.append(self.next_id, Event(HEARTBEAT))
        self.next_id += 1

    def append(self, event_id: int, event: Event) -> None:
        self.entries.append((event_id, event))
        self._bytes += len(event.body)

    def merge(self, event_id: int, change: FlagChange) -> None:
        self.virtual.setdefault(change.key, []).append((event_id, change.messages))
        self._bytes += 8 * len(change.messages)

    # -- taking out

    @property
    def empty(self) -> bool:
        return not self.entries and not self.virtual

    @property
    def overflowing(self) -> bool:
        return self._bytes > MAX_BYTES or len(self.entries) > MAX_EVENTS

    def size(self) -> int:
        """Bytes of its events, some of which other queues hold, too."""
        return self._bytes

    def __len__(self) -> int:
        return len(self.entries) + len(self.virtual)

    def acknowledge(self, event_id: int) -> None:
        """Forget the events up to `event_id`. Raises ApiError for an id that this queue never gave."""
        if event_id < self.newest_pruned_id:
            raise ApiError(f"An event newer than {event_id} has already been pruned!")
        while self.entries and self.entries[0][0] <= event_id:
            self.newest_pruned_id, event = self.entries.popleft()
            self._bytes -= len(event.body)
            if self.if_missed:
                self.if_missed.pop(self.newest_pruned_id, None)
        if event_id != self.newest_pruned_id:
            if not self.forgiving or event_id >= self._end():
                raise ApiError(f"Event {event_id} was not in this queue")
            self.newest_pruned_id = event_id
            self.next_id = max(self.next_id, event_id + 1)
        if self.forgiving:
            self._unmerge(event_id)
            self.forgiving = False

    def _end(self) -> int:
        """After a restart: ids from here on cannot have been given, not even to forgotten heartbeats."""
        return self.entries[0][0] if self.entries else self.next_id + FORGOTTEN_HEARTBEATS

    def _unmerge(self, event_id: int) -> None:
        """A replay merges flag events anew, also into those that the client had: it must not hear of what
        it has, which somebody may have changed back since."""
        for key, changes in list(self.virtual.items()):
            left = [change for change in changes if change[0] > event_id]
            self._bytes -= 8 * sum(len(messages) for number, messages in changes if number <= event_id)
            if left:
                self.virtual[key] = left
            else:
                del self.virtual[key]

    def contents(self) -> bytes:
        """The JSON list of all events, in order of their ids."""
        if self.virtual:
            self._resolve()
        return (
            b"[" + b",".join([b'%b,"id":%d}' % (event.body, number) for number, event in self.entries]) + b"]"
        )

    def answer(self) -> bytes:
        """The body of an answer to GET /events."""
        return b'{"result":"success","msg":"","events":%b,"queue_id":"%b"}' % (
            self.contents(),
            self.id.encode(),
        )

    def _resolve(self) -> None:
        """Make real events of the virtual ones: from now on a client may have seen them."""
        real = []
        for (op, flag), changes in self.virtual.items():
            messages = [message for _, changed in changes for message in changed]
            event = Event(_body(_flag_event(op, flag, messages)))
            self._bytes += len(event.body) - 8 * len(messages)
            real.append((changes[-1][0], event))
        self.virtual.clear()
        self.entries = deque(sorted((*self.entries, *real), key=lambda entry: entry[0]))

    def facts(self, now: float) -> QueueFacts:
        waiting = self.waiter is not None
        return QueueFacts(
            self.id,
            self.user_id,
            self.client.client_type_name,
            len(self),
            self._bytes,
            waiting,
            0 if waiting else max(0, int(now - self.last_connection_time)),
            self.client.queue_timeout,
            self.client.event_types,
            self.client.narrow,
        )


def _body(event: dict[str, Any]) -> bytes:
    return orjson.dumps(event, option=orjson.OPT_NON_STR_KEYS)[:-1]  # as the notice itself was written


def _flag_event(op: str, flag: str, messages: list[int]) -> dict[str, Any]:
    return {
        "type": "update_message_flags",
        "op": op,
        "operation": op,
        "flag": flag,
        "messages": messages,
        "all": False,
    }


def event_of(event: dict[str, Any]) -> Event:
    """The queue's form of an event as clients see it (without an id)."""
    undoes = (OPPOSITE[event["op"]], event["flag"]) if event["type"] == "update_message_flags" else None
    return Event(_body(event), _flag_change(event), undoes)


def _flag_change(event: dict[str, Any]) -> FlagChange | None:
    """Events that may be merged: a change of flags, but `read` taken away (it carries details) or of all."""
    if event["type"] != "update_message_flags" or event["all"]:
        return None
    if (event["op"], event["flag"]) == ("remove", "read"):
        return None
    return FlagChange(event["op"], event["flag"], tuple(event["messages"]))
