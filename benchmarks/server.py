"""A real server process on a data folder of its own, pinned to one core, and what the system says of it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from appliance.actions import realm, subscription, user
from appliance.base.clock import SystemClock
from appliance.model.credential import new_api_key
from appliance.model.user import Role, User
from appliance.store import user as users
from appliance.store.store import Store
from appliance.store.transaction import Transaction

ROOT = Path(__file__).parent.parent
CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, CLIENT_CORE = CORES[0], CORES[-1]
CHANNEL = "everybody"
FIRST_ANSWER = b"GET /api/v1/server_settings HTTP/1.0\r\n\r\n"
START_LIMIT = 20.0  # seconds


@dataclass(frozen=True)
class Person:
    id: int
    email: str
    api_key: str


def populate(folder: Path, number: int, subscribers: int = 0) -> list[Person]:
    """Make the database with so many people, the first `subscribers` of them in CHANNEL. No server runs."""
    store = Store(folder, SystemClock())
    try:
        realm.prepare(store)
        owner = user.create(
            store, email="p0@example.com", full_name="Person 0", role=Role.OWNER, password=None
        )
        people = [owner, *store.write(lambda transaction: _add(transaction, range(1, number)))]
        if subscribers:
            _subscribe(store, people[:subscribers])
    finally:
        store.close()
    return [Person(each.id, each.delivery_email, each.api_key) for each in people]


def _add(transaction: Transaction, numbers: range) -> list[User]:
    """Without the events of `actions.user.create`, which tell each newcomer to everybody."""
    return [
        users.add(
            transaction,
            email=f"p{number}@example.com",
            full_name=f"Person {number}",
            role=Role.MEMBER,
            api_key=new_api_key(),
        )
        for number in numbers
    ]


def _subscribe(store: Store, people: list[User]) -> None:
    wanted = [subscription.Wanted(CHANNEL)]
    subscription.subscribe(
        store, people[0], wanted, people, invite_only=False, history_public=None, fatal=True
    )


class Server:
    """`with Server(folder) as server:` it answers. `environment` adds to what the process sees."""

    def __init__(self, folder: Path, environment: Mapping[str, str] | None = None) -> None:
        self.folder, self._environment = folder, environment or {}
        self.port = free_port()

    def __enter__(self) -> "Server":
        began = time.perf_counter()
        address = f"127.0.0.1:{self.port}"
        os.sched_setaffinity(0, {SERVER_CORE})  # the child inherits it
        self._process = subprocess.Popen(
            [sys.executable, "-m", "appliance", "serve", f"--data={self.folder}", f"--listen={address}"],
            cwd=ROOT,
            env=self._clean_environment(),
            stdout=subprocess.DEVNULL,
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

    def _clean_environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("APPLIANCE_")}
        ours = {"APPLIANCE_LIMITS_REQUESTS_PER_MINUTE": "0", "APPLIANCE_SERVER_LOG_LEVEL": "WARNING"}
        return {**inherited, **ours, **self._environment}

    def _await_answer(self, deadline: float) -> None:
        while self._process.poll() is None and time.perf_counter() < deadline:
            with suppress(ConnectionError), socket.create_connection(("127.0.0.1", self.port)) as probe:
                probe.sendall(FIRST_ANSWER)
                if probe.recv(64).startswith(b"HTTP/1.0 200"):
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
