"""SQL of saved event queues."""

from dataclasses import dataclass

from appliance.store.connection import Handle
from appliance.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class SavedQueue:
    """`descriptor` and `state` are JSON; `born`: the last notice that its client does not need."""

    id: str
    user_id: int
    descriptor: str
    born: int
    state: bytes


def everything(handle: Handle) -> list[SavedQueue]:
    """The queues of people who are still active."""
    rows = handle.rows(
        "SELECT event_queue.id, user_id, descriptor, born, state FROM event_queue"
        " JOIN user ON user.id = user_id WHERE is_active"
    )
    return [SavedQueue(*row) for row in rows]


def add(transaction: Transaction, queue: SavedQueue) -> None:
    transaction.execute(
        "INSERT INTO event_queue(id, user_id, descriptor, born, state) VALUES (?, ?, ?, ?, ?)",
        queue.id,
        queue.user_id,
        queue.descriptor,
        queue.born,
        queue.state,
    )


def save_states(transaction: Transaction, states: list[tuple[bytes, str]]) -> None:
    """(state, queue id) each; a queue that was dropped meanwhile stays dropped."""
    transaction.many("UPDATE event_queue SET state = ? WHERE id = ?", states)


def drop(transaction: Transaction, queue_ids: list[str]) -> None:
    transaction.many("DELETE FROM event_queue WHERE id = ?", [(queue_id,) for queue_id in queue_ids])
