"""The HTTP server: waitress's parser, buffers and request threads, on an epoll loop of our own.

Waitress's loop asks every socket on every turn what it waits for, which is too slow for thousands of parked
polls. Here epoll knows, and is told when it changes:

    socket loop       (the thread in `Server.run`) accepts, reads requests, runs the quick ones, flushes what
                      did not go out at once, closes, and answers polls that time out or are resumed in bulk
    request threads   run the other handlers and write the answers; where waitress would then wake its loop
                      to ask again, they tell epoll themselves, if anything changed at all

`Server._lock` makes one step of asking a channel and telling epoll; it is never held while calling out.
"""

import math
import resource
import select
import socket
import threading
import time
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Any
from wsgiref.types import WSGIApplication

from waitress import wasyncore
from waitress.adjustments import Adjustments

from appliance.http.dispatcher import Dispatcher, Quick
from appliance.http.listener import Listener, bind, port_of
from appliance.http.lot import Lot
from appliance.http.parking import ParkingChannel, ParkingServer
from appliance.http.proxy import believing
from appliance.http.refusal import Parser, Refusal

MOST_FILES = 24_000  # of the whole process, where the system allows; 7/8 of them for connections
MOST_HEADER_BYTES = 64 * 1024
LINGER_SECONDS = 30


class Channel(ParkingChannel):
    """A connection that tells epoll what it waits for.

    One that was refused lingers: closed with bytes unread, TCP would tell the client of a reset, and it might
    never see the refusal. So only its sending side is closed, and what still comes in is thrown away.
    """

    server: "Server"
    error_task_class = Refusal
    parser_class = Parser
    interest: int | None = None  # the flags that epoll has; None once closed. Server._lock guards it,
    stalled = False  # and this: its next request waits until the client has read the answers before
    refused = False
    lingers_since = math.inf  # time.time()
    _fileno: int

    def __init__(self, server: "Server", connection: socket.socket, *args: Any, **kwargs: Any) -> None:
        self.port = connection.getsockname()[1]
        super().__init__(server, connection, *args, **kwargs)
        server.watch(self)

    @property
    def unread(self) -> bool:
        """There is output that the client was not ready to take."""
        return bool(self.interest and self.interest & select.EPOLLOUT)

    @property
    def lingers(self) -> bool:
        return self.lingers_since < math.inf

    def readable(self) -> bool:
        return self.lingers or super().readable()

    def writable(self) -> bool:
        return not self.lingers and super().writable()

    def service(self) -> None:
        """On any thread, and within another channel's if a handler resumes a ticket."""
        serving = self.server.serving
        outer, serving.channel = serving.channel, self
        try:
            super().service()
        finally:
            serving.channel = outer

    def _flush_outbufs_below_high_watermark(self) -> None:
        """Never wait for the client: answers come in one piece, and `add_task` holds back the next one."""

    def handle_close(self) -> None:
        """On the socket loop: the client left, or (`will_close`) all is said."""
        if self.refused and self.will_close and not self.lingers and self.socket is not None:
            self.lingers_since = time.time()
            with suppress(OSError):
                self.socket.shutdown(socket.SHUT_WR)
        else:
            super().handle_close()

    def del_channel(self, map: Any = None) -> None:
        self.server.unwatch(self)
        super().del_channel(map)


class Serving(threading.local):
    """What this thread is serving."""

    channel: Channel | None = None


