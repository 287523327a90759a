"""One processor for each kind of notice: it yields which queue gets which event.

An event that several queues get in the same form is serialised once. Called with the lock of `Queues` held.
"""

from collections.abc import Callable, Iterator
from typing import Any

import orjson

from appliance.events.queue import Event, EventQueue, event_of
from appliance.events.queues import Queues
from appliance.model.message import Shape, payload, shown_topic
from appliance.store.transaction import Notice

Delivery = tuple[EventQueue, Event]
Processor = Callable[[Notice, Queues], Iterator[Delivery]]


def deliveries(notice: Notice, queues: Queues) -> Iterator[Delivery]:
    """What `notice` puts into which queue, leaving out those whose snapshot has it already."""
    process = PROCESSORS.get(notice.event["type"], _generic)
    return ((queue, event) for queue, event in process(notice, queues) if queue.born < notice.id)


def _generic(notice: Notice, queues: Queues) -> Iterator[Delivery]:
    """The same event to every accepting queue of each person."""
    event = event_of(notice.event)
    for user_id in notice.users:
        for queue in queues.of_user(user_id):
            if queue.client.accepts(notice.event):
                yield queue, event


def _message(notice: Notice, queues: Queues) -> Iterator[Delivery]:
    """To all queues of the recipients, with each one's flags, and to those that hear public channels."""
    message = notice.event["message"]
    bodies: dict[Shape, bytes] = {}
    plain: dict[Shape, Event] = {}  # without flags or local id: nearly all
    for queue, flags in _message_queues(notice, queues):
        client = queue.client
        if not client.accepts_messages or (client.narrow and not client.narrow_predicate(message, flags)):
            continue
        shape = client.shape
        body = bodies.get(shape)
        if body is None:
            body = bodies[shape] = orjson.dumps(payload(message, shape))
            plain[shape] = _message_event(body, [], None)
        local_id = notice.event.get("local_id") if queue.id == notice.event.get("sender_queue_id") else None
        own = _message_event(body, flags, local_id) if flags or local_id is not None else plain[shape]
        yield queue, own


def _message_queues(notice: Notice, queues: Queues) -> Iterator[tuple[EventQueue, list[str]]]:
    flags = dict(map(_recipient, notice.users))
    if notice.event.get("public_channel"):
        for queue in queues.hearing_public_channels():
            if queue.user_id not in flags:
                yield queue, []
    for user_id, names in flags.items():
        for queue in queues.of_user(user_id):
            yield queue, names


def _recipient(user: Any) -> tuple[int, list[str]]:
    """A notice lists a recipient as an id, or with the flags that the message has for them."""
    return (user, []) if isinstance(user, int) else (user["id"], user["flags"])


def _message_event(body: bytes, flags: list[str], local_id: str | None) -> Event:
    local = b"" if local_id is None else b',"local_message_id":' + orjson.dumps(local_id)
    return Event(b'{"type":"message","message":%b,"flags":%b%b' % (body, orjson.dumps(flags), local))


def _presence(notice: Notice, queues: Queues) -> Iterator[Delivery]:
    """Clients that asked for slim presence get it without the address."""
    slim = {name: value for name, value in notice.event.items() if name != "email"}
    forms = {False: event_of(notice.event), True: event_of(slim)}
    for user_id in notice.users:
        for queue in queues.of_user(user_id):
            if queue.client.accepts(notice.event):
                yield queue, forms[queue.client.slim_presence]


def _flags(notice: Notice, queues: Queues) -> Iterator[Delivery]:
    """The details of messages marked unread name the empty topic for clients that need a name."""
    if "message_details" not in notice.event:
        yield from _generic(notice, queues)
        return
    forms = {capable: event_of(_with_topics(notice.event, capable)) for capable in (False, True)}
    for user_id in notice.users:
        for queue in queues.of_user(user_id):
            if queue.client.accepts(notice.event):
                yield queue, forms[queue.client.empty_topic_name]


def _with_topics(event: dict[str, Any], empty_topic_name: bool) -> dict[str, Any]:
    details = {
        message_id: {**detail, "topic": shown_topic(detail["topic"], empty_topic_name)}
        if "topic" in detail
        else detail
        for message_id, detail in event["message_details"].items()
    }
    return {**event, "message_details": details}


PROCESSORS: dict[str, Processor] = {
    "message": _message,
    "presence": _presence,
    "update_message_flags": _flags,
}
