"""People."""

from typing import Annotated, Any

from appliance.actions.user import api_key, deactivation, login_link, people
from appliance.actions.user import change as user_change
from appliance.actions.user import creation as user_actions
from appliance.actions.user.change import Changes
from appliance.http.endpoint import Answer, Call, delete, get, patch, post
from appliance.model import permission
from appliance.model.parameter import Boolean, Text, integer, integers, json_list, optional, text
from appliance.model.realm import bot_domain
from appliance.model.user import Role
from appliance.store import message as messages

MaybeText = Annotated[str | None, text]
Number = Annotated[int | None, optional(integer)]
Profile = Annotated[list[Any] | None, json_list]
BY_EMAIL = "/users/<email:re:[^/]+@[^/]+>"
PICTURES = "`client_gravatar` changes nothing: pictures are the server's own"


@get("/users", differs=PICTURES)
def everyone(
    call: Call,
    *,
    client_gravatar: Boolean = True,
    include_custom_profile_fields: Boolean = False,
    user_ids: Annotated[list[int] | None, optional(integers)] = None,
) -> Answer:
    """Everybody, or those of `user_ids`; guests may be shown fewer."""
    with call.services.store.read() as reader:
        profiles = include_custom_profile_fields
        return {"members": people.listed(reader, call.user, user_ids, profiles=profiles)}


@get("/users/me")
def me(call: Call) -> Answer:
    """Oneself."""
    with call.services.store.read() as reader:
        newest = messages.newest_id(reader, call.user.id)
        shown = people.shown(reader, call.user, call.user, profile=True)
    return {**shown, "max_message_id": newest}


@get("/users/<user_id:int>", differs=PICTURES)
def one(
    call: Call,
    *,
    user_id: int,
    client_gravatar: Boolean = True,
    include_custom_profile_fields: Boolean = False,
) -> Answer:
    """One person."""
    with call.services.store.read() as reader:
        found = people.with_id(reader, call.user, user_id)
        return {"user": people.shown(reader, call.user, found, profile=include_custom_profile_fields)}


@get(BY_EMAIL, differs=PICTURES)
def one_by_email(
    call: Call,
    *,
    email: str,
    client_gravatar: Boolean = True,
    include_custom_profile_fields: Boolean = False,
) -> Answer:
    """One person, by an address that the caller may know, or by user<ID>@ the server's host."""
    with call.services.store.read() as reader:
        found = people.with_email(reader, call.user, email, bot_domain(call.services.public_url))
        return {"user": people.shown(reader, call.user, found, profile=include_custom_profile_fields)}


@post(
    "/users",
    who="admins",
    tells="realm_user/add user_group/add_members subscription/add subscription/peer_add",
    differs="`password` may be left out: a one-time link then sets it",
)
def create(
    call: Call, *, email: Text, full_name: Text, password: Annotated[str | None, text] = None
) -> Answer:
    """Add somebody."""
    permission.check_admin(call.user)
    created = user_actions.create(
        call.services.store,
        email=email,
        full_name=full_name,
        role=Role.MEMBER,
        password=password,
        welcomed=True,
    )
    return {"user_id": created.id}


CHANGE = {
    "who": "admins; owners what concerns owners, and `new_email`; a bot's owner its name",
    "tells": "realm_user/update user_group/remove_members user_group/add_members stream/create stream/delete"
    " subscription/peer_add realm_bot/add realm_bot/delete default_streams realm_user/add realm_user/remove",
    "differs": "a bot cannot be an owner",
}


@patch("/users/<user_id:int>", **CHANGE)
def change(
    call: Call,
    *,
    user_id: int,
    full_name: MaybeText = None,
    role: Number = None,
    profile_data: Profile = None,
    new_email: MaybeText = None,
) -> Answer:
    """Somebody's name, role, profile or address."""
    changes = Changes(full_name, role, profile_data, new_email)
    user_change.change(call.services.store, call.user, user_id, changes)
    return {}


@patch(BY_EMAIL, **CHANGE)
def change_by_email(
    call: Call,
    *,
    email: str,
    full_name: MaybeText = None,
    role: Number = None,
    profile_data: Profile = None,
    new_email: MaybeText = None,
) -> Answer:
    """The same, by address."""
    with call.services.store.read() as reader:
        found = people.with_email(reader, call.user, email, bot_domain(call.services.public_url))
    changes = Changes(full_name, role, profile_data, new_email)
    user_change.change(call.services.store, call.user, found.id, changes)
    return {}


GONE = "realm_user/update user_group/remove_members realm_bot/update"


@delete("/users/me", tells=GONE)
def leave(call: Call) -> Answer:
    """Deactivate one's own account."""
    deactivation.deactivate_self(call.services.store, call.user)
    return {}


@delete("/users/<user_id:int>", who="admins; of owners: owners", tells=GONE)
def deactivate(call: Call, *, user_id: int, deactivation_notification_comment: MaybeText = None) -> Answer:
    """Deactivate somebody and their bots; with a comment, they are told by mail."""
    comment = deactivation_notification_comment
    deactivation.deactivate_other(call.services.store, call.user, user_id, comment)
    return {}


@post(
    "/users/<user_id:int>/reactivate",
    who="admins; of owners: owners",
    tells="realm_user/update user_group/add_members realm_bot/update subscription/peer_add",
)
def reactivate(call: Call, *, user_id: int) -> Answer:
    """Somebody is back, with all that they had."""
    deactivation.reactivate(call.services.store, call.user, user_id)
    return {}


@post("/appliance/users/<user_id:int>/login_link", who="admins; of owners: owners", differs="not of Zulip")
def make_login_link(call: Call, *, user_id: int) -> Answer:
    """A link by which somebody sets a password and signs in, once and within `lifetime` seconds."""
    token = login_link.make_for(call.services.store, call.user, user_id)
    return {"link": f"{call.services.public_url}/login/{token}", "lifetime": login_link.LIFETIME}


@post("/users/me/api_key/regenerate", tells="realm_bot/update", differs="not described there")
def regenerate(call: Call) -> Answer:
    """A new key of one's own; the old one, other sessions and event queues end."""
    return {"api_key": api_key.reset(call.services.store, call.user, call.session_token)}
