"""Named threads that are restarted when they crash.

A supervised thread runs one function until it returns. If it raises, the crash is logged and the function is
called again after a pause that doubles from 1 to 30 s; a run of a minute resets the pause.
"""

import logging
import threading
import time
from collections.abc import Callable

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE, HEALTHY_AFTER = 1.0, 30.0, 60.0


class Threads:
    """The supervised threads of a process."""

    def __init__(self) -> None:
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()  # guards _threads
        self._stopping = threading.Event()
        self.crashes = 0

    def start(self, name: str, target: Callable[[], None]) -> None:
        thread = threading.Thread(target=self._run, args=(name, target), name=name, daemon=True)
        thread.start()
        with self._lock:
            self._threads = [*filter(threading.Thread.is_alive, self._threads), thread]

    def stop(self, timeout: float) -> None:
        """Wait for all to return (who started them has told them to); what is late is left behind."""
        self._stopping.set()
        deadline = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
            if thread.is_alive():
                log.warning("thread %s did not stop in time", thread.name)

    def _run(self, name: str, target: Callable[[], None]) -> None:
        pause = FIRST_PAUSE
        while not self._stopping.is_set():
            began = time.monotonic()
            try:
                target()
                return
            except Exception:
                self.crashes += 1
                log.exception("thread %s crashed", name)
            if time.monotonic() - began > HEALTHY_AFTER:
                pause = FIRST_PAUSE
            self._stopping.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
