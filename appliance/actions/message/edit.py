"""Changing a message: its text (rewrite.py), where it stands (move.py), or both; told in one event."""

from collections.abc import Set
from dataclasses import dataclass, field, replace
from typing import Any

from appliance.actions.message import access as history
from appliance.actions.message import move, move_notice, readers, rewrite
from appliance.actions.message import rights as change_rights
from appliance.actions.message.directory import render
from appliance.actions.message.move import Moved, Target
from appliance.actions.message.move_notice import Told
from appliance.actions.message.rewrite import Rewritten, Text
from appliance.base.errors import ApiError
from appliance.model import flag, markdown
from appliance.model import message as message_model
from appliance.model.channel import Channel
from appliance.model.edit import DELETED
from appliance.model.message import Message
from appliance.model.user import User
from appliance.store import channel as channels
from appliance.store import edit as edits
from appliance.store import received
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to change; None: nothing of that. `mode`: which messages of the topic move; `told`:
    where the server's bot says so."""

    content: str | None = None
    topic: str | None = None
    channel_id: int | None = None
    mode: str = move.ONE
    told: Told = field(default_factory=Told)

    @property
    def moves(self) -> bool:
        return self.topic is not None or self.channel_id is not None


def edit(store: Store, user: User, message_id: int, wish: Wish) -> list[dict[str, Any]]:
    """The user's own files to which no message links any more. Raises ApiError with Zulip's texts."""
    text = None if wish.content is None else _text(store, user, message_id, wish.content)
    return store.write(lambda transaction: _edit(transaction, user, message_id, wish, text))


def _text(store: Store, user: User, message_id: int, content: str) -> Text:
    """Rendered without the write lock, but not for whoever may not edit anyway."""
    checked = message_model.check_content(content if content.strip() else DELETED)
    with store.read() as reader:
        message = history.access(reader, user, message_id).message
        if message.sender.id != user.id:
            return Text(checked, markdown.Rendered(""))
        return Text(checked, render(reader, user, checked))


def _edit(
    transaction: Transaction, user: User, message_id: int, asked: Wish, text: Text | None
) -> list[dict[str, Any]]:
    message = history.access(transaction, user, message_id).message
    channel = None if message.channel_id is None else channels.with_id(transaction, message.channel_id)
    wish = _real(asked, message)
    _check_form(wish, message)
    if text is not None:
        change_rights.check_edits(transaction, user, message, transaction.now())
    target = _target(transaction, user, message, channel, wish)
    rewritten = Rewritten() if text is None else rewrite.apply(transaction, user, message, channel, text)
    if target is None:
        moved = Moved([message_id], readers.of(transaction, channel, [message_id]))
    else:
        moved = move.apply(transaction, user, message, target)
    _remember(transaction, user, message_id, rewritten, moved)
    _tell(transaction, user, message, rewritten, moved)
    if target is not None:
        move_notice.tell(transaction, user, message, target, moved, wish.told)
    return rewritten.detached


def _real(wish: Wish, message: Message) -> Wish:
    """What is so already is nothing to change."""
    topic = None if wish.topic is None else message_model.check_topic(wish.topic)
    return replace(
        wish,
        topic=None if topic == message.topic else topic,
        channel_id=None if wish.channel_id == message.channel_id else wish.channel_id,
    )


def _check_form(wish: Wish, message: Message) -> None:
    mistakes = {
        "Nothing to change": wish.content is None and not wish.moves,
        "Direct messages cannot be moved to channels.": message.is_direct and wish.channel_id is not None,
        "Direct messages cannot have topics.": message.is_direct and wish.topic is not None,
        "Invalid propagate_mode without topic edit": wish.mode != move.ONE and not wish.moves,
        "Cannot change message content while changing channel": (
            wish.content is not None and wish.channel_id is not None
        ),
    }
    for text, made in mistakes.items():
        if made:
            raise ApiError(text)


def _target(
    transaction: Transaction, user: User, message: Message, origin: Channel | None, wish: Wish
) -> Target | None:
    """None: it stays where it is. Raises ApiError."""
    if origin is None or not wish.moves:
        return None
    channel = origin if wish.channel_id is None else move.accessible(transaction, user, wish.channel_id)
    topic = message.topic if wish.topic is None else wish.topic
    target = Target(origin, channel, topic, wish.mode)
    move.check(transaction, user, message, target, transaction.now())
    return target


def _remember(
    transaction: Transaction, user: User, message_id: int, rewritten: Rewritten, moved: Moved
) -> None:
    common = {"user_id": user.id, "timestamp": int(transaction.now()), **moved.entry}
    entries = dict.fromkeys(moved.ids, common) | {message_id: common | rewritten.entry}
    edits.remember(transaction, entries.items())


def _tell(transaction: Transaction, user: User, message: Message, rewritten: Rewritten, moved: Moved) -> None:
    """Who may not know where messages were only hears that they are there."""
    place = (
        {} if message.is_direct else {"stream_name": message.channel_name, "stream_id": message.channel_id}
    )
    event = {
        "type": "update_message",
        "user_id": user.id,
        "rendering_only": False,
        "edit_timestamp": int(transaction.now()),
        "message_id": message.id,
        "message_ids": moved.ids,
    }
    insiders = moved.readers.keys() - moved.outsiders
    _tell_readers(transaction, event | place | moved.fields, message, rewritten, moved, insiders)
    if moved.outsiders:
        _tell_readers(transaction, event | moved.arrival, message, rewritten, moved, moved.outsiders)


def _tell_readers(
    transaction: Transaction,
    event: dict[str, Any],
    message: Message,
    rewritten: Rewritten,
    moved: Moved,
    people: Set[int],
) -> None:
    """Who may read others of the messages only hears that these have moved."""
    mine = [each for each in moved.readers if each in people]
    whole = [each for each in mine if moved.readers[each] is moved.ids or message.id in moved.readers[each]]
    transaction.notice(
        event | rewritten.fields | rewritten.facts, _people(transaction, message.id, moved, whole)
    )
    part = [_part(each, moved.readers[each]) for each in sorted({*mine} - {*whole})]
    if part:
        transaction.notice(event, part)


def _people(handle: Handle, message_id: int, moved: Moved, user_ids: list[int]) -> list[dict[str, Any]]:
    flags = received.flags(handle, message_id)
    return [
        {"id": each, "flags": flag.names(flags.get(each, flag.READ))} | _own_ids(moved, each)
        for each in user_ids
    ]


def _own_ids(moved: Moved, user_id: int) -> dict[str, Any]:
    ids = moved.readers[user_id]
    return {} if ids is moved.ids else {"message_ids": ids}


def _part(user_id: int, ids: list[int]) -> dict[str, Any]:
    return {"id": user_id, "flags": [], "message_id": ids[0], "message_ids": ids}
