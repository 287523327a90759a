"""Queues of background work, and what failed there for good, as administrators see it in the console."""

from collections import defaultdict
from typing import Annotated, Any

from appliance.actions.server import dead_letter
from appliance.actions.server.dead_letter import Which
from appliance.base.options import QUEUE_LIMITS, STATISTICS
from appliance.http.endpoint import Answer, Call, delete, get, post
from appliance.jobs import report
from appliance.jobs.health import Limits
from appliance.jobs.report import QueueReport
from appliance.model.parameter import integer, integers, natural, text
from appliance.model.permission import check_admin
from appliance.store import job_selection
from appliance.store.connection import Reader
from appliance.store.job_selection import JobRow

MaybeQueue = Annotated[str | None, text]
MaybeIds = Annotated[list[int] | None, integers]


@get("/appliance/admin/jobs", polls=True, who="admins", differs="not of Zulip")
def jobs(call: Call) -> Answer:
    """Each queue: jobs that are `ready`, wait for `later`, or are `dead` letters; `ended` counts them by how,
    since the server's start."""
    check_admin(call.user)
    services = call.services
    with services.store.read() as reader:
        found = reports(call, reader)
        oldest = job_selection.oldest(reader, services.clock.now())
    ended = _ended(call)
    shown = [_shown_queue(each, oldest.get(each.queue), ended.pop(each.queue, {})) for each in found]
    return {"queues": shown}


@get("/appliance/admin/dead_letters", polls=True, who="admins", differs="not of Zulip")
def dead_letters(
    call: Call,
    *,
    queue: MaybeQueue = None,
    before: Annotated[int | None, integer] = None,
    limit: Annotated[int, natural] = 50,
) -> Answer:
    """Jobs that failed for good, newest first, at most 100; `before`: those with a smaller id."""
    found = dead_letter.listed(call.services.store, call.user, queue, before, limit)
    return {"dead_letters": [_shown_job(each) for each in found]}


@get("/appliance/admin/dead_letters/<job_id:int>", polls=True, who="admins", differs="not of Zulip")
def look(call: Call, *, job_id: int) -> Answer:
    """One of them, with its event; of texts in it, which people may have written, only the length."""
    job, event = dead_letter.look(call.services.store, call.user, job_id)
    return {**_shown_job(job), "event": event}


@post("/appliance/admin/dead_letters/retry", who="admins", differs="not of Zulip")
def retry(call: Call, *, job_ids: MaybeIds = None, queue: MaybeQueue = None) -> Answer:
    """Have them tried again: those with these ids, or all of one queue; at most 500 at once, and `left` are
    so many."""
    done, left = dead_letter.retry(call.services.store, call.user, Which(job_ids, queue))
    return {"retried": done, "left": left}


@delete("/appliance/admin/dead_letters", who="admins", differs="not of Zulip")
def drop(call: Call, *, job_ids: MaybeIds = None, queue: MaybeQueue = None) -> Answer:
    """Delete them, chosen as for `retry`."""
    done, left = dead_letter.drop(call.services.store, call.user, Which(job_ids, queue))
    return {"dropped": done, "left": left}


def reports(call: Call, reader: Reader) -> list[QueueReport]:
    """How all queues stand."""
    services = call.services
    config = services.console.config
    return report.reports(
        reader,
        services.store.folder,
        Limits(config.get(QUEUE_LIMITS)),
        written=config.get(STATISTICS),
        now=services.clock.now(),
    )


def _ended(call: Call) -> dict[str, dict[str, float]]:
    """By queue: how many jobs ended how."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for labels, count in [*call.services.metrics.values("appliance_jobs_total").items()]:
        known = dict(labels)
        found[known["queue"]][known["how"]] = count
    return found


def _shown_queue(queue: QueueReport, oldest: int | None, ended: dict[str, float]) -> dict[str, Any]:
    """`oldest`: when the first of the ready jobs was made."""
    told = queue.statistics
    return {
        "queue": queue.queue,
        "level": queue.level.name,
        "text": queue.health.text,
        "ready": queue.count.ready,
        "later": queue.count.later,
        "dead": queue.count.dead,
        "oldest": oldest,
        "average_seconds": told and told.recent_average_consume_time,
        "ended": ended,
        "error_file_bytes": queue.errors,
    }


def _shown_job(job: JobRow) -> dict[str, Any]:
    return {
        "id": job.id,
        "queue": job.queue,
        "created": job.created,
        "died": job.died,
        "failed_tries": job.failed_tries,
        "error": dead_letter.error(job),
    }
