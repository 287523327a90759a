"""Sending to a channel as clients ask for it: the owner of a bot hears when nobody gets what it says, once a
minute at most."""

from appliance.actions.bot import notification_bot
from appliance.actions.message import send as message
from appliance.actions.message.send import Draft, Sent
from appliance.base.errors import ChannelDoesNotExist
from appliance.model.user import User
from appliance.store import message as messages
from appliance.store import recipient as recipients
from appliance.store import subscription as subscriptions
from appliance.store import user as users
from appliance.store.store import Store
from appliance.store.transaction import Transaction

QUIET = 60  # seconds


def send(store: Store, draft: Draft, channel: str | int, topic: str) -> Sent:
    """`channel`: name or id. Raises ApiError with Zulip's texts."""
    if not draft.sender.is_bot:
        return message.send_to_channel(store, draft, channel, topic)
    named = f"the channel number {channel}" if isinstance(channel, int) else f"the channel `{channel}`"
    try:
        sent = message.send_to_channel(store, draft, channel, topic)
    except ChannelDoesNotExist:
        _tell(store, draft.sender, f"wrote to {named}, which does not exist")
        raise
    if _is_empty(store, draft.sender, sent.id):
        _tell(store, draft.sender, f"wrote to {named}, which has no subscribers")
    return sent


def _is_empty(store: Store, bot: User, message_id: int) -> bool:
    with store.read() as reader:
        found = messages.with_id(reader, bot.id, message_id)
        channel_id = found.message.channel_id if found else None
        return channel_id is not None and not subscriptions.subscriber_ids(reader, channel_id)


def _tell(store: Store, bot: User, what: str) -> None:
    store.write(lambda transaction: _tell_owner(transaction, bot, what))


def _tell_owner(transaction: Transaction, bot: User, what: str) -> None:
    owner = users.with_id(transaction, bot.bot_owner_id or 0)
    if owner is None or not owner.is_active:
        return
    name, speaker = notification_bot.mention(bot), notification_bot.get(transaction)
    conversation = recipients.find(transaction, [owner.id, speaker.id])
    since = int(transaction.now()) - QUIET
    if conversation is None or not recipients.heard(transaction, conversation, speaker.id, name, since):
        notification_bot.tell(transaction, [owner], f"Your bot {name} {what}.")
