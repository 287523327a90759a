"""Settings with which newcomers begin, where the organization wants others than the server's."""

from typing import Any

from appliance.base.errors import ApiError
from appliance.model import permission, setting
from appliance.model.realm import USER_DEFAULTS
from appliance.model.sight import public_address
from appliance.model.user import User
from appliance.store import realm as realms
from appliance.store import user as users
from appliance.store.store import Store
from appliance.store.transaction import Transaction


def change(store: Store, user: User, changes: dict[str, Any]) -> None:
    """By an administrator; people who are there keep theirs. Raises ApiError, and then none is changed."""
    permission.check_admin(user)
    unknown = sorted(changes.keys() - setting.DEFAULTABLE)
    if unknown:
        raise ApiError(f"Unknown setting: {unknown[0]}")
    checked = {name: setting.check(name, value) for name, value in changes.items()}

    def write(transaction: Transaction) -> None:
        realm = realms.get(transaction)
        before = setting.effective(realm.user_defaults)
        realms.set_settings(
            transaction, {**realm.settings, USER_DEFAULTS: {**realm.user_defaults, **checked}}
        )
        for name, value in checked.items():
            if value != before[name]:
                _tell(transaction, name, value)

    store.write(write)


def _tell(transaction: Transaction, name: str, value: Any) -> None:
    event = {"type": "realm_user_settings_defaults", "op": "update", "property": name, "value": value}
    transaction.notice(event, users.active_ids(transaction))


def give(transaction: Transaction, user: User) -> User:
    """To somebody new, of whom nobody has been told yet."""
    defaults = realms.get(transaction).user_defaults
    if not defaults:
        return user
    users.set_settings(transaction, user.id, {**defaults, **user.settings})
    given = users.with_id(transaction, user.id)
    assert given is not None
    users.set_public_email(transaction, user.id, public_address(given))
    again = users.with_id(transaction, user.id)
    assert again is not None
    return again
