"""Telling others that somebody is typing. Nothing of it is kept."""

from typing import Any

from appliance.actions import message
from appliance.base.errors import ApiError
from appliance.model import message as message_model
from appliance.model.user import User
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
    if len(to) > message.LARGEST_GROUP:
        raise ApiError(f"A conversation can have {message.LARGEST_GROUP} people at most.")
    _check_allowed(user, DIRECT, "direct messages")

    def write(transaction: Transaction) -> None:
        people = _people(transaction, sorted({*to, user.id}))
        event = {
            **_event(user, op, "direct"),
            "recipients": [{"user_id": each.id, "email": each.email} for each in people],
        }
        _tell(transaction, event, people)

    store.write(write, flush=False)


def tell_channel(store: Store, user: User, op: str, channel_id: int, topic: str) -> None:
    """Those who are in it. Raises ApiError with Zulip's texts."""
    topic = message_model.check_topic(topic)
    _check_allowed(user, CHANNEL, "channel messages")

    def write(transaction: Transaction) -> None:
        channel = message.postable(transaction, user, channel_id)
        subscribers = subscriptions.subscriber_ids(transaction, channel.id)
        if len(subscribers) <= LARGEST_CHANNEL:
            event = {**_event(user, op, "stream"), "stream_id": channel.id, "topic": topic}
            _tell(transaction, event, users.with_ids(transaction, subscribers))

    store.write(write, flush=False)


def _check_allowed(user: User, setting: str, what: str) -> None:
    if not user.setting(setting):
        raise ApiError(f"User has disabled typing notifications for {what}")


def _people(handle: Handle, user_ids: list[int]) -> list[User]:
    found = users.with_ids(handle, user_ids)
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
