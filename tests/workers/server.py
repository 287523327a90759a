"""What makes mails of messages, in this process: fan-out, job pool, workers."""

from dataclasses import replace
from typing import Any

from appliance import workers
from appliance.base.config import Config
from appliance.base.hosts import host_rule
from appliance.base.metrics import Metrics
from appliance.base.threads import Threads
from appliance.events.shards import Shards
from appliance.jobs.pool import JobPool
from appliance.notify.decision import decide
from appliance.outside.breaker import Breakers
from appliance.outside.guard import Guard
from appliance.outside.mail import mailer
from appliance.outside.preview import Previews
from appliance.outside.roads import Roads
from appliance.outside.webhook import Webhooks
from appliance.store import job as jobs
from appliance.store import notice as notices
from appliance.store.store import Store
from appliance.workers.parts import Parts
from tests.conftest import MovableClock, until
from tests.outside.smtp_sink import SmtpSink

NOREPLY, SECRET = "noreply@chat.test", "5ec2e7" * 10


def local_webhooks(clock: MovableClock) -> Webhooks:
    """Services of bots on this machine may be called."""
    return Webhooks(Guard([host_rule("127.0.0.1")]), Breakers(clock, Metrics()))


def local_previews() -> Previews:
    """Pages on this machine may be asked."""
    return Previews(Guard([host_rule("127.0.0.1")]), "https://chat.test")


class Server:
    """The part of a server that makes mails of messages. It runs until `stop`."""

    def __init__(self, store: Store, clock: MovableClock, smtp: SmtpSink, **policy: Any) -> None:
        """`policy`: what is to be different for the queue `email_senders`."""
        self._store, self._clock = store, clock
        mail = {"HOST": "127.0.0.1", "PORT": str(smtp.port), "SECURITY": "none"}
        config = Config.load(None, {f"APPLIANCE_MAIL_{name}": value for name, value in mail.items()})
        metrics = Metrics()
        self.breakers = Breakers(clock, metrics)
        mail_server = mailer(config, store.folder, self.breakers)
        facts = ("https://chat.test", NOREPLY, "help@chat.test", True)
        rest = (Roads({}), False, metrics, SECRET, local_webhooks(clock), local_previews())
        parts = Parts(store, clock, mail_server, *facts, *rest)
        self.shards = Shards(store, clock, decide, lambda answers: None, Metrics())
        policies = workers.policies(())
        policies["email_senders"] = replace(policies["email_senders"], **policy)
        self._pool = JobPool(store, workers.build(parts, policies), clock, Metrics())
        self._threads = Threads()
        store.notices_committed = self.shards.notices_committed
        self.shards.restore()
        self.shards.start(self._threads)
        self._pool.start(self._threads)

    def pass_time(self, seconds: float) -> None:
        """All that is due by now is done, then all that is due `seconds` later."""
        self.settle()
        self._clock.advance(seconds)
        self._pool.recheck()
        self.settle()

    def settle(self) -> None:
        until(self._has_applied_all)
        until(self._has_nothing_due)

    def _has_applied_all(self) -> bool:
        with self._store.read() as reader:
            return self.shards.of_user(0).fanout.decided == notices.newest(reader)

    def _has_nothing_due(self) -> bool:
        now = self._clock.now() * 1000
        with self._store.read() as reader:
            return all(run_at is not None and run_at > now for _, _, run_at in jobs.waiting(reader))

    @property
    def thread_crashes(self) -> int:
        return self._threads.crashes

    def stop(self) -> None:
        self.shards.stop()
        self._pool.stop()
        self._threads.stop(10)
        self.shards.save()
        self._pool.close()
