"""Links to conversations, as every Zulip client understands them: what follows "/#narrow/"."""

from urllib.parse import quote


def channel_link(channel_id: int, name: str) -> str:
    return f"channel/{channel_id}-{_encoded(name.replace(' ', '-'))}"


def topic_link(channel_id: int, name: str, topic: str) -> str:
    return f"{channel_link(channel_id, name)}/topic/{_encoded(topic)}"


def conversation_link(user_ids: list[int], name: str) -> str:
    """`name`: that of the other one, or of the group."""
    return f"dm/{','.join(map(str, user_ids))}-{_encoded(name.replace(' ', '-'))}"


def _encoded(text: str) -> str:
    """As Zulip writes it after "#": percent-encoded, with "." instead of "%"."""
    return quote(text, safe="").replace(".", "%2E").replace("%", ".")
