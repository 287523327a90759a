"""`appliance queues`: which clients are connected, and what waits for them."""

import argparse
import sys
import time
from dataclasses import asdict
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson

from appliance.base.urls import local_url
from appliance.cli.folder import find_user, opened, show, table
from appliance.store import secret
from appliance.store import user as users
from appliance.store.ownership import running_server
from appliance.store.store import Store

HEADINGS = ("QUEUE", "PERSON", "CLIENT", "EVENTS", "KIB", "STATE", "TIMEOUT")
SHOWN_ID = 8  # characters: enough to tell queues apart, not to use one
PATIENCE = 5  # seconds
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

Facts = dict[str, Any]  # events.queue.QueueFacts


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    help = "list the event queues: which clients are connected, and what waits for them"
    parser = commands.add_parser("queues", help=help, description=help)
    parser.add_argument("--user", metavar="EMAIL", help="of one person only")
    parser.set_defaults(func=queues)


def queues(args: argparse.Namespace) -> int:
    """Of the running server, else as they are in the file; those with the most to fetch come first."""
    with opened(args) as (store, _):
        whose = find_user(store, args.user).id if args.user else None
        found = [each for each in _facts(store) if whose in (None, each["user_id"])]
        with store.read() as reader:
            addresses = {each.id: each.delivery_email for each in users.everyone(reader)}
    found.sort(key=lambda each: (-each["events"], each["waiting"], -each["idle_seconds"]))
    listed = [_shown(each, addresses) for each in found]
    show(args, listed, table(HEADINGS, list(map(_row, listed))))
    return 0


def _facts(store: Store) -> list[Facts]:
    live = _live(store.folder)
    if live is not None:
        return live
    from appliance.events.shards import saved_facts  # not above: it would take time from every command

    return [asdict(each) for each in saved_facts(store, time.time())]


def _live(folder: Path) -> list[Facts] | None:
    """None: no server runs, or it does not say."""
    server = running_server(folder)
    if server is None:
        return None
    try:
        return _ask(server.address, secret.read(folder) or "")
    except (OSError, HTTPException, ValueError) as error:
        print(f"appliance: process {server.pid} does not answer ({error}); as last saved:", file=sys.stderr)
        return None


def _ask(address: str, secret: str) -> list[Facts]:
    """Straight, not through a proxy of the environment; and from a loopback address, wherever it listens."""
    url = urlsplit(local_url(address))
    host = url.hostname or ""
    source = "::1" if ":" in host else "127.0.0.1", 0
    connection = HTTPConnection(host, url.port, timeout=PATIENCE, source_address=source)
    try:
        connection.request("GET", "/api/internal/queues", urlencode({"secret": secret}), FORM)
        response = connection.getresponse()
        answer: dict[str, Any] = orjson.loads(response.read())
    finally:
        connection.close()
    if response.status != 200:
        raise ValueError(answer["msg"])
    found: list[Facts] = answer["queues"]
    return found


def _shown(facts: Facts, addresses: dict[int, str]) -> Facts:
    return {
        **facts,
        "id": facts["id"][:SHOWN_ID],
        "email": addresses.get(facts["user_id"]),
    }


def _row(facts: Facts) -> tuple[Any, ...]:
    return (
        facts["id"],
        facts["email"],
        facts["client_type_name"],
        facts["events"],
        f"{facts['bytes'] / 1024:.1f}",
        "waiting" if facts["waiting"] else f"idle {_duration(facts['idle_seconds'])}",
        _duration(facts["queue_timeout"]),
    )


def _duration(seconds: int) -> str:
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"
