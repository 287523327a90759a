"""Archiving channels, and bringing them back.

An archived channel keeps its messages and its subscribers, but nobody can write there. Clients that know
nothing of that are told that the channel is gone.
"""

from dataclasses import replace

from appliance.actions.channel import access as channel_actions
from appliance.actions.channel import default as default_channel
from appliance.actions.channel import notice as channel_notice
from appliance.actions.channel import sight as channel_sight
from appliance.actions.channel import standing
from appliance.actions.channel.sight import KNOWING_ARCHIVED, NOT_KNOWING_ARCHIVED
from appliance.actions.channel.standing import seers
from appliance.actions.message import batch
from appliance.base.errors import ApiError
from appliance.model import permission
from appliance.model.channel import Channel
from appliance.model.user import User
from appliance.store import channel as channels
from appliance.store import realm as realms
from appliance.store import subscription as subscriptions
from appliance.store import unread
from appliance.store import user as users
from appliance.store.store import Store
from appliance.store.transaction import Transaction

QUEUE, MARK_READ = "deferred_work", "mark_stream_messages_as_read_for_everyone"
BATCH = 50  # messages a transaction
# Settings of the organization that name a channel.
ANNOUNCING = (
    "new_stream_announcements_stream_id",
    "signup_announcements_stream_id",
    "zulip_update_announcements_stream_id",
)


def archive(store: Store, user: User, channel_id: int) -> None:
    """Raises ApiError with Zulip's texts."""

    def write(transaction: Transaction) -> None:
        channel = channel_actions.access(transaction, user, channel_id)
        permission.check_administers(user, standing.of(transaction, user, channel))
        channel_notice.say(transaction, user, channel, "archived this channel.")
        put_away(transaction, channel)

    store.write(write)


def put_away(transaction: Transaction, channel: Channel) -> None:
    """What was allowed, or follows because nobody is left in a private channel."""
    people = seers(transaction, channel)
    channel = default_channel.put(transaction, channel, False)
    _announce_elsewhere(transaction, channel)
    gone = replace(channel, is_archived=True)
    channels.change(transaction, gone)
    channel_actions.tell_updated(transaction, channel, "is_archived", True, people, **KNOWING_ARCHIVED)
    channel_sight.tell_gone(transaction, gone, people, NOT_KNOWING_ARCHIVED)
    transaction.job(QUEUE, {"type": MARK_READ, "stream_recipient_id": channel.recipient_id})


def _announce_elsewhere(transaction: Transaction, channel: Channel) -> None:
    """Nowhere, that is: settings of the organization do not name it any more."""
    realm = realms.get(transaction)
    for name in ANNOUNCING:
        if realm.setting(name) == channel.id:
            realm.settings[name] = -1
            realms.set_settings(transaction, realm.settings)
            event = {"type": "realm", "op": "update", "property": name, "value": -1}
            transaction.notice(event, users.active_ids(transaction))


def bring_back(transaction: Transaction, user: User, channel: Channel) -> None:
    """Raises ApiError for a private one in which nobody is: nobody could ever come into it."""
    inside = subscriptions.subscriber_ids(transaction, channel.id)
    if channel.invite_only and not inside:
        raise ApiError("Nobody is in this private channel any more: it stays archived.")
    live = replace(channel, is_archived=False)
    channels.change(transaction, live)
    unread.mark_all_read_by_everyone(transaction, channel.recipient_id)  # the job may not have come that far
    people = seers(transaction, live)
    channel_actions.tell_updated(transaction, live, "is_archived", False, people, **KNOWING_ARCHIVED)
    channel_sight.tell_come(transaction, live, people, NOT_KNOWING_ARCHIVED)
    channel_sight.tell_subscribed(transaction, live, inside, NOT_KNOWING_ARCHIVED)
    channel_notice.say(transaction, user, live, "brought this channel back from the archive.")


def mark_read(store: Store, recipient_id: int, first_id: int = 0) -> int | None:
    """Nothing in an archived channel is unread to anybody. No client is told: they know it. One that was
    brought back is left alone.

    `first_id`: the first message of which that may not be so yet. Answers which one that is when it takes too
    long; None: it is done.
    """
    position: int | None = first_id

    def write(transaction: Transaction) -> bool:
        nonlocal position
        if not channels.is_archived(transaction, recipient_id):
            position = None
            return False
        position = unread.mark_read_by_everyone(transaction, recipient_id, position or 0, BATCH)
        return position is not None

    return None if batch.repeat(store, write) else position
