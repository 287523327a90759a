"""What people do with polls and lists of things to do: JSON objects with a "type".

{"type": "vote", "key": "canned,0", "vote": 1}    -1: taken back
{"type": "new_task", "key": 3, "task": "Water", "desc": "", "completed": false}
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import orjson

from appliance.base.errors import ApiError

MAX_ENTRY, MAX_WIDGET = 10_000, 500_000  # characters; of all entries of a message
MAX_INDEX = 1000  # of a task or option

Check = Callable[[Any], str | None]  # what is wrong with a value, such as "is not a string"
Checks = Mapping[str, Check]


def words(value: Any) -> str | None:
    return None if isinstance(value, str) else "is not a string"


def listed(value: Any) -> str | None:
    return None if isinstance(value, list) else "is not a list"


def _boolean(value: Any) -> str | None:
    return None if isinstance(value, bool) else "is not a boolean"


def _index(value: Any) -> str | None:
    if type(value) is not int:
        return "is not an integer"
    return None if 0 <= value <= MAX_INDEX else "is too large" if value > 0 else "is too small"


def _vote(value: Any) -> str | None:
    if type(value) is not int:
        return "is not an integer"
    return None if value in (1, -1) else "is invalid"


class Entry(NamedTuple):
    """`fields` besides "type"; `refusal`: of who is not the widget's author, where only that one may."""

    fields: Checks
    refusal: str = ""


ENTRIES: dict[str, dict[str, Entry]] = {
    "poll": {
        "vote": Entry({"key": words, "vote": _vote}),
        "question": Entry({"question": words}, "Only its author changes the question."),
        "new_option": Entry({"option": words, "idx": _index}),
    },
    "todo": {
        "new_task": Entry({"key": _index, "task": words, "desc": words, "completed": _boolean}),
        "strike": Entry({"key": words}),
        "new_task_list_title": Entry({"title": words}, "Only its author changes the title."),
    },
}


def check(widget_type: str, content: str, *, is_author: bool) -> None:
    """Of a form, anything that is JSON. Raises ApiError with Zulip's texts."""
    if len(content) > MAX_ENTRY:
        raise ApiError(f"content is too long (limit: {MAX_ENTRY} characters)")
    try:
        found = orjson.loads(content)
    except ValueError:
        raise ApiError("Invalid json for submessage") from None
    if widget_type in ENTRIES and (mistake := _mistake(found, widget_type, is_author)):
        raise ApiError(mistake)


def _mistake(found: Any, widget_type: str, is_author: bool) -> str | None:
    what = f"{widget_type} data"
    if mistake := mistake_in(found, {"type": words}, what):
        return mistake
    entry = ENTRIES[widget_type].get(found["type"])
    if entry is None:
        return f"Unknown type for {what}: {found['type']}"
    if entry.refusal and not is_author:
        return entry.refusal
    extra = sorted(found.keys() - entry.fields.keys() - {"type"})
    wrong = f"Unexpected arguments: {', '.join(extra)}" if extra else None
    return mistake_in(found, entry.fields, what) or wrong


def mistake_in(value: Any, checks: Checks, what: str) -> str | None:
    """Of what is to be an object with these fields. Others are none."""
    if not isinstance(value, dict):
        return f"{what} is not a dict"
    for name, check in checks.items():
        if name not in value:
            return f"{name} key is missing from {what}"
        if wrong := check(value[name]):
            return f'{what}["{name}"] {wrong}'
    return None
