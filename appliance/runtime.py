"""The running server: builds every part, starts the threads in order, and stops them in the other order."""

import gc
import logging
import signal
import sys
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import appliance
from appliance.actions.channel import activity as channel_activity
from appliance.actions.file import sweep as upload_sweep
from appliance.actions.message import delete, retention
from appliance.actions.personal import device
from appliance.actions.realm import organization as realm_actions
from appliance.actions.realm import push_service
from appliance.actions.search import index as search_index
from appliance.actions.user import full_member
from appliance.actions.user.activity import Activity
from appliance.base import stacks, systemd
from appliance.base.clock import SystemClock
from appliance.base.config import Config
from appliance.base.errors import CommandError, StorageError
from appliance.base.metrics import Metrics
from appliance.base.options import (
    BODY_MIB,
    CORS_ORIGINS,
    DATA,
    DURABILITY,
    LISTEN,
    MAIL_HOST,
    PUSH_STATISTICS,
    QUEUE_LIMITS,
    QUEUES,
    QUEUES_PER_USER,
    RELOAD_CLIENTS,
    REQUESTS_PER_MINUTE,
    SHARDS,
    THREADS,
    TRUSTED_PROXIES,
    UPLOADS_MIB,
)
from appliance.base.threads import Threads
from appliance.base.ticker import Ticker
from appliance.base.urls import public_url
from appliance.events.polling import Polling
from appliance.events.registry import QueueRegistry
from appliance.events.reloads import Reloads
from appliance.events.sharding import Ports, ShardMap
from appliance.events.shards import Shards
from appliance.http.app import is_poll, make_app
from appliance.http.console import make_console
from appliance.http.listener import CannotListen
from appliance.http.lot import resume_all
from appliance.http.server import Server
from appliance.http.services import Services
from appliance.jobs.health import Limits
from appliance.jobs.report import add_gauges
from appliance.model.realm_section import ServerFacts
from appliance.notify.decision import decide
from appliance.outside.breaker import Breakers
from appliance.outside.roads import roads
from appliance.store import secret
from appliance.store import user as users
from appliance.store.ownership import Ownership
from appliance.store.store import Store
from appliance.store.transaction import Transaction
from appliance.work import make_pool, served, split_queues

log = logging.getLogger(__name__)

# A request thread that computes would otherwise keep the GIL for 5 ms, and let every event wait as long.
SWITCH_INTERVAL = 0.0005
# A full collection looks at some thirty objects a waiting client: 100 ms for thousands. Ten times rarer.
GC_THRESHOLDS = (2000, 10, 100)
COLLECT_EVERY, PROVE_EVERY, ACTIVITY_EVERY, INDEX_EVERY = 60, 20, 600, 5  # seconds
UPLOAD_EVERY, PRUNE_EVERY, FORGET_EVERY = 3600, 3600, 6 * 3600  # seconds
PROMOTE_EVERY = 600  # seconds; who is a full member now
EXPIRE_EVERY = 600  # seconds; messages that are kept no longer
GRACE = 10.0  # seconds in which a stop lets threads finish
AROUND_A_FILE = 64 << 10  # bytes that a form adds to the one that it uploads


class Signals:
    """What the system and our commands tell this process. To be made, on the main thread, before a Runtime
    starts threads and puts the process's number into the folder: from then on a command may send one, and a
    signal that nobody waits for ends a process.

    The system keeps them until they are asked for. A handler would not do: of two signals at once, one may
    come to another thread, and Python runs its handler only when something else wakes the main one.
    """

    ALL = signal.SIGTERM, signal.SIGINT, signal.SIGUSR1, signal.SIGUSR2

    def __init__(self) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, self.ALL)

    def next(self) -> signal.Signals:
        """Waits for it."""
        return signal.Signals(signal.sigwait(self.ALL))


