"""The server that is measured, on a data folder of its own, and the people in it."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from appliance.actions.channel import subscription
from appliance.actions.channel.creation import Wanted
from appliance.actions.realm import organization as realm
from appliance.actions.user import creation as user
from appliance.base.clock import SystemClock
from appliance.model.credential import new_api_key
from appliance.model.user import Role, User
from appliance.store import user as users
from appliance.store.store import Store
from appliance.store.transaction import Transaction
from benchmarks.process import Process, free_port

CHANNEL = "everybody"
SETTINGS = {"APPLIANCE_LIMITS_REQUESTS_PER_MINUTE": "0", "APPLIANCE_SERVER_LOG_LEVEL": "WARNING"}


class Server(Process):
    """`appliance serve` on `folder`, without limits of requests."""

    def __init__(self, folder: Path, environment: Mapping[str, str] | None = None) -> None:
        port = free_port()
        command = [
            sys.executable,
            "-m",
            "appliance",
            "serve",
            f"--data={folder}",
            f"--listen=127.0.0.1:{port}",
        ]
        super().__init__(command, port, {**SETTINGS, **(environment or {})})


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
            subscribe(store, people[:subscribers], CHANNEL)
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


def subscribe(store: Store, people: list[User], channel: str) -> None:
    subscription.subscribe(store, people[0], [Wanted(channel)], people)
