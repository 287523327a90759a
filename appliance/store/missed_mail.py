"""SQL of missed messages that wait to be mailed.

While somebody has such rows, a job of the queue `missedmessage_email_batches` waits for their time or runs.
Its event is {"user_profile_id": 7}, its key the same number.
"""

from dataclasses import dataclass

from appliance.store import job as jobs
from appliance.store.connection import Handle
from appliance.store.transaction import Transaction

BATCHES = "missedmessage_email_batches"


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


def schedule_batch(transaction: Transaction, user_id: int, due: float | None) -> None:
    """Mail what the person misses at `due` (epoch seconds; None: now), unless that is to be done anyway."""
    transaction.job(BATCHES, {"user_profile_id": user_id}, run_at=due, key=str(user_id))


def postpone(transaction: Transaction, user_id: int, seconds: int) -> None:
    """The person's period has grown by `seconds` (or shrunk): what waits is due that much later."""
    due = transaction.value(
        "UPDATE missed_mail SET due = due + ? WHERE user_id = ? RETURNING due", seconds, user_id
    )
    if due is None:
        return
    waiting = transaction.value(
        "SELECT id FROM job WHERE queue = ? AND key = ? AND run_at IS NOT NULL", BATCHES, str(user_id)
    )
    if waiting is not None:
        jobs.done(transaction, [waiting])
        schedule_batch(transaction, user_id, due)
