"""What a person sets for themselves."""

from dataclasses import replace
from typing import Any

from appliance.actions.personal import draft
from appliance.actions.user import address, sight
from appliance.model import setting
from appliance.model.user import User
from appliance.store import missed_mail
from appliance.store import user as users
from appliance.store.store import Store
from appliance.store.transaction import Transaction

PERIOD = "email_notifications_batching_period_seconds"
PRESENCE, DRAFTS = "presence_enabled", "enable_drafts_synchronization"
VISIBILITY = "email_address_visibility"


def change(store: Store, user: User, changes: dict[str, Any]) -> None:
    """Change settings by name. Raises ApiError, and then none is changed."""
    checked = {name: setting.check(name, value) for name, value in changes.items()}

    store.write(lambda transaction: apply(transaction, user, checked))


def apply(transaction: Transaction, user: User, checked: dict[str, Any]) -> None:
    """Values as they are stored."""
    current = users.with_id(transaction, user.id)
    assert current is not None
    settings = {**current.settings, **checked}
    users.set_settings(transaction, user.id, settings)
    if PERIOD in checked:
        missed_mail.postpone(transaction, user.id, checked[PERIOD] - current.setting(PERIOD))
    for name, value in checked.items():
        _tell(transaction, user, name, value)
    if VISIBILITY in checked:
        address.hide_or_show(transaction, current, replace(current, settings=settings))
    if "timezone" in checked:
        person = {"email": user.email, "timezone": checked["timezone"]}  # part of what others see
        sight.tell(transaction, user, person)
    if PRESENCE in checked:
        _tell_away(transaction, user, not checked[PRESENCE])
    if checked.get(DRAFTS) is False:
        draft.clear(transaction, user.id)


def _tell(transaction: Transaction, user: User, name: str, value: Any) -> None:
    """Once for clients of today, once more for those that know two flat kinds of settings."""
    named = {"language_name": setting.LANGUAGES[value]} if name == "default_language" else {}
    modern = {"type": "user_settings", "op": "update", "property": name, "value": value, **named}
    transaction.notice(modern, [user.id])
    if name in setting.NOTIFICATION_SETTINGS:
        legacy = {"type": "update_global_notifications", "notification_name": name, "setting": value}
    elif name in setting.DISPLAY_SETTINGS:
        legacy = {"type": "update_display_settings", "setting_name": name, "setting": value}
    else:
        return
    transaction.notice({**legacy, **named, "user": user.email}, [user.id])


def _tell_away(transaction: Transaction, user: User, away: bool) -> None:
    """Older clients show it as part of the status."""
    event = {"type": "user_status", "user_id": user.id, "away": away}
    transaction.notice(event, sight.audience(transaction, user))
