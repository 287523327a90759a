"""Marking messages read, starred, collapsed."""

from typing import Any

from appliance.actions import history
from appliance.base.errors import ApiError
from appliance.model import flag as flag_model
from appliance.model.flag import Flag, editable
from appliance.model.user import User
from appliance.store import message as messages
from appliance.store import subscription as subscriptions
from appliance.store.connection import Handle
from appliance.store.message import Received
from appliance.store.store import Store
from appliance.store.transaction import Transaction

MAX_AT_ONCE = 5000  # messages


def update(store: Store, user: User, message_ids: list[int], op: str, name: str) -> list[int]:
    """Set ("add") or clear ("remove") a flag; the ids that were asked for. Raises ApiError."""
    flag = editable(name)
    if op not in ("add", "remove"):
        raise ApiError(f"Invalid message flag operation: '{op}'")
    if len(message_ids) > MAX_AT_ONCE:
        raise ApiError(f"Too many messages requested (maximum {MAX_AT_ONCE}).")
    store.write(lambda transaction: _change(transaction, user, message_ids, op == "add", flag))
    return message_ids


def _change(transaction: Transaction, user: User, message_ids: list[int], on: bool, flag: Flag) -> None:
    known = _accessible(transaction, user, message_ids)
    if flag == Flag.STARRED and on:
        _add_historical(transaction, user, known)
    before = messages.flags(transaction, user.id, message_ids)
    changing = [each for each in before if bool(before[each] & flag) != on]
    if flag == Flag.READ and not on:
        changing = [each for each in changing if _still_received(transaction, user, known[each])]
    messages.set_flag(transaction, user.id, changing, flag, on)
    event = flag_model.change(flag, on, changing)
    if flag == Flag.READ and not on:
        event["message_details"] = _details(transaction, user, [known[each] for each in changing])
    transaction.notice(event, [user.id])


def _accessible(handle: Handle, user: User, message_ids: list[int]) -> dict[int, Received]:
    found = history.readable(handle, user, messages.with_ids(handle, user.id, message_ids))
    if len(found) < len(set(message_ids)):
        raise ApiError("Invalid message(s)")
    return {each.message.id: each for each in found}


def _add_historical(transaction: Transaction, user: User, known: dict[int, Received]) -> None:
    """To star what was never sent to one, a row is made for it; it counts as read."""
    unsent = [each for each, received in known.items() if received.flags is None]
    messages.add_rows(transaction, user.id, unsent, Flag.READ | Flag.HISTORICAL)


def _still_received(handle: Handle, user: User, received: Received) -> bool:
    """A channel that the user has left can hold no unread messages."""
    channel_id = received.message.channel_id
    return channel_id is None or subscriptions.is_subscribed(handle, channel_id, user.id)


def _details(handle: Handle, user: User, changed: list[Received]) -> dict[str, Any]:
    """What a client needs to count messages as unread that it may never have loaded."""
    muted = {each.channel_id for each in subscriptions.of_user(handle, user.id) if each.is_muted}
    return {str(each.message.id): _detail(each, user, each.message.channel_id in muted) for each in changed}


def _detail(received: Received, user: User, muted: bool) -> dict[str, Any]:
    message = received.message
    mentioned = flag_model.counts_as_mention(received.flags or 0, muted)
    common = {"mentioned": True} if mentioned else {}
    if message.is_direct:
        others = [each.id for each in message.people if each.id != user.id]
        return {"type": "private", "user_ids": others, **common}
    return {
        "type": "stream",
        "stream_id": message.channel_id,
        "topic": message.topic,
        "unmuted_stream_msg": not muted,
        **common,
    }
