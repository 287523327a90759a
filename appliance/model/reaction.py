"""Emoji reactions to messages."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from appliance.base.errors import ApiError
from appliance.model import emoji

UNICODE, EXTRA = "unicode_emoji", "zulip_extra_emoji"
TYPES = (UNICODE, "realm_emoji", EXTRA)
_EXTRA_EMOJI = "zulip"  # the only one; its name is its code


class Emoji(NamedTuple):
    """`code`: as model/emoji.py has it; of the same code and type it is the same, whatever the name."""

    name: str
    code: str
    type: str


@dataclass(frozen=True, slots=True)
class Reaction:
    user_id: int
    emoji: Emoji

    def public(self) -> dict[str, Any]:
        """As messages and events show it."""
        name, code, type_ = self.emoji
        return {"user_id": self.user_id, "emoji_name": name, "emoji_code": code, "reaction_type": type_}


def named(name: str) -> Emoji:
    """Raises ApiError."""
    if name == _EXTRA_EMOJI:
        return Emoji(name, name, EXTRA)
    code = emoji.code_of(name)
    if code is None:
        raise ApiError(f"Emoji '{name}' does not exist")
    return Emoji(name, code, UNICODE)


def check(asked: Emoji) -> None:
    """That there is such an emoji, and that this is a name of it. Raises ApiError."""
    known = asked.code == _EXTRA_EMOJI if asked.type == EXTRA else _is_unicode(asked)
    if not known:
        raise ApiError("Invalid emoji code.")
    if named(asked.name)[1:] != asked[1:]:
        raise ApiError("Invalid emoji name.")


def _is_unicode(asked: Emoji) -> bool:
    return asked.type == UNICODE and emoji.name_of(asked.code) is not None
