"""docs/events.md, made of the descriptions."""

import re
from collections.abc import Iterator

from appliance.model.events import SECTIONS
from appliance.model.events.kind import Kind
from appliance.model.events.types import Either, Field, Fields, ListOf, MapOf, Object, OneOf, Type

INTRODUCTION = """\
# Events

What `GET /events` delivers: for each kind when it comes, to whom, and with which fields. This page is
made of the descriptions in `appliance/model/events/`, which the tests hold every event against (change
those, then `python -m appliance.model.events > docs/events.md`).

**Every event** has a `type`, most have an `op`, and all have an `id`. Ids rise within a queue; some are
left out. Send the last one you have dealt with as `last_event_id`: the events up to it are forgotten,
all others come with the next answer (again, if they came before), so that a client that breaks off
misses nothing. The first `last_event_id` is the one that `POST /register` answers.

**Heartbeats** come when nothing else did for 45 to 55 seconds. Acknowledge them like all others. An
answer may take that long: wait for 90 seconds.

**Changes of flags** that wait for their client become one event, with all their messages and the newest
id. Marking as unread is never merged, as it says more of each message.

**Restarts** of the server, planned or not, leave the queues as they are. Poll again when a connection
breaks; a `restart` event tells that it was one.

**`BAD_EVENT_QUEUE_ID`** says that the queue is gone: nobody polled for as long as `idle_queue_timeout`
allowed (10 minutes if it was not given), too much waited in it, or its owner has too many. Register
again and load everything anew.

**Pass over** kinds and fields that you don't know: they may come with any version. Those marked *not
yet* don't come from this one. Channels are "streams" on the wire, and topics in some places "subjects".
"""


def document() -> str:
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield INTRODUCTION
    for title, kinds, named in SECTIONS:
        yield f"## {title}\n"
        for kind in kinds:
            yield from _kind(kind)
        for each in named:
            yield from _named(each)


def _kind(kind: Kind) -> Iterator[str]:
    yield f"### `{kind.name}`\n"
    yield _sentence(kind.when) + ("" if kind.served else " (*Not yet.*)") + "\n"
    clients = f"; clients {kind.clients}" if kind.clients else ""
    yield f"To: {kind.who}{clients}.\n"
    for number, form in enumerate(kind.forms):
        if len(kind.forms) > 1:
            yield f"Clients {form.clients}:\n" if form.clients else "Either:\n" if number == 0 else "Or:\n"
        yield from _table(form.fields)


def _named(named: Object | OneOf) -> Iterator[str]:
    yield f"#### {named.words[0].upper()}{named.words[1:]}\n"
    if isinstance(named, Object):
        yield from _table(named.fields)
    else:
        yield ", ".join(f"`{value}`" for value in named.values) + "\n"


def _table(fields: Fields) -> Iterator[str]:
    rows = [row for name, field in Object(fields).fields.items() for row in _rows(name, field)]
    if rows:
        yield "| field | type | |\n|---|---|---|"
        yield from rows
        yield ""


def _rows(path: str, field: Field) -> Iterator[str]:
    """One for the field, and one for each field of an object in it that has no name of its own."""
    told = "; ".join(filter(None, [f"only if {field.when}" if field.when else "", field.note]))
    yield f"| `{path}` | {_linked(field.type.words)} | {told} |"
    suffix, objects = _objects(field.type)
    for name, inner in _merged(objects).items():
        yield from _rows(f"{path}{suffix}.{name}", inner)


def _objects(type: Type) -> tuple[str, list[Object]]:
    """The nameless objects that a value of `type` is or holds, and how a path goes on to them."""
    match type:
        case Object(name=""):
            return "", [type]
        case ListOf(item):
            suffix, objects = _objects(item)
            return f"[]{suffix}", objects
        case MapOf(value, by_id):
            suffix, objects = _objects(value)
            return f"[{'id' if by_id else 'name'}]{suffix}", objects
        case Either(types=types):
            return "", [each for inner in types for each in _objects(inner)[1]]
    return "", []


def _merged(objects: list[Object]) -> dict[str, Field]:
    """The fields of alternatives, in one list."""
    found: dict[str, Field] = {}
    for each in objects:
        for name, field in each.fields.items():
            known = found.get(name)
            found[name] = Field(Either(known.type, field.type), known.note, known.when) if known else field
    everywhere = {name for name in found if all(name in each.fields for each in objects)}
    return {
        name: field if name in everywhere or field.when else Field(field.type, field.note, "it is about that")
        for name, field in found.items()
    }


_ANCHORS = {
    words: f"#{each.words.replace(' ', '-')}"
    for _, _, named in SECTIONS
    for each in named
    for words in (each.words, each.plural)
}
_NAMES = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in sorted(_ANCHORS, key=len, reverse=True)))


def _linked(words: str) -> str:
    return _NAMES.sub(lambda found: f"[{found[0]}]({_ANCHORS[found[0]]})", words)


def _sentence(phrase: str) -> str:
    return f"{phrase[0].upper()}{phrase[1:]}."
