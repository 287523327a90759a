"""The connections of http.py. Not for import at start: with requests it takes 10 MB.

Of requests the adapter is used and no session: that one follows redirects, keeps cookies, reads ~/.netrc and
takes proxies from the environment.
"""

import io
import logging
import socket
import ssl
import time
from collections.abc import Callable
from functools import partial
from http.client import HTTPResponse
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from appliance.outside.breaker import Unreachable
from appliance.outside.trouble import why

HOSTS = 10  # with connections that are kept
NO_ADDRESS = "it is no address of the web"  # the words of the libraries quote it

Connect = Callable[[str, int, float], socket.socket]  # host, port, seconds; raises OSError

logging.getLogger("urllib3").setLevel(logging.ERROR)  # its lesser words have whole addresses in them


class Pool:
    def __init__(self, connections: int, connect: Connect, largest: int) -> None:
        """`largest`: bytes of an answer; what is beyond is not read."""
        self._adapter, self._largest = _Adapter(connections, connect), largest

    def send(
        self, method: str, url: str, connecting: float, answering: float, **parts: Any
    ) -> tuple[int, dict[str, str], bytes]:
        """Seconds to connect, and to answer. Status, headers in lower case, body. Raises Unreachable, and
        ValueError for what is no address."""
        try:
            request = requests.Request(method, url, **parts).prepare()
            if urlsplit(request.url).scheme not in ("http", "https"):
                raise ValueError(NO_ADDRESS)
            response = self._adapter.send(request, stream=True, timeout=(connecting, answering))
            return _read(response.raw, self._largest)
        except (requests.exceptions.InvalidURL, requests.exceptions.MissingSchema, UnicodeError):
            raise ValueError(NO_ADDRESS) from None
        except (OSError, HTTPError) as error:
            raise Unreachable(f"{_host(url)} does not work: {why(error)}") from None

    def close(self) -> None:
        self._adapter.close()


def _read(raw: Any, largest: int) -> tuple[int, dict[str, str], bytes]:
    """`raw` is urllib3's response. Its connection is kept when all was read."""
    body: bytes = raw.read(largest + 1)
    if len(body) > largest:
        raw.close()
    headers = {name.lower(): value for name, value in raw.headers.items()}
    return raw.status, headers, body[:largest]


def _host(url: str) -> str:
    """All of the address that is no secret."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)


class _Adapter(HTTPAdapter):
    def __init__(self, connections: int, connect: Connect) -> None:
        self._connect = connect
        super().__init__(pool_connections=HOSTS, pool_maxsize=connections)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: Any) -> None:
        context = ssl.create_default_context()
        self.poolmanager = _Pools(
            self._connect, num_pools=connections, maxsize=maxsize, block=block, ssl_context=context
        )

    def cert_verify(self, *_: Any) -> None:
        """The context does it; the adapter's own way would add the certificates of the package certifi."""


class _Pools(PoolManager):
    def __init__(self, connect: Connect, **options: Any) -> None:
        super().__init__(**options)
        self._connect = connect

    def _new_pool(
        self, scheme: str, host: str, port: int, request_context: dict[str, Any] | None = None
    ) -> HTTPConnectionPool:
        pool = super()._new_pool(scheme, host, port, request_context)
        kind = _TlsConnection if scheme == "https" else _Connection
        pool.ConnectionCls = partial(kind, opened_by=self._connect)  # type: ignore[assignment]
        return pool


class _InTime(io.RawIOBase):
    """The bytes of a socket, until its time-out has passed since the first was wanted; the socket's own is
    for each read, so that a server which sends a byte now and then would be waited for without end."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket, self._bytes = sock, sock.makefile("rb", buffering=0)
        self._deadline = time.monotonic() + (sock.gettimeout() or 0.0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        remaining = self._deadline - time.monotonic()
        if remaining <= 0:
            raise TimeoutError("timed out")
        self._socket.settimeout(remaining)
        return self._bytes.readinto(buffer)

    def close(self) -> None:
        self._bytes.close()
        super().close()


class _Response(HTTPResponse):
    def __init__(self, sock: socket.socket, *arguments: Any, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        self.fp.close()
        self.fp = io.BufferedReader(_InTime(sock))


class _Connection(HTTPConnection):
    response_class = _Response

    def __init__(self, *arguments: Any, opened_by: Connect, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._opened_by = opened_by

    def _new_conn(self) -> socket.socket:
        sock = self._opened_by(self._dns_host, self.port, self.timeout)  # type: ignore[arg-type]
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # head and body go apart: 40 ms otherwise
        return sock


class _TlsConnection(_Connection, HTTPSConnection):
    """The same, encrypted."""
