"""Where requests run: on one of the request threads, or (those that never wait) on the socket loop itself.

To hand a poll to a thread costs more than to serve it: two switches of threads that all want Python's lock.
"""

import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from waitress.task import ThreadedTaskDispatcher

Quick = Callable[[Any], bool]  # of an HTTPRequestParser: may the socket loop run it?


class Dispatcher(ThreadedTaskDispatcher):
    def __init__(self, quick: Quick, threads: int) -> None:
        super().__init__()
        self.loop_thread = 0  # its threading.get_ident()
        self._quick = quick
        self._at_once: deque[Any] = deque()  # channels whose next request the loop will run
        self.set_thread_count(threads)

    def add_task(self, channel: Any) -> None:
        """Any thread; a lock of the channel is held. An answer to a parked request is for a thread."""
        on_loop = threading.get_ident() == self.loop_thread
        if on_loop and channel.held is None and self._quick(channel.requests[0]):
            self._at_once.append(channel)
        else:
            super().add_task(channel)

    def run_quick(self) -> None:
        """Socket loop, once a turn."""
        while self._at_once:
            self._at_once.popleft().service()
