"""One action's share of a commit: rows, notices and jobs that stand or fall together."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import apsw
import orjson

from appliance.base.clock import Clock
from appliance.store.connection import Handle
from appliance.store.job_shard import shard_of


@dataclass(frozen=True, slots=True)
class Notice:
    """An event to tell: `event` as clients see it (plus what fan-out needs), `users` whom it is for.

    `id` is its place in the order of commits; `time` the commit's in milliseconds.
    """

    id: int
    time: int
    event: dict[str, Any]
    users: list[Any]


class UnreadableBody(ValueError):
    """A job that no worker can read: somebody else has written it."""


@dataclass(slots=True)
class Job:
    """A piece of work. `run_at`: epoch milliseconds before which it does not start; None: at once."""

    id: int
    queue: str
    body: bytes
    run_at: int | None = None
    failed_tries: int = 0

    def event(self) -> dict[str, Any]:
        """The body as the JSON object that was enqueued. Raises UnreadableBody."""
        try:
            event = orjson.loads(self.body)
        except orjson.JSONDecodeError as error:
            raise UnreadableBody(f"the body is not JSON: {error}") from error
        if not isinstance(event, dict):
            raise UnreadableBody("the body is not a JSON object")
        return event


@dataclass(slots=True)
class Outcome:
    """What is to be told of a transaction once it is committed."""

    notices: list[Notice] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    hooks: list[Callable[[], None]] = field(default_factory=list)


class Transaction(Handle):
    """Handed to an action while it holds the write lock; of no use afterwards."""

    def __init__(self, connection: apsw.Connection, clock: Clock, queue_shards: Mapping[str, int]) -> None:
        super().__init__(connection)
        self._now, self._queue_shards = clock.now(), queue_shards
        self.outcome = Outcome()

    def execute(self, sql: str, *bindings: Any) -> None:
        self._connection.execute(sql, bindings)

    def many(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
        self._connection.executemany(sql, rows)

    def changes(self) -> int:
        """Rows that the last statement changed."""
        return self._connection.changes()

    def now(self) -> float:
        """Epoch seconds, the same for all that the transaction does: rows, and what is told of them."""
        return self._now

    def notice(self, event: dict[str, Any], users: list[Any]) -> None:
        """Tell `event` to `users` (ids, or objects with an id for events that differ by person)."""
        now = int(self.now() * 1000)
        body = orjson.dumps({"event": event, "users": users}, option=orjson.OPT_NON_STR_KEYS)
        notice_id = self.value("INSERT INTO notice(time, body) VALUES (?, ?) RETURNING id", now, body)
        self.outcome.notices.append(Notice(notice_id, now, event, users))

    def job(
        self, queue: str, event: dict[str, Any], *, run_at: float | None = None, key: str | None = None
    ) -> int | None:
        """Enqueue `event`; the id, or None when a job with the same queue and `key` waits already.

        `run_at` is in epoch seconds, and rounded up: a job never starts early. Of a queue that is split, the
        job goes to the shard of its `user_profile_id`, or to the first if it is of nobody.
        """
        if shards := self._queue_shards.get(queue):
            queue = shard_of(queue, event.get("user_profile_id", 0), shards)
        body = orjson.dumps(event)
        due = None if run_at is None else int(run_at * 1000) + 1
        self._connection.execute(_ENQUEUE, (queue, body, due, key, int(self.now())))
        if key is not None and not self._connection.changes():
            return None
        job_id = self._connection.last_insert_rowid()
        # orjson's bytes keep a buffer of some kilobytes alive: what waits in memory is a tight copy
        self.outcome.jobs.append(Job(job_id, queue, bytes(memoryview(body)), due))
        return job_id

    def after_commit(self, hook: Callable[[], None]) -> None:
        """Call `hook` right after the commit, in commit order, with the write lock still held: be brief."""
        self.outcome.hooks.append(hook)

    def end(self) -> None:
        """Whoever has kept it must not disturb the works of others: from now on every call is an error."""
        del self._connection


_ENQUEUE = (
    "INSERT INTO job(queue, body, run_at, key, created) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT(queue, key) WHERE key IS NOT NULL DO NOTHING"
)
