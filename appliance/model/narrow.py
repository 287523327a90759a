"""Narrows: which messages a client wants to see.

On the wire a narrow is a list of `[operator, operand]` pairs or `{operator, operand, negated}` objects.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from appliance.base.errors import ApiError, BadNarrow
from appliance.model.message import EMPTY_TOPIC_ALIASES
from appliance.model.search import Search
from appliance.model.search import parse as parse_search

MOST_TERMS = 100  # each is a condition of the query

# Operators that older clients still send.
ALIASES = {"stream": "channel", "pm-with": "dm", "streams": "channels"}
CONVERSATION = frozenset({"channel", "topic", "dm"})  # what `with` takes the place of
OF_DIRECT = frozenset({"dm", "dm-including", "group-pm-with"})
# Operands of `is` about what a message is to those who got it: others' messages are in no such narrow, nor in
# its opposite.
OF_RECIPIENTS = frozenset({"starred", "unread", "mentioned", "alerted"})


@dataclass(frozen=True, slots=True)
class Term:
    operator: str
    operand: Any
    negated: bool = False


def parse(narrow: Any) -> list[Term]:
    """Terms of a narrow as sent. Raises ApiError."""
    if not isinstance(narrow, list):
        raise ApiError("narrow is not a list")
    if len(narrow) > MOST_TERMS:
        raise BadNarrow(f"more than {MOST_TERMS} terms")
    return [_term(element) for element in narrow]


def _term(element: Any) -> Term:
    match element:
        case [str(operator), operand]:
            return Term(_canonical(operator), operand)
        case {"operator": str(operator), "operand": operand}:
            return _checked(Term(_canonical(operator), operand, bool(element.get("negated", False))))
        case {"operator": _}:
            raise BadNarrow("operand is missing")
        case {}:
            raise BadNarrow("operator is missing")
        case _:
            raise BadNarrow("element is not a string pair")


def _checked(term: Term) -> Term:
    if term.negated and term.operator == "with":
        raise BadNarrow("'with' cannot be negated")
    return term


def _canonical(operator: str) -> str:
    return ALIASES.get(operator, operator)


def identifies_conversation(narrow: list[Term]) -> bool:
    named = {term.operator for term in narrow if not term.negated}
    return "dm" in named or {"channel", "topic"} <= named


def search_of(narrow: list[Term]) -> Search | None:
    """What is searched for, to be shown where it was found; None: nothing is."""
    asked = [term.operand for term in narrow if term.operator == "search" and not term.negated]
    if not asked:
        return None
    found = [parse_search(each) for each in asked if isinstance(each, str)]
    return Search(tuple(phrase for each in found if each is not None for phrase in each.phrases))


def topic_operand(operand: Any) -> str:
    """The topic as stored: the names of the empty topic mean ""."""
    if not isinstance(operand, str):
        raise BadNarrow("topic operand is not a string")
    return "" if operand in EMPTY_TOPIC_ALIASES else operand


# -- narrows of event queues: over a message event rather than over the file

Predicate = Callable[[dict[str, Any], list[str]], bool]  # (wide message, flags)

_IS: dict[str, Predicate] = {
    "dm": lambda message, flags: message["type"] == "private",
    "private": lambda message, flags: message["type"] == "private",
    "starred": lambda message, flags: "starred" in flags,
    "unread": lambda message, flags: "read" not in flags,
    "alerted": lambda message, flags: "mentioned" in flags,
    "mentioned": lambda message, flags: "mentioned" in flags,
    "resolved": lambda message, flags: message["type"] == "stream" and message["subject"].startswith("✔ "),
}


def _in_channel(operand: str) -> Predicate:
    return lambda message, flags: message["type"] == "stream" and _same(message["display_recipient"], operand)


def _in_topic(operand: str) -> Predicate:
    topic = topic_operand(operand)
    return lambda message, flags: message["type"] == "stream" and _same(message["subject"], topic)


def _from_sender(operand: str) -> Predicate:
    return lambda message, flags: _same(message["sender_email"], operand)


def _is(operand: str) -> Predicate:
    if operand == "followed":
        raise ApiError("Operand followed not supported.")
    return _IS.get(operand, lambda message, flags: True)


_EVENT_OPERATORS: dict[str, Callable[[str], Predicate]] = {
    "channel": _in_channel,
    "topic": _in_topic,
    "sender": _from_sender,
    "is": _is,
}


def event_predicate(narrow: list[list[str]]) -> Predicate:
    """True for the messages that a queue with this narrow wants. Raises ApiError for other operators."""
    tests = []
    for operator, operand in narrow:
        make = _EVENT_OPERATORS.get(_canonical(operator))
        if make is None:
            raise ApiError(f"Operator {operator} not supported.")
        tests.append(make(operand))
    return lambda message, flags: all(test(message, flags) for test in tests)


def _same(one: str, other: str) -> bool:
    return one.lower() == other.lower()
