"""SQL of what belongs to widgets."""

from collections import defaultdict

from appliance.model.submessage import WIDGET, Submessage
from appliance.store.connection import Handle, integers
from appliance.store.transaction import Transaction


def of_messages(handle: Handle, message_ids: list[int]) -> dict[int, list[Submessage]]:
    """By message, in the order in which they came; messages without any are left out."""
    rows = handle.rows(
        "SELECT id, message_id, sender_id, msg_type, content FROM submessage"
        " WHERE message_id IN (SELECT value FROM carray(?))",
        integers(message_ids),
    )
    found: defaultdict[int, list[Submessage]] = defaultdict(list)
    for row in sorted(rows):
        found[row[1]].append(Submessage(*row))
    return dict(found)


def add(transaction: Transaction, message_id: int, sender_id: int, content: str) -> Submessage:
    added: int = transaction.value(
        "INSERT INTO submessage(message_id, sender_id, msg_type, content) VALUES (?, ?, ?, ?) RETURNING id",
        message_id,
        sender_id,
        WIDGET,
        content,
    )
    return Submessage(added, message_id, sender_id, WIDGET, content)
