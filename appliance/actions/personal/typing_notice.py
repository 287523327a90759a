"""Telling others that somebody is typing. Nothing of it is kept."""

from typing import Any

from appliance.actions.message import access as history
from appliance.actions.message import destination, readers
from appliance.actions.message import rights as change_rights
from appliance.actions.user import sight
from appliance.base.errors import ApiError
from appliance.model import message as message_model
from appliance.model.message import Message
from appliance.model.user import User
from appliance.store import channel as channels
from appliance.store import subscription as subscriptions
from appliance.store import user as users
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction

LARGEST_CHANNEL = 100  # subscribers; in a larger one nobody is told
DIRECT, CHANNEL = "send_private_typing_notifications", "send_stream_typing_notifications"


def tell_people(store: Store, user: User, op: str, to: list[int]) -> None:
    """`op`: start or stop; `to`: ids, of which the user may be one. Raises ApiError with Zulip's texts."""
    if not to:
        raise ApiError("Empty 'to' list")
    destination.check_size(to)
    _check_allowed(user, DIRECT, "direct messages")

    def write(transaction: Transaction) -> None:
        people = _people(transaction, user, sorted({*to, user.id}))
        event = {
            **_event(user, op, "direct"),
            "recipients": [{"user_id": each.id, "email": each.email} for each in people],
        }
        _tell(transaction, event, _knowing_all(transaction, people))

    store.write(write, flush=False)


def _knowing_all(handle: Handle, people: list[User]) -> list[User]:
    """Those who may know of all the others: the event names them."""
    ids = [each.id for each in people]
    hidden = {stranger for each in people for stranger in sight.strangers(handle, each, ids)}
    return [each for each in people if each.id not in hidden]


def tell_channel(store: Store, user: User, op: str, channel_id: int, topic: str) -> None:
    """Those who are in it. Raises ApiError with Zulip's texts."""
    topic = message_model.check_topic(topic)
    _check_allowed(user, CHANNEL, "channel messages")

    def write(transaction: Transaction) -> None:
        channel = destination.postable(transaction, user, channel_id)
        subscribers = subscriptions.subscriber_ids(transaction, channel.id)
        if len(subscribers) <= LARGEST_CHANNEL:
            event = {**_event(user, op, "stream"), "stream_id": channel.id, "topic": topic}
            strangers = sight.strangers(transaction, user, subscribers)
            _tell(transaction, event, users.with_ids(transaction, sorted(set(subscribers) - set(strangers))))

    store.write(write, flush=False)


def tell_of_edit(store: Store, user: User, op: str, message_id: int) -> None:
    """Readers in the conversation or channel of a message that the user may edit. Raises ApiError with
    Zulip's texts."""

    def write(transaction: Transaction) -> None:
        edited = history.access(transaction, user, message_id).message
        change_rights.check_edits(transaction, user, edited, transaction.now())
        setting, what = (DIRECT, "direct messages") if edited.is_direct else (CHANNEL, "channel messages")
        _check_allowed(user, setting, what)
        inside = _inside(transaction, edited)
        if edited.is_direct or len(inside) <= LARGEST_CHANNEL:
            channel = None if edited.channel_id is None else channels.with_id(transaction, edited.channel_id)
            reading = readers.of(transaction, channel, [edited.id]).keys() & inside
            _tell(transaction, _edit_event(user, op, edited), users.with_ids(transaction, sorted(reading)))

    store.write(write, flush=False)


def _inside(handle: Handle, edited: Message) -> list[int]:
    if edited.channel_id is None:
        return [each.id for each in edited.people]
    return subscriptions.subscriber_ids(handle, edited.channel_id)


def _edit_event(user: User, op: str, edited: Message) -> dict[str, Any]:
    place: dict[str, Any]
    kind, place = "channel", {"channel_id": edited.channel_id, "topic": edited.topic}
    if edited.is_direct:
        kind, place = "direct", {"user_ids": [each.id for each in edited.people]}
    return {
        "type": "typing_edit_message",
        "op": op,
        "sender_id": user.id,
        "message_id": edited.id,
        "recipient": {"type": kind, **place},
    }


def _check_allowed(user: User, setting: str, what: str) -> None:
    if not user.setting(setting):
        raise ApiError(f"User has disabled typing notifications for {what}")


def _people(handle: Handle, user: User, user_ids: list[int]) -> list[User]:
    found = list(filter(sight.of(handle, user).knows, users.with_ids(handle, user_ids)))
    unknown = set(user_ids) - {each.id for each in found}
    if unknown:
        raise ApiError(f"Invalid user ID {min(unknown)}")
    return found


def _event(user: User, op: str, kind: str) -> dict[str, Any]:
    sender = {"user_id": user.id, "email": user.email}
    return {"type": "typing", "op": op, "message_type": kind, "sender": sender}


def _tell(transaction: Transaction, event: dict[str, Any], people: list[User]) -> None:
    """Those of them who want to know."""
    audience = [
        each.id for each in people if each.is_active and each.setting("receives_typing_notifications")
    ]
    if audience:
        transaction.notice(event, audience)
