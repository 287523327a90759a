"""SQL of who shares a channel (archived ones count) or a conversation with whom."""

from appliance.store.connection import Handle

_SHARED = (
    "SELECT other.user_id FROM subscription own JOIN subscription other USING (channel_id)"
    " WHERE own.user_id = ?1 AND own.active AND other.active"
    " UNION SELECT value FROM conversation_member JOIN recipient ON recipient.id = recipient_id,"
    " json_each('[' || member_ids || ']') WHERE conversation_member.user_id = ?1"
)


def of(handle: Handle, user_id: int) -> set[int]:
    """Ids, deactivated people among them; oneself if there is anything to share."""
    return {each for (each,) in handle.rows(_SHARED, user_id)}
