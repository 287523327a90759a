"""Messages: their limits, and the objects that clients see."""

from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from appliance.base.errors import ApiError
from appliance.model.edit import Edit, Visibility, last_moved, visible
from appliance.model.markdown import is_me_message
from appliance.model.reaction import Reaction
from appliance.model.submessage import Submessage
from appliance.model.topic_link import TopicLink
from appliance.model.user import avatar_url

MAX_CONTENT, MAX_TOPIC = 10_000, 60
TRUNCATED = "\n[message truncated]"
EMPTY_TOPIC_NAME = "general chat"  # what clients without the capability empty_topic_name see for ""
EMPTY_TOPIC_ALIASES = frozenset({"", "(no topic)", EMPTY_TOPIC_NAME})
UNKNOWN_NAME, UNKNOWN_DOMAIN, UNKNOWN_AVATAR = "Unknown user", "users.invalid", "/static/icon.png"
GRAVATAR, OURS = "G", "U"  # where a picture comes from: gravatar.com, by a public address, or this server
WIDE_ONLY = frozenset({"rendered_content", "avatar_source"})


@dataclass(frozen=True, slots=True)
class Person:
    """Who takes part in a direct conversation, as `display_recipient` lists them."""

    id: int
    email: str
    full_name: str

    def public(self) -> dict[str, Any]:
        return {"id": self.id, "email": self.email, "full_name": self.full_name, "is_mirror_dummy": False}


class Holds(NamedTuple):
    """What a message has in it, for narrows with "has"."""

    attachment: bool = False
    image: bool = False
    link: bool = False


NOTHING = Holds()


@dataclass(frozen=True, slots=True)
class Message:
    """A stored message with its sender and where it went: `channel_*` or `people`."""

    id: int
    sender: Person
    recipient_id: int
    topic: str
    content: str
    rendered_content: str
    time: int
    client: str
    channel_id: int | None = None
    channel_name: str | None = None
    people: tuple[Person, ...] = field(default=())
    last_edit_time: int | None = None
    edits: tuple[Edit, ...] = field(default=())  # newest first
    reactions: tuple[Reaction, ...] = ()
    submessages: tuple[Submessage, ...] = ()
    topic_links: tuple[TopicLink, ...] = ()

    @property
    def is_direct(self) -> bool:
        return self.channel_id is None


def wide(message: Message) -> dict[str, Any]:
    """All that any client may see of a message; `payload` makes of it what one client sees."""
    common = {
        "id": message.id,
        "sender_id": message.sender.id,
        "sender_email": message.sender.email,
        "sender_full_name": message.sender.full_name,
        "sender_realm_str": "",
        "recipient_id": message.recipient_id,
        "subject": message.topic,
        "content": message.content,
        "rendered_content": message.rendered_content,
        "timestamp": message.time,
        "client": message.client,
        "is_me_message": is_me_message(message.content),
        "reactions": [each.public() for each in message.reactions],
        "submessages": [each.public() for each in message.submessages],
        "topic_links": [each._asdict() for each in message.topic_links],
        "avatar_url": avatar_url(message.sender.id),
        "avatar_source": OURS,
        **_changes(message),
    }
    if message.is_direct:
        return {**common, "type": "private", "display_recipient": [each.public() for each in message.people]}
    return {
        **common,
        "type": "stream",
        "stream_id": message.channel_id,
        "display_recipient": message.channel_name,
    }


def _changes(message: Message) -> dict[str, Any]:
    """What there is to say of one that was edited or moved."""
    told = {
        "last_edit_timestamp": message.last_edit_time,
        "last_moved_timestamp": last_moved(message.edits),
        "edit_history": list(message.edits) or None,
    }
    return {name: value for name, value in told.items() if value is not None}


class Shape(NamedTuple):
    """How one person's client wants messages. Each combination is made and serialised once
    (events/processors/message.py)."""

    apply_markdown: bool
    empty_topic_name: bool
    client_gravatar: bool = False  # it finds the gravatar of an address by itself
    sees_sender: bool = True
    edits: int = Visibility.ALL  # how much of the edit history the organization shows


def payload(message: dict[str, Any], shape: Shape) -> dict[str, Any]:
    """What a client with `shape` sees of a `wide` message."""
    shown = {name: value for name, value in message.items() if name not in WIDE_ONLY}
    if shape.apply_markdown:
        shown |= {"content": message["rendered_content"], "content_type": "text/html"}
    else:
        shown["content_type"] = "text/x-markdown"
    if message["type"] == "stream":
        shown["subject"] = shown_topic(message["subject"], shape.empty_topic_name)
    if "edit_history" in shown:
        shown |= _history(shown.pop("edit_history"), shape)
    if not shape.sees_sender:
        shown |= _nobody(message["sender_id"])
    elif shape.client_gravatar and message["avatar_source"] == GRAVATAR:
        shown["avatar_url"] = None
    return shown


def _history(edits: list[Edit], shape: Shape) -> dict[str, Any]:
    """Clients know no empty one."""
    shown = [with_named_topics(each, shape.empty_topic_name) for each in visible(edits, shape.edits)]
    return {"edit_history": shown} if shown else {}


def with_named_topics(edit: Edit, empty_topic_name: bool) -> Edit:
    topics: Edit = {
        key: shown_topic(edit[key], empty_topic_name) for key in ("prev_topic", "topic") if key in edit
    }
    return {**edit, **topics}


def by_nobody(message: Message) -> Message:
    """As a guest is told of it who may not know the sender."""
    sender_id = message.sender.id
    return replace(message, sender=Person(sender_id, f"user{sender_id}@{UNKNOWN_DOMAIN}", UNKNOWN_NAME))


def _nobody(sender_id: int) -> dict[str, Any]:
    """The sender, for a guest who may not know who that is."""
    return {
        "sender_full_name": UNKNOWN_NAME,
        "sender_email": f"user{sender_id}@{UNKNOWN_DOMAIN}",
        "avatar_url": UNKNOWN_AVATAR,
    }


def shown_topic(topic: str, empty_topic_name: bool) -> str:
    return topic if topic or empty_topic_name else EMPTY_TOPIC_NAME


def check_content(content: str) -> str:
    """What is stored of what was typed: trimmed, cut at the limit. Raises ApiError with Zulip's texts."""
    content = content.rstrip().lstrip("\n")
    if not content:
        raise ApiError("Message must not be empty")
    if "\0" in content:
        raise ApiError("Message must not contain null bytes")
    if len(content) > MAX_CONTENT:
        content = content[: MAX_CONTENT - len(TRUNCATED)] + TRUNCATED
    return content


def check_topic(topic: str) -> str:
    """The topic as stored; the names of the empty topic become "". Raises ApiError with Zulip's texts."""
    topic = topic.strip()
    for position, character in enumerate(topic, 1):
        if not character.isprintable():
            raise ApiError(f"Invalid character in topic, at position {position}!")
    if len(topic) > MAX_TOPIC:
        topic = topic[: MAX_TOPIC - 3] + "..."
    return "" if topic in EMPTY_TOPIC_ALIASES else topic
