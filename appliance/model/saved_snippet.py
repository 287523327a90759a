"""Texts that somebody keeps to use them again."""

from typing import Any, NamedTuple

from appliance.base.errors import ApiError
from appliance.model.message import MAX_CONTENT

MAX_TITLE = 60
MOST = 500  # of one person


class Snippet(NamedTuple):
    """`created`: epoch seconds."""

    id: int
    title: str
    content: str
    created: int

    def public(self) -> dict[str, Any]:
        return {"id": self.id, "title": self.title, "content": self.content, "date_created": self.created}


def check_title(title: str) -> str:
    return _check("title", title, MAX_TITLE)


def check_content(content: str) -> str:
    return _check("content", content, MAX_CONTENT)


def _check(name: str, text: str, limit: int) -> str:
    """Trimmed. Raises ApiError with Zulip's texts."""
    text = text.strip()
    if not text:
        raise ApiError(f"{name.capitalize()} cannot be empty.")
    if len(text) > limit:
        raise ApiError(f"{name} is too long (limit: {limit} characters)")
    return text
