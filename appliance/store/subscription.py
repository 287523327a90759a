"""SQL of who is in which channel."""

from collections import defaultdict

from appliance.model.channel import Subscription
from appliance.store.connection import Handle, Row
from appliance.store.transaction import Transaction

COLUMNS = (
    "channel_id, user_id, active, color, is_muted, pin_to_top, desktop_notifications, audible_notifications,"
    " push_notifications, email_notifications, wildcard_mentions_notify"
)


def _subscription(row: Row) -> Subscription:
    channel_id, user_id, active, color, is_muted, pin_to_top, *inheriting = row
    settings = [None if value is None else bool(value) for value in inheriting]
    return Subscription(channel_id, user_id, bool(active), color, bool(is_muted), bool(pin_to_top), *settings)


def get(handle: Handle, channel_id: int, user_id: int) -> Subscription | None:
    """Also one that is over (`active` False): its colour and settings are kept."""
    row = handle.row(
        f"SELECT {COLUMNS} FROM subscription WHERE channel_id = ? AND user_id = ?", channel_id, user_id
    )
    return _subscription(row) if row else None


def is_subscribed(handle: Handle, channel_id: int, user_id: int) -> bool:
    return bool(
        handle.value(
            "SELECT active FROM subscription WHERE channel_id = ? AND user_id = ?", channel_id, user_id
        )
    )


def of_user(handle: Handle, user_id: int) -> list[Subscription]:
    rows = handle.rows(f"SELECT {COLUMNS} FROM subscription WHERE user_id = ? ORDER BY channel_id", user_id)
    return [_subscription(row) for row in rows]


def subscriber_ids(handle: Handle, channel_id: int) -> list[int]:
    """Active people and bots in the channel."""
    rows = handle.rows(
        "SELECT user_id FROM subscription JOIN user ON user.id = user_id"
        " WHERE channel_id = ? AND active AND is_active ORDER BY user_id",
        channel_id,
    )
    return [user_id for (user_id,) in rows]


def subscribers_by_channel(handle: Handle) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    rows = handle.rows(
        "SELECT channel_id, user_id FROM subscription JOIN user ON user.id = user_id"
        " WHERE active AND is_active ORDER BY channel_id, user_id"
    )
    for channel_id, user_id in rows:
        found[channel_id].append(user_id)
    return found


def subscribe(transaction: Transaction, channel_id: int, user_id: int, color: str) -> None:
    """Also brings back one that was over, as it was."""
    transaction.execute(
        "INSERT INTO subscription(channel_id, user_id, color) VALUES (?, ?, ?)"
        " ON CONFLICT DO UPDATE SET active = 1",
        channel_id,
        user_id,
        color,
    )


def unsubscribe(transaction: Transaction, channel_id: int, user_id: int) -> None:
    transaction.execute(
        "UPDATE subscription SET active = 0 WHERE channel_id = ? AND user_id = ?", channel_id, user_id
    )


# What a person may set of a subscription, and the column behind it.
PROPERTIES = {
    "color": "color",
    "is_muted": "is_muted",
    "in_home_view": "is_muted",
    "pin_to_top": "pin_to_top",
    "desktop_notifications": "desktop_notifications",
    "audible_notifications": "audible_notifications",
    "push_notifications": "push_notifications",
    "email_notifications": "email_notifications",
    "wildcard_mentions_notify": "wildcard_mentions_notify",
}


def set_property(
    transaction: Transaction, channel_id: int, user_id: int, name: str, value: str | int
) -> None:
    transaction.execute(
        f"UPDATE subscription SET {PROPERTIES[name]} = ? WHERE channel_id = ? AND user_id = ?",
        value,
        channel_id,
        user_id,
    )
