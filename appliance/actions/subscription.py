"""Channels: making them by subscribing, joining, leaving, and what they are to one person."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from appliance.actions.channel import access_named, seers
from appliance.actions.directory import FileDirectory
from appliance.actions.reading import mark_read
from appliance.base.errors import ApiError
from appliance.model import channel as channel_model
from appliance.model import markdown, permission
from appliance.model.channel import MAX_DESCRIPTION, Channel
from appliance.model.user import User
from appliance.store import channel as channels
from appliance.store import subscription as subscriptions
from appliance.store import unread
from appliance.store import user as users
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Wanted:
    """A channel to subscribe to; one that does not exist is made with this description."""

    name: str
    description: str = ""
    rendered_description: str = ""
    color: str | None = None


@dataclass(slots=True)
class Outcome:
    """Of subscribing or leaving: channel names by user id, and names that the caller has no access to."""

    changed: dict[int, list[str]] = field(default_factory=dict)
    unchanged: dict[int, list[str]] = field(default_factory=dict)
    unauthorized: list[str] = field(default_factory=list)


def describe(store: Store, user: User, name: str, description: str, color: str | None) -> Wanted:
    """A request for a channel, checked, its description rendered. Raises ApiError."""
    name = channel_model.check_name(name)
    description = " ".join(description.splitlines())
    if len(description) > MAX_DESCRIPTION:
        raise ApiError(f"description is too long (limit: {MAX_DESCRIPTION} characters)")
    with store.read() as reader:
        rendered = markdown.render(description, FileDirectory(reader, user)).html if description else ""
    return Wanted(name, description, rendered, color)


def subscribe(
    store: Store,
    user: User,
    wanted: list[Wanted],
    principals: list[User],
    *,
    invite_only: bool,
    history_public: bool | None,
    fatal: bool,
) -> Outcome:
    """Subscribe `principals`, making channels that do not exist. Raises ApiError.

    `fatal`: a channel that the user cannot access is an error, instead of being listed as unauthorized.
    """
    public_history = not invite_only if history_public is None else history_public

    def write(transaction: Transaction) -> Outcome:
        _check_active(transaction, principals)
        outcome = Outcome()
        for each in wanted:
            known = channels.named(transaction, each.name)
            if known is not None and not _may_add(transaction, user, known, principals):
                outcome.unauthorized.append(known.name)
                continue
            channel = known or _create(transaction, user, each, invite_only, public_history, principals)
            _add_subscribers(transaction, channel, principals, each.color, outcome, is_new=known is None)
        if outcome.unauthorized and fatal:
            raise ApiError(f"Unable to access channel ({', '.join(outcome.unauthorized)}).")
        return outcome

    return store.write(write)


def _check_active(transaction: Transaction, principals: list[User]) -> None:
    """Somebody may have been deactivated since the request came."""
    if not users.are_active(transaction, _ids(principals)):
        raise ApiError("User not authorized to execute queries on behalf of an unknown or inactive user")


def subscribe_newcomer(transaction: Transaction, user: User) -> None:
    for channel in channels.defaults(transaction):
        _add_subscribers(transaction, channel, [user], None, Outcome(), is_new=False)


def _may_add(transaction: Transaction, user: User, channel: Channel, principals: list[User]) -> bool:
    subscribed = subscriptions.is_subscribed(transaction, channel.id, user.id)
    alone = [principal.id for principal in principals] == [user.id]
    rule = permission.joins_channel if alone else permission.adds_to_channel
    return rule(user, channel, subscribed)


def _create(
    transaction: Transaction,
    user: User,
    wanted: Wanted,
    invite_only: bool,
    public_history: bool,
    principals: list[User],
) -> Channel:
    permission.check_creates_channels(user)
    if not invite_only and not public_history:
        raise ApiError("Invalid parameters")
    channel = channels.add(
        transaction,
        name=wanted.name,
        description=wanted.description,
        rendered_description=wanted.rendered_description,
        invite_only=invite_only,
        history_public=public_history,
        creator_id=user.id,
    )
    event = {"type": "stream", "op": "create", "streams": [channel_model.public(channel)]}
    others = [each for each in seers(transaction, channel) if each not in _ids(principals)]
    transaction.notice(event, others)
    return channel


def _ids(people: Iterable[User]) -> set[int]:
    return {each.id for each in people}


def _add_subscribers(
    transaction: Transaction,
    channel: Channel,
    principals: list[User],
    color: str | None,
    outcome: Outcome,
    *,
    is_new: bool,
) -> None:
    """Events in the order that clients rely on: the channel exists, one is in it, others hear who came."""
    before = set(subscriptions.subscriber_ids(transaction, channel.id))
    aware = set(seers(transaction, channel)) if not is_new else set()
    added = [principal for principal in principals if principal.id not in before]
    for principal in added:
        chosen = color or _free_color(transaction, principal.id)
        subscriptions.subscribe(transaction, channel.id, principal.id, chosen)
        outcome.changed.setdefault(principal.id, []).append(channel.name)
    for principal in principals:
        if principal.id in before:
            outcome.unchanged.setdefault(principal.id, []).append(channel.name)
    if not added:
        return
    ignorant = sorted(_ids(added) - aware)
    if ignorant:
        event = {"type": "stream", "op": "create", "streams": [channel_model.public(channel)]}
        transaction.notice(event, ignorant)
    _tell_subscribed(transaction, channel, added)


def _free_color(handle: Handle, user_id: int) -> str:
    return channel_model.color({each.color for each in subscriptions.of_user(handle, user_id)})


def _tell_subscribed(transaction: Transaction, channel: Channel, added: list[User]) -> None:
    subscriber_ids = subscriptions.subscriber_ids(transaction, channel.id)
    for principal in added:
        own = subscriptions.get(transaction, channel.id, principal.id)
        assert own is not None
        shown = channel_model.subscribed(channel, own, subscriber_ids)
        transaction.notice({"type": "subscription", "op": "add", "subscriptions": [shown]}, [principal.id])
    _tell_peers(transaction, "peer_add", channel, _ids(added))


def _tell_peers(transaction: Transaction, op: str, channel: Channel, changed: set[int]) -> None:
    """Those who may know who is in the channel, but for one who changed alone. Several who leave together
    must hear of each other; who joins is told of all anyway."""
    event = {"type": "subscription", "op": op, "stream_ids": [channel.id], "user_ids": sorted(changed)}
    aware = set() if op == "peer_remove" and len(changed) > 1 else changed
    others = [each for each in seers(transaction, channel) if each not in aware]
    if others:
        transaction.notice(event, others)


def unsubscribe(store: Store, user: User, names: list[str], principals: list[User]) -> Outcome:
    """Take `principals` out of channels; others than oneself only by an admin. Raises ApiError."""
    if _ids(principals) != {user.id}:
        permission.check_admin(user)

    def write(transaction: Transaction) -> Outcome:
        outcome = Outcome()
        for name in names:
            _leave(transaction, access_named(transaction, user, name), principals, outcome)
        return outcome

    return store.write(write)


def _leave(transaction: Transaction, channel: Channel, principals: list[User], outcome: Outcome) -> None:
    inside = set(subscriptions.subscriber_ids(transaction, channel.id))
    left = [principal for principal in principals if principal.id in inside]
    for principal in principals:
        side = outcome.changed if principal.id in inside else outcome.unchanged
        side.setdefault(principal.id, []).append(channel.name)
    for principal in left:
        subscriptions.unsubscribe(transaction, channel.id, principal.id)
        gone = [{"stream_id": channel.id, "name": channel.name}]
        transaction.notice({"type": "subscription", "op": "remove", "subscriptions": gone}, [principal.id])
        _mark_read(transaction, channel, principal)
    if not left:
        return
    blind = sorted(_ids(left) - set(seers(transaction, channel)))
    if blind:
        shown = [channel_model.public(channel)]
        event = {"type": "stream", "op": "delete", "streams": shown, "stream_ids": [channel.id]}
        transaction.notice(event, blind)
    _tell_peers(transaction, "peer_remove", channel, _ids(left))


def _mark_read(transaction: Transaction, channel: Channel, principal: User) -> None:
    """Nothing in a channel that one has left is unread; nor is it, should one come back."""
    message_ids = unread.in_channel(transaction, principal.id, channel.recipient_id)
    mark_read(transaction, principal.id, message_ids)


Change = tuple[int, str, Any]  # channel id, property, value


def set_properties(store: Store, user: User, changes: list[Change]) -> None:
    """Change what channels are to the user. Raises ApiError, and then none is changed."""

    def write(transaction: Transaction) -> None:
        for channel_id, name, value in changes:
            _set_property(transaction, user, channel_id, name, value)

    store.write(write)


def _set_property(transaction: Transaction, user: User, channel_id: int, name: str, value: Any) -> None:
    if name not in subscriptions.PROPERTIES:
        raise ApiError(f"Unknown subscription property: {name}")
    stored = channel_model.check_property(name, value)
    if not subscriptions.is_subscribed(transaction, channel_id, user.id):
        raise ApiError(f"Not subscribed to channel ID {channel_id}")
    subscriptions.set_property(transaction, channel_id, user.id, name, stored)
    for told, shown in channel_model.told_properties(name, value):
        event = {
            "type": "subscription",
            "op": "update",
            "stream_id": channel_id,
            "property": told,
            "value": shown,
        }
        transaction.notice(event, [user.id])
