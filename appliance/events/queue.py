"""One client's queue of events: ids, acknowledgement, virtual events.

Ids rise by one with each event. After a pause of T seconds the next id also leaves room for the T // 40
heartbeats that may have been sent meanwhile (they come 45 s apart or more). So the id of an event follows
from the notices alone: replayed after a crash, which forgets heartbeats, every event has the id that the
client knows it by, and an acknowledgement means what it meant before.

Everything here is called with the lock of `Queues` held.
"""

from collections import deque
from dataclasses import dataclass
from typing import Any

import orjson

from appliance.base.errors import ApiError
from appliance.events.descriptor import MAX_QUEUE_TIMEOUT, ClientDescriptor
from appliance.events.waiting import Waiter

HEARTBEAT_ROOM = 40_000  # milliseconds
HEARTBEAT = b'{"type":"heartbeat"'
FORGOTTEN_HEARTBEATS = MAX_QUEUE_TIMEOUT * 1000 // HEARTBEAT_ROOM
MAX_EVENTS, MAX_BYTES = 20_000, 16 << 20


@dataclass(frozen=True, slots=True)
class Event:
    """An event as it goes into queues: `body` is its JSON without the id and the closing brace, serialised
    once and shared by all queues that hold it. `flags`: set for one that may become part of another."""

    body: bytes
    flags: "FlagChange | None" = None


@dataclass(frozen=True, slots=True)
class FlagChange:
    """An update_message_flags event, of which several that wait become one (a virtual event)."""

    op: str
    flag: str
    messages: tuple[int, ...]

    @property
    def key(self) -> str:
        return f"{self.op}/{self.flag}"

    def event(self) -> dict[str, Any]:
        return {
            "type": "update_message_flags",
            "op": self.op,
            "operation": self.op,
            "flag": self.flag,
            "messages": list(self.messages),
            "all": False,
        }


class EventQueue:
    """`born`: the last notice that its client has in its snapshot already. `changed`: not saved since."""

    __slots__ = (
        "_bytes", "_events", "_forgiving", "_last_id", "_last_time", "_newest_pruned_id", "_next_id",
        "_virtual", "born", "changed", "client", "id", "last_connection_time", "user_id", "waiter",
    )  # fmt: skip

    def __init__(
        self, queue_id: str, user_id: int, client: ClientDescriptor, now: float, born: int = 0
    ) -> None:
        self.id, self.user_id, self.client, self.born = queue_id, user_id, client, born
        self.last_connection_time = now
        self.waiter: Waiter | None = None
        self.changed = False
        self._events: deque[tuple[int, Event]] = deque()
        self._virtual: dict[str, tuple[int, FlagChange]] = {}
        self._bytes = 0
        self._next_id = 0
        self._last_id, self._last_time = -1, int(now * 1000)  # of the last event that a notice caused
        self._newest_pruned_id = -1
        self._forgiving = False

    # -- putting in

    def push(self, event: Event, time: int) -> None:
        """`time`: of the notice, in milliseconds."""
        room = max(0, time - self._last_time) // HEARTBEAT_ROOM
        event_id = max(self._next_id, self._last_id + 1 + room)
        self._last_id, self._last_time = event_id, time
        self._next_id = event_id + 1
        self.changed = True
        if event.flags is None:
            self._append(event_id, event)
        else:
            self._merge(event_id, event.flags)

    def push_heartbeat(self) -> None:
        self._append(self._next_id, Event(HEARTBEAT))
        self._next_id += 1

    def _append(self, event_id: int, event: Event) -> None:
        self._events.append((event_id, event))
        self._bytes += len(event.body)

    def _merge(self, event_id: int, change: FlagChange) -> None:
        _, known = self._virtual.get(change.key, (0, None))
        messages = (*known.messages, *change.messages) if known else change.messages
        self._virtual[change.key] = event_id, FlagChange(change.op, change.flag, messages)
        self._bytes += 8 * len(change.messages)

    # -- taking out

    @property
    def empty(self) -> bool:
        return not self._events and not self._virtual

    @property
    def overflowing(self) -> bool:
        return len(self._events) > MAX_EVENTS or self._bytes > MAX_BYTES

    def __len__(self) -> int:
        return len(self._events) + len(self._virtual)

    def acknowledge(self, event_id: int) -> None:
        """Forget the events up to `event_id`. Raises ApiError for an id that this queue never gave."""
        if event_id < self._newest_pruned_id:
            raise ApiError(f"An event newer than {event_id} has already been pruned!")
        while self._events and self._events[0][0] <= event_id:
            self._newest_pruned_id, event = self._events.popleft()
            self._bytes -= len(event.body)
        if event_id != self._newest_pruned_id:
            if not self._forgiving or event_id >= self._end():
                raise ApiError(f"Event {event_id} was not in this queue")
            self._newest_pruned_id = event_id
            self._next_id = max(self._next_id, event_id + 1)
        self._forgiving = False

    def _end(self) -> int:
        """After a restart: ids from here on cannot have been given, not even to forgotten heartbeats."""
        return self._events[0][0] if self._events else self._next_id + FORGOTTEN_HEARTBEATS

    def contents(self) -> bytes:
        """The JSON list of all events, in order of their ids."""
        self._resolve()
        return (
            b"[" + b",".join([b'%b,"id":%d}' % (event.body, number) for number, event in self._events]) + b"]"
        )

    def _resolve(self) -> None:
        """Make real events of the virtual ones: from now on a client may have seen them."""
        if not self._virtual:
            return
        real = [(number, Event(_body(change.event()), change)) for number, change in self._virtual.values()]
        self._bytes -= sum(8 * len(change.messages) for _, change in self._virtual.values())
        self._bytes += sum(len(event.body) for _, event in real)
        self._virtual.clear()
        self._events = deque(sorted((*self._events, *real), key=lambda entry: entry[0]))

    # -- saving

    def state(self) -> bytes:
        self.changed = False
        return orjson.dumps(
            {
                "next_id": self._next_id,
                "last_id": self._last_id,
                "last_time": self._last_time,
                "newest_pruned_id": self._newest_pruned_id,
                "events": [[number, event.body.decode()] for number, event in self._events],
                "virtual": [
                    [number, change.op, change.flag, list(change.messages)]
                    for number, change in self._virtual.values()
                ],
            }
        )

    def restore(self, state: bytes) -> None:
        """Take up `state`. The next poll may name an id that the crash made us forget."""
        self._forgiving = True
        saved = orjson.loads(state)
        self._next_id, self._newest_pruned_id = saved["next_id"], saved["newest_pruned_id"]
        self._last_id, self._last_time = saved["last_id"], saved["last_time"]
        for number, body in saved["events"]:
            self._append(number, Event(body.encode()))
        for number, op, flag, messages in saved["virtual"]:
            self._merge(number, FlagChange(op, flag, tuple(messages)))


def _body(event: dict[str, Any]) -> bytes:
    return orjson.dumps(event)[:-1]


def event_of(event: dict[str, Any]) -> Event:
    """The queue's form of an event as clients see it (without an id)."""
    return Event(_body(event), _flag_change(event))


def _flag_change(event: dict[str, Any]) -> FlagChange | None:
    """Events that may be merged: a change of flags, but `read` taken away (it carries details) or of all."""
    if event["type"] != "update_message_flags" or event["all"]:
        return None
    if (event["op"], event["flag"]) == ("remove", "read"):
        return None
    return FlagChange(event["op"], event["flag"], tuple(event["messages"]))
