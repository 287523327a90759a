"""Tables of people and bots, and of what is theirs alone.

Of who has not consented only what others see anyway is exported; their settings are the defaults.
"""

from collections.abc import Iterator
from typing import Any

from appliance.actions.export.source import REALM, Source
from appliance.model import export as export_model
from appliance.model.setting import USER_SETTINGS
from appliance.model.user import User
from appliance.store import bot_service, muted_user, presence, user_activity, user_topic

Row = dict[str, Any]
OPEN_SETTINGS = frozenset({"email_address_visibility", "timezone"})  # others see what follows from them
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
    "avatar_source": "G",  # not a picture that somebody uploaded
    "avatar_version": 1,
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
        "email": address,
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
        **FIXED,
        **_settings(source, user),
    }


def _address(source: Source, user: User) -> str:
    """Somebody who hides theirs from everybody hides it here, too."""
    hidden = user.id not in source.consenting and export_model.hides_address(user)
    return f"exported-user-{user.id}@users.invalid" if hidden else user.delivery_email


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


# -- what is theirs alone


def activity(source: Source) -> Iterator[Row]:
    for user_id in sorted(source.consenting):
        for client, query, count, last_visit in sorted(user_activity.of_user(source.reader, user_id)):
            yield {
                "user_profile": user_id,
                "client": source.clients[client],
                "query": query,
                "count": count,
                "last_visit": float(last_visit),
            }


def muted(source: Source) -> Iterator[Row]:
    for user_id in sorted(source.consenting):
        for muted_id, since in muted_user.of_user(source.reader, user_id):
            yield {"user_profile": user_id, "muted_user": muted_id, "date_muted": float(since)}


def topics(source: Source) -> Iterator[Row]:
    recipients = {each.id: each.recipient_id for each in source.channels}
    for user_id in sorted(source.consenting):
        for channel_id, topic, policy, last_updated in user_topic.of_user(source.reader, user_id):
            yield {
                "user_profile": user_id,
                "stream": channel_id,
                "recipient": recipients[channel_id],
                "topic_name": topic,
                "last_updated": float(last_updated),
                "visibility_policy": int(policy),
            }


def services(source: Source) -> Iterator[Row]:
    """Their tokens stay here."""
    for user_id in sorted(source.consenting):
        for each in bot_service.of_bot(source.reader, user_id):
            yield {
                "id": each.id,
                "user_profile": each.bot_id,
                "name": each.name,
                "base_url": each.base_url,
                "interface": each.interface,
                "token": "",
            }
