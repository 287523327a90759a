"""What administrators change about others."""

from dataclasses import dataclass
from typing import Any

from appliance.actions.user import account, address, profile, role
from appliance.base.errors import ApiError
from appliance.model import permission
from appliance.model.user import User
from appliance.store.store import Store
from appliance.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Changes:
    """None: as it is. `profile`: values of custom profile fields, as clients send them."""

    full_name: str | None = None
    role: int | None = None
    profile: list[Any] | None = None
    email: str | None = None


def change(store: Store, actor: User, user_id: int, changes: Changes) -> None:
    """Raises ApiError, and then nothing is changed. A bot's owner may change its name only."""
    with store.read() as reader:
        user = account.administered(reader, actor, user_id)
        wanted = None if changes.profile is None else profile.prepare(reader, actor, user, changes.profile)
    if changes != Changes(full_name=changes.full_name):
        permission.check_admin(actor)
    new_role = None if changes.role is None else role.check(changes.role)
    email = None if changes.email is None else address.checked_gift(actor, changes.email)

    def write(transaction: Transaction) -> None:
        current = account.administered(transaction, actor, user_id)
        if new_role is not None:
            role.change(transaction, actor, current, new_role)
        if changes.full_name is not None and changes.full_name.strip():
            account.rename(transaction, current, changes.full_name)
        if wanted is not None:
            profile.apply(transaction, current, wanted)
        if email is not None and email != current.delivery_email:
            _give_address(transaction, current, email)

    store.write(write)


def _give_address(transaction: Transaction, user: User, email: str) -> None:
    if user.is_bot:
        raise ApiError("A bot keeps the address that it was made with.")
    address.move(transaction, user, email)
