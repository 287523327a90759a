"""Being in channels: joining, leaving, and what they are to one person."""

from typing import Annotated, Any

from appliance.actions.channel import creation as channel_creation
from appliance.actions.channel import subscription as actions
from appliance.actions.channel import subscription_property
from appliance.actions.channel.creation import Terms, Wanted
from appliance.actions.channel.subscription_property import Change
from appliance.actions.user import people as people_actions
from appliance.base.errors import ApiError
from appliance.http.endpoint import Answer, Call, delete, get, patch, post
from appliance.http.routes.channels import permissions, retention
from appliance.model import channel as channel_model
from appliance.model import group_setting, privacy
from appliance.model.channel import Channel
from appliance.model.group import CHANNEL_PERMISSIONS
from appliance.model.parameter import Boolean, Strings, identifiers, json_list, optional, strings
from appliance.model.parameter import boolean as parse_boolean
from appliance.model.realm import bot_domain
from appliance.model.user import User
from appliance.store import channel as channels
from appliance.store import subscription as subscriptions
from appliance.store import user as users
from appliance.store.connection import Reader

MOST_AT_ONCE = 500  # channels, or people
MOST_TOGETHER = 10_000  # channels times people
Principals = Annotated[list[int] | list[str] | None, optional(identifiers)]
Named = Annotated[list[Any], json_list]


@get("/users/me/subscriptions")
def subscribed(call: Call, *, include_subscribers: Boolean = False) -> Answer:
    """The channels that one is in."""
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


@post(
    "/users/me/subscriptions",
    reads=CHANNEL_PERMISSIONS,
    who="who may join; for others, and new channels: as the organization's and the channel's permissions say",
    tells="stream/create subscription/add subscription/peer_add default_streams message",
    differs="posting is by `can_send_message_group`, not by `stream_post_policy`; guests are told no more"
    " than that they may not, whether there is such a channel or not",
)
def subscribe(
    call: Call,
    *,
    subscriptions: Named,
    principals: Principals = None,
    invite_only: Boolean = False,
    is_web_public: Boolean = False,
    is_default_stream: Boolean = False,
    history_public_to_subscribers: Annotated[bool | None, optional(parse_boolean)] = None,
    message_retention_days: Annotated[int | str, retention] = "realm_default",
    authorization_errors_fatal: Boolean = True,
    announce: Boolean = False,
) -> Answer:
    """Join channels, or put others into them; those that do not exist are made."""
    kind = privacy.chosen(
        privacy.PUBLIC,
        invite_only=invite_only,
        history_public=history_public_to_subscribers,
        web_public=is_web_public,
    )
    days = channel_model.check_retention(message_retention_days)
    terms = Terms(kind, _permissions(call), days, is_default_stream, announce)
    wanted, people = _all_wanted(call, "subscriptions", subscriptions), _people(call, principals)
    _check_product(subscriptions, people)
    outcome = actions.subscribe(
        call.services.store, call.user, wanted, people, terms=terms, fatal=authorization_errors_fatal
    )
    return {
        "subscribed": _by_person(outcome.changed),
        "already_subscribed": _by_person(outcome.unchanged),
        **({} if authorization_errors_fatal else {"unauthorized": outcome.unauthorized}),
    }


def _permissions(call: Call) -> dict[str, group_setting.Value]:
    """Those that a new channel shall have."""
    given = permissions(call).items()
    return {name: group_setting.parse(name, value, CHANNEL_PERMISSIONS[name]) for name, value in given}


def _by_person(found: dict[int, list[Channel]]) -> dict[int, list[str]]:
    return {user_id: [each.name for each in listed] for user_id, listed in found.items()}


def _all_wanted(call: Call, name: str, given: list[Any]) -> list[Wanted]:
    _check_number(given)
    return [_wanted(call, f"{name}[{position}]", each) for position, each in enumerate(given)]


def _wanted(call: Call, place: str, each: Any) -> Wanted:
    asked = {"name": each} if isinstance(each, str) else each
    if not isinstance(asked, dict) or not isinstance(asked.get("name"), str):
        raise ApiError(f"{place} is not a dict with a name")
    description, color = asked.get("description", ""), asked.get("color")
    if not isinstance(description, str):
        raise ApiError(f'{place}["description"] is not a string')
    if color is not None:
        color = str(channel_model.check_property("color", color))
    return channel_creation.describe(call.services.store, call.user, asked["name"], description, color)


