"""A work in the committer's queue, and the bell of the thread that waits for it."""

import _thread
from collections.abc import Callable
from typing import Any, TypeVar

from appliance.store.transaction import Outcome, Transaction

T = TypeVar("T")
Work = Callable[[Transaction], T]


class Entry:
    __slots__ = ("_bell", "done", "error", "flush", "last", "outcome", "result", "work")

    def __init__(self, work: Work[Any], flush: bool, last: bool) -> None:
        self.work, self.flush, self.last = work, flush, last
        self.result: Any = None
        self.error: BaseException | None = None
        self.outcome: Outcome | None = None
        self.done = False
        self._bell = _thread.allocate_lock()
        self._bell.acquire()

    def wake(self) -> None:
        try:
            self._bell.release()
        except RuntimeError:  # it was woken already and has not looked yet
            return

    def sleep(self) -> None:
        self._bell.acquire()
