"""Custom profile fields, and what oneself says in them."""

from typing import Annotated, Any

from appliance.actions.user import profile as profile_actions
from appliance.actions.user import profile_field as actions
from appliance.actions.user.profile_field import Wish
from appliance.http.endpoint import Answer, Call, delete, get, patch, post
from appliance.model.parameter import (
    Integers,
    boolean,
    integer,
    json_list,
    json_object,
    optional,
    text,
)

MaybeText = Annotated[str | None, text]
Flag = Annotated[bool | None, optional(boolean)]
Data = Annotated[dict[str, Any] | None, json_object]


@get("/realm/profile_fields")
def everything(call: Call) -> Answer:
    """What the organization lets people say of themselves."""
    with call.services.store.read() as reader:
        return {"custom_fields": actions.listed(reader)}


@post("/realm/profile_fields", who="admins", tells="custom_profile_fields")
def create(
    call: Call,
    *,
    field_type: Annotated[int, integer],
    name: MaybeText = None,
    hint: MaybeText = None,
    field_data: Data = None,
    display_in_profile_summary: Flag = None,
    required: Flag = None,
    editable_by_user: Flag = None,
) -> Answer:
    """A new field of a profile, at the end; up to 100."""
    wish = Wish(name, hint, field_data, display_in_profile_summary, required, editable_by_user)
    return {"id": actions.create(call.services.store, call.user, field_type, wish)}


@patch("/realm/profile_fields", who="admins", tells="custom_profile_fields")
def reorder(call: Call, *, order: Integers) -> Answer:
    """Their order."""
    actions.reorder(call.services.store, call.user, order)
    return {}


@patch(
    "/realm/profile_fields/<field_id:int>",
    who="admins",
    tells="custom_profile_fields realm_user/update",
    differs="not described there",
)
def change(
    call: Call,
    *,
    field_id: int,
    name: MaybeText = None,
    hint: MaybeText = None,
    field_data: Data = None,
    display_in_profile_summary: Flag = None,
    required: Flag = None,
    editable_by_user: Flag = None,
) -> Answer:
    """What a field is; who had chosen what can be chosen no more has nothing in it."""
    wish = Wish(name, hint, field_data, display_in_profile_summary, required, editable_by_user)
    actions.change(call.services.store, call.user, field_id, wish)
    return {}


@delete(
    "/realm/profile_fields/<field_id:int>",
    who="admins",
    tells="custom_profile_fields realm_user/update",
    differs="not described there",
)
def drop(call: Call, *, field_id: int) -> Answer:
    """A field, with all that people have put in."""
    actions.drop(call.services.store, call.user, field_id)
    return {}


@patch("/users/me/profile_data", tells="realm_user/update", differs="not described there")
def say(call: Call, *, data: Annotated[list[Any], json_list]) -> Answer:
    """What one says of oneself: `data` is a list of `{"id": of a field, "value": …}`."""
    profile_actions.change(call.services.store, call.user, data)
    return {}


@delete("/users/me/profile_data", tells="realm_user/update", differs="not described there")
def unsay(call: Call, *, data: Integers) -> Answer:
    """Say nothing any more in the fields with these ids."""
    profile_actions.remove(call.services.store, call.user, data)
    return {}
