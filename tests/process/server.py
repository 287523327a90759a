"""A real server: its process, and the people in its data folder."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from appliance.actions.realm import organization as realm_actions
from appliance.actions.user import creation as user_actions
from appliance.actions.user import setting as setting_actions
from appliance.base.clock import SystemClock
from appliance.model.user import Role, User
from appliance.store.store import Store
from tests.conftest import until
from tests.process.client import DEADLINE, GONE, Person, request

CHECKOUT = Path(__file__).parents[2]
NAMES = ("iago", "hamlet", "cordelia", "othello")  # the owner first; the last is mailed after a second
BATCHING = "email_notifications_batching_period_seconds"

# Preludes: Python that runs in the server's process first.

# Some crashes find events in saved queues, and some in notices that are replayed.
SAVE_OFTEN = """
from appliance.events import fanout
assert fanout.SAVE_AFTER_NOTICES
fanout.SAVE_AFTER_NOTICES = 5
"""
FAST_HEARTBEATS = """
from appliance.events import polling, queue
polling.HEARTBEAT_MIN, polling.HEARTBEAT_SPREAD, queue.HEARTBEAT_ROOM = 0.2, 0, 150
queue.FORGOTTEN_HEARTBEATS = queue.MAX_QUEUE_TIMEOUT * 1000 // queue.HEARTBEAT_ROOM
"""
DIE_IN = """
import importlib, itertools, os, signal
module, _, path = {point!r}.partition(":")
holder = importlib.import_module(module)
*owners, name = path.split(".")
for owner in owners:
    holder = getattr(holder, owner)
goes_on, calls = getattr(holder, name), itertools.count(1)
def dies(*args, **named):
    if next(calls) == {call}:
        os.kill(os.getpid(), signal.SIGKILL)
    return goes_on(*args, **named)
setattr(holder, name, dies)
"""
RUN = "import sys\nfrom appliance.cli.main import main\nsys.exit(main())\n"


def die_in(point: str, call: int = 1) -> str:
    """A prelude that ends the process when it is about to do what `point` names for the `call`th time;
    "module:name" or "module:Class.name" (a plain function or method)."""
    return DIE_IN.format(point=point, call=call)


def free_port() -> int:
    """Below those that the system gives to clients: who connects to a dead server must not become it."""
    while True:
        port = random.randint(20_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def clean_environment(**more: str) -> dict[str, str]:
    ours = ("APPLIANCE_", "ZULIP_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | more


class ServerProcess:
    """`appliance serve` on a folder; it can be killed, and started again on the same port."""

    def __init__(
        self,
        data: Path,
        users: Sequence[User] = (),
        *,
        port: int | None = None,
        environ: Mapping[str, str] | None = None,
        around: Sequence[str] = (),
        log: Path | None = None,
    ) -> None:
        """`around`: a command that runs the server's command; `log`: a file, beside the folder by default."""
        self.data, self.port = data, port or free_port()
        self._users, self._around = users, list(around)
        self._environ = clean_environment(**{"APPLIANCE_LIMITS_REQUESTS_PER_MINUTE": "0", **(environ or {})})
        self._log = log or data.parent / f"{data.name}.{self.port}.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """What it has printed since the beginning, over all starts."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    @property
    def process(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "it was not started"
        return self._process

    def launch(self, prelude: str = "") -> None:
        """Start it and do not wait. `prelude`: Python that runs in the process first."""
        arguments = ["--data", str(self.data), "--listen", f"127.0.0.1:{self.port}"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*self._around, sys.executable, "-c", prelude + RUN, "serve", *arguments],
                cwd=CHECKOUT,
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def start(self, prelude: str = "") -> "ServerProcess":
        """Start it and wait until it answers."""
        self.launch(prelude)
        until(lambda: self.ready() or self.process.poll() is not None)
        assert self.process.poll() is None, self.log
        return self

    def ready(self) -> bool:
        try:
            return request(self.port, "GET", "/ready").status == 200
        except GONE:
            return False

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def metric(self, name: str) -> float:
        with urlopen(f"{self.url}/metrics", timeout=DEADLINE) as response:
            lines = response.read().decode().splitlines()
        return sum(float(line.split()[-1]) for line in lines if line.startswith((f"{name} ", f"{name}{{")))

    def kill(self) -> None:
        """As if the power went."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(DEADLINE)

    def crash(self) -> None:
        """Wait until it has ended itself (`die_in`)."""
        assert self.process.wait(DEADLINE) == -signal.SIGKILL, self.log

    def stop(self) -> int:
        """Gracefully; the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(DEADLINE)

    def end(self) -> None:
        if self.running:
            self.kill()

    def command(self, *arguments: str, input: str = "") -> subprocess.CompletedProcess[str]:
        """`appliance …` on the same folder, with the same configuration."""
        return self.run(*arguments, "--data", str(self.data), input=input)

    def run(self, *arguments: str, input: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
        """`appliance …` on whatever folder the arguments name."""
        return subprocess.run(
            [sys.executable, "-m", "appliance", *arguments],
            cwd=CHECKOUT,
            env=self._environ | {"APPLIANCE_SERVER_LISTEN": f"127.0.0.1:{self.port}"} | environ,
            input=input,
            capture_output=True,
            text=True,
            timeout=DEADLINE,
        )

    def run_with(self, prelude: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`appliance …` on the same folder; `prelude`: Python that runs in its process first."""
        return subprocess.run(
            [sys.executable, "-c", prelude + RUN, *arguments, "--data", str(self.data)],
            cwd=CHECKOUT,
            env=self._environ,
            capture_output=True,
            text=True,
            timeout=DEADLINE,
        )

    def json(self, *arguments: str) -> Any:
        """What a command that succeeds prints with --json."""
        done = self.command(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def people(self, *names: str) -> list[Person]:
        """Those who are in the folder from the beginning."""
        found = [next(user for user in self._users if user.full_name == name) for name in names]
        return [Person(self.port, user.id, user.email, user.api_key) for user in found]


def populate(folder: Path) -> list[User]:
    """Make a data folder with the people of NAMES in it, all in the channel `general`."""
    store = Store(folder, SystemClock())
    try:
        realm_actions.prepare(store)
        made = [
            user_actions.create(
                store,
                email=f"{name}@chat.test",
                full_name=name,
                role=Role.MEMBER if number else Role.OWNER,
                password=None,
            )
            for number, name in enumerate(NAMES)
        ]
        setting_actions.change(store, made[-1], {BATCHING: 1})
        return made
    finally:
        store.close()
