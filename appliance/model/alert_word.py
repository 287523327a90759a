"""Words, or phrases, of which somebody wants to be alerted."""

from appliance.base.errors import ApiError

MAX_LENGTH = 100
MOST = 200  # of one person
# What may stand beside a word, as in Zulip, and a closing quote.
_BEFORE = frozenset(" \n\t(\".,';[*`>")
_AFTER = frozenset(" \n\t)\"?:.,';]!*`")


def check(words: list[str]) -> list[str]:
    """Trimmed, without empty ones. Raises ApiError."""
    for position, word in enumerate(words):
        if len(word) > MAX_LENGTH:
            raise ApiError(f"alert_words[{position}] is too long (limit: {MAX_LENGTH} characters)")
    return [trimmed for word in words if (trimmed := word.strip())]


def stands_in(word: str, content: str) -> bool:
    """Both in lower case: is it there, and not as a part of another word?"""
    start = content.find(word)
    while start >= 0:
        end = start + len(word)
        if (start == 0 or content[start - 1] in _BEFORE) and (end == len(content) or content[end] in _AFTER):
            return True
        start = content.find(word, start + 1)
    return False
