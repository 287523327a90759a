"""Who does what by which program: counted in memory, written down now and then by a worker."""

import threading
from typing import NamedTuple

from appliance.base.clock import Clock
from appliance.base.errors import StorageError
from appliance.store.store import Store
from appliance.store.transaction import Transaction

QUEUE = "user_activity"
MOST = 2_000  # entries in memory; with more, they are published at once


class Use(NamedTuple):
    """`client`: the program; `query`: what it asked for, as "POST /messages"."""

    user_id: int
    client: str
    query: str


class Activity:
    """Any thread may call it. A crash loses what was not published: these are statistics."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._lock = threading.Lock()  # guards _seen
        self._seen: dict[Use, tuple[int, int]] = {}  # how often, and when last

    def saw(self, use: Use) -> None:
        with self._lock:
            self._count(use, 1, int(self._clock.now()))
            full = len(self._seen) >= MOST
        if full:
            self.publish()

    def publish(self) -> None:
        """As jobs. Nobody waits for the disk; if it takes nothing, they are published next time."""
        with self._lock:
            seen, self._seen = self._seen, {}
        if not seen:
            return

        def write(transaction: Transaction) -> None:
            for use, (count, last) in seen.items():
                event = {
                    "user_profile_id": use.user_id,
                    "client": use.client,
                    "query": use.query,
                    "count": count,
                    "time": last,
                }
                transaction.job(QUEUE, event)

        try:
            self._store.write(write, flush=False)
        except StorageError:
            with self._lock:
                for use, (count, last) in seen.items():
                    self._count(use, count, last)
            raise

    def _count(self, use: Use, count: int, last: int) -> None:
        """Lock held."""
        before, latest = self._seen.get(use, (0, 0))
        self._seen[use] = before + count, max(latest, last)
