"""What the rules share while one message is parsed, by one thread."""

from dataclasses import dataclass, field

from appliance.model.markdown.directory import Directory

MAX_CELLS = 2_500  # of all tables of a message: as many as four characters each, with the bar, leave room for
HIGHLIGHTING = 0.1  # seconds of CPU for all code of a message


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
