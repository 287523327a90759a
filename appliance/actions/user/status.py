"""What people say of themselves. `away` is an older client's word for not showing one's presence."""

from collections.abc import Iterable
from typing import Any

from appliance.actions.message import emoji
from appliance.actions.user import setting, sight
from appliance.actions.user.people import NO_SUCH_USER
from appliance.base.errors import ApiError
from appliance.model.user import User
from appliance.model.user_status import NO_EMOJI, NOTHING, Change, Status
from appliance.store import user as users
from appliance.store import user_status as statuses
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction


def change(store: Store, user: User, wanted: Change) -> None:
    """Raises ApiError for an emoji that there is not."""

    def write(transaction: Transaction) -> None:
        if wanted.emoji not in (None, NO_EMOJI):
            emoji.check(transaction, wanted.emoji)
        statuses.put(transaction, user.id, wanted.of(statuses.get(transaction, user.id)))
        if fields := wanted._replace(away=None).public():
            event = {"type": "user_status", "user_id": user.id, **fields}
            transaction.notice(event, sight.audience(transaction, user))
        if wanted.away is not None:
            setting.apply(transaction, user, {setting.PRESENCE: not wanted.away})

    store.write(write)


def introduce(transaction: Transaction, user: User, user_ids: list[int]) -> None:
    """To people who did not know of the user before."""
    if shown := _shown(user, statuses.get(transaction, user.id)):
        transaction.notice({"type": "user_status", "user_id": user.id, **shown}, user_ids)


def of_user(handle: Handle, viewer: User, user_id: int) -> dict[str, Any]:
    """As clients see it. Raises ApiError, the same for whom the viewer may not know as for nobody."""
    user = users.with_id(handle, user_id)
    if user is None or not sight.of(handle, viewer).knows(user):
        raise ApiError(NO_SUCH_USER)
    return _shown(user, statuses.get(handle, user_id))


def everyone(handle: Handle, people: Iterable[User]) -> dict[str, dict[str, Any]]:
    """By id, of those who have any."""
    known = statuses.everything(handle)
    shown = ((user.id, _shown(user, known.get(user.id, NOTHING))) for user in people)
    return {str(user_id): status for user_id, status in shown if status}


def _shown(user: User, status: Status) -> dict[str, Any]:
    away = {} if user.setting("presence_enabled") else {"away": True}
    return {**away, **status.public()}