def _people(call: Call, principals: list[int] | list[str] | None) -> list[User]:
    """Raises ApiError for somebody who is unknown or gone."""
    if not principals:
        return [call.user]
    _check_number(principals)
    with call.services.store.read() as reader:
        found = [
            users.with_id(reader, each) if isinstance(each, int) else _addressed(call, reader, each)
            for each in principals
        ]
    known = {each.id: each for each in found if each is not None and each.is_active}
    if None in found or len(known) != len({each.id for each in found if each is not None}):
        raise ApiError("User not authorized to execute queries on behalf of an unknown or inactive user")
    return list(known.values())


def _addressed(call: Call, reader: Reader, email: str) -> User | None:
    """By an address that the caller may know."""
    try:
        return people_actions.with_email(reader, call.user, email, bot_domain(call.services.public_url))
    except ApiError:
        return None


def _check_number(asked: list[Any]) -> None:
    if len(asked) > MOST_AT_ONCE:
        raise ApiError(f"Too many at once (maximum {MOST_AT_ONCE}).")


def _check_product(asked: list[Any], people: list[User]) -> None:
    if len(asked) * len(people) > MOST_TOGETHER:
        raise ApiError(f"Too many subscriptions at once (maximum {MOST_TOGETHER}).")


@delete(
    "/users/me/subscriptions",
    who="oneself and one's bots: everybody; others: administrators, and whom the channel's"
    " `can_remove_subscribers_group` or `can_administer_channel_group` names",
    tells="subscription/remove subscription/peer_remove stream/delete stream/update update_message_flags/add",
)
def unsubscribe(call: Call, *, subscriptions: Strings, principals: Principals = None) -> Answer:
    """Leave channels, or take others out of them."""
    _check_number(subscriptions)
    people = _people(call, principals)
    _check_product(subscriptions, people)
    outcome = actions.unsubscribe(call.services.store, call.user, subscriptions, people)
    return {"removed": _names(outcome.changed), "not_removed": _names(outcome.unchanged)}


@patch(
    "/users/me/subscriptions",
    who="who may join",
    tells="subscription/add subscription/remove subscription/peer_add subscription/peer_remove stream/create"
    " stream/delete stream/update update_message_flags/add message",
)
def change(
    call: Call,
    *,
    add: Annotated[list[Any] | None, json_list] = None,
    delete: Annotated[list[str] | None, strings] = None,
) -> Answer:
    """Leave some channels and join others."""
    if not add and not delete:
        raise ApiError('Nothing to do. Specify at least one of "add" or "delete".')
    names, wanted = delete or [], _all_wanted(call, "add", add or [])
    _check_number(names)
    joined, left = actions.change(call.services.store, call.user, wanted, names)
    return {
        "subscribed": _by_person(joined.changed),
        "already_subscribed": _by_person(joined.unchanged),
        "removed": _names(left.changed),
        "not_removed": _names(left.unchanged),
    }


def _names(by_user: dict[int, list[Channel]]) -> list[str]:
    return sorted({each.name for listed in by_user.values() for each in listed})


@get("/users/<user_id:int>/subscriptions/<channel_id:int>")
def is_subscribed(call: Call, *, user_id: int, channel_id: int) -> Answer:
    """Is somebody in a channel?"""
    with call.services.store.read() as reader:
        return {"is_subscribed": actions.is_in(reader, call.user, user_id, channel_id)}


@post("/users/me/subscriptions/properties", tells="subscription/update")
def set_properties(call: Call, *, subscription_data: Named) -> Answer:
    """What channels are to oneself: colour, muting, pinning, notifications."""
    _check_number(subscription_data)
    changes = [_change(position, each) for position, each in enumerate(subscription_data)]
    subscription_property.change(call.services.store, call.user, changes)
    return {}


def _change(position: int, each: Any) -> Change:
    match each:
        case {"stream_id": int(channel_id), "property": str(name), "value": value} if channel_id is not True:
            return channel_id, name, value
        case _:
            raise ApiError(f"subscription_data[{position}] needs stream_id, property and value")
