"""`appliance jobs …`: look at background work, put back what failed, drop it, wait until it is done."""

import argparse
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import orjson

from appliance.base.errors import CommandError
from appliance.cli import job_stats
from appliance.cli.folder import opened, show, table, utc
from appliance.jobs import lease
from appliance.store import job_selection
from appliance.store.job_selection import JobRow, Selection
from appliance.store.store import Store

LISTED = 100  # jobs, unless more are asked for
TOGETHER = 500  # jobs a transaction: the server must not wait long for its turn
WIDEST_ERROR = 80  # characters in the table
PAUSE = 0.5  # seconds between two looks of `drain`, which count all jobs
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
HEADINGS = ("ID", "QUEUE", "CREATED", "NOT BEFORE", "FAILED TRIES", "LAST ERROR")


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("jobs", help="look at background work, and see to what failed")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    listing = _add(actions, "list", list_jobs, "list waiting jobs, or dead letters")
    _add_selection(listing, f"at most so many (default {LISTED})", default=LISTED)
    showing = _add(actions, "show", show_job, "show one job whole")
    showing.add_argument("id", type=int)
    retrying = _add(actions, "retry", retry_jobs, "put dead letters back into their queues")
    _add_selection(retrying, "the oldest so many")
    dropping = _add(actions, "drop", drop_jobs, "delete waiting jobs, or dead letters")
    _add_selection(dropping, "the oldest so many")
    dropping.add_argument("--yes", action="store_true", help="do not ask, on a terminal")
    draining = _add(actions, "drain", drain_queues, "wait until queues are empty; 1 if they are not in time")
    draining.add_argument(
        "--queue", action="append", metavar="Q", help="this one; more than once for more; default all"
    )
    draining.add_argument("--timeout", type=duration, default=60, metavar="TIME", help="default 60s")
    job_stats.add_parser(actions)


def _add(actions: Any, name: str, func: Callable[[argparse.Namespace], int], help: str) -> Any:
    parser = actions.add_parser(name, help=help, description=help)
    parser.set_defaults(func=func)
    return parser


def _add_selection(parser: argparse.ArgumentParser, limit: str, default: int | None = None) -> None:
    parser.add_argument("ids", type=int, nargs="*", metavar="ID", help="these, whether they wait or are dead")
    parser.add_argument("--queue", metavar="Q", help="of one queue only")
    parser.add_argument("--dead", action="store_true", help="dead letters: jobs that failed for good")
    parser.add_argument("--error", metavar="TEXT", help="whose last error contains this")
    parser.add_argument("--older-than", type=duration, metavar="TIME", help="than 90s, 15m, 2h, 7d")
    parser.add_argument("--limit", type=int, default=default, metavar="N", help=limit)


def duration(text: str) -> int:
    """Seconds."""
    match = re.fullmatch(r"(\d{1,9})([smhd]?)", text)
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no time such as 90s, 15m, 2h or 7d")
    return int(match[1]) * UNITS[match[2] or "s"]


def list_jobs(args: argparse.Namespace) -> int:
    with opened(args) as (store, _), store.read() as reader:
        found = job_selection.rows(reader, _selection(args))
    show(args, [_shown(each) for each in found], table(HEADINGS, [_row(each) for each in found]))
    return 0


def show_job(args: argparse.Namespace) -> int:
    with opened(args) as (store, _), store.read() as reader:
        found = job_selection.rows(reader, Selection(ids=[args.id]))
    if not found:
        raise CommandError(f"there is no job {args.id}: it was done, or never was")
    facts = {**_shown(found[0]), "event": _event(found[0].body)}
    show(args, facts, "\n".join(f"{name}: {_text(value)}" for name, value in facts.items()))
    return 0


def retry_jobs(args: argparse.Namespace) -> int:
    with opened(args) as (store, _):
        chosen = _chosen(store, args, replace(_selection(args), dead=True), "dead letter")
        put = [
            {"id": job_id, "new_id": new_id}
            for some in _batches(chosen)
            for job_id, new_id in store.write(partial(job_selection.put_back, job_ids=some))
        ]
    show(args, {"retried": put}, f"{_jobs(len(put))} put back")
    return 0


def drop_jobs(args: argparse.Namespace) -> int:
    with opened(args) as (store, _):
        chosen = _chosen(store, args, _selection(args), "job")
        if not (args.yes or args.json or _agreed(f"Drop {_jobs(len(chosen))}?")):
            return 1
        dropped = sum(store.write(partial(job_selection.drop, job_ids=some)) for some in _batches(chosen))
    show(args, {"dropped": dropped}, f"{_jobs(dropped)} dropped")
    return 0


def drain_queues(args: argparse.Namespace) -> int:
    """Empty means empty: jobs that wait for their time count, dead letters do not."""
    deadline = time.monotonic() + args.timeout
    with opened(args) as (store, _):
        while (left := _left(store, args.queue)) and time.monotonic() < deadline:
            if not lease.owners(store.folder).keys() >= left.keys():
                raise CommandError(f"nobody works on {', '.join(left)}: is the server running?")
            time.sleep(PAUSE)
    lines = [f"{queue}: {_jobs(number)} left" for queue, number in left.items()]
    show(args, {"left": left}, "\n".join(lines or ["empty"]))
    return 1 if left else 0


def _left(store: Store, wanted: list[str] | None) -> dict[str, int]:
    with store.read() as reader:
        counts = job_selection.count(reader, time.time())
    left = {queue: each.ready + each.later for queue, each in counts.items()}
    return {queue: number for queue, number in left.items() if number and queue in (wanted or left)}


def _selection(args: argparse.Namespace) -> Selection:
    before = None if args.older_than is None else int(time.time()) - args.older_than
    dead = None if args.ids and not args.dead else args.dead
    return Selection(dead, args.queue, args.error, before, args.ids, args.limit)


def _chosen(store: Store, args: argparse.Namespace, selection: Selection, noun: str) -> list[int]:
    """The ids. Raises CommandError when nothing says which, or when one that is named is not there."""
    if not (args.ids or args.queue or args.error or args.dead or args.older_than is not None):
        raise CommandError("which? give ids, --queue, --error, --older-than, or --dead for all dead letters")
    with store.read() as reader:
        chosen = job_selection.ids(reader, selection)
    missing = sorted(set(args.ids) - set(chosen))
    if missing:
        raise CommandError(f"there is no {noun} {', '.join(map(str, missing))}, and nothing was changed")
    return chosen


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + TOGETHER] for start in range(0, len(ids), TOGETHER))


def _agreed(question: str) -> bool:
    """Scripts are not asked."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return True
    return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")


def _jobs(number: int) -> str:
    return f"{number} job{'' if number == 1 else 's'}"


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


def _row(job: JobRow) -> tuple[Any, ...]:
    error = (job.error or "").partition("\n")[0]
    short = error if len(error) <= WIDEST_ERROR else f"{error[: WIDEST_ERROR - 1]}…"
    due = None if job.run_at is None else job.run_at / 1000
    return job.id, job.queue, utc(job.created), utc(due), job.failed_tries, short


def _event(body: bytes) -> Any:
    """What a person can read, even of a body that is not what it should be."""
    try:
        return orjson.loads(body)
    except ValueError:
        return body.decode(errors="replace")


def _text(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode() if isinstance(value, dict) else str(value)
