"""SQL of sessions. Only hashes of their tokens are stored."""

from appliance.model.credential import token_hash
from appliance.model.session import LIFETIME, MOST, Session
from appliance.store.connection import Handle
from appliance.store.transaction import Transaction

_COLUMNS = "SELECT id, user_id, browser, created, last_used FROM session"


def add(transaction: Transaction, token: str, user_id: int, browser: str) -> None:
    """In the place of one of theirs, if they have MOST."""
    now = int(transaction.now())
    transaction.execute("DELETE FROM session WHERE expires < ?", now)
    transaction.execute(
        "DELETE FROM session WHERE id IN"
        " (SELECT id FROM session WHERE user_id = ? ORDER BY last_used DESC, id DESC LIMIT -1 OFFSET ?)",
        user_id,
        MOST - 1,
    )
    transaction.execute(
        "INSERT INTO session(token_hash, user_id, browser, created, last_used, expires)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        token_hash(token),
        user_id,
        browser,
        now,
        now,
        now + LIFETIME,
    )


def find(handle: Handle, token: str, now: float) -> Session | None:
    """One that has not expired."""
    row = handle.row(f"{_COLUMNS} WHERE token_hash = ? AND expires >= ?", token_hash(token), int(now))
    return Session(*row) if row else None


def of_user(handle: Handle, user_id: int, now: float) -> list[Session]:
    """Those that have not expired, the last used first."""
    rows = handle.rows(
        f"{_COLUMNS} WHERE user_id = ? AND expires >= ? ORDER BY last_used DESC, id DESC", user_id, int(now)
    )
    return [Session(*row) for row in rows]


def use(transaction: Transaction, session_id: int) -> None:
    """From now on it lasts as long as a new one."""
    now = int(transaction.now())
    transaction.execute(
        "UPDATE session SET last_used = ?, expires = ? WHERE id = ?", now, now + LIFETIME, session_id
    )


def drop(transaction: Transaction, session_id: int) -> None:
    transaction.execute("DELETE FROM session WHERE id = ?", session_id)


def drop_of(transaction: Transaction, user_id: int, but: int | None = None) -> None:
    """All of a person, `but` the one with this id."""
    transaction.execute("DELETE FROM session WHERE user_id = ? AND id IS NOT ?", user_id, but)


def drop_all(transaction: Transaction) -> None:
    transaction.execute("DELETE FROM session")
