"""What the rules share while one message is parsed, by one thread."""

import sys
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from appliance.model.linkifier import Linkifier, Match
from appliance.model.markdown.directory import Directory

MAX_CELLS = 2_500  # of all tables of a message: as many as four characters each, with the bar, leave room for
HIGHLIGHTING = 0.1  # seconds of CPU for all code of a message
LINKIFYING = 0.05  # seconds of CPU for all patterns of the organization


class Linked:
    """What linkifiers have found in a text."""

    def __init__(self, matches: Sequence[Match]) -> None:
        """From left to right."""
        self._matches = {each.start: each for each in matches}
        self._starts = list(self._matches)

    def at(self, position: int) -> Match | None:
        return self._matches.get(position)

    def start_from(self, position: int) -> int:
        """The first one from there on; beyond all texts: none."""
        index = bisect_left(self._starts, position)
        return self._starts[index] if index < len(self._starts) else sys.maxsize


@dataclass(slots=True)
class Context:
    directory: Directory
    quoted: bool = False  # whether the inline rules are inside a quote, where mentions are silent
    mentioned_user_ids: set[int] = field(default_factory=set)
    mentioned_group_ids: set[int] = field(default_factory=set)
    stream_wildcard: bool = False
    topic_wildcard: bool = False
    cells_left: int = MAX_CELLS
    highlighting_left: float = HIGHLIGHTING
    linkifying_left: float = LINKIFYING
    linkifiers: Sequence[Linkifier] = ()
    linked: Linked | None = None  # in the text at hand
    has_link: bool = False
    has_image: bool = False
    has_cards: bool = False
    upload_paths: frozenset[str] = frozenset()
    preview_urls: tuple[str, ...] = ()
