"""The server itself, as administrators see it in the console: figures, findings, clients, what was slow.

These are polled while somebody looks, and cost nothing otherwise.
"""

import os
import resource
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import appliance
from appliance.actions.server import disk
from appliance.base import checks
from appliance.base.finding import Finding
from appliance.http.endpoint import Answer, Call, get
from appliance.http.routes.admin_jobs import reports
from appliance.jobs import report
from appliance.jobs.health import Level
from appliance.model.permission import check_admin
from appliance.outside import findings as outside
from appliance.store import attachment as attachments
from appliance.store import device as devices
from appliance.store import job_selection
from appliance.store import user as users

SHOWN_ID = 8  # characters of a queue's id: enough to tell queues apart, not to use one
MOST_LISTED = 200
MOST_COUNTED = 1000  # dead letters
# Sums over all labels, by the names that the console has for them.
TOTALS = {
    "events": "appliance_events_total",
    "jobs": "appliance_jobs_total",
    "writes": "appliance_writes",
    "flushes": "appliance_flushes",
    "thread_crashes": "appliance_thread_crashes",
    "event_queues": "appliance_queues",
    "waiting_clients": "appliance_parked_polls",
    "waiting_jobs": "appliance_job_backlog",
}
OWN_MEMORY = Path("/proc/self/statm")


@get("/appliance/admin/overview", polls=True, who="admins", differs="not of Zulip")
def overview(call: Call) -> Answer:
    """How the process does: counters since its start, from which rates follow; bytes; times in seconds.
    `dead_letters` are counted up to 1000."""
    check_admin(call.user)
    services = call.services
    with services.store.read() as reader:
        uploads = attachments.space_used(reader)
        dead = job_selection.dead(reader, MOST_COUNTED)
    free, total = disk.room(services.store.folder)
    return {
        "version": appliance.__version__,
        "zulip_version": appliance.ZULIP_VERSION,
        "zulip_feature_level": appliance.ZULIP_FEATURE_LEVEL,
        "time": services.clock.now(),
        "started": services.server.started,
        "cpu_seconds": time.process_time(),
        "cores": os.cpu_count() or 1,
        "memory": memory(),
        "requests": _total(call, "appliance_requests_total", kind="call"),
        "polls": _total(call, "appliance_requests_total", kind="poll"),
        **{name: _total(call, metric) for name, metric in TOTALS.items()},
        "jobs_level": _level(call).name,
        "dead_letters": dead,
        "database_bytes": disk.database_size(services.store.folder),
        "uploads_bytes": uploads,
        "disk_free": free,
        "disk_total": total,
    }


@get("/appliance/admin/findings", polls=True, who="admins", differs="not of Zulip")
def findings(call: Call) -> Answer:
    """What `appliance doctor` would say of the running server; `level`: ok, warning or error."""
    check_admin(call.user)
    return {"findings": [asdict(each) for each in _findings(call)]}


@get("/appliance/admin/clients", polls=True, who="admins", differs="not of Zulip")
def clients(call: Call) -> Answer:
    """The event queues: those with the most to fetch first, at most 200; `count`, `waiting`, `events` and
    `bytes` are of all."""
    check_admin(call.user)
    found = call.services.registry.facts()
    found.sort(key=lambda each: (-each.events, each.waiting, -each.idle_seconds))
    shown = found[:MOST_LISTED]
    names = _names(call, {each.user_id for each in shown})
    return {
        "clients": [
            {
                "id": each.id[:SHOWN_ID],
                "user_id": each.user_id,
                "full_name": names.get(each.user_id, ""),
                "client": each.client_type_name,
                "events": each.events,
                "bytes": each.bytes,
                "waiting": each.waiting,
                "idle_seconds": each.idle_seconds,
                "queue_timeout": each.queue_timeout,
            }
            for each in shown
        ],
        "count": len(found),
        "waiting": sum(each.waiting for each in found),
        "events": sum(each.events for each in found),
        "bytes": sum(each.bytes for each in found),
    }


@get("/appliance/admin/slow_requests", polls=True, who="admins", differs="not of Zulip")
def slow_requests(call: Call) -> Answer:
    """The last requests that took more than a second, newest first, since the server's start."""
    check_admin(call.user)
    found = call.services.console.slow.newest()
    names = _names(call, {each.user_id for each in found if each.user_id is not None})
    return {
        "slow_requests": [{**asdict(each), "full_name": names.get(each.user_id, "")} for each in found],
    }


@get("/appliance/admin/log", polls=True, who="admins", differs="not of Zulip")
def recent_log(call: Call) -> Answer:
    """The last warnings and errors of the log, newest first, since the server's start."""
    check_admin(call.user)
    return {"lines": [asdict(each) for each in call.services.console.log.newest()]}


def memory() -> int:
    """Bytes of this process that are in memory; where the system does not tell: the most that there were."""
    try:
        pages = int(OWN_MEMORY.read_text().split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    return pages * resource.getpagesize()


def _findings(call: Call) -> Iterator[Finding]:
    console, store = call.services.console, call.services.store
    yield from (check(console.config) for check in checks.CHECKS)
    yield outside.hosts([host for host, state in console.breakers.states().items() if state == "open"])
    with store.read() as reader:
        found, failing = reports(call, reader), devices.errors(reader)
    yield report.finding(found, store.folder)
    yield from outside.pushes(call.services.roads, failing)


def _names(call: Call, user_ids: set[int]) -> dict[int | None, str]:
    with call.services.store.read() as reader:
        return {each.id: each.full_name for each in users.with_ids(reader, sorted(user_ids))}


def _total(call: Call, metric: str, **labels: str) -> float:
    """Of all that have these labels."""
    values: dict[Any, float] = call.services.metrics.values(metric)
    return sum(value for key, value in [*values.items()] if labels.items() <= dict(key).items())


def _level(call: Call) -> Level:
    """Of the worst queue of this process."""
    levels = call.services.metrics.values(report.LEVELS).values()
    return Level(int(max(levels, default=Level.OK)))
