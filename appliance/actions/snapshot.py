"""What a client is told when it registers: a function a section, named by the type of events that change it.

Sections whose data a later feature brings are empty, in the form that clients expect.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from appliance.actions import presence
from appliance.events.descriptor import ClientDescriptor
from appliance.model import channel as channel_model
from appliance.model import group, setting
from appliance.model import user as user_model
from appliance.model.channel import Channel, Subscription
from appliance.model.permission import sees_channel
from appliance.model.realm import Realm, ServerFacts, realm_section
from appliance.model.user import User
from appliance.store import channel as channels
from appliance.store import message as messages
from appliance.store import recipient as recipients
from appliance.store import subscription as subscriptions
from appliance.store import user as users
from appliance.store.connection import Reader

MAX_CONVERSATIONS = 1000


@dataclass(frozen=True, slots=True)
class Wishes:
    """Parameters of POST /register that shape the snapshot only. `types` None: every section."""

    types: frozenset[str] | None
    include_subscribers: bool = False
    presence_history_days: int | None = None

    def wants(self, section: str) -> bool:
        if self.types is None:
            return section != "muted_topics"  # its modern form, user_topic, is among the others
        return section in self.types


@dataclass(frozen=True)
class Snapshot:
    """Whose snapshot, of what: every section reads through `reader`, which sees one moment."""

    reader: Reader
    user: User
    client: ClientDescriptor
    wishes: Wishes
    realm: Realm
    public_url: str
    server: ServerFacts
    now: float


Section = Callable[[Snapshot], dict[str, Any]]


def _fixed(**values: Any) -> Section:
    return lambda snapshot: values


def _message(snapshot: Snapshot) -> dict[str, Any]:
    return {"max_message_id": messages.newest_id(snapshot.reader, snapshot.user.id)}


def _presence(snapshot: Snapshot) -> dict[str, Any]:
    days = snapshot.wishes.presence_history_days
    known = presence.everyone(snapshot.reader, snapshot.now, slim=snapshot.client.slim_presence, days=days)
    return {"presences": known, "presence_last_update_id": -1, "server_timestamp": snapshot.now}


def _realm(snapshot: Snapshot) -> dict[str, Any]:
    return realm_section(snapshot.realm, snapshot.public_url, snapshot.server)


def _realm_user(snapshot: Snapshot) -> dict[str, Any]:
    everyone = users.everyone(snapshot.reader)
    me = snapshot.user
    return {
        "realm_users": [user_model.public(each) for each in everyone if each.is_active],
        "realm_non_active_users": [user_model.public(each) for each in everyone if not each.is_active],
        "cross_realm_bots": [],
        "user_id": me.id,
        "email": me.email,
        "delivery_email": me.delivery_email,
        "full_name": me.full_name,
        "avatar_source": "U",
        "avatar_url": user_model.avatar_url(me.id),
        "avatar_url_medium": user_model.avatar_url(me.id),
        "is_owner": me.role == user_model.Role.OWNER,
        "is_admin": me.is_admin,
        "is_moderator": me.role == user_model.Role.MODERATOR,
        "is_guest": me.is_guest,
        "is_billing_admin": False,
        "can_create_streams": not me.is_guest,
        "can_create_public_streams": not me.is_guest,
        "can_create_private_streams": not me.is_guest,
        "can_create_web_public_streams": False,
        "can_subscribe_other_users": not me.is_guest,
        "can_invite_others_to_realm": me.is_admin,
    }


def _realm_bot(snapshot: Snapshot) -> dict[str, Any]:
    """Bots that the user may manage, with their keys."""
    mine = [
        each
        for each in users.everyone(snapshot.reader)
        if each.is_bot and (each.bot_owner_id == snapshot.user.id or snapshot.user.is_admin)
    ]
    return {"realm_bots": [_bot(each) for each in mine]}


def _bot(bot: User) -> dict[str, Any]:
    return {
        "user_id": bot.id,
        "email": bot.email,
        "full_name": bot.full_name,
        "bot_type": bot.bot_type,
        "is_active": bot.is_active,
        "api_key": bot.api_key,
        "owner_id": bot.bot_owner_id,
        "avatar_url": user_model.avatar_url(bot.id),
        "default_sending_stream": None,
        "default_events_register_stream": None,
        "default_all_public_streams": False,
        "services": [],
    }


def _realm_user_groups(snapshot: Snapshot) -> dict[str, Any]:
    members: dict[int, list[int]] = defaultdict(list)
    for each in users.everyone(snapshot.reader):
        if each.is_active:
            members[int(each.role)].append(each.id)
    return {"realm_user_groups": group.system_groups(members)}


def _visible_channels(snapshot: Snapshot) -> list[tuple[Channel, Subscription | None]]:
    own = {each.channel_id: each for each in subscriptions.of_user(snapshot.reader, snapshot.user.id)}
    found = [(each, own.get(each.id)) for each in channels.all_live(snapshot.reader)]
    return [
        (channel, subscription)
        for channel, subscription in found
        if sees_channel(snapshot.user, channel, subscription is not None and subscription.active)
    ]


def _stream(snapshot: Snapshot) -> dict[str, Any]:
    return {"streams": [channel_model.public(channel) for channel, _ in _visible_channels(snapshot)]}


def _subscription(snapshot: Snapshot) -> dict[str, Any]:
    """Channels the user is in, was in, and could be in."""
    listed = subscriptions.subscribers_by_channel(snapshot.reader)
    now_in: list[dict[str, Any]] = []
    was_in: list[dict[str, Any]] = []
    never_in: list[dict[str, Any]] = []
    for channel, own in _visible_channels(snapshot):
        inside = listed.get(channel.id, []) if snapshot.wishes.include_subscribers else None
        if own is not None:
            shown = channel_model.subscribed(channel, own, inside)
            (now_in if own.active else was_in).append(_inheriting(snapshot, shown))
        else:
            never_in.append(
                channel_model.public(channel) | ({} if inside is None else {"subscribers": inside})
            )
    return {"subscriptions": now_in, "unsubscribed": was_in, "never_subscribed": never_in}


_INHERITED = {
    "desktop_notifications": "enable_stream_desktop_notifications",
    "audible_notifications": "enable_stream_audible_notifications",
    "push_notifications": "enable_stream_push_notifications",
    "email_notifications": "enable_stream_email_notifications",
    "wildcard_mentions_notify": "wildcard_mentions_notify",
}


def _inheriting(snapshot: Snapshot, shown: dict[str, Any]) -> dict[str, Any]:
    """Clients that don't know null get what it stands for."""
    if snapshot.client.notification_settings_null:
        return shown
    meant = {
        name: snapshot.user.setting(global_name)
        for name, global_name in _INHERITED.items()
        if shown[name] is None
    }
    return shown | meant


