"""A real server: its process, the people in its data folder, and clients that outlive its crashes."""

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode
from urllib.request import urlopen

import zulip

from appliance.actions import realm as realm_actions
from appliance.actions import setting as setting_actions
from appliance.actions import user as user_actions
from appliance.base.clock import SystemClock
from appliance.model.user import Role, User
from appliance.store.store import Store

CHECKOUT = Path(__file__).parents[2]
DEADLINE = 60.0  # seconds; nothing here takes more than two on an idle machine
FORM = "application/x-www-form-urlencoded"
NAMES = ("iago", "hamlet", "cordelia", "othello")  # the owner first; the last is mailed after a second
BATCHING = "email_notifications_batching_period_seconds"

# Ends the process when it is about to do what `point` names, "module:name" or "module:Class.name".
DIE_IN = """
import importlib, os, signal
module, _, path = {point!r}.partition(":")
holder = importlib.import_module(module)
*owners, name = path.split(".")
for owner in owners:
    holder = getattr(holder, owner)
setattr(holder, name, lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
"""
RUN = "import sys\nfrom appliance.cli.main import main\nsys.exit(main())\n"


def until(condition: Callable[[], Any], seconds: float = DEADLINE) -> Any:
    """Wait for something that happens elsewhere; what `condition` returns once it is true."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)
    return found


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


class Answer(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: Any  # decoded JSON


def basic(email: str, key: str) -> str:
    return "Basic " + b64encode(f"{email}:{key}".encode()).decode()


def encoded(parameters: Mapping[str, Any]) -> str:
    """As every Zulip client does it: text as it is, all else as JSON."""
    return urlencode(
        {name: each if isinstance(each, str) else json.dumps(each) for name, each in parameters.items()}
    )


def request(
    port: int,
    method: str,
    path: str,
    *,
    body: bytes | str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """One request on a connection of its own. Raises OSError or HTTPException when the server goes."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=90)
    try:
        connection.request(method, path, body, dict(headers or {}))
        response = connection.getresponse()
        content = response.read()
        return Answer(response.status, response.headers, json.loads(content) if content else None)
    finally:
        connection.close()


@dataclass(frozen=True)
class Person:
    """Somebody who uses the API of the server on `port`."""

    port: int
    user_id: int
    email: str
    api_key: str

    @property
    def authorization(self) -> str:
        return basic(self.email, self.api_key)

    def call(self, method: str, path: str, **parameters: Any) -> Answer:
        """`path` below /api/v1; parameters in the query of a GET, else in a form."""
        headers = {"Authorization": self.authorization, "User-Agent": "test/1.0"}
        given = encoded(parameters)
        if method == "GET":
            return request(self.port, method, f"/api/v1{path}?{given}", headers=headers)
        return request(self.port, method, f"/api/v1{path}", body=given, headers=headers | {"Content-Type": FORM})

    def ask(self, method: str, path: str, **parameters: Any) -> dict[str, Any]:
        """`call` that must succeed."""
        status, _, body = self.call(method, path, **parameters)
        assert status == 200, body
        found: dict[str, Any] = body
        return found

    def send(self, to: "Person", content: str) -> int:
        """A direct message; its id."""
        message_id: int = self.ask("POST", "/messages", type="direct", to=[to.user_id], content=content)["id"]
        return message_id

    def messages(self) -> list[dict[str, Any]]:
        """All that this person ever got."""
        found: list[dict[str, Any]] = self.ask(
            "GET", "/messages", anchor="oldest", num_before=0, num_after=5000, apply_markdown=False
        )["messages"]
        return found

    def newest_message_id(self) -> int:
        newest: int = self.ask("GET", "/users/me")["max_message_id"]
        return newest

    def register(self, **parameters: Any) -> "Poller":
        answer = self.ask("POST", "/register", **parameters)
        return Poller(self, answer["queue_id"], answer["last_event_id"], answer)

    def client(self) -> zulip.Client:
        """The unmodified Python client. The server must run."""
        return zulip.Client(email=self.email, api_key=self.api_key, site=f"http://127.0.0.1:{self.port}")


@dataclass
class Poller:
    """A client that keeps its queue id and last event id, whatever happens to the server."""

    person: Person
    queue_id: str
    last_event_id: int
    snapshot: dict[str, Any] = field(repr=False)
    events: list[dict[str, Any]] = field(default_factory=list)
    refusal: Answer | None = None
    failures: int = 0  # polls that the server broke off, or did not take
    _ending: bool = False
    _thread: threading.Thread | None = None

    def poll(self, **parameters: Any) -> list[dict[str, Any]]:
        """One poll; what it brought."""
        answer = self.person.call(
            "GET", "/events", queue_id=self.queue_id, last_event_id=self.last_event_id, **parameters
        )
        if answer.status != 200:
            self.refusal = answer
            return []
        new: list[dict[str, Any]] = answer.body["events"]
        self.events += new
        self.last_event_id = max([self.last_event_id, *(event["id"] for event in new)])
        return new

    def start(self) -> "Poller":
        """Go on polling in a thread until `end`, or until the server says no."""
        self._thread = threading.Thread(target=self._run, name="poller", daemon=True)
        self._thread.start()
        return self

    def _run(self) -> None:
        while not self._ending and self.refusal is None:
            try:
                self.poll()
            except (OSError, http.client.HTTPException):
                self.failures += 1
                time.sleep(0.02)

    def end(self) -> None:
        """Takes effect with the next answer."""
        self._ending = True

    def join(self) -> None:
        assert self._thread is not None
        self._thread.join(DEADLINE)
        assert not self._thread.is_alive()

    def of_type(self, *kinds: str) -> list[dict[str, Any]]:
        return [event for event in list(self.events) if event["type"] in kinds]

    def contents(self) -> list[str]:
        return [event["message"]["content"] for event in self.of_type("message")]

    def message_ids(self) -> list[int]:
        return [event["message"]["id"] for event in self.of_type("message")]

    def in_order(self) -> bool:
        """No event came twice, none before one that is older."""
        ids = [event["id"] for event in self.events]
        return ids == sorted(set(ids))


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
        self._environ = clean_environment(APPLIANCE_LIMITS_REQUESTS_PER_MINUTE="0", **(environ or {}))
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
        except (OSError, http.client.HTTPException):
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
        """Wait until it has ended itself (DIE_IN)."""
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
