"""People and bots."""

from appliance.actions.bot import notification_bot
from appliance.actions.import_zulip.row import Row
from appliance.actions.import_zulip.target import Target, Values
from appliance.actions.user import full_member
from appliance.base.errors import ApiError
from appliance.model import credential
from appliance.model.bot import EMBEDDED, GENERIC, INCOMING_WEBHOOK, OUTGOING_WEBHOOK
from appliance.model.setting import USER_SETTINGS
from appliance.model.user import MAX_FULL_NAME, Role
from appliance.store import user as users

MAX_EMAIL = 254  # characters
ROLES = frozenset(int(each) for each in Role)
BOT_TYPES = frozenset({GENERIC, INCOMING_WEBHOOK, OUTGOING_WEBHOOK, EMBEDDED})
# What older servers called a setting, and its values.
OLD_SETTINGS = {"web_home_view": "default_view"}
OLD_VALUES = {"recent": "recent_topics"}
# Zulip's own bots, by the beginning of their addresses. Its notification bot becomes ours.
CROSS_REALM = "zerver_userprofile_crossrealm"
NOTIFIES = "notification-bot@"
NAMES = {"welcome-bot": "Welcome Bot", "emailgateway": "Email Gateway"}


def accounts(target: Target) -> None:
    for table in ("zerver_userprofile", "zerver_userprofile_mirrordummy"):
        target.copy(table, "user", lambda row: _account(target, row))
    for row in target.tables.rows("zerver_userprofile"):
        if owner := target.maybe_person(row, "bot_owner"):
            users.set_bot_owner(target.transaction, row.id("id"), owner)
    system_bots(target)


def _account(target: Target, row: Row) -> Values:
    """Nobody gets in with what the archive says: keys are new, and there is no password."""
    user_id = row.id("id")
    target.people.add(user_id)
    address, public = _address(row, "delivery_email", row.text("email", "")), row.text("email", "")
    is_dummy = row.flag("is_mirror_dummy", False)
    is_bot = row.flag("is_bot", False)
    return {
        "id": user_id,
        "delivery_email": address,
        "public_email": public if public and public != address else None,
        "full_name": _name(row),
        "role": max(_role(row), Role.ADMIN) if is_bot else _role(row),  # administrators have keys of bots
        "is_active": int(row.flag("is_active", True) and not is_dummy),
        "bot_type": row.choice("bot_type", BOT_TYPES, GENERIC) if is_bot else None,
        "api_key": credential.new_api_key(),
        "avatar_version": max(1, row.number("avatar_version", 1)),
        "date_joined": row.time("date_joined"),
        "settings": target.json(settings(target, row)),
    }


def _address(row: Row, name: str, default: str) -> str:
    address = row.text(name, default, MAX_EMAIL)
    if "@" not in address or not address.isprintable() or " " in address:
        raise row.wrong(name, "is not an address")
    return address


def _name(row: Row) -> str:
    name = row.text("full_name", most=MAX_FULL_NAME).strip()
    if not name or not name.isprintable():
        raise row.wrong("full_name", "is not a name")
    return name


def _role(row: Row) -> int:
    """Before there were numbers, there were three marks."""
    if row.has("role"):
        return row.choice("role", ROLES)
    marks = {"is_realm_owner": Role.OWNER, "is_realm_admin": Role.ADMIN, "is_guest": Role.GUEST}
    return int(next((role for mark, role in marks.items() if row.flag(mark, False)), Role.MEMBER))


def settings(target: Target, row: Row) -> Values:
    """Those of a person, or of who is new, that are not the defaults."""
    chosen = {}
    for name, setting in USER_SETTINGS.items():
        value = row.values.get(name, row.values.get(OLD_SETTINGS.get(name, ""), setting.default))
        value = OLD_VALUES.get(value, value) if isinstance(value, str) else value
        if value == setting.default:
            continue
        try:
            chosen[name] = setting.check(name, value)
        except ApiError:
            target.notes.add(f"settings {name} with a value that there is not here")
    return chosen


def system_bots(target: Target) -> None:
    """Ours, which is Zulip's notification bot, and Zulip's others."""
    ours = Row(f"realm.json: {CROSS_REALM}", {"email": NOTIFIES})
    for row in target.tables.rows(CROSS_REALM):
        if row.text("email", most=MAX_EMAIL).startswith(NOTIFIES):
            ours = row
        else:
            local = row.text("email").partition("@")[0]
            name = NAMES.get(local, local.replace("-", " ").title())
            _add_system_bot(target, row, row.text("email"), name)
            target.other_bots.add(row.id("id"))
    _add_system_bot(target, ours, notification_bot.EMAIL, notification_bot.NAME)


def _add_system_bot(target: Target, row: Row, email: str, name: str) -> None:
    user_id = row.maybe_id("id")
    values = {
        "id": user_id,
        "delivery_email": email,
        "full_name": name,
        "role": int(Role.MEMBER),
        "bot_type": GENERIC,
        "is_system": 1,
        "api_key": credential.new_api_key(),
        "date_joined": int(target.transaction.now()),
    }
    target.put("user", [(row, values)])
    target.people.update(() if user_id is None else (user_id,))


def newcomers(target: Target) -> None:
    """Whoever is too new to be a full member. After the organization's settings."""
    transaction = target.transaction
    joined_by = int(transaction.now()) - full_member.waiting_days(transaction) * full_member.DAY
    new = [each.id for each in users.misplaced_members(transaction, joined_by)]
    users.set_full_member(transaction, new, False)
