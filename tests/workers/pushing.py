"""A part of a server that pushes: real job pool and workers, roads that only keep what they get."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from appliance import workers
from appliance.actions.personal import device as device_actions
from appliance.base.metrics import Metrics
from appliance.base.threads import Threads
from appliance.jobs.pool import JobPool
from appliance.model.device import Kind
from appliance.model.flag import Flag
from appliance.model.user import User
from appliance.outside.road import Road
from appliance.outside.roads import Roads
from appliance.store import device as devices
from appliance.store import job as jobs
from appliance.store import job_selection
from appliance.store import message as messages
from appliance.store.job_selection import JobRow, Selection
from appliance.workers.parts import Parts
from tests.conftest import MovableClock, until
from tests.workers.conftest import Team

DECIDED = "missedmessage_mobile_notifications"
KEYS: dict[str, dict[str, Any]] = {
    "apns": {"app_id": "org.example.app"},
    "e2ee": {"kind": "fcm", "push_key": "", "device_id": 5, "error_code": None},
    "web": {"p256dh": "", "auth": ""},
    "ntfy": {"form": "ntfy"},
}


class PushServer:
    """Its jobs run from `start` until `stop`; `policies` differ from the queues' own by these fields."""

    def __init__(
        self,
        team: Team,
        parts: Parts,
        clock: MovableClock,
        *roads: Road,
        redact: bool = False,
        **policies: Any,
    ) -> None:
        self.team, self._clock, self._changes = team, clock, policies
        self.metrics = Metrics()
        found = Roads({each.name: each for each in roads})
        self.parts = replace(parts, roads=found, metrics=self.metrics, redact=redact)
        self._pool: JobPool | None = None
        self._threads = Threads()

    # -- what people do

    def device(self, user: User, kind: Kind, token: str, **keys: Any) -> int:
        own = {**KEYS.get(kind, {}), **keys}
        return device_actions.register(self.team.store, user, kind, token, own)

    def decide(self, user: User, message_id: int, trigger: str = "direct_message", **more: Any) -> None:
        """What fan-out orders for somebody who is away."""
        event = {"type": "add", "user_profile_id": user.id, "message_id": message_id, "trigger": trigger}
        self.enqueue(DECIDED, {**event, "mentioned_user_group_id": None, **more})

    def enqueue(self, queue: str, event: Mapping[str, Any]) -> None:
        self.team.store.write(lambda transaction: transaction.job(queue, dict(event)))

    # -- the jobs

    def start(self) -> None:
        policies = workers.policies(())
        for queue, policy in policies.items():
            policies[queue] = replace(policy, **self._changes.get(queue, {}))
        shards = {queue: policy.shards for queue, policy in policies.items() if policy.shards > 1}
        self.team.store.committer.queue_shards = shards
        made = workers.build(self.parts, policies)
        self._pool = JobPool(self.team.store, made, self._clock, self.metrics)
        self._pool.start(self._threads)

    def settle(self) -> None:
        """All that is due is done."""
        if self._pool is None:
            self.start()
        until(self._has_nothing_due)

    def pass_time(self, seconds: float) -> None:
        self.settle()
        self._clock.advance(seconds)
        assert self._pool is not None
        self._pool.recheck()
        self.settle()

    def _has_nothing_due(self) -> bool:
        now = self._clock.now() * 1000
        with self.team.store.read() as reader:
            return all(run_at is not None and run_at > now for _, _, run_at in jobs.waiting(reader))

    def stop(self) -> None:
        if self._pool is not None:
            self._pool.stop()
            self._threads.stop(10)
            self._pool.close()
            self._pool = None

    # -- what is in the file

    def waiting(self) -> list[str]:
        with self.team.store.read() as reader:
            return [queue for _, queue, _ in jobs.waiting(reader)]

    def dead(self) -> list[JobRow]:
        with self.team.store.read() as reader:
            return job_selection.rows(reader, Selection(dead=True))

    def tokens(self, user: User) -> list[str]:
        with self.team.store.read() as reader:
            return [each.token for each in devices.of_user(reader, user.id)]

    def is_pushed(self, user: User, message_id: int) -> bool:
        """It has the flag."""
        with self.team.store.read() as reader:
            return bool(messages.flags(reader, user.id, [message_id])[message_id] & Flag.ACTIVE_PUSH)

    def has_done(self, queue: str, number: int) -> bool:
        """So many jobs; they are counted some milliseconds later."""
        labels = (("queue", queue), ("how", "done"))
        return self.metrics.values("appliance_jobs_total").get(labels) == number

    def count(self, road: str, outcome: str) -> float:
        labels = (("road", road), ("outcome", outcome))
        return self.metrics.values("appliance_pushes_total").get(labels, 0)
