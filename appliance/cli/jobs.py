"""`appliance jobs …`: look at what waits and at what failed."""

import argparse
from datetime import UTC, datetime
from typing import Any

import orjson

from appliance.base.errors import CommandError
from appliance.cli.folder import opened, show, table
from appliance.store import job as job_table
from appliance.store.job import JobRow


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("jobs", help="look at background work")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="list waiting jobs, or dead letters")
    listing.add_argument("--queue", help="of one queue only")
    listing.add_argument("--dead", action="store_true", help="dead letters: jobs that failed for good")
    listing.add_argument("--limit", type=int, default=100, help="at most so many (default 100)")
    listing.set_defaults(func=list_jobs)
    showing = actions.add_parser("show", help="show one job whole")
    showing.add_argument("id", type=int)
    showing.set_defaults(func=show_job)


def list_jobs(args: argparse.Namespace) -> int:
    with opened(args) as (store, _), store.read() as reader:
        found = job_table.listing(reader, queue=args.queue, dead=args.dead, limit=args.limit)
    rows = [
        (each.id, each.queue, _time(each.created), _time(each.run_at, 1000), each.failed_tries, each.error)
        for each in found
    ]
    headings = ("ID", "QUEUE", "CREATED", "NOT BEFORE", "FAILED TRIES", "LAST ERROR")
    show(args, [_shown(each) for each in found], table(headings, rows))
    return 0


def show_job(args: argparse.Namespace) -> int:
    with opened(args) as (store, _), store.read() as reader:
        found = job_table.look(reader, args.id)
    if found is None:
        raise CommandError(f"there is no job {args.id}: it was done, or never was")
    facts = {**_shown(found), "event": orjson.loads(found.body)}
    show(args, facts, "\n".join(f"{name}: {_text(value)}" for name, value in facts.items()))
    return 0


def _shown(job: JobRow) -> dict[str, Any]:
    return {
        "id": job.id,
        "queue": job.queue,
        "state": "waiting" if job.died is None else "dead",
        "created": job.created,
        "run_at": None if job.run_at is None else job.run_at / 1000,
        "failed_tries": job.failed_tries,
        "key": job.key,
        "error": job.error,
        "died": job.died,
    }


def _time(value: int | None, per_second: int = 1) -> str | None:
    return None if value is None else f"{datetime.fromtimestamp(value / per_second, UTC):%Y-%m-%d %H:%M:%S}"


def _text(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode() if isinstance(value, dict) else str(value)
