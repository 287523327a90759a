"""What the server's bot says of messages that were moved, and of topics that were settled or opened again."""

from typing import NamedTuple

from appliance.actions.bot import notification_bot
from appliance.actions.channel.standing import insiders
from appliance.actions.message import delete, mention
from appliance.actions.message.move import ONE, Moved, Target
from appliance.model.channel import Channel
from appliance.model.edit import RESOLVED, is_resolution
from appliance.model.message import Message
from appliance.model.user import User
from appliance.store import edit as edits
from appliance.store import message as messages
from appliance.store.connection import Handle
from appliance.store.transaction import Transaction

UNDONE_WITHIN = 60  # seconds in which settling a topic and opening it again leave nothing behind


class Told(NamedTuple):
    """Where it is said: in the place that the messages have left, in the one that they came to."""

    old: bool = False
    new: bool = False


def tell(
    transaction: Transaction, user: User, message: Message, target: Target, moved: Moved, where: Told
) -> None:
    """That a topic was settled is told where it is now, whatever was asked."""
    if _settles(message, target):
        _tell_settled(transaction, user, target)
        return
    whole = not messages.topic_exists(transaction, message.recipient_id, message.topic, None)
    what = "this topic" if whole else "a message" if len(moved.ids) == 1 else f"{len(moved.ids)} messages"
    here = "" if whole else " from here"
    who = notification_bot.mention(user)
    origin = _place(transaction, target.origin, message.topic, target.channel)
    goal = _place(transaction, target.channel, target.topic, target.origin)
    if where.new:
        text = f"{who} moved {what} here from {origin}."
        notification_bot.post(transaction, target.channel, target.topic, text, seen_by=user)
    if where.old:
        text = f"{who} moved {what}{here} to {goal}."
        notification_bot.post(transaction, target.origin, message.topic, text, seen_by=user)


def _place(handle: Handle, channel: Channel, topic: str, told_in: Channel) -> str:
    """By its name, if all who read it know the place."""
    if channel.id != told_in.id and not insiders(handle, told_in) <= insiders(handle, channel):
        return "another channel"
    return f"#**{channel.name}>{topic}**"


def _settles(message: Message, target: Target) -> bool:
    return not target.is_elsewhere and target.mode != ONE and is_resolution(message.topic, target.topic)


def _tell_settled(transaction: Transaction, user: User, target: Target) -> None:
    """Unread only for those who took part; taken back with the last one, if that is very new."""
    sent = edits.in_topic(transaction, target.channel.recipient_id, target.topic)
    if _take_back(transaction, user, target, sent):
        return
    concerned = mention.participants(transaction, user.id, target.channel.recipient_id, target.topic)
    state = "resolved" if target.topic.startswith(RESOLVED) else "unresolved"
    text = f"{notification_bot.mention(user)} marked this topic as {state}."
    notification_bot.post(
        transaction, target.channel, target.topic, text, seen_by=user, unread_for=concerned
    )


def _take_back(transaction: Transaction, user: User, target: Target, sent: list[tuple[int, int]]) -> bool:
    """Whether the newest message there was such a notice, and could go."""
    if not sent or sent[-1][1] < transaction.now() - UNDONE_WITHIN:
        return False
    bot, last = notification_bot.get(transaction), messages.with_id(transaction, user.id, sent[-1][0])
    if last is None or last.message.sender.id != bot.id:
        return False
    if " marked this topic as " not in last.message.content:
        return False
    delete.take_away(transaction, user, target.channel, target.topic, [sent[-1][0]])
    return True
