"""SQL of how many pushes left on each day."""

from appliance.store.connection import Handle
from appliance.store.transaction import Transaction

DAY = 86_400  # seconds
KEPT = 31  # days


def add(transaction: Transaction, count: int) -> None:
    """Of today; the first of a day forgets the oldest."""
    today = int(transaction.now()) // DAY
    transaction.execute(
        "INSERT INTO push_day VALUES (?, ?) ON CONFLICT DO UPDATE SET sent = sent + excluded.sent",
        today,
        count,
    )
    transaction.execute("DELETE FROM push_day WHERE day < ?", today - KEPT)


def count(handle: Handle, day: int) -> int:
    """`day`: since the epoch, in UTC."""
    return handle.value("SELECT sent FROM push_day WHERE day = ?", day) or 0
