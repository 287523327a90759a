"""What a job queue must be able to do to be compared."""

from abc import ABC, abstractmethod
from typing import ClassVar


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

    def leave(self) -> None:  # noqa: B027 (most have nothing to do)
        """A publishing thread ends: give up what it had for itself."""

    @abstractmethod
    def close(self) -> None: ...
