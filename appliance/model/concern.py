"""Whom an event concerns so much that they are told by other means, too."""

from typing import Any, NamedTuple

JobOrder = tuple[str, dict[str, Any]]  # queue name, event


class Concern(NamedTuple):
    """What a notice asks for, for one person. `away`: enqueue it now; else only if they never fetch it."""

    user_id: int
    away: bool
    orders: list[JobOrder]
