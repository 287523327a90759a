"""SQL of what topics are to people, where it differs from what their channel is to them."""

from collections.abc import Iterable

from appliance.model.topic import Policy
from appliance.store.connection import Handle, Row, integers
from appliance.store.transaction import Transaction

# In statements over `subscription` and `user_topic`: is the topic muted, by itself or with its channel?
MUTED = (
    f"CASE coalesce(visibility_policy, 0) WHEN 0 THEN is_muted ELSE visibility_policy = {Policy.MUTED:d} END"
)


def policies(handle: Handle, channel_id: int, topic: str) -> dict[int, Policy]:
    """By user id; whoever is not in it has none of their own."""
    rows = handle.rows(
        "SELECT user_id, visibility_policy FROM user_topic WHERE channel_id = ? AND topic_key = ?",
        channel_id,
        topic.lower(),
    )
    return {user_id: Policy(policy) for user_id, policy in rows}


def policy(handle: Handle, user_id: int, channel_id: int, topic: str) -> Policy:
    found = handle.value(
        "SELECT visibility_policy FROM user_topic WHERE channel_id = ? AND topic_key = ? AND user_id = ?",
        channel_id,
        topic.lower(),
        user_id,
    )
    return Policy(found or Policy.INHERIT)


def newly_followed(handle: Handle, channel_id: int, topic: str, since: int) -> set[int]:
    """Who has followed it only since then (epoch seconds)."""
    rows = handle.rows(
        "SELECT user_id FROM user_topic WHERE channel_id = ? AND topic_key = ?"
        " AND visibility_policy = ? AND last_updated >= ?",
        channel_id,
        topic.lower(),
        int(Policy.FOLLOWED),
        since,
    )
    return {user_id for (user_id,) in rows}


def muted_messages(handle: Handle, user_id: int, message_ids: Iterable[int]) -> set[int]:
    """Those in muted topics and channels."""
    rows = handle.rows(
        "SELECT message.id FROM message JOIN recipient ON recipient.id = message.recipient_id"
        " JOIN subscription ON subscription.channel_id = recipient.channel_id AND subscription.user_id = ?1"
        " LEFT JOIN user_topic ON user_topic.channel_id = recipient.channel_id"
        " AND user_topic.topic_key = message.topic_key AND user_topic.user_id = ?1"
        f" WHERE message.id IN (SELECT value FROM carray(?2)) AND {MUTED}",
        user_id,
        integers(message_ids),
    )
    return {message_id for (message_id,) in rows}


def of_user(handle: Handle, user_id: int) -> list[Row]:
    """(channel id, topic, visibility policy, since when)."""
    return handle.rows(
        "SELECT channel_id, topic, visibility_policy, last_updated FROM user_topic WHERE user_id = ?"
        " ORDER BY channel_id, topic_key",
        user_id,
    )


def muted_of_user(handle: Handle, user_id: int) -> list[Row]:
    """(channel id, topic, since when) of those that are muted by themselves."""
    return handle.rows(
        "SELECT channel_id, topic, last_updated FROM user_topic"
        " WHERE user_id = ? AND visibility_policy = ? ORDER BY channel_id, topic_key",
        user_id,
        int(Policy.MUTED),
    )


def put(
    transaction: Transaction, user_ids: Iterable[int], channel_id: int, topic: str, policy: Policy
) -> None:
    """The topic's name is from now on spelled like this."""
    now = int(transaction.now())
    if policy == Policy.INHERIT:
        transaction.many(
            "DELETE FROM user_topic WHERE channel_id = ? AND topic_key = ? AND user_id = ?",
            [(channel_id, topic.lower(), user_id) for user_id in user_ids],
        )
        return
    transaction.many(
        "INSERT OR REPLACE INTO user_topic(user_id, channel_id, topic, topic_key, visibility_policy,"
        " last_updated) VALUES (?, ?, ?, ?, ?, ?)",
        [(user_id, channel_id, topic, topic.lower(), int(policy), now) for user_id in user_ids],
    )
