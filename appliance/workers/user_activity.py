"""Queue `user_activity`: writes down who used which program for what; a batch makes one row a key.

Event: {"user_profile_id": 7, "client": "website", "query": "POST /messages", "count": 3, "time": 1700000000}
"""

from collections.abc import Sequence
from typing import Any, Unpack

from appliance.actions.user import activity
from appliance.jobs.policy import DROP, Policy
from appliance.jobs.worker import Context, Delivery, LoopQueueProcessingWorker, Options, assign_queue
from appliance.store import user_activity
from appliance.store.transaction import Transaction
from appliance.store.user_activity import Row
from appliance.workers.parts import Parts

Key = tuple[int, str, str]


@assign_queue(activity.QUEUE, policy=Policy(sleep_delay=5.0, batch_size=1000, prefetch=1000, exhausted=DROP))
class UserActivity(LoopQueueProcessingWorker):
    def __init__(self, parts: Parts, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self._store = parts.store

    def consume_batch(self, deliveries: Sequence[Delivery], context: Context) -> None:
        """No flush: after a power cut the jobs are back, and what they did is gone."""
        events = [(delivery, delivery.job.event()) for delivery in deliveries]

        def write(transaction: Transaction) -> None:
            new = [event for each, event in events if context.acknowledge(transaction, each.job)]
            rows = merged(new)
            user_activity.add(transaction, rows)
            user_activity.prune(transaction, {user_id for user_id, *_ in rows})

        self._store.write(write, flush=False)


def merged(events: list[dict[str, Any]]) -> list[Row]:
    """One row for each person, program and query: the sum of how often, and the latest time."""
    found: dict[Key, tuple[int, int]] = {}
    for event in events:
        key = event["user_profile_id"], event["client"], event["query"]
        count, last = found.get(key, (0, 0))
        found[key] = count + event["count"], max(last, event["time"])
    return [(*key, *numbers) for key, numbers in found.items()]
