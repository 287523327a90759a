"""What topics are to people: muted, unmuted in a muted channel, followed; by choice or by what they do."""

from collections.abc import Collection

from appliance.actions.channel import access as channel_actions
from appliance.actions.channel.standing import Standings
from appliance.base.errors import ApiError
from appliance.model import permission
from appliance.model import topic as topic_model
from appliance.model.channel import Channel, Subscription
from appliance.model.topic import Policy
from appliance.model.user import User
from appliance.store import channel as channels
from appliance.store import message as messages
from appliance.store import subscription as subscriptions
from appliance.store import user as users
from appliance.store import user_topic as user_topics
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction


def choose(store: Store, user: User, channel_id: int, topic: str, policy: Policy) -> None:
    """What it is already is nothing to do. Raises ApiError."""
    topic = topic_model.check_name(topic)

    def write(transaction: Transaction) -> None:
        before = user_topics.policy(transaction, user.id, channel_id, topic)
        if policy != Policy.INHERIT or before == Policy.INHERIT:  # what one has left one may clear
            channel_actions.access(transaction, user, channel_id)
        if policy != before:
            change(transaction, {user.id: before}, channel_id, topic, policy)

    store.write(write)


def unmute(store: Store, user: User, channel_id: int, topic: str) -> None:
    """For clients that know muted topics only. Raises ApiError where it is not muted."""
    topic = topic_model.check_name(topic)

    def write(transaction: Transaction) -> None:
        before = user_topics.policy(transaction, user.id, channel_id, topic)
        if before != Policy.MUTED:
            raise ApiError("Topic is not muted")
        change(transaction, {user.id: before}, channel_id, topic, Policy.INHERIT)

    store.write(write)


def change(
    transaction: Transaction, before: dict[int, Policy], channel_id: int, topic: str, policy: Policy
) -> None:
    """`before`: what the topic has been to those whom it concerns. Clients that know muted topics only are
    told if these change."""
    user_topics.put(transaction, before, channel_id, topic, policy)
    for user_id, old in before.items():
        if Policy.MUTED in (old, policy):
            listed = muted(transaction, user_id)
            transaction.notice({"type": "muted_topics", "muted_topics": listed}, [user_id])
    event = {
        "type": "user_topic",
        "stream_id": channel_id,
        "topic_name": topic,
        "last_updated": int(transaction.now()),
        "visibility_policy": int(policy),
    }
    transaction.notice(event, list(before))


def muted(handle: Handle, user_id: int) -> list[tuple[str, str, int]]:
    """(channel name, topic, since when) of those that are muted by themselves, in channels that are there and
    that the person may know of."""
    person = users.with_id(handle, user_id)
    rows = user_topics.muted_of_user(handle, user_id)
    if person is None:
        return []
    known = _known(handle, person, {channel_id for channel_id, _, _ in rows})
    return [(known[channel_id], topic, since) for channel_id, topic, since in rows if channel_id in known]


def _known(handle: Handle, person: User, channel_ids: set[int]) -> dict[int, str]:
    """Names of channels, by id."""
    standings = Standings(handle, person)
    found = [channels.with_id(handle, each) for each in channel_ids]
    return {
        each.id: each.name
        for each in found
        if each is not None and permission.sees_channel(person, each, standings.of(each))
    }


# -- by themselves


def written_in(transaction: Transaction, sender: User, channel: Channel, topic: str) -> Policy | None:
    """Before the message is there. What the topic becomes to its sender; None: it stays what it is."""
    own = subscriptions.get(transaction, channel.id, sender.id)
    place = Standings(transaction, sender).of(channel, own is not None and own.active)
    everything = permission.reads_channel(sender, channel, place)
    reader_id = None if everything else sender.id
    began = messages.topic_exists(transaction, channel.recipient_id, topic, reader_id)
    occasions = topic_model.WRITING if began else topic_model.INITIATING
    return _took_part(transaction, sender, own, channel.id, topic, occasions)


def reacted_in(transaction: Transaction, person: User, channel_id: int, topic: str) -> None:
    own = subscriptions.get(transaction, channel_id, person.id)
    _took_part(transaction, person, own, channel_id, topic, topic_model.REACTING)


def _took_part(
    transaction: Transaction,
    person: User,
    own: Subscription | None,
    channel_id: int,
    topic: str,
    occasions: Collection[int],
) -> Policy | None:
    """`own`: the person's subscription to the channel."""
    muted = own is not None and own.active and own.is_muted
    before = user_topics.policy(transaction, person.id, channel_id, topic)
    after = topic_model.policy_of_participant(person, occasions, channel_muted=muted, now=before)
    if after == before:
        return None
    change(transaction, {person.id: before}, channel_id, topic, after)
    return after


def mentioned_in(transaction: Transaction, user_ids: list[int], channel_id: int, topic: str) -> None:
    """Whoever wants it follows the topic from now on."""
    if not user_ids:
        return
    people = users.with_ids(transaction, user_ids)
    known = user_topics.policies(transaction, channel_id, topic)
    before = {each.id: known.get(each.id, Policy.INHERIT) for each in people}
    following = [each.id for each in people if topic_model.follows_where_mentioned(each, before[each.id])]
    if following:
        before = {each: before[each] for each in following}
        change(transaction, before, channel_id, topic, Policy.FOLLOWED)
