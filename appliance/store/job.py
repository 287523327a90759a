"""SQL of the job table."""

from collections.abc import Iterable
from dataclasses import dataclass

from appliance.store.connection import Handle, integers
from appliance.store.transaction import Job, Transaction


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


def waiting(handle: Handle, after: int = 0) -> list[tuple[int, str, int | None]]:
    """(id, queue, run_at) of all jobs with ids above `after`, in order."""
    rows = handle.rows("SELECT id, queue, run_at FROM job WHERE id > ? ORDER BY id", after)
    return [(job_id, queue, run_at) for job_id, queue, run_at in rows]


def get(handle: Handle, job_id: int) -> Job | None:
    row = handle.row("SELECT id, queue, body, run_at, failed_tries FROM job WHERE id = ?", job_id)
    return Job(*row) if row else None


def done(transaction: Transaction, job_ids: Iterable[int]) -> None:
    transaction.execute("DELETE FROM job WHERE id IN (SELECT value FROM carray(?))", integers(job_ids))


def retry(transaction: Transaction, job_id: int, failed_tries: int, run_at: float, error: str) -> None:
    """To be tried again at `run_at` (epoch seconds)."""
    transaction.execute(
        "UPDATE job SET failed_tries = ?, run_at = ?, error = ? WHERE id = ?",
        failed_tries,
        int(run_at * 1000) + 1,
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


_BOTH = (
    "SELECT * FROM (SELECT id, queue, body, run_at, failed_tries, key, error, created, NULL AS died FROM job"
    " UNION ALL SELECT id, queue, body, NULL, failed_tries, NULL, error, created, died FROM dead_job)"
)


def listing(handle: Handle, *, queue: str | None, dead: bool, limit: int) -> list[JobRow]:
    """Waiting jobs, or dead letters, oldest first."""
    rows = handle.rows(
        f"{_BOTH} WHERE (died IS NOT NULL) = ? AND (?2 IS NULL OR queue = ?2) ORDER BY id LIMIT ?3",
        int(dead),
        queue,
        limit,
    )
    return [JobRow(*row) for row in rows]


def look(handle: Handle, job_id: int) -> JobRow | None:
    row = handle.row(f"{_BOTH} WHERE id = ?", job_id)
    return JobRow(*row) if row else None


def counts(handle: Handle) -> dict[str, int]:
    """Waiting jobs by queue."""
    return dict(handle.rows("SELECT queue, count(*) FROM job GROUP BY queue"))


def dead_count(handle: Handle) -> int:
    number: int = handle.value("SELECT count(*) FROM dead_job")
    return number
