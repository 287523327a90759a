"""The organization itself: its settings, and what its administrators have made."""

import hashlib
import secrets
from typing import Any

from appliance.actions.import_zulip import groups, people
from appliance.actions.import_zulip.row import BadArchive, Row
from appliance.actions.import_zulip.target import Made, Target, Values
from appliance.base.errors import ApiError
from appliance.model import linkifier
from appliance.model.group import ID, REALM_PERMISSIONS
from appliance.model.profile import FIELD_TYPES
from appliance.model.realm import MAX_DESCRIPTION, MAX_NAME, USER_DEFAULTS
from appliance.model.realm_setting import REALM_SETTINGS
from appliance.store import imported
from appliance.store import realm as realms

UNLIMITED = "unlimited"
TYPES = frozenset(int(each["id"]) for each in FIELD_TYPES.values())
MAX_FIELD_NAME, MAX_HINT = 40, 80  # characters
_COMMON = {
    1: "role:members", 2: "role:administrators", 3: "role:fullmembers", 4: "role:moderators",
    5: "role:everyone", 6: "role:nobody", 7: "role:owners",
}  # fmt: skip
_MENTION_ALL = {
    1: "role:everyone", 2: "role:members", 3: "role:fullmembers", 5: "role:administrators",
    6: "role:nobody", 7: "role:moderators",
}  # fmt: skip
# What older servers had in place of a permission, and whom its numbers stand for.
OLD_POLICIES = {
    "can_add_custom_emoji_group": ("add_custom_emoji_policy", _COMMON),
    "can_add_subscribers_group": ("invite_to_stream_policy", _COMMON),
    "can_create_groups": ("user_group_edit_policy", _COMMON),
    "can_create_private_channel_group": ("create_private_stream_policy", _COMMON),
    "can_create_public_channel_group": ("create_public_stream_policy", _COMMON),
    "can_create_web_public_channel_group": ("create_web_public_stream_policy", _COMMON),
    "can_delete_own_message_group": ("delete_own_message_policy", _COMMON),
    "can_invite_users_group": ("invite_to_realm_policy", _COMMON),
    "can_mention_many_users_group": ("wildcard_mention_policy", _MENTION_ALL),
    "can_move_messages_between_channels_group": ("move_messages_between_streams_policy", _COMMON),
    "can_move_messages_between_topics_group": ("edit_topic_policy", _COMMON),
}
# By setting: the columns that name its channel, the newest first.
ANNOUNCEMENTS = {
    "new_stream_announcements_stream_id": ("new_stream_announcements_stream", "notifications_stream"),
    "signup_announcements_stream_id": ("signup_announcements_stream", "signup_notifications_stream"),
    "zulip_update_announcements_stream_id": ("zulip_update_announcements_stream",),
}
OLD_FORMAT = "%({})s"  # how a linkifier's URL named what was matched


def realm(target: Target, uuid: str) -> str:
    """Its name."""
    row = next(target.tables.rows("zerver_realm"), None)
    if row is None:
        raise BadArchive("realm.json has no zerver_realm")
    name = row.text("name", most=MAX_NAME).strip()
    imported.put(
        target.transaction,
        "realm",
        [
            {
                "id": 1,
                "uuid": uuid,
                "name": name,
                "description": row.text("description", "", MAX_DESCRIPTION),
                "created": row.time("date_created"),
            }
        ],
    )
    settings = _settings(target, row)
    if newcomers := _settings_of_newcomers(target):
        settings[USER_DEFAULTS] = newcomers
    realms.set_settings(target.transaction, settings)
    return name


def _settings(target: Target, row: Row) -> Values:
    chosen = {}
    for name, setting in REALM_SETTINGS.items():
        try:
            value = _value(target, row, name)
        except ApiError:
            target.notes.add(f"settings {name} with a value that there is not here")
            continue
        if value != setting.default:
            chosen[name] = value
    return chosen


def _value(target: Target, row: Row, name: str) -> Any:
    """Raises ApiError."""
    setting = REALM_SETTINGS[name]
    if name in ANNOUNCEMENTS:
        found = next((row.maybe_id(each) for each in ANNOUNCEMENTS[name] if row.has(each)), None)
        return found if found in target.channels else setting.default
    if name in REALM_PERMISSIONS:
        default = _old_policy(row, name) or setting.default
        return groups.permission(target, row, name, REALM_PERMISSIONS[name], default)
    if name not in row.values:
        return setting.default
    value = row.values[name]
    is_limit = name.endswith("_limit_seconds") or name == "message_retention_days"
    return setting.check(name, UNLIMITED if is_limit and value in (None, 0, -1) else value)


