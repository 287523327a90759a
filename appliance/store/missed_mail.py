"""SQL of missed messages that wait to be mailed."""

from dataclasses import dataclass

from appliance.store.connection import Handle
from appliance.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class MissedMail:
    message_id: int
    trigger: str
    mentioned_user_group_id: int | None


def add(transaction: Transaction, user_id: int, missed: MissedMail, due: int) -> int:
    """All that one person misses within a period is due at once: returns when (epoch seconds)."""
    shared = transaction.value("SELECT min(due) FROM missed_mail WHERE user_id = ?", user_id)
    due = due if shared is None else shared
    transaction.execute(
        "INSERT INTO missed_mail VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        user_id,
        missed.message_id,
        missed.trigger,
        missed.mentioned_user_group_id,
        due,
    )
    return due


def of_user(handle: Handle, user_id: int) -> list[MissedMail]:
    rows = handle.rows(
        "SELECT message_id, trigger, mentioned_user_group_id FROM missed_mail WHERE user_id = ?"
        " ORDER BY message_id",
        user_id,
    )
    return [MissedMail(*row) for row in rows]


def drop(transaction: Transaction, user_id: int, message_ids: list[int]) -> None:
    transaction.many(
        "DELETE FROM missed_mail WHERE user_id = ? AND message_id = ?",
        [(user_id, message_id) for message_id in message_ids],
    )
