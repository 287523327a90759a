"""What goes wrong with a service, in words for the log: without addresses, which may be secret."""

import logging
import socket
import ssl
import threading
from collections.abc import Iterator

log = logging.getLogger(__name__)


def why(error: BaseException) -> str:
    """By what caused it in the first place: libraries wrap that, with the whole URL in their own words."""
    for each in reversed(list(_causes(error))):
        if isinstance(each, OSError) and (words := _words(each)):
            return words
    return type(error).__name__


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _words(error: OSError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not accepted: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"no encrypted connection comes about: {(error.reason or 'it breaks off').lower()}"
    if isinstance(error, socket.gaierror):
        return "its name cannot be found"
    if isinstance(error, TimeoutError):
        return "timed out"
    return (error.strerror or "").lower()


class Trouble:
    """What ails a road until a person mends it. Logged when it begins and when it ends; any thread."""

    def __init__(self, road: str) -> None:
        self._road = road
        self._lock = threading.Lock()  # guards reason
        self.reason = ""

    def begins(self, reason: str) -> None:
        with self._lock:
            is_news, self.reason = reason != self.reason, reason
        if is_news:
            log.error("no pushes by %s: %s", self._road, reason)

    def ends(self) -> None:
        with self._lock:
            was_there, self.reason = bool(self.reason), ""
        if was_there:
            log.info("pushes by %s work again", self._road)
