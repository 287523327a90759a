"""SQL of messages that are to be sent later. Each has a job of the queue `scheduled_messages` with its time,
until it has failed."""

import orjson

from appliance.model.scheduled_message import Scheduled, Target
from appliance.store import job as jobs
from appliance.store.connection import Handle, Row
from appliance.store.transaction import Transaction

QUEUE = "scheduled_messages"
_SELECT = (
    "SELECT id, sender_id, channel_id, user_ids, topic, content, rendered_content, client, read_by_sender,"
    " due, failure FROM scheduled_message"
)


def _scheduled(row: Row) -> Scheduled:
    message_id, sender_id, channel_id, user_ids, topic, content, rendered, client, read, *rest = row
    target = Target(channel_id, tuple(orjson.loads(user_ids)), topic)
    return Scheduled(message_id, sender_id, target, content, rendered, client, bool(read), *rest)


def _columns(message: Scheduled) -> tuple[object, ...]:
    channel_id, user_ids, topic = message.target
    to = (message.sender_id, channel_id, orjson.dumps(user_ids).decode(), topic)
    return *to, *message[3:6], int(message.read_by_sender), *message[7:]


def of_user(handle: Handle, user_id: int) -> list[Scheduled]:
    """The next one first."""
    rows = handle.rows(f"{_SELECT} WHERE sender_id = ? ORDER BY due, id", user_id)
    return [_scheduled(row) for row in rows]


def count(handle: Handle, user_id: int) -> int:
    found: int = handle.value("SELECT count(*) FROM scheduled_message WHERE sender_id = ?", user_id)
    return found


def get(handle: Handle, message_id: int) -> Scheduled | None:
    row = handle.row(f"{_SELECT} WHERE id = ?", message_id)
    return _scheduled(row) if row else None


def add(transaction: Transaction, message: Scheduled) -> Scheduled:
    """With its id, which it gets here."""
    added: int = transaction.value(
        "INSERT INTO scheduled_message(sender_id, channel_id, user_ids, topic, content, rendered_content,"
        " client, read_by_sender, due, failure) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        *_columns(message),
    )
    made = message._replace(id=added)
    _schedule(transaction, made)
    return made


def put(transaction: Transaction, message: Scheduled) -> None:
    """It is tried at its time, also after it has failed. A worker that has its job finds that gone."""
    transaction.execute(
        "UPDATE scheduled_message SET sender_id = ?, channel_id = ?, user_ids = ?, topic = ?, content = ?,"
        " rendered_content = ?, client = ?, read_by_sender = ?, due = ?, failure = ? WHERE id = ?",
        *_columns(message),
        message.id,
    )
    _unschedule(transaction, message.id)
    _schedule(transaction, message)


def fail(transaction: Transaction, message_id: int, failure: str) -> None:
    transaction.execute("UPDATE scheduled_message SET failure = ? WHERE id = ?", failure, message_id)


def drop(transaction: Transaction, message_id: int) -> None:
    transaction.execute("DELETE FROM scheduled_message WHERE id = ?", message_id)
    _unschedule(transaction, message_id)


def _schedule(transaction: Transaction, message: Scheduled) -> None:
    event = {"id": message.id, "user_profile_id": message.sender_id}
    transaction.job(QUEUE, event, run_at=message.due, key=str(message.id))


def _unschedule(transaction: Transaction, message_id: int) -> None:
    waiting = transaction.value("SELECT id FROM job WHERE queue = ? AND key = ?", QUEUE, str(message_id))
    if waiting is not None:
        jobs.done(transaction, [waiting])
