"""What a worker raises to say how a job ended, when it did not end well.

    Verdict
    ├── Retry                try it again later
    ├── Drop                 forget it
    ├── Fail                 make it a dead letter
    ├── InterruptConsume     the worker has said itself what is to be said: it is done, without a word
    └── WorkerTimeout        it took longer than its queue allows: a failed try

Anything else that a worker raises counts as a failed try, and is logged with its traceback.
"""


class Verdict(Exception):
    """The base of the verdicts."""


class Retry(Verdict):
    """It may work later: after `delay` seconds, at `at` (epoch seconds), or after the queue's own pause.

    `counts` False: it was not tried, and has as many tries left as before.
    """

    def __init__(
        self, reason: str, delay: float | None = None, at: float | None = None, *, counts: bool = True
    ) -> None:
        super().__init__(reason)
        self.delay, self.at, self.counts = delay, at, counts


class Drop(Verdict):
    """There is nothing left to do: forget the job without a trace but a log line."""


class Fail(Verdict):
    """It will never work: make it a dead letter at once, whatever the queue's policy is."""


class InterruptConsume(Verdict):
    """It counts as done, silently."""


class WorkerTimeout(Verdict):
    """Raised by a deadline, or in the place of a worker that did not look at it."""

    def __init__(self, queue: str, seconds: float, events: int) -> None:
        super().__init__(f"Timed out in {queue} after {seconds:g} seconds processing {events} events")
