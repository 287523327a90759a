"""Groups that people make: making, changing and deactivating them. Who is in them: member.py."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from appliance.actions.group.access import (
    access,
    check_in_use,
    check_people,
    check_values,
    membership,
    permitted,
    realm_permission,
    tell,
)
from appliance.base.errors import ApiError, NotAllowed
from appliance.model import group_setting
from appliance.model import user_group as model
from appliance.model.channel import objections as channel_objections
from appliance.model.group import GROUP_PERMISSIONS
from appliance.model.group_setting import Value
from appliance.model.realm import objections as realm_objections
from appliance.model.user import User
from appliance.model.user_group import UserGroup
from appliance.store import channel as channels
from appliance.store import realm as realms
from appliance.store import user_group as groups
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction

Settings = Mapping[str, Any]  # as the client sent them, by the names of GROUP_PERMISSIONS


@dataclass(frozen=True, slots=True)
class Wanted:
    """A group to make."""

    name: str
    description: str
    members: list[int]
    subgroups: list[int] = field(default_factory=list)
    settings: Settings = field(default_factory=dict)


def create(store: Store, user: User, wanted: Wanted) -> int:
    """The new group's id. Raises ApiError with Zulip's texts."""
    name, description = model.check_name(wanted.name), model.check_description(wanted.description)
    settings = {
        each: group_setting.parse(each, value, GROUP_PERMISSIONS[each])
        for each, value in wanted.settings.items()
    }

    def write(transaction: Transaction) -> int:
        if not membership(transaction, user).is_in(realm_permission(transaction, "can_create_groups")):
            raise NotAllowed("Insufficient permission")
        _check_free(transaction, name)
        check_people(transaction, wanted.members)
        for each in wanted.subgroups:
            check_in_use(access(transaction, each))
        check_values(transaction, settings.values())
        group_id = groups.add(transaction, name, description, user.id, settings)
        groups.add_members(transaction, group_id, wanted.members)
        groups.add_subgroups(transaction, group_id, wanted.subgroups)
        made = groups.with_id(transaction, group_id)
        assert made is not None
        tell(transaction, "add", group=model.public(made))
        return group_id

    return store.write(write)


def change(
    store: Store,
    user: User,
    group_id: int,
    *,
    name: str | None = None,
    description: str | None = None,
    settings: Settings | None = None,
) -> None:
    """A setting changes by {"new": value, "old": value}, of which the old one may be missing. Raises ApiError
    with Zulip's texts, and then nothing is changed."""
    texts = _checked(name, description)
    changes = {
        each: group_setting.parse_change(each, value, GROUP_PERMISSIONS[each])
        for each, value in (settings or {}).items()
    }
    if not texts and not changes:
        raise ApiError("No new data supplied")

    def write(transaction: Transaction) -> None:
        group = permitted(transaction, user, group_id, ["manage"])
        if group.deactivated and (texts.keys() != {"name"} or changes):
            raise ApiError("You can only change name of deactivated user groups")
        if texts.get("name", group.name) != group.name:
            _check_free(transaction, texts["name"])
        for each, (_, old) in changes.items():
            group_setting.check_old(old, group.setting(each))
        check_values(transaction, (new for new, _ in changes.values()))
        _change(transaction, group, texts, {each: new for each, (new, _) in changes.items()})

    store.write(write)


def _checked(name: str | None, description: str | None) -> dict[str, str]:
    """Those that are given."""
    name = None if name is None else model.check_name(name)
    description = None if description is None else model.check_description(description)
    return {key: text for key, text in (("name", name), ("description", description)) if text is not None}


def _change(
    transaction: Transaction, group: UserGroup, texts: dict[str, str], settings: dict[str, Value]
) -> None:
    """What is as it was already is not told."""
    fresh: dict[str, Any] = {name: text for name, text in texts.items() if getattr(group, name) != text}
    set_anew = {name: value for name, value in settings.items() if group.setting(name) != value}
    if not fresh and not set_anew:
        return
    groups.change(transaction, replace(group, **fresh, settings={**group.settings, **set_anew}))
    gone = {"deactivated": True} if group.deactivated else {}
    tell(transaction, "update", group_id=group.id, data={**fresh, **set_anew}, **gone)


def deactivate(store: Store, user: User, group_id: int) -> None:
    """It can be named no more; it stays, with its members, for the record. Raises ApiError."""

    def write(transaction: Transaction) -> None:
        group = permitted(transaction, user, group_id, ["manage"])
        check_in_use(group)
        in_channels = channel_objections(group.id, channels.everything(transaction))
        in_realm = realm_objections(group.id, realms.get(transaction))
        if found := model.objections(group, groups.everything(transaction)) + in_channels + in_realm:
            raise GroupInUse(found)
        groups.change(transaction, replace(group, deactivated=True))
        tell(transaction, "update", group_id=group.id, data={"deactivated": True})
        tell(transaction, "remove", group_id=group.id)

    store.write(write)


def _check_free(handle: Handle, name: str) -> None:
    if groups.named(handle, name):
        raise ApiError(f"User group '{name}' already exists.")


class GroupInUse(ApiError):
    code = "CANNOT_DEACTIVATE_GROUP_IN_USE"

    def __init__(self, objections: list[dict[str, Any]]) -> None:
        super().__init__("Cannot deactivate user group in use.", objections=objections)
