"""What people change about themselves."""

from dataclasses import dataclass, field
from typing import Any

from appliance.actions.user import account, address
from appliance.actions.user import setting as setting_actions
from appliance.model import setting
from appliance.model.user import User, check_email
from appliance.store.store import Store
from appliance.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Wish:
    """None: as it is. `password`: the old one, and the new one; `settings`: by name."""

    full_name: str | None = None
    email: str | None = None
    password: tuple[str, str] | None = None
    settings: dict[str, Any] = field(default_factory=dict)


def change(store: Store, user: User, wish: Wish, public_url: str, token: str = "") -> None:
    """A new address waits for its confirmation, all else is done at once. A new password ends all sessions
    but the one with this `token`. Raises ApiError, and then nothing is changed."""
    settings = {name: setting.check(name, value) for name, value in wish.settings.items()}
    email = None if wish.email is None else check_email(wish.email)
    hashed = None if wish.password is None else account.checked_password(user, *wish.password)

    def write(transaction: Transaction) -> None:
        if email is not None:
            address.ask_to_move(transaction, user, email, public_url)
        if wish.full_name is not None:
            account.rename_self(transaction, user, wish.full_name)
        if hashed is not None:
            account.set_password(transaction, user, hashed, token)
        if settings:
            setting_actions.apply(transaction, user, settings)

    store.write(write)
