"""New messages: who gets them, in which shape.

The hottest path of the server: a message in a large channel passes here once for each client in it.
"""

from collections.abc import Iterator
from typing import Any

import orjson

from appliance.events.descriptor import ClientDescriptor
from appliance.events.processors.variants import Delivery
from appliance.events.queue import Event, EventQueue
from appliance.events.queues import Queues
from appliance.model.message import Shape, payload
from appliance.store.transaction import Notice

Flags = list[str]


def process_message(notice: Notice, queues: Queues) -> Iterator[Delivery]:
    """To all queues of the recipients, with each one's flags, and to those that hear public channels."""
    telling = _Telling(notice.event)
    for queue, flags in _audience(notice, queues):
        if telling.is_for(queue.client, flags):
            yield queue, telling.event(queue, flags)


def _audience(notice: Notice, queues: Queues) -> Iterator[tuple[EventQueue, Flags]]:
    flags = dict(map(_recipient, notice.users))
    if notice.event.get("public_channel"):
        for queue in queues.hearing_public_channels():
            if queue.user_id not in flags:
                yield queue, []
    for user_id, own in flags.items():
        for queue in queues.of_user(user_id):
            yield queue, own


def _recipient(user: Any) -> tuple[int, Flags]:
    """A notice lists a recipient as an id, or with the flags that the message has for them."""
    return (user, []) if isinstance(user, int) else (user["id"], user["flags"])


class _Telling:
    """The events of one message: each form is made and serialised once."""

    def __init__(self, event: dict[str, Any]) -> None:
        self._message: dict[str, Any] = event["message"]
        self._is_private = self._message["type"] == "stream" and not event.get("public_channel")
        self._unknown_to = frozenset(event.get("user_ids_without_access_to_sender", ()))
        self._local_id = event.get("local_id")
        self._sender_queue_id = None if self._local_id is None else event.get("sender_queue_id")
        sent_by = self._message["client"].lower()
        self._sending_mirror = sent_by if "mirror" in sent_by else None
        self._bodies: dict[tuple[Shape, bool], bytes] = {}
        self._events: dict[tuple[Any, ...], Event] = {}  # by shape and flags: nearly all are without flags

    def is_for(self, client: ClientDescriptor, flags: Flags) -> bool:
        """What a mirror sent does not go back to it."""
        looping = self._sending_mirror and client.client_type_name.lower() == self._sending_mirror
        return not looping and client.accepts_message(self._message, flags)

    def event(self, queue: EventQueue, flags: Flags) -> Event:
        shape = queue.client.shape
        if queue.user_id in self._unknown_to:
            shape = shape._replace(sees_sender=False)
        to_mirror = self._is_private and queue.client.is_mirror
        if queue.id == self._sender_queue_id:
            return self._made(shape, to_mirror, flags, self._local_id)
        key = (shape, to_mirror, *flags)
        event = self._events.get(key)
        if event is None:
            event = self._events[key] = self._made(shape, to_mirror, flags)
        return event

    def _made(self, shape: Shape, to_mirror: bool, flags: Flags, local_id: str | None = None) -> Event:
        local = b"" if local_id is None else b',"local_message_id":' + orjson.dumps(local_id)
        body = self._body(shape, to_mirror)
        return Event(b'{"type":"message","message":%b,"flags":%b%b' % (body, orjson.dumps(flags), local))

    def _body(self, shape: Shape, to_mirror: bool) -> bytes:
        body = self._bodies.get((shape, to_mirror))
        if body is None:
            shown = payload(self._message, shape)
            if to_mirror:  # the other system must know who may read it
                shown["invite_only_stream"] = True
            body = self._bodies[shape, to_mirror] = orjson.dumps(shown)
        return body
