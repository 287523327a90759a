"""SQL of the words that people want to be alerted of."""

from collections.abc import Iterable

from appliance.store.connection import Handle, Row, integers
from appliance.store.transaction import Transaction


def of_user(handle: Handle, user_id: int) -> list[str]:
    rows = handle.rows("SELECT word FROM alert_word WHERE user_id = ? ORDER BY word_key", user_id)
    return [word for (word,) in rows]


def among(handle: Handle, user_ids: Iterable[int], lowered: str) -> list[Row]:
    """(user id, word in lower case) of those that are anywhere in a text in lower case."""
    return handle.rows(
        "SELECT user_id, word_key FROM alert_word WHERE user_id IN (SELECT value FROM carray(?))"
        " AND instr(?, word_key)",
        integers(user_ids),
        lowered,
    )


def add(transaction: Transaction, user_id: int, words: Iterable[str]) -> None:
    """One that differs by case takes the place of what there was."""
    transaction.many(
        "INSERT OR REPLACE INTO alert_word VALUES (?, ?, ?)",
        [(user_id, word.lower(), word) for word in words],
    )


def drop(transaction: Transaction, user_id: int, words: Iterable[str]) -> None:
    transaction.many(
        "DELETE FROM alert_word WHERE user_id = ? AND word_key = ?",
        [(user_id, word.lower()) for word in words],
    )
