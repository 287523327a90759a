"""Groups, of roles or made by people: which there are, who is in them, and who may do what with one."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from appliance.base.errors import ApiError, NotAllowed
from appliance.model import user_group as model
from appliance.model.group import SYSTEM_GROUP, groups_of_role, system_groups
from appliance.model.group_setting import Membership, Value, groups_of, members_of
from appliance.model.user import User
from appliance.model.user_group import UserGroup
from appliance.store import realm as realms
from appliance.store import user as users
from appliance.store import user_group as groups
from appliance.store.connection import Handle
from appliance.store.transaction import Transaction


def listing(handle: Handle, people: Iterable[User], *, deactivated: bool) -> list[dict[str, Any]]:
    """All groups as clients see them, those of the roles first. `people`: everybody there is;
    `deactivated`: with the groups that are."""
    inside: dict[int, list[int]] = defaultdict(list)
    for each in people:
        for group in groups_of_role(each) if each.is_active else ():
            inside[group.id].append(each.id)
    made = [each for each in groups.everything(handle) if deactivated or not each.deactivated]
    return [*system_groups(inside), *map(model.public, made)]


def access(handle: Handle, group_id: int) -> UserGroup | None:
    """A group that people made; None: it is one of the roles. Raises ApiError for one that does not exist."""
    if group_id in SYSTEM_GROUP:
        return None
    group = groups.with_id(handle, group_id)
    if group is None:
        raise ApiError("Invalid user group")
    return group


def permitted(handle: Handle, user: User, group_id: int, deeds: Iterable[str]) -> UserGroup:
    """The group, if the user may do all of the deeds (model/user_group.py) to it. Raises ApiError, always for
    the group of a role."""
    group = access(handle, group_id)
    if group is None:
        raise NotAllowed("Insufficient permission")
    who, manages_all = membership(handle, user), realm_permission(handle, "can_manage_all_groups")
    for deed in deeds:
        model.check_may(deed, group, who, manages_all)
    return group


def check_in_use(group: UserGroup | None) -> None:
    if group is not None and group.deactivated:
        raise ApiError("User group is deactivated.")


def check_mentions(handle: Handle, sender: User, group_ids: Iterable[int]) -> None:
    """Raises ApiError for the first of the groups that the sender may not mention: nobody those of roles."""
    for group_id in sorted(group_ids):
        group = access(handle, group_id)
        if group is None or not model.may_mention(group, membership(handle, sender)):
            name = SYSTEM_GROUP[group_id].name if group is None else group.name
            raise ApiError(f"You are not allowed to mention user group '{name}'.")


def membership(handle: Handle, user: User) -> Membership:
    return Membership(user.id, groups.groups_of(handle, user.id))


def realm_permission(handle: Handle, name: str) -> Value:
    value: Value = realms.get(handle).setting(name)
    return value


def may(handle: Handle, user: User, permission: str) -> bool:
    """Whether the organization lets them, by a permission's name (model/group.py)."""
    return membership(handle, user).is_in(realm_permission(handle, permission))


def check_may(handle: Handle, user: User, permission: str) -> None:
    if not may(handle, user, permission):
        raise NotAllowed("Insufficient permission")


def check_people(handle: Handle, user_ids: Iterable[int]) -> None:
    """Raises ApiError for the first who does not exist, or is deactivated."""
    active = set(users.active_ids(handle))
    for each in user_ids:
        if each not in active:
            raise ApiError(f"Invalid user ID: {each}")


def check_values(handle: Handle, values: Iterable[Value]) -> None:
    """Values of permission settings. Raises ApiError where one names somebody or a group that is not there,
    or not any more."""
    for value in values:
        check_people(handle, members_of(value))
        for group_id in groups_of(value):
            check_in_use(access(handle, group_id))


def members(handle: Handle, group_id: int, *, direct: bool) -> list[int]:
    """Ids of active people, ascending. Raises ApiError."""
    group = access(handle, group_id)
    if not direct:
        return sorted(groups.members(handle, group_id))
    if group is not None:
        return list(group.members)
    role = SYSTEM_GROUP[group_id]
    return [each.id for each in users.everyone(handle) if each.is_active and role in groups_of_role(each)]


def subgroups(handle: Handle, group_id: int, *, direct: bool) -> list[int]:
    """Ids, ascending. Raises ApiError."""
    group = access(handle, group_id)
    if not direct:
        return sorted(groups.subgroups(handle, group_id))
    if group is not None:
        return list(group.subgroup_ids)
    inside = SYSTEM_GROUP[group_id].subgroup
    return [] if inside is None else [inside]


def tell(transaction: Transaction, op: str, **data: Any) -> None:
    """Everybody is told of every group. Of a deactivated one `deactivated` is True: fan-out keeps that from
    clients that do not know such groups."""
    transaction.notice({"type": "user_group", "op": op, **data}, users.active_ids(transaction))
