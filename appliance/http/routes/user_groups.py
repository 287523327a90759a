"""Groups of people: those of roles, and those that people make."""

from typing import Annotated, Any

from appliance.actions import group_access, group_member
from appliance.actions import user_group as actions
from appliance.actions.group_member import Moves
from appliance.actions.user_group import Wanted
from appliance.base.errors import ApiError
from appliance.http.endpoint import Answer, Call, declare, get, patch, post
from appliance.model.group import GROUP_PERMISSIONS
from appliance.model.parameter import Boolean, Integers, Text, integers, json, text
from appliance.store import user as users

MaybeText = Annotated[str | None, text]
MaybeIntegers = Annotated[list[int] | None, integers]


@get("/user_groups")
def everything(call: Call, *, include_deactivated_groups: Boolean = False) -> Answer:
    with call.services.store.read() as reader:
        people = users.everyone(reader)
        listed = group_access.listing(reader, people, deactivated=include_deactivated_groups)
    return {"user_groups": listed}


def _settings(call: Call) -> dict[str, Any]:
    """Those that the request names."""
    return {name: json(name, given) for name, given in call.parameters.items() if name in GROUP_PERMISSIONS}


@declare("POST", "/user_groups/create", reads=GROUP_PERMISSIONS)
def create(
    call: Call, *, name: Text, description: Text, members: Integers, subgroups: MaybeIntegers = None
) -> Answer:
    wanted = Wanted(name, description, members, subgroups or [], _settings(call))
    return {"group_id": actions.create(call.services.store, call.user, wanted)}


@patch("/user_groups/<group_id:int>", reads=GROUP_PERMISSIONS)
def change(call: Call, *, group_id: int, name: MaybeText = None, description: MaybeText = None) -> Answer:
    store, settings = call.services.store, _settings(call)
    actions.change(store, call.user, group_id, name=name, description=description, settings=settings)
    return {}


@post("/user_groups/<group_id:int>/deactivate")
def deactivate(call: Call, *, group_id: int) -> Answer:
    actions.deactivate(call.services.store, call.user, group_id)
    return {}


@post("/user_groups/<group_id:int>/members")
def change_members(
    call: Call,
    *,
    group_id: int,
    add: MaybeIntegers = None,
    delete: MaybeIntegers = None,
    add_subgroups: MaybeIntegers = None,
    delete_subgroups: MaybeIntegers = None,
) -> Answer:
    moves = Moves(add or [], delete or [], add_subgroups or [], delete_subgroups or [])
    group_member.change(call.services.store, call.user, group_id, moves)
    return {}


@post("/user_groups/<group_id:int>/subgroups")
def change_subgroups(
    call: Call, *, group_id: int, add: MaybeIntegers = None, delete: MaybeIntegers = None
) -> Answer:
    moves = Moves(add_subgroups=add or [], delete_subgroups=delete or [])
    group_member.change(call.services.store, call.user, group_id, moves)
    return {}


@get("/user_groups/<group_id:int>/members")
def members(call: Call, *, group_id: int, direct_member_only: Boolean = False) -> Answer:
    with call.services.store.read() as reader:
        return {"members": group_access.members(reader, group_id, direct=direct_member_only)}


@get("/user_groups/<group_id:int>/members/<user_id:int>")
def is_member(call: Call, *, group_id: int, user_id: int, direct_member_only: Boolean = False) -> Answer:
    with call.services.store.read() as reader:
        inside = group_access.members(reader, group_id, direct=direct_member_only)
        if users.with_id(reader, user_id) is None:
            raise ApiError("No such user")
    return {"is_user_group_member": user_id in inside}


@get("/user_groups/<group_id:int>/subgroups")
def subgroups(call: Call, *, group_id: int, direct_subgroup_only: Boolean = False) -> Answer:
    with call.services.store.read() as reader:
        return {"subgroups": group_access.subgroups(reader, group_id, direct=direct_subgroup_only)}
