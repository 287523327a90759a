"""Linkifiers of the organization: administrators make, change, order and remove them."""

from collections.abc import Sequence

from appliance.base.errors import ApiError
from appliance.model import linkifier as model
from appliance.model import permission
from appliance.model.linkifier import Linkifier
from appliance.model.user import User
from appliance.store import linkifier as linkifiers
from appliance.store import user as users
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction


def add(store: Store, user: User, pattern: str, url_template: str) -> int:
    """Its id. Raises ApiError."""
    permission.check_admin(user)
    model.checked(pattern, url_template)

    def write(transaction: Transaction) -> int:
        if len(linkifiers.everything(transaction)) >= model.MOST:
            raise ApiError(f"An organization can have {model.MOST} linkifiers at most.")
        _check_free(transaction, Linkifier(0, pattern, url_template))
        linkifier_id = linkifiers.add(transaction, pattern, url_template)
        _tell(transaction)
        return linkifier_id

    return store.write(write)


def change(store: Store, user: User, linkifier: Linkifier) -> None:
    """Raises ApiError."""
    permission.check_admin(user)
    model.checked(linkifier.pattern, linkifier.url_template)

    def write(transaction: Transaction) -> None:
        _check_exists(transaction, linkifier.id)
        _check_free(transaction, linkifier)
        linkifiers.change(transaction, linkifier)
        _tell(transaction)

    store.write(write)


def remove(store: Store, user: User, linkifier_id: int) -> None:
    """Raises ApiError."""
    permission.check_admin(user)

    def write(transaction: Transaction) -> None:
        _check_exists(transaction, linkifier_id)
        linkifiers.remove(transaction, linkifier_id)
        _tell(transaction)

    store.write(write)


def reorder(store: Store, user: User, linkifier_ids: Sequence[int]) -> None:
    """`linkifier_ids`: all of them, as they are to be tried. Raises ApiError."""
    permission.check_admin(user)

    def write(transaction: Transaction) -> None:
        if sorted(linkifier_ids) != sorted(each.id for each in linkifiers.everything(transaction)):
            raise ApiError("ordered_linkifier_ids must have each linkifier's id once")
        linkifiers.reorder(transaction, linkifier_ids)
        _tell(transaction)

    store.write(write)


def _check_exists(handle: Handle, linkifier_id: int) -> None:
    if all(each.id != linkifier_id for each in linkifiers.everything(handle)):
        raise ApiError("Linkifier not found.")


def _check_free(handle: Handle, linkifier: Linkifier) -> None:
    other = linkifiers.with_pattern(handle, linkifier.pattern)
    if other is not None and other.id != linkifier.id:
        raise ApiError("There is a linkifier with this pattern already.")


def _tell(transaction: Transaction) -> None:
    listed = [model.public(each) for each in linkifiers.everything(transaction)]
    event = {"type": "realm_linkifiers", "realm_linkifiers": listed}
    transaction.notice(event, users.active_ids(transaction))