class Server(ParkingServer):
    """Listens from the start, serves in `run`, which one thread calls."""

    channel_class = Channel
    active_channels: dict[int, Channel]  # type: ignore[assignment]  # (the stubs say one channel)
    trigger: Any  # a pipe that wakes the loop
    task_dispatcher: Dispatcher
    _fileno: int
    _map: dict[int, Any]

    def __init__(
        self,
        app: WSGIApplication,
        host: str,
        port: int,
        *,
        shard_ports: Sequence[int] = (),
        quick: Quick = lambda request: False,
        threads: int = 8,
        max_body: int,
        trusted_proxies: Collection[str] = (),
    ) -> None:
        """`quick`: which requests run on the socket loop, because they never wait; `max_body` in bytes;
        `trusted_proxies` are IP addresses. CannotListen if it cannot listen there."""
        listener, *others = bind(host, (port, *shard_ports))
        self.port = port_of(listener)
        self.shard_ports = tuple(map(port_of, others))
        self.lot = Lot(self.wake)
        self.serving = Serving()
        self._lock = threading.RLock()  # re-entrant: a signal handler in the loop's thread may call stop()
        self._woken = False
        self._deadline = math.inf  # once stopping: the time.monotonic() when it must be over
        super().__init__(
            believing(app, trusted_proxies),
            dispatcher=Dispatcher(quick, threads),
            adj=_adjustments(listener, max_body),
            sockinfo=(listener.family, listener.type, listener.proto, listener.getsockname()),
            bind_socket=False,
            _sock=listener,
        )
        self._listeners: list[Any] = [self, *(Listener(each, self._map, self._welcome) for each in others)]
        self._listening = frozenset(each._fileno for each in self._listeners)
        self._epoll = select.epoll()
        for fd in self._listening:
            self._epoll.register(fd, 0)
        self._epoll.register(self.trigger._fileno, select.EPOLLIN)

    @property
    def parked(self) -> int:
        """How many requests wait now."""
        return self.lot.parked

    def run(self) -> None:
        """The socket loop; returns when `stop` was called and all is said."""
        self.task_dispatcher.loop_thread = threading.get_ident()
        while self._deadline == math.inf:
            self._turn()
        for listener in self._listeners:
            wasyncore.dispatcher.close(listener)  # (Server.close would close more)
        self.lot.stopping = True
        while self._drains():
            self._turn()
        self._close()

    def stop(self, grace: float = 5.0) -> None:
        """Take no more connections, answer all that wait, let what runs finish for `grace` s. Any thread."""
        self._deadline = time.monotonic() + grace
        self.wake()

    def wake(self) -> None:
        """Make the loop take its next turn at once; any thread. One byte at a time: a full pipe blocks."""
        with self._lock:
            if not self._woken:
                self._woken = True
                self.trigger.pull_trigger()

    def add_task(self, channel: Channel) -> None:  # type: ignore[override]  # (the stubs: any task)
        """Have its next request run, or its parked one answered; any thread. Not before the client has read
        what it was told: else those who do not read would take all threads, and all memory."""
        with self._lock:
            channel.stalled = channel.total_outbufs_len > self.adj.outbuf_overflow
            if not channel.stalled:
                self.task_dispatcher.add_task(channel)

    def pull_trigger(self) -> None:
        """Waitress calls this in `service()`, where it has changed what its channel waits for."""
        assert self.serving.channel is not None
        self.update(self.serving.channel)

    def watch(self, channel: Channel) -> None:
        with self._lock:
            channel.interest = select.EPOLLIN
            self._epoll.register(channel._fileno, channel.interest)

    def update(self, channel: Channel) -> None:
        """Tell epoll if the channel waits for something else than before, and go on with it; any thread."""
        with self._lock:
            wanted = select.EPOLLIN if channel.readable() else 0
            wanted |= select.EPOLLOUT if channel.writable() else 0
            if channel.interest not in (wanted, None):
                channel.interest = wanted
                self._epoll.modify(channel._fileno, wanted)
            if channel.stalled:
                self.add_task(channel)

    def unwatch(self, channel: Channel) -> None:
        with self._lock:
            if channel.interest is not None:
                channel.interest = None
                self._epoll.unregister(channel._fileno)

    def maintenance(self, now: float) -> None:
        """Close who is idle between requests, does not read or lingers; parked ones stay. Socket loop."""
        silent_since = now - self.adj.channel_timeout
        for channel in list(self.active_channels.values()):
            idle = channel.last_activity < silent_since and (not channel.requests or channel.unread)
            if idle or channel.lingers_since < now - LINGER_SECONDS:
                channel.handle_close()

    def _turn(self) -> None:
        self._woken = False  # before looking for work: who brings more from here on writes a new byte
        self.lot.answer_due()
        self.task_dispatcher.run_quick()
        if self.accepting:
            self._listen()
        events = self._epoll.poll(self._pause())
        # The listeners last: a connection closed in this turn must not pass on its number while there may be
        # an event for it in the list.
        for fd, flags in sorted(events, key=lambda event: event[0] in self._listening):
            if fd in self._map:
                self._handle(self._map[fd], flags)

    def _handle(self, ready: Any, flags: int) -> None:
        wasyncore.readwrite(ready, flags)
        if isinstance(ready, Channel):
            self.update(ready)

    def _listen(self) -> None:
        """Accept, unless there are too many; `readable` also calls `maintenance` every 30 s."""
        wanted = select.EPOLLIN if self.readable() else 0
        for fd in self._listening:
            self._epoll.modify(fd, wanted)

    def _welcome(self, connection: socket.socket, address: Any) -> None:
        """At another port than the main one, for which waitress does it."""
        self.set_socket_options(connection)
        Channel(self, connection, address, self.adj, map=self._map)

    def _pause(self) -> float | None:
        """Seconds until there is work that nobody wakes us for; None: never."""
        now = time.monotonic()
        until = self.lot.next_due()
        if self.lot.stopping:
            until = min(until, now + 0.1)
        elif self.active_channels:
            until = min(until, now + self.next_channel_cleanup - time.time())
        return None if until == math.inf else max(0.0, until - now)

    def _drains(self) -> bool:
        """Close who has nothing more to say, when stopping. Are there others, and time for them?"""
        for channel in list(self.active_channels.values()):
            if not channel.requests and not channel.total_outbufs_len:
                channel.handle_close()
        return bool(self.active_channels) and time.monotonic() < self._deadline

    def _close(self) -> None:
        for channel in list(self.active_channels.values()):
            channel.handle_close()
        left = math.ceil(self._deadline - time.monotonic())
        self.task_dispatcher.shutdown(timeout=max(1, left))
        with self._lock:
            self._woken = True  # for good: there is no pipe any more
            self.trigger.close()
            self._epoll.close()


def _adjustments(listener: socket.socket, max_body: int) -> Adjustments:
    return Adjustments(
        sockets=[listener],
        ident="appliance",
        connection_limit=_connection_limit(),
        channel_request_lookahead=1,  # read on while a request runs: that is how a hang-up is noticed
        max_request_header_size=MOST_HEADER_BYTES,
        max_request_body_size=max_body + 1,  # waitress refuses from here on
        clear_untrusted_proxy_headers=False,  # `believing` does
    )


def _connection_limit() -> int:
    """Raise the limit of open files as far as wanted and allowed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return allowed - allowed // 8
