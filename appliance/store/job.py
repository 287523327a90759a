"""SQL of the job table."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import apsw
import orjson

from appliance.store.connection import Handle, integers
from appliance.store.transaction import Job, Transaction


class Span(NamedTuple):
    """Jobs of one queue that wait in the file only: so many of the ids from `first` to `last`."""

    queue: str
    first: int
    last: int
    number: int


# -- taking them out

_JOB = "SELECT id, queue, body, run_at, failed_tries FROM job"


def newest(handle: Handle) -> int:
    """The last id that was given to any job, done or not; 0: there was none."""
    job_id: int | None = handle.value("SELECT seq FROM sqlite_sequence WHERE name = 'job'")
    return job_id or 0


def next_id(handle: Handle, after: int) -> int | None:
    """The first job with a greater id."""
    job_id: int | None = handle.value("SELECT id FROM job WHERE id > ? ORDER BY id LIMIT 1", after)
    return job_id


def spans(handle: Handle, first: int, last: int) -> list[Span]:
    """Of each queue, the jobs among those ids that are not to wait for a time."""
    rows = handle.rows(
        "SELECT queue, min(id), max(id), count(*) FROM job"
        " WHERE id BETWEEN ? AND ? AND run_at IS NULL GROUP BY queue ORDER BY min(id)",
        first,
        last,
    )
    return [Span(*row) for row in rows]


def timed(handle: Handle, first: int, last: int) -> list[tuple[str, int]]:
    """Of each queue, when (milliseconds) the first of those is due that are to wait for a time."""
    rows = handle.rows(
        "SELECT queue, min(run_at) FROM job WHERE id BETWEEN ? AND ? AND run_at IS NOT NULL GROUP BY queue",
        first,
        last,
    )
    return [(queue, run_at) for queue, run_at in rows]


READY = f"{_JOB} WHERE id BETWEEN ? AND ? AND queue = ? AND run_at IS NULL ORDER BY id LIMIT ?"


def ready(handle: Handle, queue: str, first: int, last: int, limit: int) -> list[Job]:
    """The first of the span."""
    return [Job(*row) for row in handle.rows(READY, first, last, queue, limit)]


DUE = (
    f"{_JOB} WHERE queue = ? AND run_at <= ? AND id NOT IN (SELECT value FROM carray(?))"
    " ORDER BY run_at, id LIMIT ?"
)


def due(handle: Handle, queue: str, now: float, limit: int, held: Iterable[int]) -> list[Job]:
    """Whose time (epoch seconds) has come, by time; but those that are `held` already."""
    return [Job(*row) for row in handle.rows(DUE, queue, int(now * 1000), integers(held), limit)]


NEXT_DUE = (
    "SELECT run_at FROM job WHERE queue = ? AND run_at IS NOT NULL"
    " AND id NOT IN (SELECT value FROM carray(?)) ORDER BY run_at LIMIT 1"
)


def next_due(handle: Handle, queue: str, held: Iterable[int]) -> int | None:
    """Milliseconds since the epoch: when the first of the others is due."""
    due: int | None = handle.value(NEXT_DUE, queue, integers(held))
    return due


def existing(handle: Handle, job_ids: Iterable[int]) -> set[int]:
    rows = handle.rows("SELECT id FROM job WHERE id IN (SELECT value FROM carray(?))", integers(job_ids))
    return {job_id for (job_id,) in rows}


def waiting(handle: Handle) -> list[tuple[int, str, int | None]]:
    """(id, queue, run_at) of all jobs, in order."""
    rows = handle.rows("SELECT id, queue, run_at FROM job ORDER BY id")
    return [(job_id, queue, run_at) for job_id, queue, run_at in rows]


def get(handle: Handle, job_id: int) -> Job | None:
    row = handle.row(f"{_JOB} WHERE id = ?", job_id)
    return Job(*row) if row else None


# -- moving them

_OF_USER = (
    "CASE WHEN json_valid(CAST(body AS TEXT))"
    " THEN coalesce(CAST(CAST(body AS TEXT) ->> '$.user_profile_id' AS INTEGER), 0) ELSE 0 END"
)
_HOME = f"(SELECT value FROM json_each(?) WHERE key = abs({_OF_USER} % ?))"


def queues(handle: Handle) -> list[str]:
    """That have jobs, waiting or dead. Reads through the table."""
    return [queue for (queue,) in handle.rows("SELECT queue FROM job UNION SELECT queue FROM dead_job")]


def move(transaction: Transaction, queue: str, shards: Sequence[str]) -> int:
    """Its jobs, waiting and dead, go to those: by their `user_profile_id`, or to the first; how many waited.

    Nobody may work any of the queues. One whose key is taken where it goes is one too many.
    """
    homes = orjson.dumps([*shards]).decode(), len(shards), queue
    transaction.execute(f"UPDATE OR IGNORE job SET queue = {_HOME} WHERE queue = ?", *homes)
    moved = transaction.changes()
    transaction.execute("DELETE FROM job WHERE queue = ?", queue)
    transaction.execute(f"UPDATE dead_job SET queue = {_HOME} WHERE queue = ?", *homes)
    return moved


# -- how they ended


def done(transaction: Transaction, job_ids: Sequence[int]) -> int:
    """How many of them were there. Neighbours, which they mostly are, go at once."""
    first, last = min(job_ids), max(job_ids)
    if last - first == len(job_ids) - 1:
        transaction.execute("DELETE FROM job WHERE id BETWEEN ? AND ?", first, last)
    else:
        transaction.execute("DELETE FROM job WHERE id IN (SELECT value FROM carray(?))", integers(job_ids))
    return transaction.changes()


def retry(transaction: Transaction, job_id: int, failed_tries: int, run_at: int, error: str) -> None:
    """To be tried again at `run_at` (milliseconds)."""
    transaction.execute(
        "UPDATE job SET failed_tries = ?, run_at = ?, error = ? WHERE id = ?",
        failed_tries,
        run_at,
        error,
        job_id,
    )


def bury(transaction: Transaction, job_id: int, failed_tries: int, error: str) -> None:
    """Make it a dead letter: kept whole, for a person to look at."""
    transaction.execute(
        "INSERT INTO dead_job SELECT id, queue, body, ?, ?, created, ? FROM job WHERE id = ?",
        failed_tries,
        error,
        int(transaction.now()),
        job_id,
    )
    done(transaction, [job_id])


def hurry_retries(transaction: Transaction, queue: str, seconds: float) -> None:
    """The clock was set back by so much: what failed before is not to wait that much longer."""
    transaction.execute(
        "UPDATE job SET run_at = run_at - ? WHERE queue = ? AND run_at IS NOT NULL AND failed_tries > 0",
        int(seconds * 1000),
        queue,
    )


# -- which run


def mark(transaction: Transaction, job_ids: Iterable[int]) -> None:
    """They run: should the process die now, one of them may be to blame."""
    transaction.execute(
        "INSERT INTO job_running(id, started) SELECT value, ? FROM carray(?) WHERE value > 0"
        " ON CONFLICT DO UPDATE SET started = excluded.started",
        int(transaction.now() * 1000),
        integers(job_ids),
    )


def unmark(transaction: Transaction, job_ids: Iterable[int]) -> None:
    transaction.execute(
        "DELETE FROM job_running WHERE id IN (SELECT value FROM carray(?))", integers(job_ids)
    )


def rest(transaction: Transaction, job_id: int) -> None:
    """It does not run now; that it may have killed the process is remembered."""
    transaction.execute("UPDATE job_running SET started = NULL WHERE id = ?", job_id)


def suspects(transaction: Transaction, queues: Sequence[str]) -> list[Job]:
    """Which jobs may have killed the process that had these queues; their crashes are counted.

    Of those that ran, the ones which did so in the most crashes: others were only near.
    """
    names = apsw.carray(tuple(queues))
    ran = (
        "SELECT job.id, crashes FROM job_running JOIN job USING (id)"
        " WHERE started IS NOT NULL AND queue IN (SELECT value FROM carray(?))"
    )
    rows = transaction.rows(ran, names)
    most = max((crashes for _, crashes in rows), default=0)
    blamed = [job_id for job_id, crashes in rows if crashes == most]
    transaction.execute(
        "UPDATE job_running SET crashes = crashes + 1 WHERE id IN (SELECT value FROM carray(?))",
        integers(blamed),
    )
    transaction.execute(
        "UPDATE job_running SET started = NULL WHERE id IN (SELECT value FROM carray(?))",
        integers(job_id for job_id, _ in rows),
    )
    transaction.execute("DELETE FROM job_running WHERE id NOT IN (SELECT id FROM job)")
    found = transaction.rows(f"{_JOB} WHERE id IN (SELECT value FROM carray(?))", integers(blamed))
    return [Job(*row) for row in found]
