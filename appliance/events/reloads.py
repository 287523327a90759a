"""Which clients are still to be told to reload, since the server they talked to has been restarted.

A client that loaded its own program from the server (the web page) should do so again. All at once would ask
much of a small server, so it can be told in batches, oldest queues first. The telling is a notice like any
other, written in one transaction: what is committed reaches the queues, also over a crash.
"""

import threading
from itertools import islice

from appliance.events.shards import Shards
from appliance.store.store import Store
from appliance.store.transaction import Transaction

KIND = "web_reload_client"


class Reloads:
    """`_lock` guards what is pending; it is taken before those of queues, and never held while writing."""

    def __init__(self, store: Store, shards: Shards) -> None:
        self._store, self._shards = store, shards
        self._lock = threading.Lock()
        self._pending: dict[str, int] = {}  # queue id -> whose, oldest first

    def expect(self) -> None:
        """When all queues are restored: those whose clients want to hear of it are to be told."""
        restored = [queue for queues in self._shards.queues for queue in queues.all()]
        hearing = [queue for queue in restored if queue.client.accepts({"type": KIND})]
        hearing.sort(key=lambda queue: queue.born)
        self._pending = {queue.id: queue.user_id for queue in hearing}

    def send(self, count: int | None = None, *, immediate: bool = False) -> int:
        """Tell the oldest `count` that are left (None: all); how many were told. StorageError: none was."""
        batch = self._take(count)
        if batch:
            try:
                self._store.write(lambda transaction: _tell(transaction, batch, immediate))
            except BaseException:
                self._put_back(batch)
                raise
        return len(batch)

    def _take(self, count: int | None) -> dict[str, int]:
        with self._lock:
            here = {each: user_id for each, user_id in self._pending.items() if self._exists(each, user_id)}
            batch = dict(islice(here.items(), count))
            self._pending = {each: user_id for each, user_id in here.items() if each not in batch}
        return batch

    def _exists(self, queue_id: str, user_id: int) -> bool:
        queues = self._shards.of_user(user_id).queues
        with queues.lock:
            return any(queue.id == queue_id and not queue.closed for queue in queues.of_user(user_id))

    def _put_back(self, batch: dict[str, int]) -> None:
        with self._lock:
            self._pending = batch | self._pending


def _tell(transaction: Transaction, batch: dict[str, int], immediate: bool) -> None:
    event = {"type": KIND, "immediate": immediate, "queue_ids": list(batch)}
    transaction.notice(event, sorted(set(batch.values())))
