"""Tables of groups. Zulip keeps the groups of the roles as rows, and permissions that name people and groups
themselves as groups without a name."""

from collections.abc import Iterator
from itertools import count
from typing import Any

from appliance.actions.export.source import REALM, Source
from appliance.model.group import CHANNEL_PERMISSIONS, GROUP_PERMISSIONS, ID, REALM_PERMISSIONS, SYSTEM_GROUPS
from appliance.model.group_setting import Value, groups_of, members_of
from appliance.model.user import Role
from appliance.store import export as everything

Row = dict[str, Any]
Place = tuple[str, int, str]  # of what ("realm", "group", "channel") and which the permission is; its name
_FULL_MEMBERS = ID["role:fullmembers"]


class Groups:
    """All groups of an export; those without a name have ids above the others'."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._ids = [*ID.values(), *(each.id for each in source.groups)]
        ids = count(max(self._ids) + 1)
        self._values = {place: value for place, value in _values(source) if not isinstance(value, int)}
        self._unnamed = {place: next(ids) for place in self._values}

    def id_of(self, value: Value, place: Place) -> int:
        """Of the group that is, or stands for, the value of a permission."""
        return value if isinstance(value, int) else self._unnamed[place]

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
                **{
                    name: self.id_of(group.setting(name), ("group", group.id, name))
                    for name in GROUP_PERMISSIONS
                },
                creator=group.creator_id,
                date_created=float(group.date_created),
                deactivated=group.deactivated,
            )

    def members(self) -> Iterator[Row]:
        """Of the groups of roles, too: everybody is in that of theirs, and members in that of full ones."""
        role_groups = {each.role: each.id for each in SYSTEM_GROUPS if each.id != _FULL_MEMBERS}
        for user in self._source.people:
            yield _membership(role_groups[user.role], user.id)
            if user.role == Role.MEMBER and user.is_full_member:
                yield _membership(_FULL_MEMBERS, user.id)
        for group_id, user_id in everything.group_members(self._source.reader):
            yield _membership(group_id, user_id)
        for place, value in self._values.items():
            yield from (_membership(self._unnamed[place], user_id) for user_id in members_of(value))

    def subgroups(self) -> Iterator[Row]:
        for system in SYSTEM_GROUPS:
            if system.subgroup is not None:
                yield _inside(system.id, system.subgroup)
        for group in self._source.groups:
            yield from (_inside(group.id, each) for each in group.subgroup_ids)
        for place, value in self._values.items():
            yield from (_inside(self._unnamed[place], each) for each in groups_of(value))


def _values(source: Source) -> Iterator[tuple[Place, Value]]:
    """Of all permissions."""
    for name in REALM_PERMISSIONS:
        yield ("realm", 0, name), source.realm.setting(name)
    for group in source.groups:
        yield from ((("group", group.id, name), group.setting(name)) for name in GROUP_PERMISSIONS)
    for channel in source.channels:
        yield from ((("channel", channel.id, name), channel.permission(name)) for name in CHANNEL_PERMISSIONS)


def _named(group_id: int, name: str, description: str, **more: Any) -> Row:
    usual = {"is_system_group": False, "creator": None, "date_created": None, "deactivated": False}
    same = {"id": group_id, "usergroup_ptr": group_id, "realm_for_sharding": REALM}
    return {**same, "name": name, "description": description, **usual, **more}


def _membership(group_id: int, user_id: int) -> Row:
    return {"user_group": group_id, "user_profile": user_id}


def _inside(group_id: int, subgroup_id: int) -> Row:
    return {"supergroup": group_id, "subgroup": subgroup_id}
