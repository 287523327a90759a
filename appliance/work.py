"""A process of its own for some queues, on the server's file; and what it shares with the server."""

import logging
from collections.abc import Sequence
from pathlib import Path

from appliance import workers
from appliance.base.clock import Clock, SystemClock
from appliance.base.config import Config
from appliance.base.errors import CommandError
from appliance.base.metrics import Metrics
from appliance.base.options import (
    DATA,
    DURABILITY,
    JOB_POLICIES,
    JOBS_ELSEWHERE,
    MAIL_FROM,
    MAIL_MISSED,
    MAIL_SUPPORT,
    PUSH_REDACT,
    STATISTICS,
)
from appliance.base.threads import Threads
from appliance.base.ticker import Ticker
from appliance.base.urls import public_url
from appliance.jobs.policy import Policy
from appliance.jobs.pool import JobPool
from appliance.jobs.resharding import bring_home
from appliance.outside.breaker import Breakers
from appliance.outside.mail import mailer
from appliance.outside.preview import previews
from appliance.outside.roads import Roads, roads
from appliance.outside.webhook import webhooks
from appliance.store import secret
from appliance.store.ownership import running_server
from appliance.store.store import Store
from appliance.workers import push_listening
from appliance.workers.parts import Parts

log = logging.getLogger(__name__)

SAFETY_LOOK = 5  # seconds; should a signal of who wrote jobs get lost
GRACE = 10.0  # seconds in which a stop lets jobs finish


def make_pool(
    config: Config,
    store: Store,
    clock: Clock,
    metrics: Metrics,
    policies: dict[str, Policy],
    breakers: Breakers,
    roads: Roads,
) -> JobPool:
    """The workers of these queues."""
    parts = Parts(
        store,
        clock,
        mailer(config, store.folder, breakers),
        public_url(config),
        config.get(MAIL_FROM),
        config.get(MAIL_SUPPORT) or config.get(MAIL_FROM),
        config.get(MAIL_MISSED),
        roads,
        config.get(PUSH_REDACT),
        metrics,
        secret.provide(store.folder),
        webhooks(config, breakers),
        previews(config),
    )
    push_listening.follow(parts)
    bring_home(store, policies)
    made = workers.build(parts, policies)
    return JobPool(store, made, clock, metrics, statistics=config.get(STATISTICS))


def served(config: Config) -> dict[str, Policy]:
    """The queues that the server works. Raises ConfigError."""
    policies = workers.policies(config.get(JOB_POLICIES))
    return {queue: policy for queue, policy in policies.items() if queue not in config.get(JOBS_ELSEWHERE)}


def split_queues(config: Config, store: Store) -> None:
    """Have jobs go to the shards of their queues. Raises ConfigError."""
    policies = workers.policies(config.get(JOB_POLICIES))
    store.committer.queue_shards = {name: each.shards for name, each in policies.items() if each.shards > 1}


class WorkProcess:
    """Build it, `start`, `wait`, `stop`. It takes what nobody else works, the rest when it is free."""

    def __init__(self, config: Config, queues: Sequence[str]) -> None:
        """Raises CommandError for a queue that there is not."""
        policies = workers.policies(config.get(JOB_POLICIES))
        unknown = set(queues) - policies.keys()
        if unknown:
            raise CommandError(f"there is no queue {min(unknown)}: there are {', '.join(policies)}")
        self.folder: Path = config.get(DATA)
        clock = SystemClock()
        is_served = running_server(self.folder) is not None
        self._store = Store(self.folder, clock, durable=config.get(DURABILITY) == "full", served=is_served)
        split_queues(config, self._store)
        mine = {queue: policies[queue] for queue in queues}
        metrics = Metrics()
        breakers = Breakers(clock, metrics)
        self._roads = roads(config, self.folder, breakers)
        self._pool = make_pool(config, self._store, clock, metrics, mine, breakers, self._roads)
        self._threads, self._ticker = Threads(), Ticker()

    def start(self) -> None:
        self._roads.report()
        self._store.start(self._threads)
        self._pool.start(self._threads)
        self._ticker.every(SAFETY_LOOK, self._pool.look)
        self._threads.start("ticker", self._ticker.run)

    def look(self) -> None:
        """Another process has written jobs."""
        self._pool.look()

    def stop(self) -> None:
        """Finish what runs, leave the rest to whom comes next."""
        log.info("stopping")
        self._ticker.stop()
        self._pool.stop()
        self._store.checkpointer.stop()
        self._threads.stop(GRACE)
        self._pool.close()
        self._roads.close()
        self._store.close()
