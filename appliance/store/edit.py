"""SQL of changes to messages: their text, their place, their history."""

from collections.abc import Iterable

import orjson

from appliance.model.edit import Edit, added
from appliance.model.message import Holds
from appliance.store.connection import Handle, integers
from appliance.store.transaction import Transaction


def set_content(
    transaction: Transaction, message_id: int, content: str, rendered_content: str, holds: Holds
) -> None:
    transaction.execute(
        "UPDATE message SET content = ?, rendered_content = ?, last_edit_time = ?, has_attachment = ?,"
        " has_image = ?, has_link = ? WHERE id = ?",
        content,
        rendered_content,
        int(transaction.now()),
        *map(int, holds),
        message_id,
    )


def set_rendering(transaction: Transaction, message_id: int, rendered_content: str, holds: Holds) -> None:
    """Of the same text: nobody has edited it."""
    transaction.execute(
        "UPDATE message SET rendered_content = ?, has_attachment = ?, has_image = ?, has_link = ?"
        " WHERE id = ?",
        rendered_content,
        *map(int, holds),
        message_id,
    )


def move(transaction: Transaction, message_ids: list[int], recipient_id: int, topic: str) -> None:
    transaction.execute(
        "UPDATE message SET recipient_id = ?, topic = ?, topic_key = ?"
        " WHERE id IN (SELECT value FROM carray(?))",
        recipient_id,
        topic,
        topic.lower(),
        integers(message_ids),
    )


def remember(transaction: Transaction, edits: Iterable[tuple[int, Edit]]) -> None:
    """Put an entry each in front of the histories of messages."""
    new = dict(edits)
    rows = transaction.rows(
        "SELECT id, edit_history FROM message WHERE id IN (SELECT value FROM carray(?))", integers(new)
    )
    transaction.many(
        "UPDATE message SET edit_history = ? WHERE id = ?",
        [(orjson.dumps(added(_parsed(known), new[each])).decode(), each) for each, known in rows],
    )


def _parsed(history: str | None) -> list[Edit]:
    edits: list[Edit] = [] if history is None else orjson.loads(history)
    return edits


def in_topic(handle: Handle, recipient_id: int, topic: str, first_id: int = 0) -> list[tuple[int, int]]:
    """(id, when it was sent) of the messages in a topic from `first_id` on, ascending."""
    rows = handle.rows(
        "SELECT id, time FROM message WHERE recipient_id = ? AND topic_key = ? AND id >= ? ORDER BY id",
        recipient_id,
        topic.lower(),
        first_id,
    )
    return [(message_id, time) for message_id, time in rows]


def first_of(handle: Handle, recipient_id: int) -> int | None:
    """The id of the oldest message in a channel."""
    found: int | None = handle.value("SELECT min(id) FROM message WHERE recipient_id = ?", recipient_id)
    return found
