"""Events that differ by what the client is capable of, and by the keys that they have for each person."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from appliance.events.descriptor import ClientDescriptor
from appliance.events.processors.forms import Change
from appliance.events.queue import Event, EventQueue, event_of
from appliance.events.queues import Queues
from appliance.store.transaction import Notice

Delivery = tuple[EventQueue, Event]

# Keys of a notice's event that are for fan-out or the notification decision, as are all `..._user_ids`.
INTERNAL = frozenset(
    {
        "deactivated",  # user_group/update: the group is
        "disable_external_notifications",
        "for_capability",
        "inaccessible_user",  # realm_user/add: the person is a placeholder for a guest who may not know them
        "mentioned_user_group_id",
        "queue_ids",
    }
)


@dataclass(frozen=True, slots=True)
class Form:
    """What an event becomes for clients with this value of an attribute (of ClientDescriptor; None: for
    all)."""

    attribute: str | None
    value: bool
    change: Change

    def applies_to(self, client: ClientDescriptor) -> bool:
        return self.attribute is None or getattr(client, self.attribute) is self.value


class Variants:
    """The processor of events that are changed by those of `forms` that apply to a client, in their order.

    A notice may be for some of the queues only (`queue_ids`). It lists a person as an id, or as an object
    with the id and the keys that the event has for them.
    """

    def __init__(self, *forms: Form) -> None:
        self._forms = forms

    def __call__(self, notice: Notice, queues: Queues) -> Iterator[Delivery]:
        made: dict[tuple[object, ...], list[Event]] = {}
        for queue, own in _audience(notice, queues):
            if queue.client.accepts(notice.event):
                key = (orjson.dumps(own), *[form.applies_to(queue.client) for form in self._forms])
                if key not in made:
                    made[key] = self._made({**notice.event, **own}, queue.client)
                for event in made[key]:
                    yield queue, event

    def _made(self, event: dict[str, Any], client: ClientDescriptor) -> list[Event]:
        events = [_public(event)]
        for form in self._forms:
            if form.applies_to(client):
                events = [changed for each in events for changed in form.change(each)]
        return [event_of(each) for each in events]


def _audience(notice: Notice, queues: Queues) -> Iterator[tuple[EventQueue, dict[str, Any]]]:
    """Queues of the people that the notice names, with the keys that the event has for each."""
    chosen = frozenset(notice.event.get("queue_ids", ()))
    for person in notice.users:
        user_id, own = (person, {}) if isinstance(person, int) else _own_keys(person)
        for queue in queues.of_user(user_id):
            if queue.id in chosen or "queue_ids" not in notice.event:
                yield queue, own


def _own_keys(person: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    return person["id"], {name: value for name, value in person.items() if name != "id"}


def _public(event: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in event.items()
        if name not in INTERNAL and not name.endswith("_user_ids")
    }
