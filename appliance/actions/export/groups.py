"""Tables of groups. Zulip keeps the groups of the roles as rows, and permissions that name people and groups
themselves as groups without a name."""

from collections.abc import Iterator
from itertools import count
from typing import Any

from appliance.actions.export.source import REALM, Source
from appliance.model.group import GROUP_PERMISSIONS, ID, SYSTEM_GROUPS
from appliance.model.group_setting import Value, groups_of, members_of
from appliance.model.user import Role
from appliance.model.user_group import UserGroup
from appliance.store import export as everything

Row = dict[str, Any]
_FULL_MEMBERS = ID["role:fullmembers"]


class Groups:
    """All groups of an export; those without a name have ids above the others'."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._ids = [*ID.values(), *(each.id for each in source.groups)]
        ids = count(max(self._ids) + 1)
        self._unnamed = {
            (group.id, name): next(ids)
            for group in source.groups
            for name in GROUP_PERMISSIONS
            if not isinstance(group.setting(name), int)
        }

    def all(self) -> Iterator[Row]:
        """zerver_usergroup."""
        yield from ({"id": each, "realm": REALM} for each in (*self._ids, *self._unnamed.values()))

    def named(self) -> Iterator[Row]:
        for each in SYSTEM_GROUPS:
            nobody = dict.fromkeys(GROUP_PERMISSIONS, ID["role:nobody"])
            yield _named(each.id, each.name, each.description, **nobody, is_system_group=True)
        for group in self._source.groups:
            yield _named(
                group.id,
                group.name,
                group.description,
                **{name: self._permission(group, name) for name in GROUP_PERMISSIONS},
                creator=group.creator_id,
                date_created=float(group.date_created),
                deactivated=group.deactivated,
            )

    def _permission(self, group: UserGroup, name: str) -> int:
        """The id of the group that has it."""
        value = group.setting(name)
        return value if isinstance(value, int) else self._unnamed[group.id, name]

    def members(self) -> Iterator[Row]:
        """Of the groups of roles, too: everybody is in that of theirs, and members in that of full ones."""
        role_groups = {each.role: each.id for each in SYSTEM_GROUPS if each.id != _FULL_MEMBERS}
        for user in self._source.people:
            yield _membership(role_groups[user.role], user.id)
            if user.role == Role.MEMBER:
                yield _membership(_FULL_MEMBERS, user.id)
        for group_id, user_id in everything.group_members(self._source.reader):
            yield _membership(group_id, user_id)
        for unnamed, value in self._values():
            yield from (_membership(unnamed, user_id) for user_id in members_of(value))

    def subgroups(self) -> Iterator[Row]:
        for system in SYSTEM_GROUPS:
            if system.subgroup is not None:
                yield _inside(system.id, system.subgroup)
        for group in self._source.groups:
            yield from (_inside(group.id, each) for each in group.subgroup_ids)
        for unnamed, value in self._values():
            yield from (_inside(unnamed, each) for each in groups_of(value))

    def _values(self) -> Iterator[tuple[int, Value]]:
        for group in self._source.groups:
            for name in GROUP_PERMISSIONS:
                if (group.id, name) in self._unnamed:
                    yield self._unnamed[group.id, name], group.setting(name)


def _named(group_id: int, name: str, description: str, **more: Any) -> Row:
    usual = {"is_system_group": False, "creator": None, "date_created": None, "deactivated": False}
    same = {"id": group_id, "usergroup_ptr": group_id, "realm_for_sharding": REALM}
    return {**same, "name": name, "description": description, **usual, **more}


def _membership(group_id: int, user_id: int) -> Row:
    return {"user_group": group_id, "user_profile": user_id}


def _inside(group_id: int, subgroup_id: int) -> Row:
    return {"supergroup": group_id, "subgroup": subgroup_id}
