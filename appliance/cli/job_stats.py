"""`appliance jobs stats`: how each queue of background work does; a check for monitoring."""

import argparse
import time
from dataclasses import asdict
from typing import Any

from appliance.base.config import Config
from appliance.base.options import QUEUE_LIMITS, STATISTICS
from appliance.cli.folder import opened, show, table, utc
from appliance.jobs.health import Level, Limits
from appliance.jobs.report import QueueReport, reports
from appliance.store.store import Store

HEADINGS = ("QUEUE", "LEVEL", "READY", "LATER", "DEAD", "AVERAGE", "LAST EMPTY", "ERROR FILE", "WHY")
HELP = "how the queues do; exits with the worst: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN"


def add_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    actions.add_parser("stats", help=HELP, description=HELP).set_defaults(func=stats)


def stats(args: argparse.Namespace) -> int:
    with opened(args) as (store, config):
        found = stored_reports(store, config)
    level = max((each.level for each in found), default=Level.OK)
    facts = {"level": level.name, "queues": [_shown(each) for each in found]}
    show(args, facts, table(HEADINGS, [_row(each) for each in found]))
    return level


def stored_reports(store: Store, config: Config) -> list[QueueReport]:
    """What the file and the statistics beside it tell, of a server that runs or not."""
    limits, written = Limits(config.get(QUEUE_LIMITS)), config.get(STATISTICS)
    with store.read() as reader:
        return reports(reader, store.folder, limits, written=written, now=time.time())


def _shown(report: QueueReport) -> dict[str, Any]:
    return {
        "queue": report.queue,
        "level": report.level.name,
        "text": report.health.text,
        **asdict(report.count),
        "errors": report.errors,
        "statistics": report.statistics and asdict(report.statistics),
    }


def _row(report: QueueReport) -> tuple[Any, ...]:
    told = report.statistics
    average = told and told.recent_average_consume_time
    return (
        report.queue,
        report.level.name,
        report.count.ready,
        report.count.later,
        report.count.dead,
        None if average is None else f"{average:.3f} s",
        told and utc(told.queue_last_emptied_timestamp),
        f"{report.errors} bytes" if report.errors else None,
        report.health.text,
    )
