"""What a client wants of its event queue, as it said when it registered."""

from dataclasses import asdict, dataclass, fields
from functools import cached_property
from typing import Any

from appliance.model.message import Shape
from appliance.model.narrow import Predicate, event_predicate

DEFAULT_QUEUE_TIMEOUT = 600  # seconds without a poll after which a queue is dropped
MAX_QUEUE_TIMEOUT = 7 * 24 * 3600
MOBILE_QUEUE_TIMEOUT = 12 * 3600

LEGACY_SETTINGS = frozenset({"update_display_settings", "update_global_notifications"})


@dataclass(frozen=True)
class ClientDescriptor:
    """The parameters of POST /register that shape a queue, and the client's capabilities among them."""

    client_type_name: str = ""
    event_types: tuple[str, ...] | None = None
    narrow: tuple[tuple[str, str], ...] = ()
    all_public_streams: bool = False
    is_guest: bool = False  # its owner sees no public channel but their own
    apply_markdown: bool = False
    client_gravatar: bool = True
    slim_presence: bool = False
    queue_timeout: int = DEFAULT_QUEUE_TIMEOUT
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

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, saved: dict[str, Any]) -> "ClientDescriptor":
        """Leaves out names that this version does not know; missing ones have their default."""
        known = {field.name for field in fields(cls)}
        kept = {name: value for name, value in saved.items() if name in known}
        if kept.get("event_types") is not None:
            kept["event_types"] = tuple(kept["event_types"])
        kept["narrow"] = tuple((operator, operand) for operator, operand in kept.get("narrow", ()))
        return cls(**kept)

    @cached_property
    def shape(self) -> Shape:
        return Shape(self.apply_markdown, self.empty_topic_name)

    @cached_property
    def narrow_predicate(self) -> Predicate:
        return event_predicate([list(term) for term in self.narrow])

    @property
    def hears_public_channels(self) -> bool:
        """Is it offered messages of public channels that its owner is not subscribed to?"""
        return not self.is_guest and (self.all_public_streams or bool(self.narrow))

    @property
    def accepts_messages(self) -> bool:
        return self.event_types is None or "message" in self.event_types

    def accepts(self, event: dict[str, Any]) -> bool:
        """Whether an event (not a message's narrow) is for this client: by type, then by capability."""
        kind = event["type"]
        if self.event_types is not None and kind not in self.event_types:
            return False
        if kind == "muted_topics" and self.event_types is not None and "user_topic" in self.event_types:
            return False
        if kind == "typing" and "stream_id" in event:
            return self.stream_typing_notifications
        return not (kind in LEGACY_SETTINGS and self.user_settings_object)


def queue_timeout(asked: int | str) -> int:
    """Seconds that a queue outlives its last poll; 0 asks for the default, "mobile" for 12 hours."""
    if isinstance(asked, str):
        return MOBILE_QUEUE_TIMEOUT
    return min(asked or DEFAULT_QUEUE_TIMEOUT, MAX_QUEUE_TIMEOUT)
