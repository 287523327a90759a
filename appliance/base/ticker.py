"""Regular small deeds, one after another on one thread. What takes long is made a job instead."""

import logging
import threading
from collections.abc import Callable

import schedule

log = logging.getLogger(__name__)


class Ticker:
    def __init__(self) -> None:
        self._scheduler = schedule.Scheduler()
        self._stopping = threading.Event()

    def every(self, seconds: int, deed: Callable[[], None]) -> None:
        self._scheduler.every(seconds).seconds.do(_survive, deed)

    def run(self) -> None:
        while not self._stopping.wait(max(0.0, self._scheduler.idle_seconds or 0.0)):
            self._scheduler.run_pending()

    def stop(self) -> None:
        self._stopping.set()


def _survive(deed: Callable[[], None]) -> None:
    try:
        deed()
    except Exception:
        log.exception("%s failed", getattr(deed, "__qualname__", deed))
