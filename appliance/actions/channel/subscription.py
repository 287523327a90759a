"""Being in channels: joining and leaving, alone or by others, and what they are to one person."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from appliance.actions.channel import archive as channel_archive
from appliance.actions.channel import creation as channel_creation
from appliance.actions.channel import notice as channel_notice
from appliance.actions.channel import sight as channel_sight
from appliance.actions.channel import standing
from appliance.actions.channel.access import access, access_named
from appliance.actions.channel.creation import PLAIN, Terms, Wanted
from appliance.actions.channel.standing import seers, subscriber_seers
from appliance.actions.group import access as group_access
from appliance.actions.message.reading import mark_read
from appliance.actions.user import acquaintance, people
from appliance.base.errors import ApiError, NotAllowed
from appliance.model import channel as channel_model
from appliance.model import permission
from appliance.model.channel import Channel
from appliance.model.user import User
from appliance.store import channel as channels
from appliance.store import subscription as subscriptions
from appliance.store import unread
from appliance.store import user as users
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction


@dataclass(slots=True)
class Outcome:
    """Of subscribing or leaving: channels by user id, those that were made, and names of those that the
    caller has no access to."""

    changed: dict[int, list[Channel]] = field(default_factory=dict)
    unchanged: dict[int, list[Channel]] = field(default_factory=dict)
    made: list[Channel] = field(default_factory=list)
    unauthorized: list[str] = field(default_factory=list)


def subscribe(
    store: Store,
    user: User,
    wanted: list[Wanted],
    principals: list[User],
    *,
    terms: Terms = PLAIN,
    fatal: bool = True,
) -> Outcome:
    """Subscribe `principals`, making channels that do not exist by `terms`; the server's bot says so. Raises
    ApiError.

    `fatal`: a channel that the user cannot access is an error, instead of being listed as unauthorized.
    """

    def write(transaction: Transaction) -> Outcome:
        outcome = enter(transaction, user, wanted, principals, terms)
        if outcome.unauthorized and fatal:
            raise ApiError(f"Unable to access channel ({', '.join(outcome.unauthorized)}).")
        _say(transaction, user, outcome, terms)
        return outcome

    return store.write(write)


def _say(transaction: Transaction, user: User, outcome: Outcome, terms: Terms) -> None:
    for each in outcome.made:
        channel_notice.created(transaction, user, each)
    if terms.announce:
        channel_notice.announced(transaction, user, outcome.made)
    channel_notice.subscribed(transaction, user, outcome.changed)


def enter(
    transaction: Transaction, user: User, wanted: list[Wanted], principals: list[User], terms: Terms
) -> Outcome:
    """What `subscribe` does, without a word of the server's bot. Raises ApiError."""
    _check_active(transaction, principals)
    outcome = Outcome()
    for each in wanted:
        channel = channels.named(transaction, each.name)
        aware: set[int] = set()
        if channel is None:
            channel = channel_creation.create(transaction, user, each, terms, _ids(principals))
            outcome.made.append(channel)
        else:
            aware = set(seers(transaction, channel))
            if user.id not in aware:  # whoever may make no channel is told no more of one that there is
                channel_creation.check_makes(transaction, user, terms)
        if _may_add(transaction, user, channel, principals, outcome):
            _add_subscribers(transaction, channel, principals, each.color, outcome, aware)
        elif channel in outcome.made:
            raise NotAllowed("Insufficient permission")
        else:
            outcome.unauthorized.append(each.name)
    return outcome


def _check_active(transaction: Transaction, principals: list[User]) -> None:
    """Somebody may have been deactivated since the request came."""
    if not users.are_active(transaction, _ids(principals)):
        raise ApiError("User not authorized to execute queries on behalf of an unknown or inactive user")


def subscribe_newcomer(
    transaction: Transaction, user: User, wanted: Iterable[Channel] | None = None
) -> None:
    """`wanted` None: the channels of all newcomers."""
    for channel in channels.defaults(transaction) if wanted is None else wanted:
        aware = set(seers(transaction, channel))
        _add_subscribers(transaction, channel, [user], None, Outcome(), aware)


def _may_add(
    transaction: Transaction, user: User, channel: Channel, principals: list[User], outcome: Outcome
) -> bool:
    """Whoever makes a channel is as if in it."""
    place = standing.of(transaction, user, channel)
    if channel in outcome.made:
        place = replace(place, subscribed=True)
    if _ids(principals) == {user.id}:
        return permission.joins_channel(user, channel, place)
    anywhere = group_access.may(transaction, user, "can_add_subscribers_group")
    return permission.adds_to_channel(user, channel, place, anywhere=anywhere)


def _ids(people: Iterable[User]) -> set[int]:
    return {each.id for each in people}


