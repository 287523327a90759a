"""SQL of channels."""

from typing import Any

import orjson

from appliance.model.channel import Channel
from appliance.model.group_setting import Value
from appliance.model.privacy import PUBLIC, Privacy
from appliance.store.connection import Handle, Row
from appliance.store.transaction import Transaction

COLUMNS = (
    "id, name, description, rendered_description, invite_only, history_public_to_subscribers, is_web_public,"
    " is_archived, creator_id, date_created, first_message_id, recipient_id, is_default, permissions,"
    " message_retention_days, weekly_traffic, is_recently_active"
)


def _channel(row: Row) -> Channel:
    channel_id, name, description, rendered, invite_only, history, web_public, archived, *rest = row
    creator_id, created, first, recipient_id, is_default, permissions, retention, traffic, active = rest
    return Channel(
        channel_id, name, description, rendered, bool(invite_only), bool(history), bool(web_public),
        bool(archived), creator_id, created, first, recipient_id, bool(is_default),
        orjson.loads(permissions), retention, traffic, bool(active),
    )  # fmt: skip


def _one(handle: Handle, where: str, *bindings: Any) -> Channel | None:
    row = handle.row(f"SELECT {COLUMNS} FROM channel WHERE {where}", *bindings)
    return _channel(row) if row else None


def with_id(handle: Handle, channel_id: int) -> Channel | None:
    return _one(handle, "id = ? AND NOT is_archived", channel_id)


def even_archived(handle: Handle, channel_id: int) -> Channel | None:
    return _one(handle, "id = ?", channel_id)


def named(handle: Handle, name: str) -> Channel | None:
    """By name, without regard to case."""
    return _one(handle, "name_key = ? AND NOT is_archived", name.strip().lower())


def holder_of(handle: Handle, name: str) -> Channel | None:
    """Which channel has the name, archived or not."""
    return _one(handle, "name_key = ?", name.strip().lower())


def everything(handle: Handle) -> list[Channel]:
    """Archived ones too."""
    return [_channel(row) for row in handle.rows(f"SELECT {COLUMNS} FROM channel ORDER BY id")]


def private_with_permissions(handle: Handle) -> list[Channel]:
    """Private ones of which some permission is not the default; archived ones too."""
    rows = handle.rows(f"SELECT {COLUMNS} FROM channel WHERE invite_only AND permissions <> '{{}}'")
    return [_channel(row) for row in rows]


def all_live(handle: Handle) -> list[Channel]:
    rows = handle.rows(f"SELECT {COLUMNS} FROM channel WHERE NOT is_archived ORDER BY id")
    return [_channel(row) for row in rows]


def add(
    transaction: Transaction,
    *,
    name: str,
    description: str,
    rendered_description: str,
    privacy: Privacy = PUBLIC,
    creator_id: int | None,
    is_default: bool = False,
    permissions: dict[str, Value] | None = None,
    message_retention_days: int | None = None,
) -> Channel:
    channel_id = transaction.value(
        "INSERT INTO channel(name, name_key, description, rendered_description, invite_only,"
        " history_public_to_subscribers, is_web_public, creator_id, is_default, permissions,"
        " message_retention_days, date_created, recipient_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0) RETURNING id",
        name,
        name.lower(),
        description,
        rendered_description,
        *map(int, privacy),
        creator_id,
        int(is_default),
        orjson.dumps(permissions or {}).decode(),
        message_retention_days,
        int(transaction.now()),
    )
    recipient_id = transaction.value("INSERT INTO recipient(channel_id) VALUES (?) RETURNING id", channel_id)
    transaction.execute("UPDATE channel SET recipient_id = ? WHERE id = ?", recipient_id, channel_id)
    added = with_id(transaction, channel_id)
    assert added is not None
    return added


def change(transaction: Transaction, channel: Channel) -> None:
    """To what `channel` says of what people decide about it."""
    transaction.execute(
        "UPDATE channel SET name = ?, name_key = ?, description = ?, rendered_description = ?,"
        " invite_only = ?, history_public_to_subscribers = ?, is_web_public = ?, is_archived = ?,"
        " is_default = ?, permissions = ?, message_retention_days = ? WHERE id = ?",
        channel.name,
        channel.name.lower(),
        channel.description,
        channel.rendered_description,
        *map(int, channel.privacy),
        int(channel.is_archived),
        int(channel.is_default),
        orjson.dumps(channel.permissions).decode(),
        channel.message_retention_days,
        channel.id,
    )


def set_first_message(transaction: Transaction, channel_id: int, message_id: int | None) -> None:
    transaction.execute("UPDATE channel SET first_message_id = ? WHERE id = ?", message_id, channel_id)


def set_activity(transaction: Transaction, channel_id: int, active: bool, traffic: int | None) -> None:
    """`traffic`: messages a week; None: too young to tell."""
    transaction.execute(
        "UPDATE channel SET is_recently_active = ?, weekly_traffic = ? WHERE id = ?",
        int(active),
        traffic,
        channel_id,
    )


def is_archived(handle: Handle, recipient_id: int) -> bool:
    return bool(handle.value("SELECT is_archived FROM channel WHERE recipient_id = ?", recipient_id))


def newest_message(handle: Handle, recipient_id: int) -> int | None:
    """When it was sent, in Unix seconds."""
    found: int | None = handle.value(
        "SELECT time FROM message WHERE recipient_id = ? ORDER BY id DESC LIMIT 1", recipient_id
    )
    return found


def first_message_since(handle: Handle, time: float) -> int:
    """The id from which on messages are no older. Ids grow with time, by which there is no index."""
    low, high = 0, (handle.value("SELECT max(id) FROM message") or 0) + 1
    while low < high:
        middle = (low + high) // 2
        found = handle.row("SELECT id, time FROM message WHERE id >= ? ORDER BY id LIMIT 1", middle)
        if found is None or found[1] >= time:
            high = middle
        else:
            low = found[0] + 1
    return low


def messages_from(handle: Handle, recipient_id: int, first_id: int) -> int:
    """How many of them there are, from an id on."""
    found: int = handle.value(
        "SELECT count(*) FROM message WHERE recipient_id = ? AND id >= ?", recipient_id, first_id
    )
    return found


def defaults(handle: Handle) -> list[Channel]:
    """Those that newcomers are subscribed to."""
    rows = handle.rows(f"SELECT {COLUMNS} FROM channel WHERE is_default AND NOT is_archived ORDER BY id")
    return [_channel(row) for row in rows]
