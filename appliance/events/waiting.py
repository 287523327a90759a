"""A long poll that waits for an event: what the queue needs to know of the parked request."""

from collections.abc import Callable
from typing import Any, Protocol


class Waiter(Protocol):
    """A parked request (http/parking.py). `resume` may be called on any thread, and not with a lock held that
    a timeout or a disconnect needs."""

    def resume(self, body: bytes) -> bool: ...


# park(seconds, on_timeout, on_gone): hold the request; `on_timeout` gives the answer if nothing came by then.
Park = Callable[[float, Callable[[], bytes], Callable[[], None]], Waiter]

# Answers several waiters, each with its own body, in one go. It takes what `Park` gave.
ResumeAll = Callable[[list[tuple[Any, bytes]]], object]
