"""Groups of people: those of roles, and those that people make."""

from typing import Annotated, Any

from appliance.actions.group import access as group_access
from appliance.actions.group import member as group_member
from appliance.actions.group import user_group as actions
from appliance.actions.group.member import Moves
from appliance.actions.group.user_group import Wanted
from appliance.base.errors import ApiError
from appliance.http.endpoint import Answer, Call, get, patch, post
from appliance.model.group import GROUP_PERMISSIONS
from appliance.model.parameter import Boolean, Integers, Text, integers, json, text
from appliance.store import user as users

MaybeText = Annotated[str | None, text]
MaybeIntegers = Annotated[list[int] | None, integers]


@get("/user_groups")
def everything(call: Call, *, include_deactivated_groups: Boolean = False) -> Answer:
    """All groups of people."""
    with call.services.store.read() as reader:
        people = users.everyone(reader)
        listed = group_access.listing(reader, people, deactivated=include_deactivated_groups)
    return {"user_groups": listed}


def _settings(call: Call) -> dict[str, Any]:
    """Those that the request names."""
    return {name: json(name, given) for name, given in call.parameters.items() if name in GROUP_PERMISSIONS}


@post(
    "/user_groups/create",
    reads=GROUP_PERMISSIONS,
    who="whom `can_create_groups` names",
    tells="user_group/add",
)
def create(
    call: Call, *, name: Text, description: Text, members: Integers, subgroups: MaybeIntegers = None
) -> Answer:
    """Make a group."""
    wanted = Wanted(name, description, members, subgroups or [], _settings(call))
    return {"group_id": actions.create(call.services.store, call.user, wanted)}


@patch(
    "/user_groups/<group_id:int>",
    reads=GROUP_PERMISSIONS,
    who="whom the group's `can_manage_group` and the organization's permissions name",
    tells="user_group/update",
)
def change(call: Call, *, group_id: int, name: MaybeText = None, description: MaybeText = None) -> Answer:
    """Its name, description, or who may do what with it."""
    store, settings = call.services.store, _settings(call)
    actions.change(store, call.user, group_id, name=name, description=description, settings=settings)
    return {}


@post(
    "/user_groups/<group_id:int>/deactivate",
    who="whom the group's `can_manage_group` and the organization's permissions name",
    tells="user_group/update user_group/remove",
)
def deactivate(call: Call, *, group_id: int) -> Answer:
    """It stays where it was used, and is for nothing else."""
    actions.deactivate(call.services.store, call.user, group_id)
    return {}


@post(
    "/user_groups/<group_id:int>/members",
    who="whom the group's permissions name",
    tells="user_group message",
)
def change_members(
    call: Call,
    *,
    group_id: int,
    add: MaybeIntegers = None,
    delete: MaybeIntegers = None,
    add_subgroups: MaybeIntegers = None,
    delete_subgroups: MaybeIntegers = None,
) -> Answer:
    """Who comes and who goes."""
    moves = Moves(add or [], delete or [], add_subgroups or [], delete_subgroups or [])
    group_member.change(call.services.store, call.user, group_id, moves)
    return {}


@post(
    "/user_groups/<group_id:int>/subgroups",
    who="whom the group's permissions name",
    tells="user_group",
)
def change_subgroups(
    call: Call, *, group_id: int, add: MaybeIntegers = None, delete: MaybeIntegers = None
) -> Answer:
    """Groups inside it."""
    moves = Moves(add_subgroups=add or [], delete_subgroups=delete or [])
    group_member.change(call.services.store, call.user, group_id, moves)
    return {}


@get("/user_groups/<group_id:int>/members")
def members(call: Call, *, group_id: int, direct_member_only: Boolean = False) -> Answer:
    """Who is in a group, also by its subgroups unless `direct_member_only`."""
    with call.services.store.read() as reader:
        return {"members": group_access.members(reader, group_id, direct=direct_member_only)}


@get("/user_groups/<group_id:int>/members/<user_id:int>")
def is_member(call: Call, *, group_id: int, user_id: int, direct_member_only: Boolean = False) -> Answer:
    """Whether somebody is in a group."""
    with call.services.store.read() as reader:
        inside = group_access.members(reader, group_id, direct=direct_member_only)
        if users.with_id(reader, user_id) is None:
            raise ApiError("No such user")
    return {"is_user_group_member": user_id in inside}


@get("/user_groups/<group_id:int>/subgroups")
def subgroups(call: Call, *, group_id: int, direct_subgroup_only: Boolean = False) -> Answer:
    """The groups inside a group."""
    with call.services.store.read() as reader:
        return {"subgroups": group_access.subgroups(reader, group_id, direct=direct_subgroup_only)}
