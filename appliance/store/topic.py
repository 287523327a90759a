"""SQL of a channel's topics: (name as last written, id of the newest message), the newest first."""

from appliance.store.connection import Handle, Row
from appliance.store.message import HAS_ROW, OWN

# From one topic to the next by the index: it does not look at each message.
_EVERY = """
WITH RECURSIVE every(topic_key) AS (
  SELECT min(topic_key) FROM message WHERE recipient_id = ?1
  UNION ALL
  SELECT (SELECT min(topic_key) FROM message WHERE recipient_id = ?1 AND topic_key > every.topic_key)
  FROM every WHERE every.topic_key IS NOT NULL
)
SELECT topic, id FROM message WHERE id IN (
  SELECT (SELECT max(id) FROM message WHERE recipient_id = ?1 AND topic_key = every.topic_key)
  FROM every WHERE every.topic_key IS NOT NULL
) ORDER BY id DESC
"""


def of_channel(handle: Handle, recipient_id: int) -> list[Row]:
    return handle.rows(_EVERY, recipient_id)


def of_received(handle: Handle, user_id: int, recipient_id: int) -> list[Row]:
    """Of the messages that somebody got."""
    return handle.rows(
        f"SELECT topic, max(message.id) FROM message {OWN} WHERE recipient_id = ? AND {HAS_ROW[0]}"
        " GROUP BY topic_key ORDER BY max(message.id) DESC",
        user_id,
        recipient_id,
    )
