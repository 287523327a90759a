"""Taking part in a widget: voting, adding options and tasks, ticking them off."""

from appliance.actions.message import access as history
from appliance.actions.message import readers
from appliance.actions.personal import user_topic
from appliance.base.errors import ApiError
from appliance.model import widget, widget_entry
from appliance.model.message import Message
from appliance.model.submessage import WIDGET
from appliance.model.user import User
from appliance.model.widget_entry import MAX_WIDGET
from appliance.store import channel as channels
from appliance.store import submessage as submessages
from appliance.store.store import Store
from appliance.store.transaction import Transaction


def add(store: Store, user: User, message_id: int, msg_type: str, content: str) -> None:
    """Whoever can read a widget takes part in it; only its sender makes a message one. Raises ApiError with
    Zulip's texts."""
    if msg_type != WIDGET:
        raise ApiError("Invalid msg_type")

    def write(transaction: Transaction) -> None:
        message = history.access(transaction, user, message_id).message
        _check(user, message, content)
        added = submessages.add(transaction, message_id, user.id, content)
        shown = added.public()
        event = {"type": "submessage", "submessage_id": shown.pop("id"), **shown}
        channel = None if message.channel_id is None else channels.with_id(transaction, message.channel_id)
        transaction.notice(event, list(readers.of(transaction, channel, [message_id])))
        if message.channel_id is not None:
            user_topic.reacted_in(transaction, user, message.channel_id, message.topic)

    store.write(write)


def _check(user: User, message: Message, content: str) -> None:
    is_author = user.id == message.sender.id
    if not is_author and not any(each.sender_id == message.sender.id for each in message.submessages):
        raise ApiError("This message is no widget, and you cannot make it one.")
    if message.submessages:
        kind = widget.type_of(message.submessages[0].content)
        widget_entry.check(kind, content, is_author=is_author)
    elif not widget.type_of(content):
        raise ApiError("Invalid json for submessage")
    if sum(len(each.content) for each in message.submessages) + len(content) > MAX_WIDGET:
        raise ApiError("This widget is full.")
