"""From a message to the mail: real fan-out, job pool and mail server; only the clock is ours."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.actions import setting as setting_actions
from appliance.base.config import Config
from appliance.base.metrics import Metrics
from appliance.base.threads import Threads
from appliance.events.descriptor import ClientDescriptor
from appliance.events.fanout import FanOut
from appliance.events.queue import EventQueue
from appliance.events.queues import Queues
from appliance.jobs.pool import JobPool
from appliance.notify.decision import decide
from appliance.outside.mail import mailer
from appliance.store import event_queue as saved_queues
from appliance.store import job as jobs
from appliance.store import presence as presences
from appliance.store.store import Store
from appliance.workers.email_senders import EmailSenders
from appliance.workers.missedmessage_email_batches import MissedMessageEmailBatches
from appliance.workers.missedmessage_emails import MissedMessageEmails
from tests.conftest import MovableClock, until
from tests.outside.smtp_sink import SmtpSink
from tests.workers.conftest import Team

PERIOD = 120  # seconds; the default of the setting
AT_ANN = "@**Ann Miller** hello"


class Server:
    """The part of a server that makes mails of messages. `stop` and `start` again as often as you like."""

    def __init__(self, store: Store, clock: MovableClock, smtp: SmtpSink, folder: Path) -> None:
        self._store, self._clock, self._folder = store, clock, folder
        mail = {"host": "127.0.0.1", "port": str(smtp.port), "security": "none"}
        self._config = Config.load(None, {f"APPLIANCE_MAIL_{name.upper()}": mail[name] for name in mail})
        self.queues = Queues()
        self.start()

    def start(self) -> None:
        metrics = Metrics()
        workers = [
            MissedMessageEmails(self._store),
            MissedMessageEmailBatches(self._store, self._clock, "https://chat.test"),
            EmailSenders(self._store, mailer(self._config, self._folder), "noreply@chat.test"),
        ]
        self._fanout = FanOut(self._store, self.queues, decide, lambda answers: None, metrics)
        self._store.notices_committed = self._fanout.notices_committed
        self._fanout.replay()
        self._pool = JobPool(self._store, workers, self._clock, metrics)
        self._threads = Threads()
        self._threads.start("fan-out", self._fanout.run)
        self._pool.start(self._threads)

    def stop(self) -> None:
        self._fanout.stop()
        self._pool.stop()
        self._threads.stop(10)
        self._fanout.save()
        self._pool.close()

    def pass_time(self, seconds: float) -> None:
        self._clock.advance(seconds)
        self._pool.recheck()

    def has_decided(self) -> bool:
        """On everything: the jobs are in the file, and done but for those of batches."""
        with self._store.read() as reader:
            behind = reader.value(
                "SELECT max(id) > (SELECT notice_id FROM position WHERE name = 'decided') FROM notice"
            )
            return not behind and jobs.counts(reader).keys() <= {"missedmessage_email_batches"}

    def settle(self) -> None:
        """Wait until what is to be done by now is done."""
        until(lambda: self._has_applied() and not self._is_busy())

    def _has_applied(self) -> bool:
        with self._store.read() as reader:
            newest = reader.value("SELECT max(id) FROM notice") or 0
        return self._fanout._applied >= newest

    def _is_busy(self) -> bool:
        with self._store.read() as reader:
            due = [run_at for _, _, run_at in jobs.waiting(reader) if (run_at or 0) <= self._clock.now() * 1000]
        return bool(due)
