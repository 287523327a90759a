"""Emoji of the organization's own."""

import re
from typing import Any, NamedTuple

from appliance.base.errors import ApiError

MAX_NAME = 60
MOST = 1000  # with those that are deactivated
MAX_MIB = 5  # of the picture that one is made of
_CHARACTERS = re.compile(r"[0-9a-z .\-_]+")


class RealmEmoji(NamedTuple):
    """`still_url`: the first picture of one that moves. One that is deactivated stays in old messages."""

    id: int
    name: str
    source_url: str
    still_url: str | None
    author_id: int
    deactivated: bool

    def public(self) -> dict[str, Any]:
        """As clients see it."""
        return {**self._asdict(), "id": str(self.id)}


def check_name(given: str) -> str:
    """As it is kept: small letters, and "_" for blanks. Raises ApiError."""
    name = given.strip().replace(" ", "_").lower()
    if not name:
        raise ApiError("Emoji name is missing")
    if not _CHARACTERS.fullmatch(name):
        raise ApiError("An emoji's name has a-z, 0-9, blanks, hyphens, underscores and dots, nothing else.")
    if not name[-1].isalnum():
        raise ApiError("An emoji's name ends with one of a-z or 0-9.")
    if len(name) > MAX_NAME:
        raise ApiError(f"An emoji's name can have {MAX_NAME} characters at most.")
    return name
