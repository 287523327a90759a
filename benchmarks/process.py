"""A server process pinned to one core, and what the system says of it."""

import os
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).parent.parent
CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, CLIENT_CORE = CORES[0], CORES[-1]
PROBE = b"GET /api/v1/server_settings HTTP/1.0\r\n\r\n"
START_LIMIT = 20.0  # seconds


class Process:
    """`with Process(command, port) as process:` it answers on this port, and has ended afterwards."""

    def __init__(
        self, command: Sequence[str], port: int, environment: Mapping[str, str] | None = None
    ) -> None:
        """`environment` adds to what the process sees; it never sees our own settings of the appliance."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("APPLIANCE_")}
        self.port = port
        self._command, self._environment = command, {**inherited, **(environment or {})}

    def __enter__(self) -> Self:
        began = time.perf_counter()
        os.sched_setaffinity(0, {SERVER_CORE})  # the child inherits it
        self._process = subprocess.Popen(
            self._command, cwd=ROOT, env=self._environment, stdout=subprocess.DEVNULL
        )
        os.sched_setaffinity(0, {CLIENT_CORE})
        try:
            self._await_answer(began + START_LIMIT)
        except BaseException:
            self._process.kill()
            raise
        self.start_seconds = time.perf_counter() - began
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def _await_answer(self, deadline: float) -> None:
        while self._process.poll() is None and time.perf_counter() < deadline:
            with suppress(ConnectionError), socket.create_connection(("127.0.0.1", self.port)) as probe:
                probe.sendall(PROBE)
                if probe.recv(64).startswith(b"HTTP/1."):
                    return
            time.sleep(0.002)
        raise RuntimeError("the server did not start")

    # -- what the system says

    @property
    def rss(self) -> int:
        """KiB."""
        return self._number("status", "VmRSS:")

    @property
    def pss(self) -> int:
        """KiB; what it shares with other processes is divided among them."""
        return self._number("smaps_rollup", "Pss:")

    @property
    def cpu(self) -> float:
        """Seconds that all its threads, also those that are gone, have computed."""
        return time.clock_gettime((~self._process.pid << 3) | 2)  # clock_getcpuclockid(3), exact

    @property
    def written(self) -> int:
        """Bytes that went to the disk, or will."""
        return self._number("io", "write_bytes:")

    def _number(self, file: str, name: str) -> int:
        lines = Path(f"/proc/{self._process.pid}/{file}").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(name))


def free_port() -> int:
    """Of 127.0.0.1; nobody else is expected to take it meanwhile."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
