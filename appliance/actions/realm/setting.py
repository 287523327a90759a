"""Changing the organization: its name and description, and its settings (model/realm_setting.py)."""

from collections.abc import Mapping
from typing import Any

from appliance.actions.channel import access as channel_actions
from appliance.actions.group import access as group_access
from appliance.actions.realm import organization as realm_actions
from appliance.actions.user import full_member
from appliance.base.errors import ApiError
from appliance.model import group_setting, permission
from appliance.model import realm as model
from appliance.model.group import REALM_PERMISSIONS
from appliance.model.group_setting import Value
from appliance.model.realm import Realm
from appliance.model.realm_setting import CHANNELS, NO_CHANNEL, OWNERS_ONLY, REALM_SETTINGS
from appliance.model.user import User
from appliance.store import realm as realms
from appliance.store import realm_domain as domains
from appliance.store import user as users
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction

SIGHT = "can_access_all_users_group"


def change(
    store: Store,
    user: User,
    given: Mapping[str, Any],
    *,
    name: str | None = None,
    description: str | None = None,
) -> dict[str, Any]:
    """`given`: values of settings as the client sent them, a permission as {"new": value, "old": value}.
    Returns those that are set. Raises ApiError, and then nothing is changed."""
    permission.check_admin(user)
    if not OWNERS_ONLY.isdisjoint(given):
        permission.check_owner(user)
    name = None if name is None else model.check_name(name)
    description = None if description is None else model.check_description(description)
    permissions = _permissions(given)
    wanted = {**_plain(given), **{each: new for each, (new, _) in permissions.items()}}

    def write(transaction: Transaction) -> None:
        realm = realms.get(transaction)
        for each, (_, old) in permissions.items():
            group_setting.check_old(old, realm.setting(each))
        _check_settings(transaction, user, wanted)
        if name is not None:
            realm_actions.rename(transaction, name)
        if description is not None:
            realm_actions.describe(transaction, description)
        for each, value in wanted.items():
            realm_actions.set_property(transaction, each, value)
        _settle(transaction, realm, wanted)

    store.write(write)
    return wanted


def _permissions(given: Mapping[str, Any]) -> dict[str, tuple[Value, Value | None]]:
    """Those among them: the new value, and the old one if it is said. Raises ApiError."""
    named = {each: value for each, value in given.items() if each in REALM_PERMISSIONS}
    return {
        each: group_setting.parse_change(each, value, REALM_PERMISSIONS[each])
        for each, value in named.items()
    }


def _plain(given: Mapping[str, Any]) -> dict[str, Any]:
    """Those that are no permissions, as they are stored. Raises ApiError."""
    named = {each: value for each, value in given.items() if each not in REALM_PERMISSIONS}
    return {each: REALM_SETTINGS[each].check(each, value) for each, value in named.items()}


def _check_settings(handle: Handle, user: User, wanted: Mapping[str, Any]) -> None:
    """What the file has to say. Raises ApiError."""
    group_access.check_values(handle, [wanted[each] for each in wanted.keys() & REALM_PERMISSIONS.keys()])
    for each in wanted.keys() & CHANNELS:
        if wanted[each] != NO_CHANNEL:
            channel_actions.access(handle, user, wanted[each])
    if wanted.get("emails_restricted_to_domains") and not domains.everything(handle):
        raise ApiError("Add a domain first: nobody could join this organization.")


def _settle(transaction: Transaction, before: Realm, wanted: Mapping[str, Any]) -> None:
    """What follows from settings that are another now."""
    changed = {each for each, value in wanted.items() if value != before.setting(each)}
    if SIGHT in changed:
        _let_guests_begin_anew(transaction)
    if "waiting_period_threshold" in changed:
        full_member.settle(transaction)


def _let_guests_begin_anew(transaction: Transaction) -> None:
    """Other people than before are there for them: no event says that, so their queues end."""
    guests = [each.id for each in users.everyone(transaction) if each.is_guest and each.is_active]
    transaction.notice({"type": "cleanup_queue"}, guests)
