"""What the rules share while one message is parsed, by one thread."""

from dataclasses import dataclass, field

from appliance.model.markdown.directory import Directory

MAX_CELLS = 4_000  # of all tables of a message; a full one has at most half as many as characters
HIGHLIGHTING = 0.06  # seconds of CPU for all code of a message


@dataclass(slots=True)
class Context:
    directory: Directory
    quoted: bool = False  # whether the inline rules are inside a quote, where mentions are silent
    mentioned_user_ids: set[int] = field(default_factory=set)
    stream_wildcard: bool = False
    topic_wildcard: bool = False
    cells_left: int = MAX_CELLS
    highlighting_left: float = HIGHLIGHTING
