"""PostgreSQL as a queue: rows that workers take with SKIP LOCKED, woken by LISTEN.

The server runs on a free port of 127.0.0.1, not as root, and keeps everything in the benchmark's folder.
"""

import json
import os
import pwd
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.peer import LOOK, Missing, Peer, check
from benchmarks.process import free_port

BINARIES = "/usr/lib/postgresql"  # Debian's; one folder a version
USERS = ("postgres", "nobody")  # who runs it if we are root, which it refuses
START_LIMIT = 30.0  # seconds
TOGETHER = 100  # jobs that a worker takes in one transaction

TABLE = "CREATE TABLE job(id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body bytea NOT NULL)"
PUBLISH = "WITH new AS (INSERT INTO job(body) VALUES (%s) RETURNING id) SELECT pg_notify('job', '') FROM new"
TAKE = (
    "DELETE FROM job WHERE id = ANY(ARRAY(SELECT id FROM job ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED))"
    " RETURNING body"
)


class PostgreSQL(Peer):
    name = "PostgreSQL, SKIP LOCKED"

    def __init__(self, folder: Path) -> None:
        try:
            self._psycopg: Any = import_module("psycopg")
        except ImportError:
            raise Missing("psycopg is not installed (benchmarks/requirements.txt)") from None
        self._own = threading.local()  # a connection for each publishing thread
        self._port, self._user = free_port(), _user()
        self._server = self._start(_binary("initdb"), _binary("postgres"), folder)
        self._await_server()

    def _start(self, initdb: str, postgres: str, folder: Path) -> subprocess.Popen[bytes]:
        if self._user is not None:
            shutil.chown(folder, self._user)
            folder.parent.chmod(0o711)  # it has to get there
        quiet: Any = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process: Any = {**quiet, "user": self._user, "cwd": "/"}
        data = str(folder / "data")
        command = [initdb, "-D", data, "-A", "trust", "-U", "benchmark"]
        if subprocess.run(command, check=False, **process).returncode:
            raise Missing("the initdb of this machine fails")
        local = ["-h", "127.0.0.1", "-p", str(self._port), "-k", str(folder)]
        return subprocess.Popen([postgres, "-D", data, *local], **process)

    def _await_server(self) -> None:
        deadline = time.monotonic() + START_LIMIT
        while self._server.poll() is None and time.monotonic() < deadline:
            try:
                connection = self._connect()
            except self._psycopg.OperationalError:
                time.sleep(0.1)
                continue
            connection.execute(TABLE)
            connection.close()
            return
        self.close()
        raise Missing("the PostgreSQL of this machine does not start")

    def _connect(self) -> Any:
        return self._psycopg.connect(
            host="127.0.0.1", port=self._port, user="benchmark", dbname="postgres", autocommit=True
        )

    def publish(self, text: str) -> None:
        if not hasattr(self._own, "connection"):
            self._own.connection = self._connect()
        self._own.connection.execute(PUBLISH, (json.dumps({"text": text}).encode(),))

    def leave(self) -> None:
        self._own.connection.close()
        del self._own.connection

    def consume(self, number: int) -> None:
        """Many in a transaction: whoever takes one at a time waits for a flush after each."""
        taken = 0
        with self._connect() as connection:
            while found := connection.execute(TAKE, (TOGETHER,)).rowcount:
                taken += found
        check(taken, number)

    def listen(self, started: Callable[[], None], stopping: threading.Event) -> None:
        with self._connect() as connection:
            connection.execute("LISTEN job")
            while not stopping.is_set():
                with connection.transaction():
                    taken = connection.execute(TAKE, (1,)).rowcount
                    if taken:
                        started()
                if not taken:
                    list(connection.notifies(timeout=LOOK, stop_after=1))

    def close(self) -> None:
        self._server.terminate()
        try:
            self._server.wait(20)
        except subprocess.TimeoutExpired:
            self._server.kill()


def _binary(name: str) -> str:
    newest_first = sorted(Path(BINARIES).glob(f"*/bin/{name}"), reverse=True)
    found = next((str(path) for path in newest_first), None) or shutil.which(name)
    if found is None:
        raise Missing(f"PostgreSQL is not installed (no {name})")
    return found


def _user() -> str | None:
    """Who is to run it; None: whoever we are, whom its initdb may refuse."""
    if os.geteuid() != 0:
        return None
    known = {each.pw_name for each in pwd.getpwall()}
    return next((each for each in USERS if each in known), None)
