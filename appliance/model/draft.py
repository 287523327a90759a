"""Messages that somebody has begun to write."""

from typing import Any, NamedTuple

from appliance.base.errors import ApiError
from appliance.model import message
from appliance.model.parameter import LONGEST_INTEGER

MOST, MOST_PEOPLE = 1000, 500  # drafts of one person; recipients of one draft
LATEST = 2**53  # epoch seconds; what JSON can say exactly
CHANNEL, PEOPLE = "stream", "private"
_TYPES = ("", CHANNEL, PEOPLE)


class Draft(NamedTuple):
    """`to`: a channel's id, or people's; `edited`: epoch seconds, None: now."""

    type: str
    to: tuple[int, ...]
    topic: str
    content: str
    edited: int | None

    def public(self, draft_id: int) -> dict[str, Any]:
        return {
            "id": draft_id,
            "type": self.type,
            "to": list(self.to),
            "topic": self.topic,
            "content": self.content,
            "timestamp": self.edited,
        }


def parse(name: str, given: object) -> Draft:
    """`given`: decoded JSON; `name`: what the request calls it. Raises ApiError with Zulip's texts."""
    if not isinstance(given, dict):
        raise ApiError(f"{name} is not a dict")
    for key in ("type", "to", "topic", "content"):
        if key not in given:
            raise ApiError(f"{key} key is missing from {name}")
    if given["type"] not in _TYPES:
        raise ApiError(f'Invalid {name}["type"]')
    draft = Draft(
        given["type"],
        _recipients(f'{name}["to"]', given["to"]),
        _text(f'{name}["topic"]', given["topic"]),
        message.check_content(_text(f'{name}["content"]', given["content"])),
        _time(f'{name}["timestamp"]', given.get("timestamp")),
    )
    return _addressed(draft)


def _addressed(draft: Draft) -> Draft:
    """Only one to a channel has a topic, and one to nobody no recipients."""
    if draft.type != CHANNEL:
        return draft._replace(topic="", to=draft.to if draft.type else ())
    if len(draft.to) != 1:
        raise ApiError("Must specify exactly 1 channel ID for channel messages")
    if "\0" in draft.topic:
        raise ApiError("Topic must not contain null bytes")
    return draft._replace(topic=message.check_topic(draft.topic))


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise ApiError(f"{name} is not a string")
    return value


def _recipients(name: str, value: object) -> tuple[int, ...]:
    if not isinstance(value, list):
        raise ApiError(f"{name} is not a list")
    for position, each in enumerate(value):
        if type(each) is not int or abs(each) > LONGEST_INTEGER:
            raise ApiError(f"{name}[{position}] is not an integer")
    if len(value) > MOST_PEOPLE:
        raise ApiError(f"A conversation can have {MOST_PEOPLE} people at most.")
    return tuple(value)


def _time(name: str, value: object) -> int | None:
    """Some clients send fractions."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or abs(value) > LATEST:
        raise ApiError(f"{name} is not a number")
    if value < 0:
        raise ApiError("Timestamp must not be negative.")
    return int(value)
