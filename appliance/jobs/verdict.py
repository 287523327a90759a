"""What a worker raises to say how a job ended, when it did not end well."""


class Verdict(Exception):
    """The base of the verdicts; anything else that a worker raises counts as Retry."""


class Retry(Verdict):
    """It may work later: after `delay` seconds, or after the queue's own pause."""

    def __init__(self, reason: str, delay: float | None = None) -> None:
        super().__init__(reason)
        self.delay = delay


class Drop(Verdict):
    """There is nothing left to do: forget the job without a trace but a log line."""


class Fail(Verdict):
    """It will never work: make it a dead letter at once."""
