"""Reacting to messages with emoji, and taking that back."""

from appliance.actions.message import access as history
from appliance.actions.message import emoji as emoji_actions
from appliance.actions.message import readers
from appliance.actions.personal import user_topic
from appliance.actions.user import sight
from appliance.base.errors import ApiError
from appliance.model.flag import Flag
from appliance.model.message import Message
from appliance.model.reaction import Emoji, Reaction
from appliance.model.sight import UNKNOWN_NAME
from appliance.model.user import User, hidden_address
from appliance.store import channel as channels
from appliance.store import message as messages
from appliance.store import reaction as reactions
from appliance.store.store import Store
from appliance.store.transaction import Transaction


def add(store: Store, user: User, message_id: int, emoji: Emoji) -> None:
    """Of several names of an emoji, the first that anybody has used stays that of the message. Raises
    ApiError."""

    def write(transaction: Transaction) -> None:
        received = history.access(transaction, user, message_id)
        there = received.message.reactions
        same = [each for each in there if _is(each, emoji)]
        if any(each.user_id == user.id for each in same):
            raise ReactionExists
        if not same:
            emoji_actions.check(transaction, emoji)
        if received.flags is None:  # a row for what was never sent to one, so that it is found again
            messages.add_rows(transaction, user.id, [message_id], Flag.READ | Flag.HISTORICAL)
        made = Reaction(user.id, user.email, user.full_name, same[0].emoji if same else emoji)
        reactions.add(transaction, message_id, made)
        _tell(transaction, "add", user, received.message, made)
        if received.message.channel_id is not None:
            user_topic.reacted_in(transaction, user, received.message.channel_id, received.message.topic)

    store.write(write)


def remove(store: Store, user: User, message_id: int, emoji: Emoji) -> None:
    """Raises ApiError."""

    def write(transaction: Transaction) -> None:
        message = history.access(transaction, user, message_id).message
        own = [each for each in message.reactions if each.user_id == user.id and _is(each, emoji)]
        if not own:
            raise NoSuchReaction
        reactions.remove(transaction, message_id, own[0])
        _tell(transaction, "remove", user, message, own[0])

    store.write(write)


def _is(reaction: Reaction, emoji: Emoji) -> bool:
    return reaction.emoji[1:] == emoji[1:]


def _tell(transaction: Transaction, op: str, user: User, message: Message, reaction: Reaction) -> None:
    event = {
        "type": "reaction",
        "op": op,
        "message_id": message.id,
        **reaction.public(),
        "user": {"user_id": user.id, "email": user.email, "full_name": user.full_name},
    }
    channel = None if message.channel_id is None else channels.with_id(transaction, message.channel_id)
    people = readers.of(transaction, channel, [message.id])
    strangers = set(sight.strangers(transaction, user, people))
    nobody = {
        "user": {"user_id": user.id, "email": hidden_address(user.id), "full_name": UNKNOWN_NAME}
    }
    transaction.notice(event, [{"id": each, **nobody} if each in strangers else each for each in people])


class ReactionExists(ApiError):
    code = "REACTION_ALREADY_EXISTS"

    def __init__(self) -> None:
        super().__init__("Reaction already exists.")


class NoSuchReaction(ApiError):
    code = "REACTION_DOES_NOT_EXIST"

    def __init__(self) -> None:
        super().__init__("Reaction doesn't exist.")
