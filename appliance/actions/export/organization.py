"""Tables of the organization itself."""

from typing import Any

from appliance.actions.export.groups import Groups
from appliance.actions.export.source import REALM, Source
from appliance.model.group import REALM_PERMISSIONS
from appliance.model.realm_picture import ICON, PLACES, Place, key
from appliance.model.realm_setting import REALM_SETTINGS
from appliance.model.setting import USER_SETTINGS

Row = dict[str, Any]
ANNOUNCEMENTS = (
    "new_stream_announcements_stream", "signup_announcements_stream", "zulip_update_announcements_stream",
)  # fmt: skip
# Not in Zulip's table under their own names: those above, and one that Zulip computes.
_ELSEWHERE = {*(f"{name}_id" for name in ANNOUNCEMENTS), "presence_disabled"}
FIXED = {
    "string_id": "",
    "deactivated": False,
    "enable_spectator_access": False,
    "want_advertise_in_communities_directory": False,
    "plan_type": 1,
    "video_chat_provider": 0,
    "jitsi_server_url": None,
    "icon_version": 1,
    "logo_version": 1,
    "night_logo_version": 1,
    "moderation_request_channel": None,
    "push_notifications_enabled_end_timestamp": None,
}


def realm(source: Source, groups: Groups) -> list[Row]:
    found = source.realm
    settings = {name: found.setting(name) for name in REALM_SETTINGS if name not in _ELSEWHERE}
    permissions = {name: groups.id_of(settings[name], ("realm", 0, name)) for name in REALM_PERMISSIONS}
    pictures = {f"{each.name}_source": _picture(found.settings, each) for each in PLACES}
    return [
        {
            "id": REALM,
            "name": found.name,
            "description": found.description,
            "date_created": float(found.created),
            **FIXED,
            **settings,
            **permissions,
            **pictures,
            **{name: _channel(source, found.setting(f"{name}_id")) for name in ANNOUNCEMENTS},
        }
    ]


def _channel(source: Source, channel_id: int) -> int | None:
    return channel_id if any(each.id == channel_id for each in source.channels) else None


def _picture(settings: Row, place: Place) -> str:
    """Where it comes from, by Zulip's letters."""
    if key(place) in settings:
        return "U"
    return "G" if place is ICON else place.unset


def settings_of_newcomers(source: Source) -> list[Row]:
    """zerver_realmuserdefault."""
    own = source.realm.user_defaults
    defaults = {
        name: own.get(name, each.default) for name, each in USER_SETTINGS.items() if name != "timezone"
    }
    return [{"id": 1, "realm": REALM, **defaults}]


def authentication(_: Source) -> list[Row]:
    return [{"id": 1, "realm": REALM, "name": "Email"}]


def presence_sequence(_: Source) -> list[Row]:
    return [{"id": 1, "realm": REALM, "last_update_id": 0}]


def clients(source: Source) -> list[Row]:
    return [{"id": number, "name": name} for name, number in source.clients.items()]
