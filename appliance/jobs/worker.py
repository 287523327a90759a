"""What a queue worker is."""

import random
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from appliance.store.transaction import Job


@dataclass(frozen=True, slots=True)
class Policy:
    """How a queue treats its jobs. A job is tried `attempts` times, then it is a dead letter.

    The pause before a retry starts at `first_pause` seconds and doubles up to `longest_pause`, ±50 %.
    """

    attempts: int = 4
    first_pause: float = 1.0
    longest_pause: float = 600.0
    concurrency: int = 1

    def pause(self, failed_tries: int) -> float:
        even = min(self.first_pause * 2.0 ** (failed_tries - 1), self.longest_pause)
        return even * random.uniform(0.5, 1.5)


class QueueProcessingWorker(ABC):
    """Consumes the jobs of one queue; the pool calls it on threads named after the queue.

    A job is delivered at least once: after a crash it comes again, so that `consume` must be able to meet
    work that is half done. A worker whose effect is all in the file acknowledges in the same transaction
    (`appliance.store.job.done`) and is then exact.
    """

    queue: ClassVar[str]
    policy: ClassVar[Policy] = Policy()

    @abstractmethod
    def consume(self, job: Job) -> None:
        """Do it. Returning acknowledges; raise a verdict otherwise (verdict.py)."""

    def close(self) -> None:  # noqa: B027 (most have nothing to give up)
        """Give up connections; called once, after the last job."""
