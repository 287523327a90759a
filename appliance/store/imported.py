"""SQL that fills a new file from an archive: many rows of any table, and what is made of them at the end."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

import apsw

from appliance.store.connection import Handle, integers
from appliance.store.transaction import Transaction

Values = Mapping[str, Any]


class Refused(Exception):
    """A row that cannot be there: of another with the same id, as a rule. It is the last that was taken from
    the iterable."""


def put(transaction: Transaction, table: str, rows: Iterable[Values]) -> None:
    """Each row has the same columns, in the same order. Raises Refused."""
    ordered: Iterator[Values] = iter(rows)
    first = next(ordered, None)
    if first is None:
        return
    marks = ", ".join("?" * len(first))
    sql = f"INSERT INTO {table}({', '.join(first)}) VALUES ({marks})"
    try:
        transaction.many(sql, (tuple(each.values()) for each in chain([first], ordered)))
    except apsw.ConstraintError as error:
        raise Refused(str(error).removeprefix("UNIQUE constraint failed: ")) from error


def put_user_messages(transaction: Transaction, rows: Iterable[tuple[int, int, int]]) -> None:
    """(message id, user id, flags); of two for the same the first counts."""
    transaction.many("INSERT OR IGNORE INTO user_message VALUES (?, ?, ?)", rows)


def drop_hanging(transaction: Transaction, table: str) -> int:
    """Rows of a table with `message_id` whose message is not there go; how many."""
    transaction.execute(f"DELETE FROM {table} WHERE message_id NOT IN (SELECT id FROM message)")
    return transaction.changes()


def finish(transaction: Transaction) -> None:
    """What is kept about all messages together."""
    transaction.execute(
        "INSERT INTO unread SELECT user_id, message_id FROM user_message WHERE flags & 1 = 0"
        " ORDER BY user_id, message_id"
    )
    transaction.execute("UPDATE unread_position SET message_id = (SELECT coalesce(max(id), 0) FROM message)")
    transaction.execute(
        "UPDATE channel SET first_message_id ="
        " (SELECT min(id) FROM message WHERE message.recipient_id = channel.recipient_id)"
    )


def newest_id(handle: Handle, table: str) -> int:
    found: int = handle.value(f"SELECT coalesce(max(id), 0) FROM {table}")
    return found


def drop_silent(transaction: Transaction, user_ids: Iterable[int]) -> None:
    """Those who have written nothing, and are in no direct conversation, go."""
    transaction.execute(
        "DELETE FROM user WHERE id IN (SELECT value FROM carray(?))"
        " AND NOT EXISTS (SELECT 1 FROM message WHERE sender_id = user.id)"
        " AND NOT EXISTS (SELECT 1 FROM conversation_member WHERE user_id = user.id)",
        integers(user_ids),
    )


def reserve(transaction: Transaction, table: str, highest: int) -> None:
    """New rows get ids above it."""
    transaction.execute("DELETE FROM sqlite_sequence WHERE name = ?1 AND seq < ?2", table, highest)
    transaction.execute(
        "INSERT INTO sqlite_sequence(name, seq) SELECT ?1, ?2"
        " WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = ?1)",
        table,
        highest,
    )


def set_column(transaction: Transaction, table: str, column: str, value: object, row_id: int) -> None:
    transaction.execute(f"UPDATE {table} SET {column} = ? WHERE id = ?", value, row_id)


def indexed(handle: Handle) -> int:
    """Up to which message the index of words goes."""
    found: int = handle.value("SELECT message_id FROM search_position")
    return found
