"""Groups that people make: their limits, the object that clients see, and who may do what with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from appliance.base.errors import ApiError, NotAllowed
from appliance.model.group import GROUP_PERMISSIONS, ID
from appliance.model.group_setting import Membership, Value, groups_of, only

MAX_NAME, MAX_DESCRIPTION = 100, 1024
RESERVED = ("@", "role:", "user:", "stream:", "channel:")  # what no name begins with


@dataclass(frozen=True, slots=True)
class UserGroup:
    """`members`: ids of the active people in it, `subgroup_ids`: of the groups, both direct and ascending;
    `settings`: what differs from the defaults."""

    id: int
    name: str
    description: str
    creator_id: int | None
    date_created: int
    deactivated: bool
    settings: dict[str, Value]
    members: tuple[int, ...] = ()
    subgroup_ids: tuple[int, ...] = ()

    def setting(self, name: str) -> Value:
        return self.settings.get(name, self._default(name))

    def _default(self, name: str) -> Value:
        default = GROUP_PERMISSIONS[name].default
        if default in ID:
            return ID[default]
        return ID["role:nobody"] if self.creator_id is None else only(self.creator_id)


def public(group: UserGroup) -> dict[str, Any]:
    """The group object of the API at level 372."""
    return {
        "id": group.id,
        "name": group.name,
        "description": group.description,
        "members": list(group.members),
        "direct_subgroup_ids": list(group.subgroup_ids),
        "is_system_group": False,
        "creator_id": group.creator_id,
        "date_created": group.date_created,
        "deactivated": group.deactivated,
        **{name: group.setting(name) for name in GROUP_PERMISSIONS},
    }


def check_name(name: str) -> str:
    """The name without blanks around it. Raises ApiError with Zulip's texts."""
    name = name.strip()
    if not name:
        raise ApiError("User group name can't be empty!")
    if len(name) > MAX_NAME:
        raise ApiError(f"User group name cannot exceed {MAX_NAME} characters.")
    for prefix in RESERVED:
        if name.startswith(prefix):
            raise ApiError(f"User group name cannot start with '{prefix}'.")
    return name


def check_description(description: str) -> str:
    if len(description) > MAX_DESCRIPTION:
        raise ApiError(f"description is too long (limit: {MAX_DESCRIPTION} characters)")
    return description


# Each deed with the settings of the group that allow it; the organization's can_manage_all_groups allows all.
ALLOWED_BY = {
    "manage": ("can_manage_group",),
    "add": ("can_manage_group", "can_add_members_group"),
    "join": ("can_manage_group", "can_add_members_group", "can_join_group"),
    "remove": ("can_manage_group", "can_remove_members_group"),
    "leave": ("can_manage_group", "can_remove_members_group", "can_leave_group"),
}


def may(deed: str, group: UserGroup, who: Membership, manages_all: Value) -> bool:
    """`manages_all`: the organization's can_manage_all_groups."""
    return any(who.is_in(value) for value in (manages_all, *map(group.setting, ALLOWED_BY[deed])))


def check_may(deed: str, group: UserGroup, who: Membership, manages_all: Value) -> None:
    if not may(deed, group, who, manages_all):
        raise NotAllowed("Insufficient permission")


def may_mention(group: UserGroup, who: Membership) -> bool:
    """Also who manages all groups may not mention one that is for others to mention."""
    return not group.deactivated and who.is_in(group.setting("can_mention_group"))


def objections(group: UserGroup, everything: Iterable[UserGroup]) -> list[dict[str, Any]]:
    """Why it cannot be deactivated: where other groups need it, as Zulip lists that."""
    others = [each for each in everything if not each.deactivated and each.id != group.id]
    around = [each.id for each in others if group.id in each.subgroup_ids]
    found: list[dict[str, Any]] = [{"type": "subgroup", "group_ids": around}] if around else []
    for each in others:
        names = [name for name, value in each.settings.items() if group.id in groups_of(value)]
        if names:
            found.append({"type": "user_group", "group_id": each.id, "settings": names})
    return found
