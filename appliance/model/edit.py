"""What was done to a message since it was sent: its edit history.

A list of entries as clients see them (`EDIT` in model/events/messages.py), newest first.
"""

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Any

Edit = dict[str, Any]
MOST_EDITS = 100  # entries kept; of a message that was edited more often, the oldest are forgotten
DELETED = "(deleted)"  # the text of which nothing was left
RESOLVED = "✔ "  # what the topic of a settled matter begins with
BUFFER = 20  # seconds for which a time limit is not enforced: a client's editor was opened in time

_OF_CONTENT = frozenset({"prev_content", "prev_rendered_content"})
_OF_MOVE = frozenset({"prev_topic", "topic", "prev_stream", "stream"})


class Visibility(IntEnum):
    """Values of message_edit_history_visibility_policy."""

    ALL = 1
    MOVES = 2
    NONE = 3


def added(edits: Sequence[Edit], edit: Edit) -> list[Edit]:
    return [edit, *edits[: MOST_EDITS - 1]]


def visible(edits: Sequence[Edit], visibility: int) -> list[Edit]:
    """As much of the history as the organization shows."""
    if visibility == Visibility.ALL:
        return list(edits)
    if visibility == Visibility.NONE:
        return []
    return [
        {name: value for name, value in each.items() if name not in _OF_CONTENT}
        for each in edits
        if each.keys() & _OF_MOVE
    ]


def since_known(edits: Sequence[Edit], knows: Callable[[int], bool]) -> list[Edit]:
    """The history since the message came from a channel, by its id, that the reader does not know."""
    arrivals = [number for number, each in enumerate(edits) if "prev_stream" in each]
    hidden = (number for number in arrivals if not knows(edits[number]["prev_stream"]))
    return list(edits[: next(hidden, len(edits))])


def last_moved(edits: Sequence[Edit]) -> int | None:
    """When it last came to another topic or channel. To settle a matter, or open it again, is no move."""
    return next((each["timestamp"] for each in edits if _is_move(each)), None)


def _is_move(edit: Edit) -> bool:
    if "prev_stream" in edit:
        return True
    return "prev_topic" in edit and not is_resolution(edit["prev_topic"], edit["topic"])


def is_resolution(before: str, after: str) -> bool:
    """Does a change of the topic settle a matter, or open it again, and nothing else?"""
    return after == RESOLVED + before or before == RESOLVED + after


def versions(now: Edit, edits: Sequence[Edit]) -> list[Edit]:
    """What a message was before `edits` and after each of them, oldest first. `now`: its topic, content and
    rendered_content as they are."""
    found = []
    for edit in edits:
        found.append({**now, **edit})
        now = {name: edit.get(f"prev_{name}", value) for name, value in now.items()}
    return [now, *reversed(found)]
