"""SQL of texts that people keep to use them again."""

from appliance.model.saved_snippet import Snippet
from appliance.store.connection import Handle
from appliance.store.transaction import Transaction

_SELECT = "SELECT id, title, content, created FROM saved_snippet WHERE user_id = ?"


def of_user(handle: Handle, user_id: int) -> list[Snippet]:
    """The first made first."""
    return [Snippet(*row) for row in handle.rows(f"{_SELECT} ORDER BY id", user_id)]


def get(handle: Handle, user_id: int, snippet_id: int) -> Snippet | None:
    """None: they have none of that id."""
    row = handle.row(f"{_SELECT} AND id = ?", user_id, snippet_id)
    return Snippet(*row) if row else None


def count(handle: Handle, user_id: int) -> int:
    found: int = handle.value("SELECT count(*) FROM saved_snippet WHERE user_id = ?", user_id)
    return found


def add(transaction: Transaction, user_id: int, title: str, content: str) -> Snippet:
    now = int(transaction.now())
    added: int = transaction.value(
        "INSERT INTO saved_snippet(user_id, title, content, created) VALUES (?, ?, ?, ?) RETURNING id",
        user_id,
        title,
        content,
        now,
    )
    return Snippet(added, title, content, now)


def put(transaction: Transaction, snippet: Snippet) -> None:
    transaction.execute(
        "UPDATE saved_snippet SET title = ?, content = ? WHERE id = ?",
        snippet.title,
        snippet.content,
        snippet.id,
    )


def drop(transaction: Transaction, snippet_id: int) -> None:
    transaction.execute("DELETE FROM saved_snippet WHERE id = ?", snippet_id)
