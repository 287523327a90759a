"""Groups of people, and permissions, which name them."""

from appliance.model.events.kind import kind
from appliance.model.events.types import (
    BOOLEAN,
    SECONDS,
    TEXT,
    WHOLE,
    Either,
    Fields,
    ListOf,
    Object,
    Type,
    noted,
    nullable,
    optional,
)

EVERYBODY = "everybody"
MEMBERS_CHANGED = "people joined or left a group; roles are groups too"

UNNAMED_GROUP = Object({"direct_members": ListOf(WHOLE), "direct_subgroups": ListOf(WHOLE)}, "unnamed group")
PERMISSION = Either(WHOLE, UNNAMED_GROUP)  # a group's id, or who would be in it
_PERMISSIONS: dict[str, Type] = dict.fromkeys(
    (
        "can_add_members_group", "can_join_group", "can_leave_group", "can_manage_group", "can_mention_group",
        "can_remove_members_group",
    ),
    PERMISSION,
)  # fmt: skip
GROUP = Object(
    {
        "id": WHOLE,
        "name": TEXT,
        "description": TEXT,
        "creator_id": nullable(WHOLE),
        "date_created": nullable(SECONDS),
        "members": noted(ListOf(WHOLE), "ids of direct members"),
        "direct_subgroup_ids": ListOf(WHOLE),
        "is_system_group": BOOLEAN,
        "deactivated": BOOLEAN,
        **_PERMISSIONS,
    },
    "group",
)
NAMED = (GROUP, UNNAMED_GROUP)

_MEMBERS: Fields = {"group_id": WHOLE, "user_ids": ListOf(WHOLE)}
_SUBGROUPS: Fields = {"group_id": WHOLE, "direct_subgroup_ids": ListOf(WHOLE)}
_CHANGES: dict[str, Type] = {
    "name": TEXT,
    "description": TEXT,
    "deactivated": BOOLEAN,
    **_PERMISSIONS,
}

KINDS = (
    kind("user_group/add", EVERYBODY, "a group was made", {"group": GROUP}, served=True),
    kind(
        "user_group/update",
        EVERYBODY,
        "a group changed; that it was deactivated, and changes after that, are told with"
        " `include_deactivated_groups`",
        {
            "group_id": WHOLE,
            "data": Object({name: optional(each, "it changed") for name, each in _CHANGES.items()}),
        },
        served=True,
    ),
    kind("user_group/add_members", EVERYBODY, MEMBERS_CHANGED, _MEMBERS, served=True),
    kind("user_group/remove_members", EVERYBODY, MEMBERS_CHANGED, _MEMBERS, served=True),
    kind("user_group/add_subgroups", EVERYBODY, "a group became part of another", _SUBGROUPS, served=True),
    kind(
        "user_group/remove_subgroups",
        EVERYBODY,
        "a group is no longer part of another",
        _SUBGROUPS,
        served=True,
    ),
    kind(
        "user_group/remove",
        EVERYBODY,
        "a group was deactivated",
        {"group_id": WHOLE},
        clients="without `include_deactivated_groups`",
        served=True,
    ),
)
