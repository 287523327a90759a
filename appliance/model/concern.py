"""Whom an event concerns so much that they are told by other means, too."""

from typing import Any, NamedTuple

JobOrder = tuple[str, dict[str, Any]]  # queue name, event

MAILS, PUSHES = "missedmessage_emails", "missedmessage_mobile_notifications"  # the queues of orders


class Concern(NamedTuple):
    """What a notice asks for, for one person: to enqueue some orders at once, and others only if none of
    their clients ever fetches it."""

    user_id: int
    now: list[JobOrder]
    if_missed: list[JobOrder]
