"""SQL of the services that bots stand for."""

from collections import defaultdict
from collections.abc import Collection

from appliance.model.bot import GENERIC, Service
from appliance.store.connection import Handle, integers
from appliance.store.transaction import Transaction

_SELECT = "SELECT id, bot_id, name, base_url, interface, token FROM bot_service"


def add(transaction: Transaction, bot_id: int, name: str, base_url: str, interface: int, token: str) -> None:
    transaction.execute(
        "INSERT INTO bot_service(bot_id, name, base_url, interface, token) VALUES (?, ?, ?, ?, ?)",
        bot_id,
        name,
        base_url,
        interface,
        token,
    )


def change(transaction: Transaction, bot_id: int, base_url: str, interface: int) -> None:
    transaction.execute(
        "UPDATE bot_service SET base_url = ?, interface = ? WHERE bot_id = ?", base_url, interface, bot_id
    )


def of_bots(handle: Handle, bot_ids: list[int]) -> dict[int, list[Service]]:
    """By the bot's id, only of those that have some."""
    found: defaultdict[int, list[Service]] = defaultdict(list)
    rows = handle.rows(
        f"{_SELECT} WHERE bot_id IN (SELECT value FROM carray(?)) ORDER BY id", integers(bot_ids)
    )
    for row in rows:
        found[row[1]].append(Service(*row))
    return found


def bots_among(handle: Handle, user_ids: Collection[int]) -> list[int]:
    """Active bots that stand for a service."""
    if not user_ids:
        return []
    rows = handle.rows(
        "SELECT DISTINCT bot_id FROM bot_service JOIN user ON user.id = bot_id"
        " WHERE is_active AND bot_id IN (SELECT value FROM carray(?)) ORDER BY bot_id",
        integers(user_ids),
    )
    return [bot_id for (bot_id,) in rows]


def called(handle: Handle, mentioned_ids: Collection[int]) -> list[int]:
    """Active bots that hear of a message because it mentions them: those of services, and ordinary ones."""
    if not mentioned_ids:
        return []
    rows = handle.rows(
        "SELECT id FROM user WHERE is_active AND id IN (SELECT value FROM carray(?))"
        " AND (bot_type = ? OR EXISTS (SELECT 1 FROM bot_service WHERE bot_id = user.id)) ORDER BY id",
        integers(mentioned_ids),
        GENERIC,
    )
    return [bot_id for (bot_id,) in rows]


def of_bot(handle: Handle, bot_id: int) -> list[Service]:
    return [Service(*row) for row in handle.rows(f"{_SELECT} WHERE bot_id = ? ORDER BY id", bot_id)]
