"""What an event of a job is about, without what people wrote in it, their addresses, or secrets."""

from typing import Any

# Texts that are words of ours, and say which kind of thing it is.
OPEN = frozenset(
    {"type", "op", "trigger", "kind", "road", "template_prefix", "language", "property", "message_type"}
)
MOST, DEEPEST = 50, 6  # entries of a list or an object, levels


def outline(value: Any, name: str = "", depth: int = 0) -> Any:
    """`value` (JSON) with its numbers, and with the length of each text that is not one of OPEN."""
    if isinstance(value, str):
        return value if name in OPEN else f"… ({len(value)} characters)"
    if isinstance(value, dict | list) and depth >= DEEPEST:
        return "…"
    if isinstance(value, dict):
        return {_name(key): outline(each, key, depth + 1) for key, each in [*value.items()][:MOST]}
    if isinstance(value, list):
        return [outline(each, name, depth + 1) for each in value[:MOST]]
    return value


def _name(key: str) -> str:
    """Names of fields are short, and have neither blanks nor an @."""
    return key if key.replace("-", "_").isidentifier() and len(key) <= 40 else "…"
