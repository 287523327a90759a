"""SQL of how much goes on here: what a push service asks to be told, as numbers."""

from appliance.store.connection import Handle

KINDS = ("public_stream", "private_stream", "private_message", "huddle_message")

_MESSAGES = """
SELECT CASE
    WHEN channel.invite_only = 0 THEN 'public_stream'
    WHEN channel.invite_only = 1 THEN 'private_stream'
    WHEN length(member_ids) - length(replace(member_ids, ',', '')) > 1 THEN 'huddle_message'
    ELSE 'private_message'
  END AS kind, count(*)
FROM message JOIN recipient ON recipient.id = message.recipient_id
  LEFT JOIN channel ON channel.id = recipient.channel_id
WHERE time >= ? AND time < ? GROUP BY kind
"""


def messages(handle: Handle, start: int, end: int) -> dict[str, int]:
    """Those that were sent from `start` until before `end` (epoch seconds) and are still there, by kind.

    Reads the whole table: for once a day.
    """
    return dict.fromkeys(KINDS, 0) | dict(handle.rows(_MESSAGES, start, end))


def accounts(handle: Handle, *, bots: bool) -> int:
    """Those that can sign in."""
    count: int = handle.value(
        "SELECT count(*) FROM user WHERE is_active AND NOT is_system AND (bot_type IS NOT NULL) = ?", bots
    )
    return count


def active_people(handle: Handle, since: int) -> int:
    """Who did something since then."""
    count: int = handle.value(
        "SELECT count(*) FROM presence JOIN user ON user.id = user_id"
        " WHERE last_active >= ? AND is_active AND bot_type IS NULL",
        since,
    )
    return count
