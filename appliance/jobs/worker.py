"""What a queue worker is, and how one is declared."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import ClassVar, NamedTuple, TypedDict, TypeVar

from appliance.base.clock import Clock
from appliance.base.errors import ApplianceError
from appliance.jobs.deadline import Deadline
from appliance.jobs.policy import Policy
from appliance.store import job as job_table
from appliance.store import job_shard
from appliance.store.store import Store
from appliance.store.transaction import Job, Transaction


class WorkerDeclarationError(ApplianceError):
    """A worker class that does not say what it is."""


class Context(NamedTuple):
    """What a worker is told beside the job. `attempt`: 1 is the first (of a batch, the highest of any)."""

    queue: str
    attempt: int
    deadline: Deadline
    clock: Clock
    store: Store

    def acknowledge(self, transaction: Transaction, job: Job) -> bool:
        """Have the job done with the transaction that has its effect; False: an earlier try got this far.

        Raises WorkerTimeout when the job was taken away from this worker meanwhile.
        """
        self.deadline.check()
        return job_table.done(transaction, [job.id]) > 0


class Delivery:
    """A job in the hands of a worker."""

    __slots__ = ("ended", "job", "verdict")

    def __init__(self, job: Job) -> None:
        self.job = job
        self.ended = False
        self.verdict: BaseException | None = None

    def end(self, verdict: BaseException | None = None) -> None:
        """It is done with this one: well, or with a verdict of its own. What a batch's worker does not end is
        done when it returns, and delivered again, alone, when it raises."""
        self.ended, self.verdict = True, verdict


class Options(TypedDict, total=False):
    """What every worker's constructor takes besides its parts, and passes to the base's."""

    threaded: bool
    disable_timeout: bool
    worker_num: int | None


class Worker(ABC):
    """The base of both kinds of workers.

    A job is delivered at least once: after a crash it comes again, so that a worker must be able to meet work
    that is half done. One whose effect is all in the file acknowledges in the same transaction
    (Context.acknowledge) and is then exact. It must hold no transaction while it calls out.
    """

    queue: ClassVar[str]
    policy: Policy = Policy()

    def __init__(
        self, *, threaded: bool = True, disable_timeout: bool = False, worker_num: int | None = None
    ) -> None:
        """`threaded`: it shares its process with others; `disable_timeout`: it may take as long as it likes,
        whatever its policy says; `worker_num`: which shard of its queue it consumes, from 1; None: all of it.

        Raises WorkerDeclarationError for a class without a queue.
        """
        if not getattr(self, "queue", ""):
            raise WorkerDeclarationError(
                f"{type(self).__name__} has no queue: declare it with @assign_queue(NAME)"
            )
        self.threaded, self.disable_timeout, self.worker_num = threaded, disable_timeout, worker_num

    @property
    def queue_name(self) -> str:
        """The queue, or the shard of it, whose jobs it gets."""
        return self.queue if self.worker_num is None else job_shard.shard_name(self.queue, self.worker_num)

    def close(self) -> None:  # noqa: B027 (most have nothing to give up)
        """Give up connections; called once, after the last job."""


class QueueProcessingWorker(Worker):
    """Consumes jobs one by one."""

    @abstractmethod
    def consume(self, job: Job, context: Context) -> None:
        """Do it. Returning acknowledges; raise a verdict otherwise (verdict.py)."""


class LoopQueueProcessingWorker(Worker):
    """Consumes jobs in batches: those that gather in `sleep_delay` seconds, at most `batch_size`."""

    @abstractmethod
    def consume_batch(self, deliveries: Sequence[Delivery], context: Context) -> None:
        """Do them. Returning acknowledges all that have no verdict of their own (Delivery.end); when it
        raises, those are delivered once more, each in a batch of its own."""


W = TypeVar("W", bound=type[Worker])

_declared: dict[str, type[Worker]] = {}


def assign_queue(queue: str, *, policy: Policy | None = None, enabled: bool = True) -> Callable[[W], W]:
    """Declare what a worker class consumes; one that is not enabled is left out of `declared`."""

    def declare(worker: W) -> W:
        worker.queue = queue
        worker.policy = policy or Policy()
        if enabled and _declared.setdefault(queue, worker) is not worker:
            raise WorkerDeclarationError(f"two workers for the queue {queue}")
        return worker

    return declare


def declared() -> dict[str, type[Worker]]:
    """By queue, all classes whose modules have been imported."""
    return dict(_declared)
