"""Messages that are to be sent later: what their senders do with them, and sending them."""

from collections.abc import Callable
from typing import Any, NamedTuple

from appliance.actions.bot import notification_bot
from appliance.actions.message import send as message_actions
from appliance.actions.message.send import Draft, Ready
from appliance.actions.realm import closing
from appliance.base.errors import ApiError
from appliance.model import message as message_model
from appliance.model import scheduled_message as model
from appliance.model.scheduled_message import Scheduled, Target
from appliance.model.user import User
from appliance.store import scheduled_message as table
from appliance.store import user as users
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction


class Wish(NamedTuple):
    """What somebody wants to change; None: nothing of that. `to_channel`: is it to one, then?"""

    to_channel: bool | None = None
    to: list[int] | None = None
    topic: str | None = None
    content: str | None = None
    due: int | None = None


def listed(handle: Handle, user_id: int) -> list[dict[str, Any]]:
    """As clients are told of them, the next one first."""
    return [each.public() for each in table.of_user(handle, user_id)]


def target(to_channel: bool, to: list[int], topic: str | None) -> Target:
    """Raises ApiError with Zulip's texts."""
    if not to_channel:
        return Target(None, tuple(to))
    if len(to) != 1:
        raise ApiError("Cannot send to multiple channels" if to else "Missing channel")
    if topic is None:
        raise ApiError("Missing topic")
    return Target(to[0], (), message_model.check_topic(topic))


def add(store: Store, draft: Draft, where: Target, due: int) -> int:
    """Its id, which is none of a message. Raises ApiError with Zulip's texts."""
    ready = _prepare(store, draft, where)
    wanted = Scheduled(
        0, draft.sender.id, where, ready.content, ready.rendered.html, draft.client, draft.read_by_sender, due
    )

    def write(transaction: Transaction) -> int:
        model.check_due(due, transaction.now())
        if table.count(transaction, draft.sender.id) >= model.MOST:
            raise ApiError(f"You can have {model.MOST} scheduled messages at most.")
        made = table.add(transaction, wanted)
        _tell(transaction, made.sender_id, "add", scheduled_messages=[made.public()])
        return made.id

    return store.write(write)


def change(store: Store, user: User, message_id: int, wish: Wish) -> None:
    """Raises ApiError with Zulip's texts."""
    if wish == Wish():
        raise ApiError("Nothing to change")
    with store.read() as reader:
        found = _own(reader, user, message_id)
    where = _retargeted(found.target, wish)
    content = found.content if wish.content is None else wish.content
    ready = _prepare(store, Draft(user, content, found.client, found.read_by_sender), where)
    due = found.due if wish.due is None else wish.due
    changed = found._replace(
        target=where, content=ready.content, rendered_content=ready.rendered.html, due=due, failure=None
    )

    def write(transaction: Transaction) -> None:
        if _own(transaction, user, message_id) != found:
            raise ApiError("Scheduled message was changed meanwhile")
        model.check_due(due, transaction.now())
        table.put(transaction, changed)
        _tell(transaction, user.id, "update", scheduled_message=changed.public())

    store.write(write)


def _retargeted(old: Target, wish: Wish) -> Target:
    """Another kind of place needs to be said whole."""
    was_channel = old.channel_id is not None
    to_channel = was_channel if wish.to_channel is None else wish.to_channel
    if to_channel != was_channel:
        if wish.to is None:
            raise ApiError("Recipient required when updating type of scheduled message.")
        if to_channel and wish.topic is None:
            raise ApiError("Topic required when updating scheduled message type to channel.")
    same = [old.channel_id] if old.channel_id is not None else list(old.user_ids)
    return target(
        to_channel, same if wish.to is None else wish.to, old.topic if wish.topic is None else wish.topic
    )


def remove(store: Store, user: User, message_id: int) -> None:
    """Raises ApiError with Zulip's texts."""

    def write(transaction: Transaction) -> None:
        table.drop(transaction, _own(transaction, user, message_id).id)
        _tell(transaction, user.id, "remove", scheduled_message_id=message_id)

    store.write(write)


# -- when its time has come; `acknowledge` says whether the job is still to be done


def send(store: Store, message: Scheduled, acknowledge: Callable[[Transaction], bool]) -> None:
    """The message is there when its row is gone. Raises ApiError for what cannot be sent."""
    with store.read() as reader:
        closing.check_open(reader)
        sender = users.with_id(reader, message.sender_id)
    if sender is None or not sender.is_active:
        raise ApiError("The sender is not active any more.")
    draft = Draft(sender, message.content, message.client, message.read_by_sender)
    ready = _prepare(store, draft, message.target)

    def write(transaction: Transaction) -> None:
        if acknowledge(transaction):
            _store(transaction, ready, message.target)
            table.drop(transaction, message.id)
            _tell(transaction, sender.id, "remove", scheduled_message_id=message.id)

    store.write(write)


def fail(store: Store, message: Scheduled, why: str, acknowledge: Callable[[Transaction], bool]) -> None:
    """Its sender is shown that."""

    def write(transaction: Transaction) -> None:
        if acknowledge(transaction):
            table.fail(transaction, message.id, why)
            failed = message._replace(failure=why)
            _tell(transaction, message.sender_id, "update", scheduled_message=failed.public())
            _explain(transaction, message.sender_id, why)

    store.write(write)


def _explain(transaction: Transaction, sender_id: int, why: str) -> None:
    sender = users.with_id(transaction, sender_id)
    if sender is not None and sender.is_active:
        text = f"A message that you scheduled could not be sent: {why} It stays among your scheduled ones."
        notification_bot.tell(transaction, [sender], text)


# -- all of these


def _prepare(store: Store, draft: Draft, where: Target) -> Ready:
    if where.channel_id is None:
        return message_actions.prepare_direct(store, draft, list(where.user_ids))
    return message_actions.prepare_to_channel(store, draft, where.channel_id, where.topic)


def _store(transaction: Transaction, ready: Ready, where: Target) -> None:
    if where.channel_id is None:
        message_actions.store_direct(transaction, ready, list(where.user_ids))
    else:
        message_actions.store_in_channel(transaction, ready, where.channel_id, where.topic)


def _own(handle: Handle, user: User, message_id: int) -> Scheduled:
    found = table.get(handle, message_id)
    if found is None or found.sender_id != user.id:
        raise NoSuchScheduledMessage
    return found


def _tell(transaction: Transaction, user_id: int, op: str, **what: Any) -> None:
    transaction.notice({"type": "scheduled_messages", "op": op, **what}, [user_id])


class NoSuchScheduledMessage(ApiError):
    """Or somebody else's: the answer is the same."""

    status = 404

    def __init__(self) -> None:
        super().__init__("Scheduled message does not exist")
