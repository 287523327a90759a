"""What events become for clients that lack a capability, or have a newer one."""

from collections.abc import Callable
from typing import Any

from appliance.model.message import shown_topic

Event = dict[str, Any]
Change = Callable[[Event], list[Event]]  # what an event becomes: none, one or several

KINDS_OF_WILDCARD = ("stream_wildcard_mentioned", "topic_wildcard_mentioned")
SHORT_TEXT, PRONOUNS = 1, 8  # types of custom profile fields


def without(*names: str) -> Change:
    return lambda event: [{name: value for name, value in event.items() if name not in names}]


def naming(*keys: str) -> Change:
    """The empty topic has a name."""
    return lambda event: [_named(event, keys)]


def naming_in_details(event: Event) -> list[Event]:
    """So has it in the details of messages marked unread."""
    details = event.get("message_details")
    if details is None:
        return [event]
    return [{**event, "message_details": {key: _named(each, ("topic",)) for key, each in details.items()}}]


def naming_in_recipient(event: Event) -> list[Event]:
    """And in the place of a message that is being edited."""
    return [{**event, "recipient": _named(event["recipient"], ("topic",))}]


def _named(event: Event, keys: tuple[str, ...]) -> Event:
    return {**event, **{key: shown_topic(event[key], False) for key in keys if key in event}}


def with_one_wildcard(event: Event) -> list[Event]:
    """Of the flags of an edited message the two kinds of wildcards are left out, which have a third name
    together: zulip-flutter drops all that it knows when it meets them here."""
    return [{**event, "flags": [each for each in event["flags"] if each not in KINDS_OF_WILDCARD]}]


def one_by_one(event: Event) -> list[Event]:
    """An event for each message that was deleted."""
    [common] = without("message_ids")(event)
    return [{**common, "message_id": each} for each in event["message_ids"]]


def simplified_presence(event: Event) -> list[Event]:
    return [{"type": event["type"], "presences": event["presences"]}]


def pronouns_as_text(event: Event) -> list[Event]:
    fields = [{**each, "type": SHORT_TEXT} if each["type"] == PRONOUNS else each for each in event["fields"]]
    return [{**event, "fields": fields}]


def without_archived(op: str, key: str) -> Change:
    """Of what is new, the archived channels are left out, and the event if it was about nothing else."""

    def change(event: Event) -> list[Event]:
        if event["op"] != op:
            return [event]
        left = [each for each in event[key] if not each.get("is_archived")]
        return [{**event, key: left}] if left else []

    return change
