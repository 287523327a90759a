"""SQL of messages that people have begun to write."""

import orjson

from appliance.model.draft import Draft
from appliance.store.connection import Handle
from appliance.store.transaction import Transaction


def of_user(handle: Handle, user_id: int) -> list[tuple[int, Draft]]:
    """With their ids, the one edited last first."""
    rows = handle.rows(
        "SELECT id, type, recipients, topic, content, edited FROM draft WHERE user_id = ?"
        " ORDER BY edited DESC, id DESC",
        user_id,
    )
    return [(draft_id, Draft(kind, tuple(orjson.loads(to)), *fields)) for draft_id, kind, to, *fields in rows]


def ids_of_user(handle: Handle, user_id: int) -> list[int]:
    return [draft_id for (draft_id,) in handle.rows("SELECT id FROM draft WHERE user_id = ?", user_id)]


def is_of_user(handle: Handle, user_id: int, draft_id: int) -> bool:
    return handle.row("SELECT 1 FROM draft WHERE id = ? AND user_id = ?", draft_id, user_id) is not None


def add(transaction: Transaction, user_id: int, draft: Draft) -> int:
    added: int = transaction.value(
        "INSERT INTO draft(user_id, type, recipients, topic, content, edited) VALUES (?, ?, ?, ?, ?, ?)"
        " RETURNING id",
        user_id,
        *_columns(draft),
    )
    return added


def put(transaction: Transaction, draft_id: int, draft: Draft) -> None:
    transaction.execute(
        "UPDATE draft SET type = ?, recipients = ?, topic = ?, content = ?, edited = ? WHERE id = ?",
        *_columns(draft),
        draft_id,
    )


def drop(transaction: Transaction, draft_id: int) -> None:
    transaction.execute("DELETE FROM draft WHERE id = ?", draft_id)


def _columns(draft: Draft) -> tuple[object, ...]:
    return draft.type, orjson.dumps(draft.to).decode(), draft.topic, draft.content, draft.edited
