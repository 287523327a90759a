"""What somebody says of themselves: a short text, an emoji."""

from collections.abc import Callable
from typing import Any, NamedTuple

from appliance.base.errors import ApiError
from appliance.model import reaction
from appliance.model.reaction import Emoji

MAX_TEXT = 60
NO_EMOJI = Emoji("", "", reaction.UNICODE)  # as clients are told that it is taken away


class Status(NamedTuple):
    """Empty: there is none."""

    text: str = ""
    emoji_name: str = ""
    emoji_code: str = ""
    reaction_type: str = ""

    def public(self) -> dict[str, Any]:
        """What there is of it, as clients see it."""
        if self == NOTHING:  # as nearly everybody's
            return {}
        names = ("status_text", "emoji_name", "emoji_code", "reaction_type")
        return {name: value for name, value in zip(names, self, strict=True) if value}


NOTHING = Status()


class Change(NamedTuple):
    """What is to be another; None: it stays. An empty text, or NO_EMOJI, takes it away."""

    text: str | None
    emoji: Emoji | None
    away: bool | None

    def of(self, status: Status) -> Status:
        text = status.text if self.text is None else self.text
        if self.emoji is None:
            return status._replace(text=text)
        return Status(text) if self.emoji == NO_EMOJI else Status(text, *self.emoji)

    def public(self) -> dict[str, Any]:
        """As the event tells it."""
        text = {} if self.text is None else {"status_text": self.text}
        emoji = {} if self.emoji is None else _emoji_fields(self.emoji)
        return {**text, **emoji, **({} if self.away is None else {"away": self.away})}


def _emoji_fields(emoji: Emoji) -> dict[str, Any]:
    return {"emoji_name": emoji.name, "emoji_code": emoji.code, "reaction_type": emoji.type}


def check(text: str | None, emoji: Emoji | None, away: bool | None) -> Change:
    """But for the emoji. Raises ApiError with Zulip's texts."""
    text = None if text is None else text.strip()
    if text is None and emoji is None and away is None:
        raise ApiError("Client did not pass any new values.")
    if text and len(text) > MAX_TEXT:
        raise ApiError(f"status_text is too long (limit: {MAX_TEXT} characters)")
    return Change(text, emoji, away)


def emoji(
    name: str | None, code: str | None, type_: str | None, named: Callable[[str], Emoji]
) -> Emoji | None:
    """As a client asks for it, by the name alone (which `named` knows) or with the code; an empty name takes
    it away. Raises ApiError."""
    if name is None:
        if code is not None or type_ is not None:
            raise ApiError("Client must pass emoji_name if they pass either emoji_code or reaction_type.")
        return None
    if not name:
        return NO_EMOJI
    if code is None:
        return named(name)
    return Emoji(name, code, type_ or reaction.UNICODE)
