"""Messages that are to be sent later."""

from typing import Any, NamedTuple

from appliance.base.errors import ApiError

MOST = 1000  # of one person
LATEST = 253_402_300_799  # epoch seconds: the end of the year 9999
LATE = 600  # seconds after its time in which a message is still sent
TOO_LATE = "Message could not be sent at the scheduled time."


class Target(NamedTuple):
    """A channel and a topic in it, or (`channel_id` None) people."""

    channel_id: int | None
    user_ids: tuple[int, ...] = ()
    topic: str = ""


class Scheduled(NamedTuple):
    """`due`: epoch seconds; `failure`: why it could not be sent then, None: it was not tried yet."""

    id: int
    sender_id: int
    target: Target
    content: str
    rendered_content: str
    client: str
    read_by_sender: bool
    due: int
    failure: str | None = None

    def public(self) -> dict[str, Any]:
        """As clients see it."""
        channel_id, user_ids, topic = self.target
        to = {"type": "stream", "to": channel_id, "topic": topic}
        return {
            "scheduled_message_id": self.id,
            **({"type": "private", "to": list(user_ids)} if channel_id is None else to),
            "content": self.content,
            "rendered_content": self.rendered_content,
            "scheduled_delivery_timestamp": self.due,
            "failed": self.failure is not None,
        }


def check_due(due: int, now: float) -> None:
    """Raises ApiError."""
    if due <= now:
        raise ApiError("Scheduled delivery time must be in the future.")
    if due > LATEST:
        raise ApiError("Invalid scheduled_delivery_timestamp")
