"""Emoji reactions to messages."""

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from appliance.base.errors import ApiError
from appliance.model import emoji
from appliance.model.sight import UNKNOWN_NAME
from appliance.model.user import hidden_address

UNICODE, REALM, EXTRA = "unicode_emoji", "realm_emoji", "zulip_extra_emoji"
TYPES = (UNICODE, REALM, EXTRA)
_EXTRA_EMOJI = "zulip"  # the only one; its name is its code


class Emoji(NamedTuple):
    """`code`: as model/emoji.py has it, or the id of one of the organization's own; of the same code and type
    it is the same, whatever the name."""

    name: str
    code: str
    type: str


@dataclass(frozen=True, slots=True)
class Reaction:
    """`email`, `full_name`: of who reacted, as everybody sees them."""

    user_id: int
    email: str
    full_name: str
    emoji: Emoji

    def public(self) -> dict[str, Any]:
        """As messages show it. zulip-terminal 0.7 shows no reaction without its `user`."""
        name, code, type_ = self.emoji
        user = {"id": self.user_id, "email": self.email, "full_name": self.full_name}
        shown = {"emoji_name": name, "emoji_code": code, "reaction_type": type_}
        return {"user_id": self.user_id, **shown, "user": user}

    def by_nobody(self) -> "Reaction":
        """As a guest is told of it who may not know who reacted."""
        return replace(self, email=hidden_address(self.user_id), full_name=UNKNOWN_NAME)


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
