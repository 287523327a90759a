"""The system groups, which every realm has, and which of them the permission settings may name.

A permission is a group's id (`can_*_group` of the realm, of channels, of groups). Each system group but
"nobody" holds the next one, so a higher id is a narrower group: internet, everyone, …, owners, nobody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from appliance.base.errors import ApiError
from appliance.model.user import Role, User


class SystemGroup(NamedTuple):
    """`role`: whose people are its direct members; `subgroup`: the group inside it."""

    id: int
    name: str
    description: str
    role: Role | None
    subgroup: int | None


SYSTEM_GROUPS = (
    SystemGroup(1, "role:internet", "Everyone on the Internet", None, 2),
    SystemGroup(2, "role:everyone", "Everyone in this organization, including guests", Role.GUEST, 3),
    SystemGroup(3, "role:members", "Members, not including guests", Role.MEMBER, 4),
    SystemGroup(4, "role:fullmembers", "Members, not including new accounts and guests", Role.MEMBER, 5),
    SystemGroup(5, "role:moderators", "Moderators, including administrators", Role.MODERATOR, 6),
    SystemGroup(6, "role:administrators", "Administrators, including owners", Role.ADMIN, 7),
    SystemGroup(7, "role:owners", "Owners of this organization", Role.OWNER, None),
    SystemGroup(8, "role:nobody", "Nobody", None, None),
)
ID = {each.name: each.id for each in SYSTEM_GROUPS}
SYSTEM_GROUP = {each.id: each for each in SYSTEM_GROUPS}
FULL_MEMBERS = ID["role:fullmembers"]
# By id: what messages call them.
TITLES = {
    1: "Everyone on the internet",
    2: "Everyone",
    3: "Members",
    4: "Full members",
    5: "Moderators",
    6: "Administrators",
    7: "Owners",
    8: "Nobody",
}


_OF_ROLE = {role: tuple(each for each in SYSTEM_GROUPS if each.role == role) for role in Role}


def groups_of_role(user: User) -> Sequence[SystemGroup]:
    """Those that somebody is in directly. A member is a full one by and by (actions/user/full_member.py)."""
    found = _OF_ROLE[user.role]
    return found if user.is_full_member else [each for each in found if each.id != FULL_MEMBERS]


def system_groups(members: Mapping[int, Sequence[int]]) -> list[dict[str, Any]]:
    """The rows of `realm_user_groups`, from the ids of the active users in each group, by its id."""
    return [_public(each, members) for each in SYSTEM_GROUPS]


def _public(group: SystemGroup, members: Mapping[int, Sequence[int]]) -> dict[str, Any]:
    return {
        "id": group.id,
        "name": group.name,
        "description": group.description,
        "members": list(members.get(group.id, ())),
        "direct_subgroup_ids": [] if group.subgroup is None else [group.subgroup],
        "is_system_group": True,
        "creator_id": None,
        "date_created": None,
        "deactivated": False,
        **dict.fromkeys(GROUP_PERMISSIONS, ID["role:nobody"]),
    }


@dataclass(frozen=True, slots=True)
class Permission:
    """What one permission setting may name. `default` is a system group, or who made the channel or group;
    `only`: these system groups and nothing else."""

    default: str
    everyone: bool = False
    nobody: bool = True
    only: tuple[str, ...] = ()

    def check(self, name: str, value: object) -> int:
        """The id of a system group that the setting may name. Raises ApiError."""
        group = next((each for each in SYSTEM_GROUPS if type(value) is int and each.id == value), None)
        if group is None:
            raise ApiError("Invalid user group")
        if group.name not in self.allowed():
            raise ApiError(f"'{name}' setting cannot be set to '{group.name}' group.")
        return group.id

    def allowed(self) -> set[str]:
        refused = {"role:internet": True, "role:everyone": not self.everyone, "role:nobody": not self.nobody}
        return set(self.only) or {name for name in ID if not refused.get(name)}

    def public(self, for_system_groups: str | None = None) -> dict[str, Any]:
        """As `server_supported_permission_settings` describes it."""
        return {
            "require_system_group": bool(self.only),
            "allow_internet_group": False,
            "allow_nobody_group": self.nobody,
            "allow_everyone_group": self.everyone,
            "default_group_name": self.default,
            "default_for_system_groups": for_system_groups,
            "allowed_system_groups": list(self.only),
        }


REALM_PERMISSIONS = {
    "can_access_all_users_group": Permission(
        "role:everyone", everyone=True, nobody=False, only=("role:everyone", "role:members")
    ),
    "can_add_custom_emoji_group": Permission("role:members"),
    "can_add_subscribers_group": Permission("role:members"),
    "can_create_bots_group": Permission("role:members"),
    "can_create_groups": Permission("role:members"),
    "can_create_private_channel_group": Permission("role:members"),
    "can_create_public_channel_group": Permission("role:members"),
    "can_create_web_public_channel_group": Permission(
        "role:owners", only=("role:moderators", "role:administrators", "role:owners", "role:nobody")
    ),
    "can_create_write_only_bots_group": Permission("role:members"),
    "can_delete_any_message_group": Permission("role:administrators"),
    "can_delete_own_message_group": Permission("role:everyone", everyone=True),
    "can_invite_users_group": Permission("role:members"),
    "can_manage_all_groups": Permission("role:owners", nobody=False),
    "can_manage_billing_group": Permission("role:administrators", nobody=False),
    "can_mention_many_users_group": Permission("role:administrators", everyone=True),
    "can_move_messages_between_channels_group": Permission("role:members"),
    "can_move_messages_between_topics_group": Permission("role:everyone", everyone=True),
    "can_resolve_topics_group": Permission("role:everyone", everyone=True),
    "can_summarize_topics_group": Permission("role:everyone", everyone=True),
    "create_multiuse_invite_group": Permission("role:administrators"),
    "direct_message_initiator_group": Permission("role:everyone", everyone=True),
    "direct_message_permission_group": Permission("role:everyone", everyone=True),
}
CHANNEL_PERMISSIONS = {
    "can_add_subscribers_group": Permission("role:nobody"),
    "can_administer_channel_group": Permission("stream_creator_or_nobody"),
    "can_remove_subscribers_group": Permission("role:administrators", everyone=True),
    "can_send_message_group": Permission("role:everyone", everyone=True),
    "can_subscribe_group": Permission("role:nobody"),
}
GROUP_PERMISSIONS = {
    "can_add_members_group": Permission("group_creator"),
    "can_join_group": Permission("role:nobody"),
    "can_leave_group": Permission("role:everyone", everyone=True),
    "can_manage_group": Permission("group_creator"),
    "can_mention_group": Permission("role:everyone", everyone=True),
    "can_remove_members_group": Permission("role:nobody"),
}


def permission_settings() -> dict[str, Any]:
    """`server_supported_permission_settings` of POST /register."""
    return {
        "realm": {name: each.public() for name, each in REALM_PERMISSIONS.items()},
        "stream": {name: each.public() for name, each in CHANNEL_PERMISSIONS.items()},
        "group": {name: each.public("role:nobody") for name, each in GROUP_PERMISSIONS.items()},
    }
