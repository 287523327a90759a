"""Messages are rendered when they are written, and again when there is more to show of what they link to."""

from collections.abc import Mapping
from typing import Any

from appliance.actions.message import readers
from appliance.actions.message.directory import FileDirectory
from appliance.model import flag, markdown
from appliance.model.markdown import Card, Rendered, is_me_message
from appliance.model.message import Holds, Message
from appliance.store import attachment as attachments
from appliance.store import channel as channels
from appliance.store import edit as edits
from appliance.store import message as messages
from appliance.store import received
from appliance.store import user as users
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction


def holds(handle: Handle, rendered: Rendered) -> Holds:
    files = attachments.with_paths(handle, rendered.upload_paths) if rendered.upload_paths else []
    return Holds(bool(files), rendered.has_image, rendered.has_link)


def again(store: Store, message_id: int, cards: Mapping[str, Card]) -> tuple[Message, Rendered] | None:
    """The message, and what it is to look like now; None: it is gone."""
    with store.read() as reader:
        found = messages.with_id(reader, 0, message_id)
        writer = None if found is None else users.with_id(reader, found.message.sender.id)
        if found is None or writer is None:
            return None
        directory = FileDirectory(reader, writer, cards)
        return found.message, markdown.render(found.message.content, directory)


def show(transaction: Transaction, message: Message, rendered: Rendered) -> None:
    """To all its readers, if it is still there with the same text. Nobody has edited it."""
    found = messages.with_id(transaction, 0, message.id)
    if found is None or found.message.content != message.content:
        return
    if found.message.rendered_content != rendered.html:
        edits.set_rendering(transaction, message.id, rendered.html, holds(transaction, rendered))
        _tell(transaction, found.message, rendered)


def _tell(transaction: Transaction, message: Message, rendered: Rendered) -> None:
    place: dict[str, Any] = {}
    if not message.is_direct:
        place = {"stream_name": message.channel_name, "stream_id": message.channel_id}
    event = {
        "type": "update_message",
        "user_id": None,
        "rendering_only": True,
        "edit_timestamp": int(transaction.now()),
        "message_id": message.id,
        "message_ids": [message.id],
        **place,
        "content": message.content,
        "rendered_content": rendered.html,
        "is_me_message": is_me_message(message.content),
    }
    channel = None if message.channel_id is None else channels.even_archived(transaction, message.channel_id)
    flags = received.flags(transaction, message.id)
    people = [
        {"id": each, "flags": flag.names(flags.get(each, flag.READ))}
        for each in readers.of(transaction, channel, [message.id])
    ]
    transaction.notice(event, people)
