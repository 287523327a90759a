"""What a job queue must be able to do to be compared."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ClassVar

LOOK = 0.5  # seconds in which a worker that waits finds out that it is to stop


class Missing(Exception):
    """A peer that is not installed here."""


class Peer(ABC):
    """A durable queue with a data folder of its own. Its constructor raises Missing."""

    name: ClassVar[str]

    @abstractmethod
    def publish(self, text: str) -> None:
        """Enqueue a job, return when it is durable; on any thread."""

    @abstractmethod
    def consume(self, number: int) -> None:
        """Take and acknowledge all jobs there are, `number` of them, with one worker that does nothing."""

    @abstractmethod
    def listen(self, started: Callable[[], None], stopping: threading.Event) -> None:
        """A worker that waits for jobs as it would in production, calls `started` for each and acknowledges
        it, until `stopping` is set."""

    @contextmanager
    def listening(self, started: Callable[[], None]) -> Iterator[None]:
        """Meanwhile a worker waits, on a thread of its own."""
        stopping = threading.Event()
        worker = threading.Thread(target=self.listen, args=(started, stopping))
        worker.start()
        try:
            yield
        finally:
            stopping.set()
            worker.join()

    def leave(self) -> None:  # noqa: B027 (most have nothing to do)
        """A publishing thread ends: give up what it had for itself."""

    @abstractmethod
    def close(self) -> None: ...


def check(taken: int, number: int) -> None:
    if taken != number:
        raise RuntimeError(f"{taken} jobs of {number} were consumed")
