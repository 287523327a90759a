"""The contract of events: one description for each kind of event that a queue can carry.

    check({"type": "heartbeat", "id": "7"}) -> ["id: text instead of a whole number"]

Fields are those of Zulip's API at our feature level. Tests hold every event that any of them sees against
this, and docs/events.md is made of it (`python -m appliance.model.events`). The server never imports it.
"""

from typing import Any

from appliance.model.events import channels, groups, messages, organization, people, personal, server
from appliance.model.events.kind import Kind
from appliance.model.events.types import Object, OneOf

__all__ = ["KINDS", "SECTIONS", "check", "find"]

# In the order of the document: a title, the kinds, and the objects and words that these have in common.
SECTIONS: tuple[tuple[str, tuple[Kind, ...], tuple[Object | OneOf, ...]], ...] = (
    ("Messages", messages.KINDS, messages.NAMED),
    ("Channels", channels.KINDS, channels.NAMED),
    ("People", people.KINDS, people.NAMED),
    ("Groups", groups.KINDS, groups.NAMED),
    ("The organization", organization.KINDS, organization.NAMED),
    ("One's own", personal.KINDS, personal.NAMED),
    ("The server", server.KINDS, server.NAMED),
)
KINDS = {kind.name: kind for _, kinds, _ in SECTIONS for kind in kinds}
_TYPES = {kind.type for kind in KINDS.values()}


def check(event: dict[str, Any]) -> list[str]:
    """The mistakes of an event as a client gets it; empty if it is as described."""
    kind = find(event)
    if kind is not None:
        return list(kind.mistakes(event))
    if event.get("type") in _TYPES:
        return [f"op: {event.get('op')!r} is unknown of {event['type']}"]
    return [f"type: {event.get('type')!r} is unknown"]


def find(event: dict[str, Any]) -> Kind | None:
    return KINDS.get(event.get("type", "")) or KINDS.get(f"{event.get('type')}/{event.get('op')}")
