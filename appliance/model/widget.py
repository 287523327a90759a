"""Widgets: polls and lists of things to do, which a message's text asks for, and forms of bots.

    /poll Lunch?            {"widget_type": "poll", "extra_data": {"question": "Lunch?",
    - Pizza                                                        "options": ["Pizza"]}}

What people do with them then: model/widget_entry.py.
"""

import re
from typing import Any

import orjson

from appliance.base.errors import ApiError
from appliance.model.widget_entry import MAX_ENTRY, listed, mistake_in, words

POLL, TODO, FORM = "poll", "todo", "zform"
_BULLET = re.compile(r"\s*[-*]?\s*")


def of_text(content: str) -> str | None:
    """The widget that a message's text asks for, as JSON."""
    command = _COMMAND.match(content)
    if command is None:
        return None
    kind = command[1]
    first, *lines = content[command.end() :].splitlines() or [""]
    return _encoded(kind, _READERS[kind](first.strip(), [each for each in map(_item, lines) if each]))


def _item(line: str) -> str:
    return _BULLET.sub("", line.strip(), count=1)


def _poll(question: str, items: list[str]) -> dict[str, Any]:
    return {"question": question, "options": items}


def _todo(title: str, items: list[str]) -> dict[str, Any]:
    return {"task_list_title": title, "tasks": [_task(each) for each in items]}


def _task(item: str) -> dict[str, str]:
    task, _, description = item.partition(": ")
    return {"task": task.strip(), "desc": description.strip()}


_READERS = {POLL: _poll, TODO: _todo}
_COMMAND = re.compile(r"/(poll|todo)(?=\s|\Z)")


def _encoded(widget_type: str, extra_data: Any) -> str:
    return orjson.dumps({"widget_type": widget_type, "extra_data": extra_data}).decode()


def type_of(first: str) -> str:
    """Of the content of a message's first submessage."""
    found = _object(first).get("widget_type")
    return found if isinstance(found, str) else ""


def _object(text: str) -> dict[str, Any]:
    """{} for what is none."""
    try:
        found = orjson.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


# -- forms of bots


def of_parameter(given: str) -> str:
    """The widget that a bot sends along, as JSON. Raises ApiError with Zulip's texts."""
    if len(given) > MAX_ENTRY:
        raise ApiError(f"Widgets: widget_content is too long (limit: {MAX_ENTRY} characters)")
    try:
        found = orjson.loads(given)
    except ValueError:
        raise ApiError("Widgets: widget_content is no JSON") from None
    if mistake := _mistake(found):
        raise ApiError(f"Widgets: {mistake}")
    return _encoded(FORM, found["extra_data"])


def _mistake(found: Any) -> str | None:
    if not isinstance(found, dict):
        return "widget_content is not a dict"
    for name in ("widget_type", "extra_data"):
        if name not in found:
            return f"{name} is not in widget_content"
    if not isinstance(found["extra_data"], dict):
        return "extra_data is not a dict"
    if found["widget_type"] != FORM:
        return f"unknown widget type: {found['widget_type']}"
    return _mistake_in_form(found["extra_data"])


def _mistake_in_form(extra: dict[str, Any]) -> str | None:
    if "type" not in extra:
        return "zform is missing type field"
    if extra["type"] != "choices":
        return f"unknown zform type: {extra['type']}"
    if mistake := mistake_in(extra, {"heading": words, "choices": listed}, "extra_data"):
        return mistake
    found = (
        mistake_in(each, _CHOICE, f'extra_data["choices"][{position}]')
        for position, each in enumerate(extra["choices"])
    )
    return next((each for each in found if each), None)


_CHOICE = dict.fromkeys(("short_name", "long_name", "reply"), words)
