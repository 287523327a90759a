"""SQL of uploaded files. The files themselves: store/uploads.py.

A file whose messages are all deleted is gone for everybody, and comes back with any of them: the rows in
attachment_message stay until the messages are forgotten for good.
"""

from collections.abc import Iterable
from dataclasses import replace

import orjson

from appliance.model.attachment import Attachment
from appliance.store.connection import Handle, Row, integers
from appliance.store.transaction import Transaction

_COLUMNS = "id, path_id, owner_id, name, content_type, size, created, width, height, moves"
_LINKS = "attachment_message link JOIN message ON message.id = link.message_id"
_IS_THERE = (
    "(NOT EXISTS (SELECT 1 FROM attachment_message WHERE attachment_id = attachment.id)"
    f" OR EXISTS (SELECT 1 FROM {_LINKS} WHERE link.attachment_id = attachment.id))"
)
_SELECT = f"SELECT {_COLUMNS} FROM attachment WHERE {_IS_THERE}"


def _attachment(row: Row) -> Attachment:
    attachment_id, path_id, owner_id, name, content_type, size, created, width, height, moves = row
    return Attachment(
        attachment_id, path_id, owner_id, name, content_type, size, created, width, height, bool(moves)
    )


def with_path(handle: Handle, path_id: str) -> Attachment | None:
    row = handle.row(f"{_SELECT} AND path_id = ?", path_id)
    return _attachment(row) if row else None


def with_paths(handle: Handle, path_ids: Iterable[str]) -> list[Attachment]:
    """Those that exist, by id."""
    wanted = orjson.dumps(sorted(path_ids)).decode()
    rows = handle.rows(f"{_SELECT} AND path_id IN (SELECT value FROM json_each(?)) ORDER BY id", wanted)
    return [_attachment(row) for row in rows]


def with_id(handle: Handle, attachment_id: int) -> Attachment | None:
    row = handle.row(f"{_SELECT} AND id = ?", attachment_id)
    return _attachment(row) if row else None


def of_user(handle: Handle, user_id: int) -> list[Attachment]:
    """The newest first."""
    rows = handle.rows(f"{_SELECT} AND owner_id = ? ORDER BY id DESC", user_id)
    return [_attachment(row) for row in rows]


def of_message(handle: Handle, message_id: int) -> list[Attachment]:
    """Those that a message links to, by id."""
    rows = handle.rows(
        f"SELECT {_COLUMNS} FROM attachment_message JOIN attachment ON attachment.id = attachment_id"
        " WHERE message_id = ? ORDER BY id",
        message_id,
    )
    return [_attachment(row) for row in rows]


def of_messages(handle: Handle, message_ids: list[int]) -> list[Attachment]:
    """All that any of the messages, deleted or not, links to, by id."""
    rows = handle.rows(
        f"SELECT DISTINCT {_COLUMNS} FROM attachment_message JOIN attachment ON attachment.id = attachment_id"
        " WHERE message_id IN (SELECT value FROM carray(?)) ORDER BY id",
        integers(message_ids),
    )
    return [_attachment(row) for row in rows]


def links(handle: Handle, attachment_ids: list[int]) -> dict[int, list[dict[str, int]]]:
    """By file: the messages that link to it, as Attachment.public wants them."""
    found: dict[int, list[dict[str, int]]] = {each: [] for each in attachment_ids}
    rows = handle.rows(
        f"SELECT attachment_id, message.id, time FROM {_LINKS}"
        " WHERE attachment_id IN (SELECT value FROM carray(?)) ORDER BY message.id",
        integers(attachment_ids),
    )
    for attachment_id, message_id, time in rows:
        found[attachment_id].append({"id": message_id, "date_sent": time * 1000})
    return found


def space_used(handle: Handle) -> int:
    """Bytes of all files together."""
    found: int = handle.value("SELECT coalesce(sum(size), 0) FROM attachment")
    return found


def add(transaction: Transaction, made: Attachment, created: int) -> Attachment:
    """With its id, which it gets here. `created`: milliseconds."""
    added: int = transaction.value(
        "INSERT INTO attachment(path_id, owner_id, name, content_type, size, created, width, height, moves)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        made.path_id,
        made.owner_id,
        made.name,
        made.content_type,
        made.size,
        created,
        made.width,
        made.height,
        int(made.moves),
    )
    return replace(made, id=added, created=created)


def link(transaction: Transaction, message_id: int, attachment_ids: Iterable[int]) -> None:
    transaction.many(
        "INSERT INTO attachment_message(attachment_id, message_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(each, message_id) for each in attachment_ids],
    )


def unlink(transaction: Transaction, message_id: int, attachment_ids: Iterable[int]) -> None:
    transaction.many(
        "DELETE FROM attachment_message WHERE attachment_id = ? AND message_id = ?",
        [(each, message_id) for each in attachment_ids],
    )


def forget_size(transaction: Transaction, attachment_id: int) -> None:
    """It is no picture that thumbnails can be made of."""
    transaction.execute(
        "UPDATE attachment SET width = NULL, height = NULL, moves = 0 WHERE id = ?", attachment_id
    )


def drop(transaction: Transaction, attachment_ids: list[int]) -> None:
    ids = integers(attachment_ids)
    gone = "IN (SELECT value FROM carray(?))"
    transaction.execute(f"DELETE FROM attachment_message WHERE attachment_id {gone}", ids)
    transaction.execute(f"DELETE FROM attachment WHERE id {gone}", ids)


def unused(handle: Handle, before: int, limit: int) -> list[Attachment]:
    """Made before that time (milliseconds), and in no message, nor in one that is still to be sent or kept;
    `limit` at the most."""
    rows = handle.rows(
        f"SELECT {_COLUMNS} FROM attachment WHERE created < ?"
        " AND NOT EXISTS (SELECT 1 FROM attachment_message WHERE attachment_id = attachment.id)"
        " AND NOT EXISTS (SELECT 1 FROM scheduled_message WHERE instr(content, path_id))"
        " AND NOT EXISTS (SELECT 1 FROM draft WHERE instr(content, path_id))"
        " AND NOT EXISTS (SELECT 1 FROM saved_snippet WHERE instr(content, path_id))"
        " ORDER BY id LIMIT ?",
        before,
        limit,
    )
    return [_attachment(row) for row in rows]


def known_paths(handle: Handle, path_ids: list[str]) -> set[str]:
    """Those that have a row, whether or not anybody can still see it."""
    wanted = orjson.dumps(path_ids).decode()
    rows = handle.rows(
        "SELECT path_id FROM attachment WHERE path_id IN (SELECT value FROM json_each(?))", wanted
    )
    return {path_id for (path_id,) in rows}
