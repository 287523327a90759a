"""SQL of those to whom a message goes, with what decides whether they are told of it elsewhere."""

from collections.abc import Iterable

import orjson

from appliance.model.listener import Listener
from appliance.model.topic import Policy
from appliance.store.connection import Handle, Row, integers

_OWN = ("push_notifications", "email_notifications", "wildcard_mentions_notify")

# Asked for each message, so it looks neither at the rows of `user` nor, for each of them, into `user_topic`.
_HEARING = (
    "SELECT user_id FROM user_topic WHERE channel_id = ?1 AND topic_key = ?2"
    f" AND visibility_policy = {Policy.FOLLOWED:d}"
    " UNION ALL SELECT user_id FROM subscription WHERE channel_id = ?1 AND (push_notifications"
    " OR email_notifications OR EXISTS (SELECT 1 FROM user INDEXED BY user_hears_all WHERE id = user_id"
    " AND (settings ->> 'enable_stream_push_notifications'"
    " OR settings ->> 'enable_stream_email_notifications')))"
)
_IN_CHANNEL = (
    "SELECT user.id, bot_type IS NOT NULL, settings, is_muted, coalesce(visibility_policy, 0),"
    f" {', '.join(_OWN)} FROM carray(?3) wanted CROSS JOIN subscription"
    " ON subscription.channel_id = ?1 AND subscription.user_id = wanted.value"
    " JOIN user ON user.id = subscription.user_id"
    " LEFT JOIN user_topic ON user_topic.channel_id = ?1 AND topic_key = ?2"
    " AND user_topic.user_id = subscription.user_id WHERE active AND is_active"
)


def hearing(handle: Handle, channel_id: int, topic: str) -> list[int]:
    """Who may follow the topic or hear every message of the channel, which is not the default: of a thousand
    a few. Some may have left it."""
    return [user_id for (user_id,) in handle.rows(_HEARING, channel_id, topic.lower())]


def in_channel(handle: Handle, channel_id: int, topic: str, user_ids: Iterable[int]) -> list[Listener]:
    """Those who are subscribers."""
    rows = handle.rows(_IN_CHANNEL, channel_id, topic.lower(), integers(user_ids))
    return [_listener(row) for row in rows]


def _listener(row: Row) -> Listener:
    user_id, is_bot, settings, is_muted, policy, *own = row
    return Listener(
        user_id,
        bool(is_bot),
        orjson.loads(settings),
        bool(is_muted),
        dict(zip(_OWN, own, strict=True)),
        policy,
    )


def among(handle: Handle, user_ids: Iterable[int]) -> list[Listener]:
    """People of a direct conversation."""
    rows = handle.rows(
        "SELECT id, bot_type IS NOT NULL, settings FROM user"
        " WHERE is_active AND id IN (SELECT value FROM carray(?))",
        integers(user_ids),
    )
    return [Listener(user_id, bool(is_bot), orjson.loads(settings)) for user_id, is_bot, settings in rows]
