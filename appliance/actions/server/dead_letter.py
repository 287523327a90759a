"""Dead letters, jobs that failed for good: administrators look at them, have them tried again, or drop them.

What people wrote, addresses and secrets in them stay hidden: `appliance jobs show` tells it on the machine.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from appliance.base.config import MASK
from appliance.base.errors import ApiError, MissingParameter
from appliance.base.errortracking import PRIVATE
from appliance.model.outline import outline
from appliance.model.permission import check_admin
from appliance.model.user import User
from appliance.store import job_selection
from appliance.store.job_selection import JobRow, Selection
from appliance.store.store import Store
from appliance.store.transaction import Transaction

TOGETHER = 500  # jobs a request: others must not wait long for their turn to write
MOST_LISTED = 100
LONGEST_ERROR = 2000  # characters

Change = Callable[[Transaction, Sequence[int]], object]


class NoSuchJob(ApiError):
    status = 404

    def __init__(self) -> None:
        super().__init__("There is no such dead letter: it was tried again, or dropped")


@dataclass(frozen=True, slots=True)
class Which:
    """Those with these ids, those of one queue, or of these ids those of one queue."""

    job_ids: Sequence[int] | None
    queue: str | None

    @property
    def selection(self) -> Selection:
        """The oldest of them. Raises MissingParameter when nothing is said, NoSuchJob for no ids."""
        if self.job_ids is None and self.queue is None:
            raise MissingParameter("job_ids")
        if self.job_ids is not None and not self.job_ids:
            raise NoSuchJob
        return Selection(dead=True, queue=self.queue, ids=self.job_ids or (), limit=TOGETHER)


def listed(store: Store, user: User, queue: str | None, before: int | None, limit: int) -> list[JobRow]:
    """Newest first. `before`: an id."""
    check_admin(user)
    with store.read() as reader:
        return job_selection.newest_dead(reader, queue, before, min(limit, MOST_LISTED))


def look(store: Store, user: User, job_id: int) -> tuple[JobRow, Any]:
    """One, and the outline of its event. Raises NoSuchJob."""
    check_admin(user)
    with store.read() as reader:
        found = job_selection.rows(reader, Selection(dead=True, ids=[job_id]))
    if not found:
        raise NoSuchJob
    return found[0], _outline(found[0].body)


def retry(store: Store, user: User, which: Which) -> tuple[int, int]:
    """How many are tried again, as if they had never been tried; and how many of those that were meant are
    left. Raises NoSuchJob, MissingParameter."""
    return _change(store, user, which, job_selection.put_back)


def drop(store: Store, user: User, which: Which) -> tuple[int, int]:
    """As `retry`; they are gone."""
    return _change(store, user, which, job_selection.drop_dead)


def _change(store: Store, user: User, which: Which, change: Change) -> tuple[int, int]:
    check_admin(user)
    with store.read() as reader:
        chosen = job_selection.ids(reader, which.selection)
    if not chosen:
        raise NoSuchJob
    store.write(lambda transaction: change(transaction, chosen))
    with store.read() as reader:
        return len(chosen), job_selection.number(reader, which.selection)


def _outline(body: bytes) -> Any:
    try:
        return outline(orjson.loads(body))
    except ValueError:
        return f"{len(body)} bytes that are no JSON"


def error(job: JobRow) -> str:
    """Why it failed, as others have put it; addresses and what looks like a secret are masked."""
    return PRIVATE.sub(MASK, (job.error or "")[:LONGEST_ERROR])
