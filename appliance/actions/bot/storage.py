"""Keeping texts for a program, by name: for the account that it uses."""

from collections.abc import Mapping, Sequence

from appliance.base.errors import ApiError
from appliance.model import bot_storage as model
from appliance.model.user import User
from appliance.store import bot_storage as storage
from appliance.store.store import Store
from appliance.store.transaction import Transaction


def put(store: Store, user: User, entries: Mapping[str, str]) -> None:
    """Beside what is there. Raises ApiError when it becomes too much."""

    def write(transaction: Transaction) -> None:
        storage.put(transaction, user.id, entries)
        model.check_size(storage.size(transaction, user.id))

    store.write(write)


def get(store: Store, user: User, keys: Sequence[str]) -> dict[str, str]:
    """All if no keys are named. Raises ApiError for one that is not there."""
    with store.read() as reader:
        kept = storage.of_bot(reader, user.id)
    return {key: kept[key] for key in _known(keys, kept)}


def remove(store: Store, user: User, keys: Sequence[str]) -> None:
    """As `get`; all or nothing."""

    def write(transaction: Transaction) -> None:
        kept = storage.of_bot(transaction, user.id)
        storage.drop(transaction, user.id, _known(keys, kept))

    store.write(write)


def _known(keys: Sequence[str], kept: Mapping[str, str]) -> list[str]:
    if any(key not in kept for key in keys):
        raise ApiError("Key does not exist.")
    return list(keys or kept)
