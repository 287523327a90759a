"""Channels and subscriptions."""

from typing import Annotated, Any

from appliance.actions import channel as channel_actions
from appliance.actions import subscription as actions
from appliance.actions.subscription import Change, Outcome, Wanted
from appliance.base.errors import ApiError
from appliance.http.endpoint import Answer, Call, delete, get, post
from appliance.model import channel as channel_model
from appliance.model import permission
from appliance.model.parameter import Boolean, Strings, Text, identifiers, json_list, optional
from appliance.model.parameter import boolean as parse_boolean
from appliance.model.user import User
from appliance.store import channel as channels
from appliance.store import subscription as subscriptions
from appliance.store import user as users

MOST_AT_ONCE = 500
Principals = Annotated[list[int] | list[str] | None, optional(identifiers)]


@get("/streams")
def all_channels(
    call: Call,
    *,
    include_public: Boolean = True,
    include_subscribed: Boolean = True,
    include_all_active: Boolean = False,
) -> Answer:
    if include_all_active:
        permission.check_admin(call.user)
    with call.services.store.read() as reader:
        own = {each.channel_id for each in subscriptions.of_user(reader, call.user.id) if each.active}
        found = channels.all_live(reader)
    wanted = [
        each
        for each in found
        if include_all_active
        or (include_subscribed and each.id in own)
        or (include_public and not each.invite_only and permission.sees_channel(call.user, each, False))
    ]
    return {"streams": [channel_model.public(each) for each in wanted]}


@get("/streams/<channel_id:int>")
def one(call: Call, *, channel_id: int) -> Answer:
    with call.services.store.read() as reader:
        return {"stream": channel_model.public(channel_actions.access(reader, call.user, channel_id))}


@get("/get_stream_id")
def channel_id_of(call: Call, *, stream: Text) -> Answer:
    with call.services.store.read() as reader:
        return {"stream_id": channel_actions.access_named(reader, call.user, stream).id}


@get("/streams/<channel_id:int>/members")
def members(call: Call, *, channel_id: int) -> Answer:
    with call.services.store.read() as reader:
        channel = channel_actions.access(reader, call.user, channel_id)
        return {"subscribers": subscriptions.subscriber_ids(reader, channel.id)}


@get("/users/me/subscriptions")
def subscribed(call: Call, *, include_subscribers: Boolean = False) -> Answer:
    with call.services.store.read() as reader:
        own = [each for each in subscriptions.of_user(reader, call.user.id) if each.active]
        listed = subscriptions.subscribers_by_channel(reader) if include_subscribers else None
        found = [(channels.with_id(reader, each.channel_id), each) for each in own]
    return {
        "subscriptions": [
            channel_model.subscribed(channel, each, None if listed is None else listed.get(channel.id, []))
            for channel, each in found
            if channel is not None
        ]
    }


@post("/users/me/subscriptions")
def subscribe(
    call: Call,
    *,
    subscriptions: Annotated[list[Any], json_list],
    principals: Principals = None,
    invite_only: Boolean = False,
    history_public_to_subscribers: Annotated[bool | None, optional(parse_boolean)] = None,
    authorization_errors_fatal: Boolean = True,
    announce: Boolean = False,
) -> Answer:
    _check_number(subscriptions)
    wanted = [_wanted(call, position, each) for position, each in enumerate(subscriptions)]
    outcome = actions.subscribe(
        call.services.store,
        call.user,
        wanted,
        _people(call, principals),
        invite_only=invite_only,
        history_public=history_public_to_subscribers,
        fatal=authorization_errors_fatal,
    )
    return _shown(outcome, "subscribed", "already_subscribed") | (
        {} if authorization_errors_fatal else {"unauthorized": outcome.unauthorized}
    )


def _wanted(call: Call, position: int, each: Any) -> Wanted:
    asked = {"name": each} if isinstance(each, str) else each
    if not isinstance(asked, dict) or not isinstance(asked.get("name"), str):
        raise ApiError(f"subscriptions[{position}] is not a dict with a name")
    description, color = asked.get("description", ""), asked.get("color")
    if not isinstance(description, str):
        raise ApiError(f'subscriptions[{position}]["description"] is not a string')
    if color is not None:
        color = str(channel_model.check_property("color", color))
    return actions.describe(call.services.store, call.user, asked["name"], description, color)


def _people(call: Call, principals: list[int] | list[str] | None) -> list[User]:
    """Raises ApiError for somebody who is unknown or gone."""
    if not principals:
        return [call.user]
    _check_number(principals)
    with call.services.store.read() as reader:
        found = [
            users.with_id(reader, each) if isinstance(each, int) else users.with_email(reader, each)
            for each in principals
        ]
    known = {each.id: each for each in found if each is not None and each.is_active}
    if None in found or len(known) != len({each.id for each in found if each is not None}):
        raise ApiError("User not authorized to execute queries on behalf of an unknown or inactive user")
    return list(known.values())


def _check_number(asked: list[Any]) -> None:
    if len(asked) > MOST_AT_ONCE:
        raise ApiError(f"Too many at once (maximum {MOST_AT_ONCE}).")


def _shown(outcome: Outcome, changed: str, unchanged: str) -> dict[str, Any]:
    return {changed: outcome.changed, unchanged: outcome.unchanged}


@delete("/users/me/subscriptions")
def unsubscribe(call: Call, *, subscriptions: Strings, principals: Principals = None) -> Answer:
    _check_number(subscriptions)
    outcome = actions.unsubscribe(call.services.store, call.user, subscriptions, _people(call, principals))
    return {
        "removed": _names(outcome.changed),
        "not_removed": _names(outcome.unchanged),
    }


def _names(by_user: dict[int, list[str]]) -> list[str]:
    return sorted({name for names in by_user.values() for name in names})


@post("/users/me/subscriptions/properties")
def set_properties(call: Call, *, subscription_data: Annotated[list[Any], json_list]) -> Answer:
    _check_number(subscription_data)
    changes = [_change(position, each) for position, each in enumerate(subscription_data)]
    actions.set_properties(call.services.store, call.user, changes)
    return {}


def _change(position: int, each: Any) -> Change:
    match each:
        case {"stream_id": int(channel_id), "property": str(name), "value": value} if channel_id is not True:
            return channel_id, name, value
        case _:
            raise ApiError(f"subscription_data[{position}] needs stream_id, property and value")
