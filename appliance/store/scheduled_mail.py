"""SQL of mails that are to be sent later. Each has a job of the queue `scheduled_mails` with its time."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import orjson

from appliance.store import job as jobs
from appliance.store.connection import Handle
from appliance.store.transaction import Transaction

QUEUE = "scheduled_mails"


class Kind(IntEnum):
    WELCOME = 1
    DIGEST = 2
    INVITATION_REMINDER = 3


@dataclass(frozen=True, slots=True)
class ScheduledMail:
    """`data`: the event for `email_senders` but for whom it is: `user_ids`, or else `address`."""

    id: int
    kind: Kind
    due: int
    address: str | None
    user_ids: list[int]
    data: dict[str, Any]


def add(
    transaction: Transaction,
    kind: Kind,
    due: float,
    data: dict[str, Any],
    *,
    user_ids: list[int] | None = None,
    address: str | None = None,
) -> int:
    """Have a mail sent at `due` (epoch seconds), to people or to one address. Returns its id."""
    mail_id: int = transaction.value(
        "INSERT INTO scheduled_mail(type, due, address, data) VALUES (?, ?, ?, ?) RETURNING id",
        int(kind),
        int(due),
        address,
        orjson.dumps(data),
    )
    transaction.many(
        "INSERT INTO scheduled_mail_user VALUES (?, ?)", [(each, mail_id) for each in user_ids or []]
    )
    transaction.job(QUEUE, {"id": mail_id}, run_at=int(due), key=str(mail_id))
    return mail_id


def get(handle: Handle, mail_id: int) -> ScheduledMail | None:
    row = handle.row("SELECT type, due, address, data FROM scheduled_mail WHERE id = ?", mail_id)
    if row is None:
        return None
    kind, due, address, data = row
    rows = handle.rows("SELECT user_id FROM scheduled_mail_user WHERE mail_id = ? ORDER BY user_id", mail_id)
    people = [user_id for (user_id,) in rows]
    return ScheduledMail(mail_id, Kind(kind), due, address, people, orjson.loads(data))


def drop(transaction: Transaction, mail_ids: list[int]) -> None:
    """With the jobs that wait for them."""
    ids = [(mail_id,) for mail_id in mail_ids]
    transaction.many("DELETE FROM scheduled_mail_user WHERE mail_id = ?", ids)
    transaction.many("DELETE FROM scheduled_mail WHERE id = ?", ids)
    for mail_id in mail_ids:
        waiting = transaction.value("SELECT id FROM job WHERE queue = ? AND key = ?", QUEUE, str(mail_id))
        if waiting is not None:
            jobs.done(transaction, [waiting])


def clear_user(transaction: Transaction, user_id: int, kind: Kind | None = None) -> None:
    """A person gets none of those, of one kind or of all; a mail that is for nobody else is dropped."""
    rows = transaction.rows(
        "SELECT id, (SELECT count(*) FROM scheduled_mail_user WHERE mail_id = id)"
        " FROM scheduled_mail_user JOIN scheduled_mail ON id = mail_id"
        " WHERE user_id = ?1 AND (?2 IS NULL OR type = ?2)",
        user_id,
        kind and int(kind),
    )
    shared = [(user_id, mail_id) for mail_id, people in rows if people > 1]
    transaction.many("DELETE FROM scheduled_mail_user WHERE user_id = ? AND mail_id = ?", shared)
    drop(transaction, [mail_id for mail_id, people in rows if people == 1])


def clear_invitations(transaction: Transaction, address: str) -> None:
    """An address, without regard to case, gets no reminders."""
    rows = transaction.rows(
        "SELECT id FROM scheduled_mail WHERE address = ? AND type = ?",
        address,
        int(Kind.INVITATION_REMINDER),
    )
    drop(transaction, [mail_id for (mail_id,) in rows])
