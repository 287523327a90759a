"""Tables of people and bots.

Of who has not consented only what others see anyway is exported; their settings are the defaults.
"""

from collections.abc import Iterator
from typing import Any

from appliance.actions.bot import notification_bot
from appliance.actions.export.source import REALM, Source
from appliance.model import export as export_model
from appliance.model.setting import USER_SETTINGS
from appliance.model.user import User
from appliance.store import presence

Row = dict[str, Any]
OPEN_SETTINGS = frozenset({"email_address_visibility", "timezone"})  # others see what follows from them
ZULIPS = "notification-bot@zulip.com"  # what is our notification bot
FIXED: Row = {
    "last_login": None,
    "last_reminder": None,
    "last_active_message_id": None,
    "long_term_idle": False,
    "can_forge_sender": False,
    "can_create_users": False,
    "default_sending_stream": None,
    "default_events_register_stream": None,
    "default_all_public_streams": False,
    "rate_limits": "",
    "tos_version": None,
    "avatar_hash": None,
    "zoom_token": None,
    "groups": [],
    "user_permissions": [],
}


def accounts(source: Source) -> Iterator[Row]:
    yield from (_account(source, each) for each in source.people if not source.is_dummy(each))


def dummies(source: Source) -> Iterator[Row]:
    """Those who have only written things."""
    for each in source.people:
        if source.is_dummy(each):
            yield {**_account(source, each), "is_active": False, "is_mirror_dummy": True}


def _account(source: Source, user: User) -> Row:
    """Keys and the password stay here."""
    address = _address(source, user)
    return {
        "id": user.id,
        "realm": REALM,
        "email": _public_address(source, user, address),
        "delivery_email": address,
        "full_name": user.full_name,
        "recipient": source.personal_recipient(user.id),
        "role": int(user.role),
        "is_active": user.is_active,
        "is_mirror_dummy": False,
        "is_bot": user.is_bot,
        "bot_type": user.bot_type,
        "bot_owner": user.bot_owner_id,
        "date_joined": float(user.date_joined),
        "avatar_source": "U" if user.avatar_file else "G",
        "avatar_version": user.avatar_version,
        **FIXED,
        **_settings(source, user),
    }


def _address(source: Source, user: User) -> str:
    """Somebody who hides theirs from everybody hides it here, too."""
    hidden = user.id not in source.consenting and export_model.hides_address(user)
    return f"exported-user-{user.id}@users.invalid" if hidden else user.delivery_email


def _public_address(source: Source, user: User, address: str) -> str:
    return (user.public_email or address) if user.id in source.consenting else address


def system_bots(source: Source) -> Iterator[Row]:
    """The server's own, by which of Zulip's they are."""
    for each in source.system_bots:
        email = ZULIPS if each.delivery_email == notification_bot.EMAIL else each.delivery_email
        yield {"id": each.id, "email": email, "recipient_id": source.personal_recipient(each.id)}


def _settings(source: Source, user: User) -> Row:
    whole = user.id in source.consenting
    return {
        name: user.setting(name) if whole or name in OPEN_SETTINGS else each.default
        for name, each in USER_SETTINGS.items()
    }


def presences(source: Source) -> Iterator[Row]:
    for user_id, (active, connected) in sorted(presence.since(source.reader, 0).items()):
        yield {
            "id": user_id,
            "realm": REALM,
            "user_profile": user_id,
            "last_active_time": None if active is None else float(active),
            "last_connected_time": float(connected),
            "last_update_id": 0,
        }
