"""Is a queue worked well enough? Rules and limits of Zulip's monitoring.

A queue is judged by how long its backlog will take; one without statistics by the size of its backlog.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from appliance.base.values import QueueLimit
from appliance.jobs.statistics import Statistics

STUCK_AFTER, STUCK_BACKLOG = 180.0, 10  # no news for so many seconds while more than so many events are ready


class Level(IntEnum):
    """Worse ones are larger; the numbers are those that monitoring plugins exit with."""

    OK = 0
    WARNING = 1
    CRITICAL = 2
    UNKNOWN = 3


@dataclass(frozen=True, slots=True)
class Health:
    level: Level
    text: str


DEFAULT_LIMIT = QueueLimit("", 30, 60)  # seconds that the backlog takes
LIMITS = (
    QueueLimit("deferred_work", 600, 900),
    QueueLimit("digest_emails", 1200, 1800),
    QueueLimit("embed_links", 60, 90),
    QueueLimit("missedmessage_mobile_notifications", 120, 180),
    QueueLimit("realm_exports", 600, 900),
)
SIZE_LIMIT = QueueLimit("", 10, 50)  # events


class Limits:
    """What is too long, by queue: the table above, and what the configuration says instead."""

    def __init__(self, configured: tuple[QueueLimit, ...] = ()) -> None:
        self._by_queue: Mapping[str, QueueLimit] = {each.queue: each for each in (*LIMITS, *configured)}

    def of(self, queue: str) -> QueueLimit:
        """A shard has the limit of its queue, unless it has one of its own."""
        unsharded = queue.partition("_shard")[0]
        return self._by_queue.get(queue) or self._by_queue.get(unsharded) or DEFAULT_LIMIT


def by_time(statistics: Statistics | None, backlog: int, limit: QueueLimit, now: float) -> Health:
    """Of a queue with a worker. `backlog`: events that are ready; `now`: seconds since the epoch."""
    if statistics is None:
        return Health(Level.UNKNOWN, "no statistics: its worker has never started, or cannot write them")
    silence = now - statistics.update_time
    if silence > STUCK_AFTER and backlog > STUCK_BACKLOG:
        return Health(Level.CRITICAL, f"stuck: {backlog} wait, no news for {silence:.0f} s")
    average = statistics.recent_average_consume_time
    if average is None:
        return Health(Level.OK, f"{backlog} wait, none was done yet")
    needed = backlog * average
    return Health(_beyond(needed, limit), f"{backlog} wait, for about {needed:.0f} s")


def by_size(backlog: int) -> Health:
    """Of a queue without statistics: without a worker here, or with statistics switched off."""
    return Health(_beyond(backlog, SIZE_LIMIT), f"{backlog} wait")


def _beyond(value: float, limit: QueueLimit) -> Level:
    if value > limit.critical:
        return Level.CRITICAL
    return Level.WARNING if value > limit.warning else Level.OK
