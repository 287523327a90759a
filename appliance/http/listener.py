"""Where connections come in: a socket for each port."""

import logging
import os
import socket
from collections.abc import Callable, Iterable
from typing import Any

from waitress import wasyncore

log = logging.getLogger(__name__)

BACKLOG = 1024  # connections that wait to be accepted

Welcome = Callable[[socket.socket, Any], object]  # takes a new connection and its address


class CannotListen(OSError):
    """`port`: at which of them."""

    def __init__(self, port: int, error: OSError) -> None:
        resolving = isinstance(error, socket.gaierror)
        super().__init__(str(error.strerror if resolving or not error.errno else os.strerror(error.errno)))
        self.port = port


def bind(host: str, ports: Iterable[int]) -> list[socket.socket]:
    """A listening socket for each port, 0 being any. Raises CannotListen, and then keeps none of them."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound: list[socket.socket] = []
    for port in ports:
        try:
            bound.append(socket.create_server((host, port), family=family, backlog=BACKLOG))
        except OSError as error:
            for each in bound:
                each.close()
            raise CannotListen(port, error) from error
    return bound


def port_of(listening: socket.socket) -> int:
    port: int = listening.getsockname()[1]
    return port


class Listener(wasyncore.dispatcher):
    """One more port of a server, in the same loop."""

    _fileno: int

    def __init__(self, listening: socket.socket, map: dict[int, Any], welcome: Welcome) -> None:
        super().__init__(listening, map=map)
        self.accepting = True
        self._welcome = welcome

    def handle_accept(self) -> None:
        """On the socket loop."""
        try:
            accepted = self.accept()
            if accepted:
                self._welcome(*accepted)
        except OSError as error:
            log.warning("a connection was not accepted: %s", error)
