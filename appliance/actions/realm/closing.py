"""Closing the organization, and opening it again: all that is in it stays as it is."""

from appliance.base.errors import ApiError, CommandError
from appliance.model import permission
from appliance.model.realm import DEACTIVATED
from appliance.model.user import User
from appliance.store import realm as realms
from appliance.store import session as sessions
from appliance.store import user as users
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction

REALM_ID = 1


def deactivate(store: Store, user: User) -> None:
    """Nobody can sign in any more, and every request is refused. Raises ApiError."""
    permission.check_owner(user)

    def write(transaction: Transaction) -> None:
        _set(transaction, True)
        sessions.drop_all(transaction)
        event = {"type": "realm", "op": "deactivated", "realm_id": REALM_ID}
        transaction.notice(event, users.active_ids(transaction))

    store.write(write)


def reactivate(store: Store) -> None:
    """Raises CommandError where it is open."""

    def write(transaction: Transaction) -> None:
        if not realms.get(transaction).is_deactivated:
            raise CommandError("the organization is not deactivated")
        _set(transaction, False)

    store.write(write)


def _set(transaction: Transaction, closed: bool) -> None:
    realm = realms.get(transaction)
    others = {name: value for name, value in realm.settings.items() if name != DEACTIVATED}
    realms.set_settings(transaction, {**others, DEACTIVATED: True} if closed else others)


def check_open(handle: Handle) -> None:
    """Raises RealmDeactivated."""
    if realms.is_deactivated(handle):
        raise RealmDeactivated


class RealmDeactivated(ApiError):
    status = 401
    code = "REALM_DEACTIVATED"

    def __init__(self) -> None:
        super().__init__("This organization has been deactivated")
