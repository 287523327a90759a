"""SQL of what people do with jobs: look at some, put dead letters back, drop some, count them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from appliance.store.connection import Handle, Row, integers
from appliance.store.job import done
from appliance.store.transaction import Job, Transaction

_WAITING = "SELECT id, queue, body, run_at, failed_tries, key, error, created, NULL AS died FROM job"
_DEAD = (
    "SELECT id, queue, body, NULL AS run_at, failed_tries, NULL AS key, error, created, died FROM dead_job"
)
_SOURCES = {False: _WAITING, True: _DEAD, None: f"{_WAITING} UNION ALL {_DEAD}"}


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job as a person looks at it; `died` None: it still waits."""

    id: int
    queue: str
    body: bytes
    run_at: int | None
    failed_tries: int
    key: str | None
    error: str | None
    created: int
    died: int | None


@dataclass(frozen=True, slots=True)
class Selection:
    """Which jobs somebody means: those for which all that is given holds.

    `dead`: dead letters, or waiting jobs; None: both. `error`: part of the last error, in any case.
    `before`: made before that time (epoch seconds). `limit`: the oldest so many.
    """

    dead: bool | None = None
    queue: str | None = None
    error: str | None = None
    before: int | None = None
    ids: Sequence[int] = ()
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """Of one queue: jobs that are due (or run), that wait for their time, and dead letters."""

    ready: int = 0
    later: int = 0
    dead: int = 0


def rows(handle: Handle, selection: Selection) -> list[JobRow]:
    """Oldest first."""
    return [JobRow(*row) for row in _select(handle, "*", selection)]


def ids(handle: Handle, selection: Selection) -> list[int]:
    return [job_id for (job_id,) in _select(handle, "id", selection)]


def number(handle: Handle, selection: Selection) -> int:
    """How many; without `limit`."""
    (row,) = _select(handle, "count(*)", selection)
    return int(row[0])


def dead(handle: Handle, most: int) -> int:
    """How many dead letters there are, counted up to `most`: to count on takes reading them all."""
    number: int = handle.value("SELECT count(*) FROM (SELECT 1 FROM dead_job LIMIT ?)", most)
    return number


def newest_dead(handle: Handle, queue: str | None, before: int | None, limit: int) -> list[JobRow]:
    """Dead letters by id, greatest first; those whose id is smaller than `before`."""
    rows = handle.rows(
        f"SELECT * FROM ({_DEAD}) WHERE (?1 IS NULL OR queue = ?1) AND (?2 IS NULL OR id < ?2)"
        " ORDER BY id DESC LIMIT ?3",
        queue,
        before,
        limit,
    )
    return [JobRow(*row) for row in rows]


def _select(handle: Handle, columns: str, selection: Selection) -> list[Row]:
    conditions: dict[str, Any] = {
        "queue = ?": selection.queue,
        "instr(lower(error), lower(?))": selection.error,
        "created < ?": selection.before,
        "id IN (SELECT value FROM carray(?))": integers(selection.ids) if selection.ids else None,
    }
    given = {condition: value for condition, value in conditions.items() if value is not None}
    where = f"WHERE {' AND '.join(given)}" if given else ""
    limit = -1 if selection.limit is None else selection.limit
    source = _SOURCES[selection.dead]
    return handle.rows(
        f"SELECT {columns} FROM ({source}) {where} ORDER BY id LIMIT ?", *given.values(), limit
    )


def put_back(transaction: Transaction, job_ids: Sequence[int]) -> list[tuple[int, int]]:
    """Make waiting jobs of dead letters, as if they had never been tried: (its id, the new id) of each.

    A new job at the tail, since a server that runs looks for ids that it has not seen.
    """
    put = [(job_id, _put_back(transaction, job_id)) for job_id in job_ids]
    return [(job_id, new_id) for job_id, new_id in put if new_id is not None]


def _put_back(transaction: Transaction, job_id: int) -> int | None:
    row = transaction.row(
        "INSERT INTO job(queue, body, created) SELECT queue, body, created FROM dead_job WHERE id = ?"
        " RETURNING id, queue, body",
        job_id,
    )
    if row is None:
        return None
    job = Job(*row)
    transaction.outcome.jobs.append(job)
    transaction.execute("DELETE FROM dead_job WHERE id = ?", job_id)
    return job.id


def drop(transaction: Transaction, job_ids: Sequence[int]) -> int:
    """How many of them were there, waiting or dead."""
    return done(transaction, job_ids) + drop_dead(transaction, job_ids)


def drop_dead(transaction: Transaction, job_ids: Sequence[int]) -> int:
    """How many of them were dead letters; those that wait stay."""
    transaction.execute("DELETE FROM dead_job WHERE id IN (SELECT value FROM carray(?))", integers(job_ids))
    return transaction.changes()


def oldest(handle: Handle, now: float) -> dict[str, int]:
    """Of each queue with jobs that are due (or run), when the first of them was made (epoch seconds)."""
    return dict(
        handle.rows(
            "SELECT queue, min(created) FROM job WHERE run_at IS NULL OR run_at <= ? GROUP BY queue",
            int(now * 1000),
        )
    )


def count(handle: Handle, now: float) -> dict[str, Count]:
    """Of each queue in the file. `now`: epoch seconds."""
    dead: dict[str, int] = dict(handle.rows("SELECT queue, count(*) FROM dead_job GROUP BY queue"))
    waiting = handle.rows(
        "SELECT queue, count(*), count(*) FILTER (WHERE run_at > ?) FROM job GROUP BY queue", int(now * 1000)
    )
    counts = {queue: Count(every - later, later, dead.pop(queue, 0)) for queue, every, later in waiting}
    return counts | {queue: Count(dead=number) for queue, number in dead.items()}