def _add_subscribers(
    transaction: Transaction,
    channel: Channel,
    principals: list[User],
    color: str | None,
    outcome: Outcome,
    aware: set[int],
) -> None:
    """Events in the order that clients rely on: the channel exists, one is in it, others hear who came.
    `aware`: who knows of the channel already."""
    before = set(subscriptions.subscriber_ids(transaction, channel.id))
    for principal in principals:
        side = outcome.unchanged if principal.id in before else outcome.changed
        side.setdefault(principal.id, []).append(channel)
    added = sorted(_ids(principals) - before)
    with acquaintance.watched(transaction):
        for user_id in added:
            chosen = color or _free_color(transaction, user_id)
            subscriptions.subscribe(transaction, channel.id, user_id, chosen)
    channel_sight.tell_created(transaction, channel, set(added) - aware)
    channel_sight.tell_subscribed(transaction, channel, added)
    others = set(subscriber_seers(transaction, channel)).difference(added)
    channel_sight.tell_peers(transaction, "peer_add", channel, added, others)


def _free_color(handle: Handle, user_id: int) -> str:
    return channel_model.color({each.color for each in subscriptions.of_user(handle, user_id)})


def unsubscribe(store: Store, user: User, names: list[str], principals: list[User]) -> Outcome:
    """Take `principals` out of channels. Raises ApiError."""

    def write(transaction: Transaction) -> Outcome:
        outcome = Outcome()
        for name in names:
            channel = access_named(transaction, user, name)
            _check_removes(transaction, user, channel, principals)
            _leave(transaction, channel, principals, outcome)
        return outcome

    return store.write(write)


def change(store: Store, user: User, add: list[Wanted], delete: list[str]) -> tuple[Outcome, Outcome]:
    """Leave some channels and join others oneself: both, or none. Raises ApiError."""

    def write(transaction: Transaction) -> tuple[Outcome, Outcome]:
        left = Outcome()
        for name in delete:
            _leave(transaction, access_named(transaction, user, name), [user], left)
        joined = enter(transaction, user, add, [user], PLAIN)
        if joined.unauthorized:
            raise ApiError(f"Unable to access channel ({', '.join(joined.unauthorized)}).")
        _say(transaction, user, joined, PLAIN)
        return joined, left

    return store.write(write)


def _check_removes(transaction: Transaction, user: User, channel: Channel, principals: list[User]) -> None:
    others = [each for each in principals if user.id not in (each.id, each.bot_owner_id)]
    if others and not permission.removes_from_channel(user, standing.of(transaction, user, channel)):
        raise NotAllowed("Insufficient permission")


def _leave(transaction: Transaction, channel: Channel, principals: list[User], outcome: Outcome) -> None:
    inside = set(subscriptions.subscriber_ids(transaction, channel.id))
    for principal in principals:
        side = outcome.changed if principal.id in inside else outcome.unchanged
        side.setdefault(principal.id, []).append(channel)
    left = _ids(principals) & inside
    with acquaintance.watched(transaction):
        for user_id in left:
            subscriptions.unsubscribe(transaction, channel.id, user_id)
    for user_id in sorted(left):
        gone = [{"stream_id": channel.id, "name": channel.name}]
        transaction.notice({"type": "subscription", "op": "remove", "subscriptions": gone}, [user_id])
        _mark_read(transaction, channel, user_id)
    if left:
        _tell_left(transaction, channel, left)
    if channel.invite_only and left and left == inside:
        channel_archive.put_away(transaction, channel)


def _tell_left(transaction: Transaction, channel: Channel, left: set[int]) -> None:
    """Several who leave together must hear of each other; who leaves alone knows it. Guests who may still
    know of the channel do not know any more who is in it."""
    knowing, seeing = (set(each(transaction, channel)) for each in (subscriber_seers, seers))
    channel_sight.tell_gone(transaction, channel, left - seeing)
    aware = left if len(left) == 1 else set[int]()
    channel_sight.tell_peers(transaction, "peer_remove", channel, left, knowing - aware)
    known = left.union(subscriptions.subscriber_ids(transaction, channel.id))
    for guest in (left & seeing) - knowing:
        channel_sight.tell_peers(transaction, "peer_remove", channel, known - {guest}, [guest])


def _mark_read(transaction: Transaction, channel: Channel, user_id: int) -> None:
    """Nothing in a channel that one has left is unread; nor is it, should one come back."""
    message_ids = unread.in_channel(transaction, user_id, channel.recipient_id)
    mark_read(transaction, user_id, message_ids)


def members(handle: Handle, user: User, channel_id: int) -> list[int]:
    """Who is in a channel. Raises ApiError."""
    channel = access(handle, user, channel_id)
    if not permission.sees_subscribers(user, channel, standing.of(handle, user, channel)):
        raise ApiError("You may not know who is in this channel.")
    return subscriptions.subscriber_ids(handle, channel.id)


def is_in(handle: Handle, user: User, other_id: int, channel_id: int) -> bool:
    """Somebody else in a channel. Raises ApiError."""
    if people.with_id(handle, user, other_id).is_system:
        raise ApiError(people.NO_SUCH_USER)
    return other_id in members(handle, user, channel_id)