def _default_streams(snapshot: Snapshot) -> dict[str, Any]:
    return {"realm_default_streams": [channel.id for channel in channels.defaults(snapshot.reader)]}


def _starred(snapshot: Snapshot) -> dict[str, Any]:
    return {"starred_messages": messages.starred_ids(snapshot.reader, snapshot.user.id)}


def _recent_conversations(snapshot: Snapshot) -> dict[str, Any]:
    me = snapshot.user.id
    recent = recipients.recent(snapshot.reader, me, MAX_CONVERSATIONS)
    return {
        "recent_private_conversations": [
            {"user_ids": [each for each in people if each != me], "max_message_id": newest}
            for people, newest in recent
        ]
    }


def _settings(snapshot: Snapshot) -> dict[str, Any]:
    return setting.effective(snapshot.user.settings)


def _user_settings(snapshot: Snapshot) -> dict[str, Any]:
    return {"user_settings": _settings(snapshot)}


def _legacy_settings(names: frozenset[str]) -> Section:
    def section(snapshot: Snapshot) -> dict[str, Any]:
        if snapshot.client.user_settings_object:
            return {}
        return {name: value for name, value in _settings(snapshot).items() if name in names}

    return section


SECTIONS: dict[str, Section] = {
    "alert_words": _fixed(alert_words=[]),
    "custom_profile_fields": _fixed(custom_profile_fields=[], custom_profile_field_types={}),
    "default_stream_groups": _fixed(realm_default_stream_groups=[]),
    "default_streams": _default_streams,
    "drafts": _fixed(drafts=[]),
    "giphy": _fixed(giphy_api_key=""),
    "message": _message,
    "muted_topics": _fixed(muted_topics=[]),
    "muted_users": _fixed(muted_users=[]),
    "onboarding_steps": _fixed(onboarding_steps=[]),
    "presence": _presence,
    "realm": _realm,
    "realm_bot": _realm_bot,
    "realm_domains": _fixed(realm_domains=[]),
    "realm_embedded_bots": _fixed(realm_embedded_bots=[]),
    "realm_emoji": _fixed(realm_emoji={}),
    "realm_filters": _fixed(realm_filters=[]),
    "realm_incoming_webhook_bots": _fixed(realm_incoming_webhook_bots=[]),
    "realm_linkifiers": _fixed(realm_linkifiers=[]),
    "realm_playgrounds": _fixed(realm_playgrounds=[]),
    "realm_user": _realm_user,
    "realm_user_groups": _realm_user_groups,
    "realm_user_settings_defaults": lambda snapshot: {"realm_user_settings_defaults": setting.effective({})},
    "recent_private_conversations": _recent_conversations,
    "saved_snippets": _fixed(saved_snippets=[]),
    "scheduled_messages": _fixed(scheduled_messages=[]),
    "starred_messages": _starred,
    "stop_words": _fixed(stop_words=[]),
    "stream": _stream,
    "subscription": _subscription,
    "update_display_settings": _legacy_settings(setting.DISPLAY_SETTINGS),
    "update_global_notifications": _legacy_settings(setting.NOTIFICATION_SETTINGS),
    "user_settings": _user_settings,
    "user_status": _fixed(user_status={}),
    "user_topic": _fixed(user_topics=[]),
    "video_calls": _fixed(has_zoom_token=False),
}
