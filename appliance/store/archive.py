"""SQL of deleted messages, which are kept for some time with the rows of their recipients. Their reactions
and submessages stay where they are until then."""

from collections import defaultdict
from typing import NamedTuple

from appliance.store import received
from appliance.store.connection import Handle, integers
from appliance.store.transaction import Transaction

_COLUMNS = (
    "id", "sender_id", "recipient_id", "topic", "topic_key", "content", "rendered_content", "time", "client",
    "last_edit_time", "edit_history", "has_attachment", "has_image", "has_link",
)  # fmt: skip
_PAIRS = ", ".join(f"'{name}', {name}" for name in _COLUMNS)
_MESSAGE = f"json_object({_PAIRS})"
# Of what was deleted before messages had these columns, they are not known.
_RESTORE = (
    f"INSERT INTO message({', '.join(_COLUMNS)}) SELECT "
    + ", ".join(
        f"coalesce(message ->> '{name}', 0)" if name.startswith("has_") else f"message ->> '{name}'"
        for name in _COLUMNS
    )
    + " FROM archived_message WHERE id IN (SELECT value FROM carray(?))"
)
_ROWS = (
    "(SELECT json_group_array(json_array(user_id, flags)) FROM user_message WHERE message_id = message.id)"
)


class Deleted(NamedTuple):
    """`deleted`: epoch seconds; `deleted_by`: an address, None: nobody, its time was over; `place`: the name
    of a channel, or people's ids."""

    id: int
    deleted: int
    deleted_by: str | None
    sender: str
    place: str
    topic: str
    content: str


def put(transaction: Transaction, message_ids: list[int], deleted_by: int | None) -> None:
    """Messages leave the place where they can be read. `deleted_by`: None: nobody, their time was over."""
    ids = integers(message_ids)
    transaction.execute(
        "INSERT INTO archived_message(id, deleted, deleted_by, message, rows)"
        f" SELECT id, ?, ?, {_MESSAGE}, {_ROWS} FROM message WHERE id IN (SELECT value FROM carray(?))",
        int(transaction.now()),
        deleted_by,
        ids,
    )
    received.remove(transaction, message_ids, [])
    transaction.execute("DELETE FROM message WHERE id IN (SELECT value FROM carray(?))", ids)


def listed(handle: Handle, limit: int) -> list[Deleted]:
    """The last deleted first."""
    rows = handle.rows(
        "SELECT archived_message.id, deleted, who.delivery_email, sender.delivery_email,"
        " coalesce(channel.name, member_ids), message ->> 'topic', message ->> 'content'"
        " FROM archived_message LEFT JOIN user who ON who.id = deleted_by"
        " JOIN user sender ON sender.id = message ->> 'sender_id'"
        " JOIN recipient ON recipient.id = message ->> 'recipient_id'"
        " LEFT JOIN channel ON channel.id = recipient.channel_id"
        " ORDER BY deleted DESC, archived_message.id DESC LIMIT ?",
        limit,
    )
    return [Deleted(*row) for row in rows]


def among(handle: Handle, message_ids: list[int]) -> set[int]:
    """Those that are here."""
    rows = handle.rows(
        "SELECT id FROM archived_message WHERE id IN (SELECT value FROM carray(?))", integers(message_ids)
    )
    return {message_id for (message_id,) in rows}


def restore(transaction: Transaction, message_ids: list[int]) -> dict[int | None, list[int]]:
    """Messages are back where they were; their ids by channel (None: direct conversations), ascending."""
    ids = integers(message_ids)
    transaction.execute(_RESTORE, ids)
    transaction.execute(
        "INSERT INTO user_message SELECT archived_message.id, own.value ->> 0, own.value ->> 1"
        " FROM archived_message, json_each(rows) own"
        " WHERE archived_message.id IN (SELECT value FROM carray(?))",
        ids,
    )
    received.sort_in(transaction, message_ids)
    transaction.execute("DELETE FROM archived_message WHERE id IN (SELECT value FROM carray(?))", ids)
    found: defaultdict[int | None, list[int]] = defaultdict(list)
    for message_id, channel_id in transaction.rows(
        "SELECT message.id, channel_id FROM message JOIN recipient ON recipient.id = recipient_id"
        " WHERE message.id IN (SELECT value FROM carray(?)) ORDER BY message.id",
        ids,
    ):
        found[channel_id].append(message_id)
    return found


def holds_older(handle: Handle, before: int) -> bool:
    """Is there anything that was deleted before that time (epoch seconds)?"""
    return bool(handle.value("SELECT EXISTS (SELECT 1 FROM archived_message WHERE deleted < ?)", before))


def prune(transaction: Transaction, before: int, limit: int) -> int:
    """Forget for good what was deleted before that time; how many messages, `limit` at the most."""
    rows = transaction.rows(
        "SELECT id FROM archived_message WHERE deleted < ? ORDER BY deleted LIMIT ?", before, limit
    )
    ids = integers(message_id for (message_id,) in rows)
    for table in ("reaction", "submessage", "attachment_message"):
        transaction.execute(f"DELETE FROM {table} WHERE message_id IN (SELECT value FROM carray(?))", ids)
    transaction.execute("DELETE FROM archived_message WHERE id IN (SELECT value FROM carray(?))", ids)
    return len(rows)
