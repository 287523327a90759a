"""How a queue is doing, for people and monitors: a small JSON file a queue, with the keys of Zulip's.

DATA/queue_stats/email_senders.stats (seconds; times since the epoch):

    {"update_time": 1700000000.1, "recent_average_consume_time": 0.012,
     "queue_last_emptied_timestamp": 1699999999.0, "consumed_since_last_emptied": 3}

It is replaced as a whole when an idle queue starts on something (so that one that freezes then is seen), when
the queue becomes empty, and while it is busy every 50 times or 30 s. It is replaced at most once a second:
what changes sooner is written when the second is over. A queue without one gets one at once.
"""

import logging
import threading
import time
from collections import deque
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from appliance.base import files
from appliance.base.clock import Clock

log = logging.getLogger(__name__)

FOLDER = "queue_stats"  # in the data folder
RECENT = 50  # consumes of which the average is taken
LONGEST_SILENCE = 30.0  # seconds between two writes of a busy queue
CONSUMES_PER_WRITE = 50
CONSUMES_PER_WRITE_OF = {"embed_links": 1}  # each may take its whole time
PACE = 1.0  # seconds between two writes of any queue: a file for each quick job would wear a disk out


@dataclass(frozen=True, slots=True)
class Statistics:
    """What the file says. The average is of one event, None before there was any."""

    update_time: float
    recent_average_consume_time: float | None
    queue_last_emptied_timestamp: float
    consumed_since_last_emptied: int


class QueueStatistics:
    """Of one queue, by the process that owns it. Every method may be called on any thread."""

    def __init__(self, queue: str, folder: Path | None, clock: Clock) -> None:
        """`folder`: the data folder; None: no file is written."""
        self._path = folder and file_of(folder, queue)
        self._clock = clock
        self._consumes_per_write = CONSUMES_PER_WRITE_OF.get(queue, CONSUMES_PER_WRITE)
        self._recent: deque[tuple[int, float]] = deque(maxlen=RECENT)  # (events, seconds)
        self._lock = threading.Lock()  # guards all below
        self._idle = True
        self._last_emptied = self._update_time = clock.now()
        self._consumed = 0  # events since the queue was empty
        self._consumes = 0  # since the last write
        self._written = -PACE  # when, by the monotonic clock
        self._timer: threading.Timer | None = None  # of the write that is put off
        self._fails = False
        if folder and read(folder, queue) is None:
            self._write()

    def started(self) -> None:
        """A worker begins with an event, or a batch."""
        with self._lock:
            if self._idle:
                self._idle = False
                self._changed()

    def consumed(self, events: int, seconds: float, backlog: int) -> None:
        """It is done with so many `events`, in `seconds` all together, and `backlog` more are ready.

        Events that failed do not count: 0 if none went well.
        """
        with self._lock:
            if events:
                self._recent.append((events, seconds))
            self._consumed += events
            self._consumes += 1
            if backlog == 0:
                self._idle, self._consumed, self._last_emptied = True, 0, self._clock.now()
            if backlog == 0 or self._is_due():
                self._changed()

    def now(self) -> Statistics:
        with self._lock:
            return self._facts()

    def close(self) -> None:
        """Write what was put off."""
        with self._lock:
            if self._timer is not None:
                self._write()

    def _is_due(self) -> bool:
        silence = abs(self._clock.now() - self._update_time)  # a clock that was set back is a reason, too
        return self._consumes >= self._consumes_per_write or silence > LONGEST_SILENCE

    def _facts(self) -> Statistics:
        return Statistics(self._update_time, average(self._recent), self._last_emptied, self._consumed)

    # -- the file; with the lock

    def _changed(self) -> None:
        """Write soon: now, unless the last write is too fresh."""
        self._update_time, self._consumes = self._clock.now(), 0
        pause = self._written + PACE - time.monotonic()
        if pause <= 0:
            self._write()
        elif self._timer is None and self._path is not None:
            self._timer = threading.Timer(pause, self.close)
            self._timer.daemon = True
            self._timer.start()

    def _write(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._path is None:
            return
        self._written = time.monotonic()
        try:
            self._path.parent.mkdir(mode=0o700, exist_ok=True)
            files.replace(self._path, orjson.dumps(asdict(self._facts())), durable=False)
            self._fails = False
        except OSError as error:  # the disk is full: no reason to stop working
            if not self._fails:
                log.warning("%s cannot be written: %s", self._path, error.strerror)
            self._fails = True


def average(recent: "deque[tuple[int, float]]") -> float | None:
    """Seconds an event takes."""
    events = sum(events for events, _ in recent)
    return sum(seconds for _, seconds in recent) / events if events else None


def file_of(folder: Path, queue: str) -> Path:
    return folder / FOLDER / f"{queue}.stats"


def queues(folder: Path) -> list[str]:
    """Those that have a file in the data folder."""
    return [path.stem for path in sorted((folder / FOLDER).glob("*.stats"))]


def read(folder: Path, queue: str) -> Statistics | None:
    """None: there is no such file in the data folder, or it makes no sense."""
    try:
        found = Statistics(**orjson.loads(file_of(folder, queue).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
    numbers = [value for value in asdict(found).values() if value is not None]
    return found if all(type(each) in (int, float) for each in numbers) and len(numbers) >= 3 else None