class Runtime:
    """One server on one data folder. Build it, `start`, `wait`, `stop`."""

    def __init__(self, config: Config) -> None:
        """Raises DataFolderError, and CommandError when it cannot listen."""
        self.folder: Path = config.get(DATA)
        self._ownership = Ownership(self.folder)
        self._clock = SystemClock()
        self._store = Store(self.folder, self._clock, durable=config.get(DURABILITY) == "full")
        split_queues(config, self._store)
        realm_actions.prepare(self._store)
        self.metrics = metrics = Metrics()
        self.public_url = public_url(config)
        self._shard_ports = _shard_ports(config, self.public_url)
        shards = len(self._shard_ports) or 1
        self._shards = Shards(self._store, self._clock, decide, resume_all, metrics, shards)
        self._registry = QueueRegistry(
            self._store,
            self._shards,
            self._clock,
            metrics,
            per_user=config.get(QUEUES_PER_USER),
            in_all=config.get(QUEUES),
        )
        self._polling = Polling(self._shards, self._clock)
        self._reloads = Reloads(self._store, self._shards)
        self._activity = Activity(self._store, self._clock)
        self._reload_clients: bool = config.get(RELOAD_CLIENTS)
        self._tells_statistics: bool = config.get(PUSH_STATISTICS)
        breakers = Breakers(self._clock, metrics)
        self._console = make_console(config, breakers, self._store, self._clock)
        self._roads = roads(config, self.folder, breakers)
        self._pool = pool = make_pool(
            config, self._store, self._clock, metrics, served(config), breakers, self._roads
        )
        limits = Limits(config.get(QUEUE_LIMITS))
        add_gauges(metrics, lambda: pool.statistics, pool.waiting, limits, self._clock)
        self._server = _listen(config, self._services(config, metrics))
        self._ownership.announce(str(config.get(LISTEN)._replace(port=self.port)))
        self._ticker = Ticker()
        self._threads = Threads()
        metrics.gauge("appliance_parked_polls", "Long polls that wait.", lambda: self._server.parked)
        committer = self._store.committer
        metrics.gauge("appliance_writes", "Works of actions and workers.", lambda: committer.writes)
        metrics.gauge("appliance_commits", "Transactions that they shared.", lambda: committer.commits)
        metrics.gauge("appliance_flushes", "Flushes of the log to the disk.", lambda: committer.flushes)
        metrics.gauge("appliance_thread_crashes", "Threads restarted.", lambda: self._threads.crashes)

    def _services(self, config: Config, metrics: Metrics) -> Services:
        server = ServerFacts(int(time.time()), config.get(BODY_MIB), config.get(UPLOADS_MIB) or None)
        return Services(
            self._store,
            self._registry,
            self._polling,
            self._clock,
            metrics,
            self.public_url,
            server,
            config.get(REQUESTS_PER_MINUTE),
            self._shard_ports,
            self._reloads,
            self._activity,
            secret.provide(self.folder),
            self._roads,
            self._console,
            config.get(CORS_ORIGINS),
            bool(config.get(MAIL_HOST)),
        )

    @property
    def queues_of_jobs(self) -> list[str]:
        return list(self._pool.waiting())

    @property
    def store(self) -> Store:
        return self._store

    @property
    def port(self) -> int:
        return self._server.port

    def start(self) -> None:
        """From here on it serves. What a crash left undone is done first."""
        sys.setswitchinterval(SWITCH_INTERVAL)
        logging.getLogger().addHandler(self._console.log)
        self._shards.restore()
        self._reloads.expect()
        self._store.notices_committed = self._shards.notices_committed
        self._store.start(self._threads)
        self._shards.start(self._threads)
        self._roads.report()
        self._begin_pushing()
        self._tell_restart()
        self._pool.start(self._threads)
        self._ticker.every(COLLECT_EVERY, self._registry.collect_idle)
        self._ticker.every(PROVE_EVERY, self._prove_alive)
        self._ticker.every(ACTIVITY_EVERY, self._activity.publish)
        self._ticker.every(INDEX_EVERY, partial(search_index.keep_up, self._store))
        self._ticker.every(FORGET_EVERY, partial(device.forget_unused, self._store, self._clock))
        self._ticker.every(FORGET_EVERY, partial(channel_activity.refresh, self._store, self._clock))
        self._ticker.every(PRUNE_EVERY, partial(delete.prune, self._store, self._clock))
        self._ticker.every(EXPIRE_EVERY, partial(retention.expire, self._store, self._clock))
        self._ticker.every(PROMOTE_EVERY, partial(full_member.keep, self._store, self._clock))
        self._ticker.every(PRUNE_EVERY, partial(upload_sweep.sweep, self._store, self._clock))
        self._threads.start("ticker", self._ticker.run)
        self._threads.start("socket-loop", self._server.run)
        gc.collect()
        gc.freeze()
        gc.set_threshold(*GC_THRESHOLDS)
        systemd.notify("READY=1")

    def wait(self, signals: Signals) -> None:
        """The main thread: until a signal to stop."""
        deeds = {signal.SIGUSR1: stacks.dump, signal.SIGUSR2: self._look}
        while deed := deeds.get(signals.next()):
            deed()

    def _look(self) -> None:
        """A command has written to the file."""
        self._shards.look()
        self._pool.look()

    def stop(self) -> None:
        """Answer who waits, finish what runs, save the rest."""
        systemd.notify("STOPPING=1")
        log.info("stopping")
        self._polling.stop()
        self._server.stop()
        self._ticker.stop()
        self._pool.stop()
        self._shards.stop()
        self._store.checkpointer.stop()
        self._threads.stop(GRACE)
        self._shards.save()
        with suppress(StorageError):
            self._activity.publish()
        self._pool.close()
        self._roads.close()
        self._store.close()
        self._ownership.release()
        logging.getLogger().removeHandler(self._console.log)

    def _begin_pushing(self) -> None:
        by_service = self._roads.named("bouncer") is not None
        push_service.begin(self._store, reaches_phones=self._roads.reach_phones, by_service=by_service)
        if by_service:
            upload = partial(push_service.order_upload, self._store, statistics=self._tells_statistics)
            self._ticker.every(UPLOAD_EVERY, upload)

    def _tell_restart(self) -> None:
        """Clients may want to know; they need not do anything."""
        event = {
            "type": "restart",
            "zulip_version": appliance.ZULIP_VERSION,
            "zulip_merge_base": appliance.ZULIP_MERGE_BASE,
            "zulip_feature_level": appliance.ZULIP_FEATURE_LEVEL,
            "server_generation": int(self._clock.now()),
        }

        def write(transaction: Transaction) -> None:
            transaction.notice(event, users.active_ids(transaction))

        if self._registry.count:
            self._store.write(write)
        if self._reload_clients:
            self._reloads.send()

    def _prove_alive(self) -> None:
        """For systemd's watchdog: the database answers."""
        with self._store.read() as reader:
            reader.value("SELECT 1 FROM realm")
        systemd.notify("WATCHDOG=1")


def _shard_ports(config: Config, url: str) -> Ports:
    """Of the organization at `url`; none unless shards are configured."""
    rules = config.get(SHARDS)
    return ShardMap.of(rules, config.get(LISTEN).port).ports(urlsplit(url).hostname or "") if rules else ()


def _listen(config: Config, services: Services) -> Server:
    address = config.get(LISTEN)
    proxies: tuple[str, ...] = config.get(TRUSTED_PROXIES)
    try:
        return Server(
            make_app(services),
            address.host,
            address.port,
            shard_ports=services.shard_ports,
            quick=is_poll,
            threads=config.get(THREADS),
            max_body=(config.get(BODY_MIB) << 20) + AROUND_A_FILE,
            trusted_proxies=proxies,
        )
    except CannotListen as error:
        where = address._replace(port=error.port)
        hint = "--listen" if error.port == address.port else SHARDS.key
        raise CommandError(f"cannot listen on {where}: {error} (choose another with {hint})") from error
