"""What a client wants of its event queue, as it said when it registered."""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any
from weakref import WeakValueDictionary

import orjson

from appliance.model.message import Shape
from appliance.model.narrow import Predicate, event_predicate

DEFAULT_QUEUE_TIMEOUT = 600  # seconds without a poll after which a queue is dropped
MAX_QUEUE_TIMEOUT = 7 * 24 * 3600
MOBILE_QUEUE_TIMEOUT = 12 * 3600

CAPABILITIES = frozenset(  # what a client may say of itself in `client_capabilities`
    {
        "archived_channels",
        "bulk_message_deletion",
        "empty_topic_name",
        "include_deactivated_groups",
        "linkifier_url_template",
        "notification_settings_null",
        "simplified_presence_events",
        "stream_typing_notifications",
        "user_avatar_url_field_optional",
        "user_list_incomplete",
        "user_settings_object",
    }
)

# The mobile app did not know custom profile fields of the type "pronouns" before this version.
MOBILE_APP = re.compile(r"ZulipMobile/([0-9]{1,9})(?:\.([0-9]{1,9}))?")
PRONOUNS_SINCE = (27, 192)

RENAMED = {"client_type": "client_type_name"}  # of saved descriptors: what it was called, what it is

Event = dict[str, Any]
Condition = tuple[str, bool]  # an attribute of the descriptor, and the value that it must have


@dataclass(frozen=True)
class ClientDescriptor:
    """The parameters of POST /register that shape a queue, and the client's capabilities among them.

    The defaults are those of a saved descriptor that lacks the name.
    """

    client_type_name: str = ""
    event_types: tuple[str, ...] | None = None
    narrow: tuple[tuple[str, str], ...] = ()
    all_public_streams: bool = False
    is_guest: bool = False  # its owner sees no public channel but their own
    apply_markdown: bool = False
    client_gravatar: bool = False
    slim_presence: bool = False
    queue_timeout: int = DEFAULT_QUEUE_TIMEOUT
    pronouns_field_type_supported: bool = True
    notification_settings_null: bool = False
    bulk_message_deletion: bool = False
    user_avatar_url_field_optional: bool = False
    stream_typing_notifications: bool = False
    user_settings_object: bool = False
    linkifier_url_template: bool = False
    user_list_incomplete: bool = False
    include_deactivated_groups: bool = False
    archived_channels: bool = False
    empty_topic_name: bool = False
    simplified_presence_events: bool = False

    def to_json(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def from_json(cls, saved: dict[str, Any]) -> "ClientDescriptor":
        """Leaves out names that this version does not know; missing ones have their default."""
        renamed = {RENAMED.get(name, name): value for name, value in saved.items()}
        known = {field.name for field in fields(cls)}
        kept = {name: value for name, value in renamed.items() if name in known}
        if kept.get("event_types") is not None:
            kept["event_types"] = tuple(kept["event_types"])
        kept["narrow"] = tuple((operator, operand) for operator, operand in kept.get("narrow", ()))
        return shared(cls(**kept))

    @cached_property
    def shape(self) -> Shape:
        return Shape(self.apply_markdown, self.empty_topic_name, self.client_gravatar)

    @cached_property
    def narrow_predicate(self) -> Predicate:
        return event_predicate([list(term) for term in self.narrow])

    @property
    def hears_public_channels(self) -> bool:
        """Is it offered messages of public channels that its owner is not subscribed to?"""
        return not self.is_guest and (self.all_public_streams or bool(self.narrow))

    @cached_property
    def accepts_messages(self) -> bool:
        return self.wants("message")

    @cached_property
    def is_mirror(self) -> bool:
        """Does it copy messages from and to another system?"""
        return "mirror" in self.client_type_name.lower()

    def wants(self, kind: str) -> bool:
        """By its `event_types`. Who asks for the modern form of muted topics is spared the older one."""
        if self.event_types is None:
            return True
        return kind in self.event_types and not (kind == "muted_topics" and "user_topic" in self.event_types)

    def accepts(self, event: Event) -> bool:
        """Whether the event of a notice is for this client. (Of messages, see also `accepts_message`.)"""
        return self.wants(event["type"]) and all(
            getattr(self, attribute) is value for attribute, value in conditions(event)
        )

    def accepts_message(self, message: dict[str, Any], flags: list[str]) -> bool:
        """`message`: the wide form; `flags`: what it is to the queue's owner."""
        return self.accepts_messages and (not self.narrow or self.narrow_predicate(message, flags))


# Events that are only for some clients: of which type, which of them, for whom.
CONDITIONS: dict[str, tuple[tuple[Callable[[Event], Any], Condition], ...]] = {
    "typing": ((lambda event: "stream_id" in event, ("stream_typing_notifications", True)),),
    "update_display_settings": ((lambda event: True, ("user_settings_object", False)),),
    "update_global_notifications": ((lambda event: True, ("user_settings_object", False)),),
    "user_group": (
        (lambda event: event["op"] == "remove", ("include_deactivated_groups", False)),
        (lambda event: "deactivated" in event.get("data", ()), ("include_deactivated_groups", True)),
        (lambda event: event.get("deactivated"), ("include_deactivated_groups", True)),
    ),
    "realm_user": ((lambda event: event.get("inaccessible_user"), ("user_list_incomplete", False)),),
}


_KINDS: WeakValueDictionary[bytes, ClientDescriptor] = WeakValueDictionary()


def shared(client: ClientDescriptor) -> ClientDescriptor:
    """The same object for all that are equal: ten thousand clients are of a few kinds."""
    return _KINDS.setdefault(orjson.dumps(client.to_json()), client)


def conditions(event: Event) -> list[Condition]:
    """What a client must be for this event; a notice may name one condition itself (`for_capability`)."""
    found = [condition for applies, condition in CONDITIONS.get(event["type"], ()) if applies(event)]
    if "for_capability" in event:
        name, value = event["for_capability"]
        found.append((name, value))
    return found


def queue_timeout(asked: int | str) -> int:
    """Seconds that a queue outlives its last poll; 0 asks for the default, "mobile" for 12 hours."""
    if isinstance(asked, str):
        return MOBILE_QUEUE_TIMEOUT
    return min(asked or DEFAULT_QUEUE_TIMEOUT, MAX_QUEUE_TIMEOUT)


def supports_pronouns(user_agent: str) -> bool:
    found = MOBILE_APP.match(user_agent)
    return found is None or (int(found[1]), int(found[2] or 0)) >= PRONOUNS_SINCE
