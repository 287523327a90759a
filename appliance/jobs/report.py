"""How all queues stand: from the file and the statistics of its owners for commands, live for /metrics."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from appliance.base.clock import Clock
from appliance.base.finding import Finding
from appliance.base.metrics import Labels, Metrics
from appliance.jobs import errors, statistics
from appliance.jobs.health import Health, Level, Limits, by_size, by_time
from appliance.jobs.statistics import QueueStatistics, Statistics
from appliance.store.connection import Handle
from appliance.store.job_selection import Count, count

LEVELS = "appliance_job_level"  # the metric; /health asks for it, too
WORSE = (Level.OK, Level.WARNING, Level.UNKNOWN, Level.CRITICAL)  # the unknown does not hide the bad


@dataclass(frozen=True, slots=True)
class QueueReport:
    """`errors`: bytes of its error file."""

    queue: str
    health: Health
    count: Count
    errors: int
    statistics: Statistics | None

    @property
    def level(self) -> Level:
        """An error file is a warning until a person has dealt with it."""
        return max(self.health.level, Level.WARNING) if self.errors else self.health.level


def reports(handle: Handle, folder: Path, limits: Limits, *, written: bool, now: float) -> list[QueueReport]:
    """Of each queue that has jobs, statistics or errors. `written`: there are files of statistics."""
    counts, failures = count(handle, now), errors.sizes(folder)
    known = statistics.queues(folder) if written else []
    found = []
    for queue in sorted({*counts, *failures, *known}):
        counted, told = counts.get(queue, Count()), statistics.read(folder, queue) if written else None
        timed = by_time(told, counted.ready, limits.of(queue), now)
        health = timed if written else by_size(counted.ready)
        found.append(QueueReport(queue, health, counted, failures.get(queue, 0), told))
    return found


def finding(found: Sequence[QueueReport], folder: Path) -> Finding:
    """The worst of the queues, and what is left for a person to see to. `folder`: the data folder."""
    late = [each for each in found if each.health.level]
    if late:
        worst = max(late, key=lambda each: WORSE.index(each.health.level))
        level = "error" if worst.health.level == Level.CRITICAL else "warning"
        return Finding("jobs", level, f"{worst.queue}: {worst.health.text}, see `appliance jobs stats`")
    if dead := sum(each.count.dead for each in found):
        return Finding("jobs", "warning", f"{dead} dead letters, see `appliance jobs list --dead`")
    if files := [str(errors.file_of(folder, each.queue)) for each in found if each.errors]:
        return Finding("jobs", "warning", f"failures in {', '.join(files)}: look, then delete")
    waiting = sum(each.count.ready + each.count.later for each in found)
    return Finding("jobs", "ok", f"{waiting} wait, no dead letters")


def add_gauges(
    metrics: Metrics,
    told: Callable[[], Mapping[str, QueueStatistics]],
    backlog: Callable[[], Mapping[str, int]],
    limits: Limits,
    clock: Clock,
) -> None:
    """Of the queues that this process works: `told` their statistics, `backlog` their jobs not begun."""

    def averages() -> dict[Labels, float]:
        known = {queue: each.now().recent_average_consume_time for queue, each in told().items()}
        return _by_queue({queue: each for queue, each in known.items() if each is not None})

    def levels() -> dict[Labels, float]:
        waiting, now = backlog(), clock.now()
        return _by_queue(
            {
                queue: by_time(each.now(), waiting.get(queue, 0), limits.of(queue), now).level
                for queue, each in told().items()
            }
        )

    metrics.gauge("appliance_job_backlog", "Jobs ready but not begun.", lambda: _by_queue(backlog()))
    metrics.gauge("appliance_job_average_seconds", "Of a job, of the last 50 consumes.", averages)
    metrics.gauge(LEVELS, "0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.", levels)


def _by_queue(values: Mapping[str, float]) -> dict[Labels, float]:
    return {(("queue", queue),): value for queue, value in values.items()}
