"""What people say of themselves. `away` is an older client's word for not showing one's presence."""

from collections.abc import Iterable
from typing import Any

from appliance.actions import setting
from appliance.base.errors import ApiError
from appliance.model.user import User
from appliance.model.user_status import Change, Status
from appliance.store import user as users
from appliance.store import user_status as statuses
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction


def change(store: Store, user: User, wanted: Change) -> None:
    def write(transaction: Transaction) -> None:
        statuses.put(transaction, user.id, wanted.of(statuses.get(transaction, user.id)))
        if fields := wanted._replace(away=None).public():
            event = {"type": "user_status", "user_id": user.id, **fields}
            transaction.notice(event, users.active_ids(transaction))
        if wanted.away is not None:
            setting.apply(transaction, user, {setting.PRESENCE: not wanted.away})

    store.write(write)


def of_user(handle: Handle, user_id: int) -> dict[str, Any]:
    """As clients see it. Raises ApiError."""
    user = users.with_id(handle, user_id)
    if user is None:
        raise ApiError("No such user")
    return _shown(user, statuses.get(handle, user_id))


def everyone(handle: Handle, people: Iterable[User]) -> dict[str, dict[str, Any]]:
    """By id, of those who have any."""
    known = statuses.everything(handle)
    shown = {str(user.id): _shown(user, known.get(user.id, Status())) for user in people}
    return {user_id: status for user_id, status in shown.items() if status}


def _shown(user: User, status: Status) -> dict[str, Any]:
    away = {} if user.setting("presence_enabled") else {"away": True}
    return {**away, **status.public()}
