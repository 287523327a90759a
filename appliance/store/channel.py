"""SQL of channels."""

from typing import Any

from appliance.model.channel import Channel
from appliance.store.connection import Handle, Row
from appliance.store.transaction import Transaction

COLUMNS = (
    "id, name, description, rendered_description, invite_only, history_public_to_subscribers, is_web_public,"
    " is_archived, creator_id, date_created, first_message_id, recipient_id"
)


def _channel(row: Row) -> Channel:
    channel_id, name, description, rendered, invite_only, history, web_public, archived, *rest = row
    return Channel(
        channel_id, name, description, rendered, bool(invite_only), bool(history), bool(web_public),
        bool(archived), *rest,
    )  # fmt: skip


def _one(handle: Handle, where: str, *bindings: Any) -> Channel | None:
    row = handle.row(f"SELECT {COLUMNS} FROM channel WHERE {where}", *bindings)
    return _channel(row) if row else None


def with_id(handle: Handle, channel_id: int) -> Channel | None:
    return _one(handle, "id = ? AND NOT is_archived", channel_id)


def named(handle: Handle, name: str) -> Channel | None:
    """By name, without regard to case."""
    return _one(handle, "name_key = ? AND NOT is_archived", name.strip().lower())


def everything(handle: Handle) -> list[Channel]:
    """Archived ones too."""
    return [_channel(row) for row in handle.rows(f"SELECT {COLUMNS} FROM channel ORDER BY id")]


def all_live(handle: Handle) -> list[Channel]:
    rows = handle.rows(f"SELECT {COLUMNS} FROM channel WHERE NOT is_archived ORDER BY id")
    return [_channel(row) for row in rows]


def add(
    transaction: Transaction,
    *,
    name: str,
    description: str,
    rendered_description: str,
    invite_only: bool,
    history_public: bool,
    creator_id: int,
    is_default: bool = False,
) -> Channel:
    channel_id = transaction.value(
        "INSERT INTO channel(name, name_key, description, rendered_description, invite_only,"
        " history_public_to_subscribers, creator_id, is_default, date_created, recipient_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0) RETURNING id",
        name,
        name.lower(),
        description,
        rendered_description,
        int(invite_only),
        int(history_public),
        creator_id,
        int(is_default),
        int(transaction.now()),
    )
    recipient_id = transaction.value("INSERT INTO recipient(channel_id) VALUES (?) RETURNING id", channel_id)
    transaction.execute("UPDATE channel SET recipient_id = ? WHERE id = ?", recipient_id, channel_id)
    added = with_id(transaction, channel_id)
    assert added is not None
    return added


def set_first_message(transaction: Transaction, channel_id: int, message_id: int | None) -> None:
    transaction.execute("UPDATE channel SET first_message_id = ? WHERE id = ?", message_id, channel_id)


def defaults(handle: Handle) -> list[Channel]:
    """Those that newcomers are subscribed to."""
    rows = handle.rows(f"SELECT {COLUMNS} FROM channel WHERE is_default AND NOT is_archived ORDER BY id")
    return [_channel(row) for row in rows]