def _old_policy(row: Row, name: str) -> int | None:
    old, numbers = OLD_POLICIES.get(name, ("", {}))
    found = numbers.get(row.number(old, 0))
    return ID[found] if found else None


def _settings_of_newcomers(target: Target) -> Values:
    """What a new person's settings are where they are not Zulip's defaults."""
    row = next(target.tables.rows("zerver_realmuserdefault"), None)
    return {} if row is None else people.settings(target, row)


def made_by_administrators(target: Target) -> None:
    for source, table, make in (
        ("zerver_realmdomain", "realm_domain", _domain),
        ("zerver_realmplayground", "playground", _playground),
        ("zerver_customprofilefield", "profile_field", _field),
        ("zerver_preregistrationuser", "invitation", _invitation),
        ("zerver_multiuseinvite", "invitation", _invitation),
    ):
        target.copy(source, table, lambda row, make=make: make(target, row))  # type: ignore[misc]
    fields = {row.id("id") for row in target.tables.rows("zerver_customprofilefield")}
    target.copy("zerver_customprofilefieldvalue", "profile_value", lambda row: _of_field(target, row, fields))
    _linkifiers(target)


def _domain(_: Target, row: Row) -> Made:
    return {
        "domain": row.text("domain", most=255).lower(),
        "allow_subdomains": int(row.flag("allow_subdomains", False)),
    }


def _playground(_: Target, row: Row) -> Made:
    """Once, a URL just began with something."""
    return {
        "id": row.id("id"),
        "name": row.text("name", most=100),
        "pygments_language": row.text("pygments_language", most=40),
        "url_template": row.text("url_template", row.text("url_prefix", "") + "{code}", 2000),
    }


def _linkifiers(target: Target) -> None:
    rows = sorted(target.tables.rows("zerver_realmfilter"), key=lambda row: row.number("order", 0))
    made = [(row, _linkifier(target, row, position)) for position, row in enumerate(rows, 1)]
    target.put("linkifier", [(row, values) for row, values in made if values is not None])


def _linkifier(target: Target, row: Row, position: int) -> Made:
    """A pattern that this server would not take is left out: its time would have no bound."""
    pattern = row.text("pattern", most=linkifier.MAX_PATTERN)
    template = row.text("url_template", "") or _new_format(row.text("url_format_string"))
    try:
        linkifier.checked(pattern, template)
    except ApiError:
        target.notes.add("linkifiers with a pattern or a URL that this server does not take")
        return None
    return {"id": row.id("id"), "pattern": pattern, "url_template": template, "position": position}


def _new_format(text: str) -> str:
    """%(id)s of older servers is {id}."""
    before, after = OLD_FORMAT.split("{}")
    return text.replace(before, "{").replace(after, "}").replace("%%", "%")


def _field(_: Target, row: Row) -> Made:
    return {
        "id": row.id("id"),
        "type": row.choice("field_type", TYPES),
        "name": row.text("name", most=MAX_FIELD_NAME),
        "hint": row.text("hint", "", MAX_HINT),
        "data": row.text("field_data", ""),
        "position": row.number("order", 0),
        "display_in_profile_summary": int(row.flag("display_in_profile_summary", False)),
        "required": int(row.flag("required", False)),
        "editable_by_user": int(row.flag("editable_by_user", True)),
    }


def _of_field(target: Target, row: Row, fields: set[int]) -> Made:
    if row.id("field") not in fields:
        raise row.wrong("field", f"is {row.id('field')}, and there is no such field")
    rendered = row.text("rendered_value", "")
    return {
        "user_id": target.person(row, "user_profile"),
        "field_id": row.id("field"),
        "value": row.text("value"),
        "rendered_value": target.clean(rendered) if rendered else None,
    }


def _invitation(target: Target, row: Row) -> Made:
    """With a new secret: who was invited by mail is to be sent another, and a link is another."""
    token = secrets.token_urlsafe(24)
    email = row.text("email", "", people.MAX_EMAIL)
    inviter = target.maybe_person(row, "referred_by")
    if inviter is None or row.number("status", 0) != 0:
        return None
    channels = [each for each in row.ids("streams") if each in target.channels]
    inside = [target.groups.get(each) for each in row.ids("groups")]
    return {
        "email": email or None,
        "token_hash": hashlib.sha256(token.encode()).digest(),
        "token": None if email else token,
        "inviter_id": inviter,
        "invited_as": row.choice("invited_as", people.ROLES),
        "created": row.time("invited_at"),
        "expires": row.maybe_time("expires"),
        "defaults": int(row.flag("include_realm_default_subscriptions", False)),
        "channel_ids": target.json(channels),
        "group_ids": target.json([each for each in inside if isinstance(each, int)]),
        "notify_referrer": int(row.flag("notify_referrer_on_join", True)),
    }
