"""SQL of who used which program for what, and when last."""

from collections.abc import Iterable

from appliance.store.connection import Handle
from appliance.store.transaction import Transaction

KEPT = 200  # rows of a person: programs name themselves, and could do so in ever new ways

Row = tuple[int, str, str, int, int]  # user id, program, what it asked for, how often, when last (seconds)


def add(transaction: Transaction, rows: Iterable[Row]) -> None:
    transaction.many(
        "INSERT INTO user_activity(user_id, client, query, count, last_visit) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET count = count + excluded.count,"
        " last_visit = max(last_visit, excluded.last_visit)",
        rows,
    )


def prune(transaction: Transaction, user_ids: Iterable[int]) -> None:
    """Forget what each of them has not used for longest."""
    transaction.many(
        "DELETE FROM user_activity WHERE user_id = ?1 AND (client, query) IN"
        " (SELECT client, query FROM user_activity WHERE user_id = ?1"
        " ORDER BY last_visit DESC LIMIT -1 OFFSET ?2)",
        [(user_id, KEPT) for user_id in user_ids],
    )


def of_user(handle: Handle, user_id: int) -> list[tuple[str, str, int, int]]:
    """(program, what it asked for, how often, when last), the latest first."""
    rows = handle.rows(
        "SELECT client, query, count, last_visit FROM user_activity WHERE user_id = ?"
        " ORDER BY last_visit DESC, client, query",
        user_id,
    )
    return [(client, query, count, last_visit) for client, query, count, last_visit in rows]


def last_visits(handle: Handle) -> dict[int, int]:
    """Seconds, by user id."""
    return dict(handle.rows("SELECT user_id, max(last_visit) FROM user_activity GROUP BY user_id"))
