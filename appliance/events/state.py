"""The saved form of an event queue, and how older forms become the present one.

A state is JSON. `applied` is the last notice that is in it: later ones are applied to it again after a crash.
`last_connection_time` counts only after a graceful stop; a crash may have cut off a poll that waited.
"""

from collections.abc import Callable
from typing import Any

import orjson

from appliance.events.queue import Event, EventQueue, FlagChange

FORM = 2

Bodies = dict[bytes, Event]  # events already met: queues that were saved with the same one share it again


def state(queue: EventQueue, applied: int) -> bytes:
    """Lock of `Queues` held."""
    return orjson.dumps(
        {
            "form": FORM,
            "applied": applied,
            "last_connection_time": queue.last_connection_time,
            "next_id": queue.next_id,
            "last_id": queue.last_id,
            "last_time": queue.last_time,
            "newest_pruned_id": queue.newest_pruned_id,
            "events": [
                [number, event.body.decode(), queue.if_missed.get(number, [])]
                for number, event in queue.entries
            ],
            "virtual": [
                [number, op, flag, list(messages)]
                for (op, flag), changes in queue.virtual.items()
                for number, messages in changes
            ],
        }
    )


def restore(queue: EventQueue, saved: bytes, bodies: Bodies) -> None:
    """Fill the new `queue` with what was saved. Raises ValueError and KeyError for what is no state."""
    found = _upgraded(orjson.loads(saved))
    queue.forgiving = True
    queue.born = max(queue.born, found["applied"])
    queue.next_id, queue.newest_pruned_id = found["next_id"], found["newest_pruned_id"]
    queue.last_id, queue.last_time = found["last_id"], found["last_time"]
    queue.last_connection_time = found["last_connection_time"]
    for number, body, if_missed in found["events"]:
        raw = body.encode()
        queue.append(number, bodies.setdefault(raw, Event(raw)))
        if if_missed:
            queue.if_missed[number] = [(name, event) for name, event in if_missed]
    for number, op, flag, messages in found["virtual"]:
        queue.merge(number, FlagChange(op, flag, tuple(messages)))


def _upgraded(found: dict[str, Any]) -> dict[str, Any]:
    for form in range(found.get("form", 1), FORM):
        found = UPGRADES[form](found)
    if found.get("form", FORM) != FORM:
        raise ValueError(f"form {found['form']} is of a newer version")
    return found


def _from_1(found: dict[str, Any]) -> dict[str, Any]:
    """The first form knew no missed messages, and all states were as of the same notice."""
    events = [[number, body, []] for number, body in found["events"]]
    return {"applied": 0, "last_connection_time": 0.0, **found, "events": events}


UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: _from_1}
