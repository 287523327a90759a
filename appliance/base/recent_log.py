"""The last warnings and errors of the log, in memory: for administrators who do not see the log itself.

Addresses of people and whatever looks like a secret are masked: there should be none, but these lines leave
the machine.
"""

import logging
from collections import deque
from dataclasses import dataclass

from appliance.base.config import MASK
from appliance.base.errortracking import PRIVATE

KEPT = 200
LONGEST = 500  # characters


@dataclass(frozen=True, slots=True)
class LogLine:
    time: float
    level: str
    logger: str
    text: str


class RecentLog(logging.Handler):
    """To be added to the root logger. Any thread may call."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._last: deque[LogLine] = deque(maxlen=KEPT)

    def emit(self, record: logging.LogRecord) -> None:
        try:
            text = _text(record)
        except Exception:  # what is logged does not fit its format: that must not hurt who logs it
            self.handleError(record)
        else:
            self._last.append(LogLine(record.created, record.levelname, record.name, text))

    def newest(self) -> list[LogLine]:
        """Newest first."""
        return [*self._last.copy()][::-1]


def _text(record: logging.LogRecord) -> str:
    """Of an exception, its kind: its words are in the log."""
    error = record.exc_info[0] if record.exc_info else None
    said = record.getMessage() + (f" ({error.__name__})" if error else "")
    return PRIVATE.sub(MASK, said[:LONGEST])
