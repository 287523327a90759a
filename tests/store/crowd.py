"""Several threads at once; what one of them raises is the test's failure."""

import threading
import time
from collections.abc import Callable
from types import TracebackType

SOON = 20.0  # seconds; nothing here takes one


class Crowd:
    """`with Crowd() as crowd: crowd.start(deed)`: at its end all have returned, or the test fails."""

    def __init__(self) -> None:
        self._threads: list[threading.Thread] = []
        self._errors: list[BaseException] = []

    def start(self, deed: Callable[[], object], times: int = 1) -> None:
        """Do it so many times on a thread of its own."""
        thread = threading.Thread(target=self._run, args=(deed, times), daemon=True)
        self._threads.append(thread)
        thread.start()

    def _run(self, deed: Callable[[], object], times: int) -> None:
        try:
            for _ in range(times):
                deed()
        except BaseException as error:
            self._errors.append(error)

    def __enter__(self) -> "Crowd":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        deadline = time.monotonic() + SOON
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        if error is None:
            assert not any(thread.is_alive() for thread in self._threads), "a thread hangs"
            for each in self._errors:
                raise each
