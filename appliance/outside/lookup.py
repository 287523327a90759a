"""Names of the outside to addresses, in bounded time."""

import socket
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue

MOST = 16  # look-ups at once, those that nobody waits for any more included

Resolve = Callable[[str, int], list[str]]


def resolved(host: str, port: int) -> list[str]:
    """Addresses in the order in which they are to be tried. Takes as long as the system lets it."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class LookUps:
    """Any thread may ask. The system's look-up knows no time limit: each has a thread, which is left behind
    when it takes too long."""

    def __init__(self, resolve: Resolve = resolved) -> None:
        self._resolve = resolve
        self._free = threading.Semaphore(MOST)

    def addresses(self, host: str, port: int, seconds: float) -> list[str]:
        """Raises TimeoutError, socket.gaierror."""
        if not self._free.acquire(timeout=seconds):
            raise TimeoutError("timed out: too many names are being looked up")
        answer: SimpleQueue[list[str] | Exception] = SimpleQueue()
        threading.Thread(
            target=self._look_up, args=(host, port, answer), name="name look-up", daemon=True
        ).start()
        try:
            found = answer.get(timeout=seconds)
        except Empty:
            raise TimeoutError("timed out: the name is still being looked up") from None
        if isinstance(found, Exception):
            raise found
        return found

    def _look_up(self, host: str, port: int, answer: "SimpleQueue[list[str] | Exception]") -> None:
        """In a thread of its own."""
        try:
            answer.put(self._resolve(host, port))
        except Exception as error:
            answer.put(error)
        finally:
            self._free.release()
