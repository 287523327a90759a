"""SQL of the organization: one row."""

import uuid
from typing import Any

import orjson

from appliance.model.realm import Realm
from appliance.store.connection import Handle
from appliance.store.transaction import Transaction


def get(handle: Handle) -> Realm:
    row = handle.row("SELECT uuid, name, description, created, settings FROM realm")
    if row is None:
        raise LookupError("the file has no organization: create() was not run")
    uuid_text, name, description, created, settings = row
    return Realm(uuid_text, name, description, created, orjson.loads(settings))


def is_deactivated(handle: Handle) -> bool:
    return bool(handle.value("SELECT json_extract(settings, '$.deactivated') FROM realm"))


def create(transaction: Transaction, name: str) -> None:
    """Make the organization if there is none yet."""
    transaction.execute(
        "INSERT INTO realm(id, uuid, name, created) VALUES (1, ?, ?, ?) ON CONFLICT DO NOTHING",
        str(uuid.uuid4()),
        name,
        int(transaction.now()),
    )


def rename(transaction: Transaction, name: str) -> None:
    transaction.execute("UPDATE realm SET name = ?", name)


def describe(transaction: Transaction, description: str) -> None:
    transaction.execute("UPDATE realm SET description = ?", description)


def set_settings(transaction: Transaction, settings: dict[str, Any]) -> None:
    """All of them."""
    transaction.execute("UPDATE realm SET settings = ?", orjson.dumps(settings).decode())
