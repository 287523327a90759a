"""Marking messages read, starred, collapsed."""

from typing import Any

from appliance.actions.message import access as history
from appliance.actions.message import taking_back as push
from appliance.actions.search import page as search
from appliance.actions.search.page import Window
from appliance.base.errors import ApiError
from appliance.model import flag as flag_model
from appliance.model.flag import Flag, editable
from appliance.model.narrow import Term
from appliance.model.user import User
from appliance.store import message as messages
from appliance.store import subscription as subscriptions
from appliance.store import user_topic as user_topics
from appliance.store.connection import Handle
from appliance.store.message import Received
from appliance.store.store import Store
from appliance.store.transaction import Transaction

MAX_AT_ONCE = 5000  # messages


def update(store: Store, user: User, message_ids: list[int], op: str, name: str) -> list[int]:
    """Set ("add") or clear ("remove") a flag; the ids that were asked for. Raises ApiError."""
    flag, on = _checked(op, name)
    if len(message_ids) > MAX_AT_ONCE:
        raise ApiError(f"Too many messages requested (maximum {MAX_AT_ONCE}).")

    def write(transaction: Transaction) -> None:
        _change(transaction, user, _accessible(transaction, user, message_ids), on, flag)

    store.write(write)
    return message_ids


def update_narrow(
    store: Store, user: User, narrow: list[Term], window: Window, op: str, name: str
) -> dict[str, Any]:
    """As `update`, for a window of a narrow; the body of POST /messages/flags/narrow. Raises ApiError."""
    flag, on = _checked(op, name)
    with store.read() as reader:
        found = search.search(reader, user, narrow, window)
    ids = [each.message.id for each in found.messages]

    def write(transaction: Transaction) -> list[int]:
        return _change(transaction, user, _readable(transaction, user, ids), on, flag)

    return {
        "processed_count": len(ids),
        "updated_count": len(store.write(write)),
        "first_processed_id": ids[0] if ids else None,
        "last_processed_id": ids[-1] if ids else None,
        "found_oldest": found.oldest,
        "found_newest": found.newest,
        "ignored_because_not_subscribed_channels": [],
    }


def _checked(op: str, name: str) -> tuple[Flag, bool]:
    flag = editable(name)
    if op not in ("add", "remove"):
        raise ApiError(f"Invalid message flag operation: '{op}'")
    return flag, op == "add"


def _change(
    transaction: Transaction, user: User, known: dict[int, Received], on: bool, flag: Flag
) -> list[int]:
    """Which of the messages were not like that before."""
    if flag == Flag.STARRED and on:
        _add_historical(transaction, user, known)
    before = messages.flags(transaction, user.id, list(known))
    changing = [each for each in before if bool(before[each] & flag) != on]
    if flag == Flag.READ and not on:
        changing = [each for each in changing if _still_received(transaction, user, known[each])]
    if flag == Flag.READ and on:
        push.take_back(transaction, user.id, changing)
    messages.set_flag(transaction, user.id, changing, flag, on)
    event = flag_model.change(flag, on, changing)
    if flag == Flag.READ and not on:
        event["message_details"] = _details(transaction, user, [known[each] for each in changing])
    transaction.notice(event, [user.id])
    return changing


def _accessible(handle: Handle, user: User, message_ids: list[int]) -> dict[int, Received]:
    """Raises ApiError for one that may not be read."""
    found = _readable(handle, user, message_ids)
    if len(found) < len(set(message_ids)):
        raise ApiError("Invalid message(s)")
    return found


def _readable(handle: Handle, user: User, message_ids: list[int]) -> dict[int, Received]:
    found = history.readable(handle, user, messages.with_ids(handle, user.id, message_ids))
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
    muted = user_topics.muted_messages(handle, user.id, [each.message.id for each in changed])
    return {str(each.message.id): _detail(each, user, each.message.id in muted) for each in changed}


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
