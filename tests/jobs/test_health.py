"""How well a queue does, by its backlog and how long a job takes; and all queues of a folder."""

from dataclasses import replace

import pytest

from appliance.base.metrics import Metrics
from appliance.base.values import QueueLimit
from appliance.jobs.errors import ErrorFile
from appliance.jobs.health import DEFAULT_LIMIT, Level, Limits, by_size, by_time
from appliance.jobs.report import LEVELS, QueueReport, add_gauges, reports
from appliance.jobs.statistics import QueueStatistics, Statistics, file_of
from appliance.store.job_selection import Count
from appliance.store.store import Store
from tests.conftest import MovableClock

NOW = 1_700_000_000.0
FRESH = Statistics(NOW, 1.0, NOW, 0)


@pytest.mark.parametrize(
    ("backlog", "average", "level"),
    [
        (0, 1.0, Level.OK),
        (30, 1.0, Level.OK),
        (31, 1.0, Level.WARNING),
        (60, 1.0, Level.WARNING),
        (61, 1.0, Level.CRITICAL),
        (31_000, 0.001, Level.WARNING),
        (1, 61.0, Level.CRITICAL),
        (100_000, None, Level.OK),
    ],
)
def test_by_how_long_the_backlog_takes(
    backlog: int, average: float | None, level: Level
) -> None:  # checklist 34, 55
    told = replace(FRESH, recent_average_consume_time=average)
    assert by_time(told, backlog, DEFAULT_LIMIT, NOW).level == level


@pytest.mark.parametrize(
    ("silence", "backlog", "level"),
    [(180, 11, Level.OK), (181, 10, Level.OK), (181, 11, Level.CRITICAL), (-7200, 11, Level.OK)],
)
def test_a_queue_that_is_stuck(silence: float, backlog: int, level: Level) -> None:  # checklist 34, 55
    found = by_time(FRESH, backlog, DEFAULT_LIMIT, NOW + silence)
    assert found.level == level
    assert ("stuck" in found.text) == (level == Level.CRITICAL)


def test_a_queue_of_which_nothing_is_known() -> None:  # checklist 34
    assert by_time(None, 0, DEFAULT_LIMIT, NOW).level == Level.UNKNOWN


@pytest.mark.parametrize(
    ("backlog", "level"),
    [(10, Level.OK), (11, Level.WARNING), (50, Level.WARNING), (51, Level.CRITICAL)],
)
def test_by_the_size_of_the_backlog(backlog: int, level: Level) -> None:  # checklist 55
    assert by_size(backlog).level == level


@pytest.mark.parametrize(
    ("queue", "warning", "critical"),
    [
        ("email_senders", 30, 60),
        ("deferred_work", 600, 900),
        ("digest_emails", 1200, 1800),
        ("missedmessage_mobile_notifications", 120, 180),
        ("missedmessage_mobile_notifications_shard3", 120, 180),
        ("embed_links", 5, 7),
    ],
)
def test_limits(queue: str, warning: int, critical: int) -> None:  # checklist 55
    assert Limits((QueueLimit("embed_links", 5, 7),)).of(queue)[1:] == (warning, critical)


def test_a_level_is_what_a_monitoring_plugin_exits_with() -> None:
    assert [each.value for each in Level] == [0, 1, 2, 3]


def report(store: Store, *, written: bool = True, now: float = NOW) -> dict[str, QueueReport]:
    with store.read() as reader:
        found = reports(reader, store.folder, Limits(), written=written, now=now)
    return {each.queue: each for each in found}


def test_all_queues_of_a_folder(store: Store, clock: MovableClock) -> None:  # checklist 34
    QueueStatistics("idle", store.folder, clock)
    QueueStatistics("damaged", store.folder, clock)
    file_of(store.folder, "damaged").write_text("?")
    ErrorFile(store.folder, clock).append("failed", [{}])

    def enqueue(transaction: object) -> None:
        for due in (None, NOW - 1, NOW + 60, NOW + 61):
            transaction.job("foreign", {}, run_at=due)  # type: ignore[attr-defined]

    store.write(enqueue)
    found = report(store)
    assert {queue: each.level for queue, each in found.items()} == {
        "damaged": Level.UNKNOWN,
        "failed": Level.UNKNOWN,
        "foreign": Level.UNKNOWN,
        "idle": Level.OK,
    }
    assert found["foreign"].count == Count(ready=2, later=2)


def test_a_file_of_errors_is_a_warning(store: Store, clock: MovableClock) -> None:  # checklist 34
    QueueStatistics("errands", store.folder, clock)
    assert report(store)["errands"].level == Level.OK
    ErrorFile(store.folder, clock).append("errands", [{}])
    assert report(store)["errands"].level == Level.WARNING


def test_without_files_the_size_counts(store: Store, clock: MovableClock) -> None:  # checklist 55
    store.write(lambda transaction: [transaction.job("errands", {}) for _ in range(51)])
    assert report(store, written=False)["errands"].level == Level.CRITICAL


def test_gauges(clock: MovableClock) -> None:  # checklist 55
    metrics, slow, new = Metrics(), QueueStatistics("slow", None, clock), QueueStatistics("new", None, clock)
    add_gauges(metrics, lambda: {"slow": slow, "new": new}, lambda: {"slow": 4, "new": 0}, Limits(), clock)
    slow.consumed(2, 20.0, backlog=4)
    text = metrics.text()
    assert 'appliance_job_backlog{queue="slow"} 4\n' in text
    assert 'appliance_job_average_seconds{queue="slow"} 10\n' in text
    assert 'appliance_job_average_seconds{queue="new"}' not in text
    assert metrics.values(LEVELS) == {(("queue", "slow"),): Level.WARNING, (("queue", "new"),): Level.OK}
    clock.advance(181)
    assert metrics.values(LEVELS)[(("queue", "slow"),)] == Level.WARNING
