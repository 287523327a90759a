"""Parameters of requests that shape an event queue: how the text of one becomes part of a descriptor.

As in model/parameter.py. Queues live long, so what a client may have kept of what it sends is bounded.
"""

from collections.abc import Sized
from typing import Annotated

from appliance.base.errors import ApiError
from appliance.events.descriptor import CAPABILITIES, queue_timeout
from appliance.model.narrow import event_predicate
from appliance.model.parameter import Alias, json_list, json_object, natural, optional, strings, word

MOST_TYPES, LONGEST_TYPE = 200, 60  # event types that a queue may name (there are about 50), and characters
MOST_TERMS, LONGEST_TERM = 20, 400  # terms of a queue's narrow, and characters of an operator or operand


def event_types(name: str, given: str) -> tuple[str, ...]:
    """Unknown ones are those of other versions."""
    types = strings(name, given)
    _check_size(name, types, MOST_TYPES, "items")
    for position, each in enumerate(types):
        _check_size(f"{name}[{position}]", each, LONGEST_TYPE, "characters")
    return tuple(dict.fromkeys(types))


def narrow(name: str, given: str) -> tuple[tuple[str, str], ...]:
    """Raises ApiError also for what an event queue cannot be narrowed to."""
    terms = json_list(name, given)
    _check_size(name, terms, MOST_TERMS, "items")
    for position, term in enumerate(terms):
        if not isinstance(term, list) or len(term) != 2 or not all(isinstance(each, str) for each in term):
            raise ApiError(f"{name}[{position}] is not a string pair")
        for part, each in enumerate(term):
            _check_size(f"{name}[{position}][{part}]", each, LONGEST_TERM, "characters")
    event_predicate(terms)
    return tuple((operator, operand) for operator, operand in terms)


def capabilities(name: str, given: str) -> dict[str, bool]:
    """Unknown ones are those of newer clients: left out. The oldest one must be there, as in Zulip."""
    said = json_object(name, given)
    if "notification_settings_null" not in said:
        raise ApiError(f'{name}["notification_settings_null"] field is missing')
    known = {each: value for each, value in said.items() if each in CAPABILITIES}
    for each, value in known.items():
        if not isinstance(value, bool):
            raise ApiError(f'{name}["{each}"] is not a boolean')
    return known


def lifespan(name: str, given: str) -> int:
    """Seconds, of what was asked for in seconds or with the word mobile."""
    return queue_timeout("mobile" if word(name, given) == "mobile" else natural(name, given))


def _check_size(name: str, given: Sized, limit: int, unit: str) -> None:
    if len(given) > limit:
        raise ApiError(f"{name} is too long (limit: {limit} {unit})")


EventTypes = Annotated[tuple[str, ...] | None, optional(event_types)]
QueueNarrow = Annotated[tuple[tuple[str, str], ...], narrow]
Capabilities = Annotated[dict[str, bool], capabilities]
Lifespan = Annotated[int, lifespan, Alias("idle_queue_timeout")]
