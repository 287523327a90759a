"""SQL of the rows that messages have for their recipients, by message."""

from collections import defaultdict
from collections.abc import Mapping

from appliance.model.flag import Flag
from appliance.store.connection import Handle, integers
from appliance.store.transaction import Transaction

_ROWS = "FROM user_message WHERE message_id IN (SELECT value FROM carray(?))"


def flags(handle: Handle, message_id: int) -> dict[int, int]:
    """By user id."""
    return dict(handle.rows("SELECT user_id, flags FROM user_message WHERE message_id = ?", message_id))


def holders(handle: Handle, message_ids: list[int]) -> set[int]:
    """Who has a row of any of the messages."""
    rows = handle.rows(f"SELECT DISTINCT user_id {_ROWS}", integers(message_ids))
    return {user_id for (user_id,) in rows}


def pushed(handle: Handle, message_ids: list[int]) -> dict[int, list[int]]:
    """On whose phones there are pushes for which of the messages, by user id."""
    return _by_user(handle, f"flags & {int(Flag.ACTIVE_PUSH)} <> 0", message_ids)


def unread(handle: Handle, message_ids: list[int]) -> dict[int, list[int]]:
    """Who has not read which of the messages, by user id."""
    return _by_user(handle, f"flags & {int(Flag.READ)} = 0", message_ids)


def _by_user(handle: Handle, condition: str, message_ids: list[int]) -> dict[int, list[int]]:
    rows = handle.rows(
        f"SELECT user_id, message_id {_ROWS} AND {condition} ORDER BY message_id", integers(message_ids)
    )
    found: defaultdict[int, list[int]] = defaultdict(list)
    for user_id, message_id in rows:
        found[user_id].append(message_id)
    return dict(found)


def readers(handle: Handle, message_id: int, user_id: int) -> list[int]:
    """Who has read it, but for those whom the person `user_id` has muted, or who has muted them."""
    rows = handle.rows(
        "SELECT user_id FROM user_message JOIN user ON user.id = user_id"
        f" WHERE message_id = ?1 AND flags & {int(Flag.READ)} <> 0 AND is_active"
        " AND user_id NOT IN (SELECT muted_user_id FROM muted_user WHERE user_id = ?2)"
        " AND user_id NOT IN (SELECT user_id FROM muted_user WHERE muted_user_id = ?2)"
        " ORDER BY user_id",
        message_id,
        user_id,
    )
    return [reader_id for (reader_id,) in rows]


def set_flags(transaction: Transaction, message_id: int, flags: Mapping[int, int]) -> None:
    """By user id. Not for READ, which `unread` knows too (store/unread.py)."""
    transaction.many(
        "UPDATE user_message SET flags = ? WHERE message_id = ? AND user_id = ?",
        [(own, message_id, user_id) for user_id, own in flags.items()],
    )


def remove(transaction: Transaction, message_ids: list[int], keepers: list[int]) -> None:
    """The rows of everybody but the `keepers`."""
    ids, kept = integers(message_ids), integers(keepers)
    transaction.execute(
        f"DELETE FROM unread WHERE (user_id, message_id) IN (SELECT user_id, message_id {_ROWS}"
        " AND user_id NOT IN (SELECT value FROM carray(?)))",
        ids,
        kept,
    )
    transaction.execute(f"DELETE {_ROWS} AND user_id NOT IN (SELECT value FROM carray(?))", ids, kept)


def sort_in(transaction: Transaction, message_ids: list[int]) -> None:
    """Rows have come for older messages: those who have not read them are to find that (store/unread.py)."""
    transaction.execute(
        f"INSERT OR IGNORE INTO unread SELECT user_id, message_id {_ROWS} AND flags & {int(Flag.READ)} = 0"
        " AND message_id <= (SELECT message_id FROM unread_position)",
        integers(message_ids),
    )
