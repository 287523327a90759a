"""Where ready jobs wait for threads, and threads for jobs."""

import _thread
from collections import deque
from collections.abc import Callable, Collection, Iterable

from appliance.store.transaction import Job

FOREVER = -1.0
Bell = _thread.LockType


def make_bell() -> Bell:
    """A thread's own: held, but for the moment in which somebody wakes the thread."""
    bell = _thread.allocate_lock()
    bell.acquire()
    return bell


class Line:
    """First in, first out. Any thread may call any method; none waits but `sleep`, and there is no lock: each
    step is one operation of a deque."""

    def __init__(self) -> None:
        self._jobs: deque[Job] = deque()
        self._asleep: deque[Bell] = deque()
        self._forgotten: set[int] = set()
        self._closed = False

    def __len__(self) -> int:
        return len(self._jobs)

    @property
    def is_awaited(self) -> bool:
        """Some thread sleeps."""
        return bool(self._asleep)

    def put(self, job: Job) -> None:
        self._jobs.append(job)
        if self._asleep:
            self.wake()

    def put_all(self, jobs: Collection[Job]) -> None:
        self._jobs.extend(jobs)
        for _ in range(min(len(jobs), len(self._asleep))):
            self.wake()

    def put_first(self, jobs: Iterable[Job]) -> None:
        """Before all others, in their order."""
        for job in reversed([*jobs]):
            self._jobs.appendleft(job)
            self.wake()

    def pop(self) -> Job | None:
        """The next job, if there is one."""
        while True:
            try:
                job = self._jobs.popleft()
            except IndexError:
                return None
            if not self._forgotten or job.id not in self._forgotten:
                return job
            self._forgotten.discard(job.id)

    def ids(self) -> list[int]:
        return [job.id for job in self._jobs.copy()]

    def forget(self, job_ids: Iterable[int]) -> None:
        """Not to hand these out."""
        self._forgotten.update(job_ids)

    def sleep(
        self, bell: Bell, timeout: float = FOREVER, *, unless: Callable[[], bool] = lambda: False
    ) -> None:
        """Until somebody wakes this thread, or for `timeout` seconds. It returns for a job that came
        meanwhile, at once when the line is closed, and if there is other work: `unless` is asked when who
        brings some can see that this thread sleeps, so that nobody's waking is lost."""
        self._asleep.append(bell)
        awake = self._jobs or self._closed or unless()
        if not awake and bell.acquire(timeout=timeout):
            return
        try:
            self._asleep.remove(bell)
        except ValueError:  # somebody is waking it this moment
            bell.acquire()

    def wake(self) -> None:
        """One who sleeps."""
        try:
            self._asleep.popleft().release()
        except IndexError:
            return

    def close(self) -> None:
        """Nobody is to sleep any more."""
        self._closed = True
        while self._asleep:
            self.wake()
