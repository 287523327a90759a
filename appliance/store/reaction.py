"""SQL of reactions."""

from collections import defaultdict

from appliance.model.reaction import Emoji, Reaction
from appliance.store.connection import Handle, integers
from appliance.store.transaction import Transaction


def of_messages(handle: Handle, message_ids: list[int]) -> dict[int, list[Reaction]]:
    """By message, oldest first; messages without any are left out."""
    rows = handle.rows(
        "SELECT reaction.id, message_id, user_id, coalesce(public_email, delivery_email), full_name,"
        " emoji_name, emoji_code, reaction_type FROM reaction JOIN user ON user.id = user_id"
        " WHERE message_id IN (SELECT value FROM carray(?))",
        integers(message_ids),
    )
    found: defaultdict[int, list[Reaction]] = defaultdict(list)
    for _, message_id, user_id, email, full_name, *emoji in sorted(rows):
        found[message_id].append(Reaction(user_id, email, full_name, Emoji(*emoji)))
    return dict(found)


def reactors(handle: Handle, recipient_id: int, topic: str) -> set[int]:
    """Who has reacted to something in a topic."""
    rows = handle.rows(
        "SELECT DISTINCT user_id FROM reaction JOIN message ON message.id = message_id"
        " WHERE recipient_id = ? AND topic_key = ?",
        recipient_id,
        topic.lower(),
    )
    return {user_id for (user_id,) in rows}


def add(transaction: Transaction, message_id: int, reaction: Reaction) -> None:
    transaction.execute(
        "INSERT INTO reaction(message_id, user_id, emoji_name, emoji_code, reaction_type)"
        " VALUES (?, ?, ?, ?, ?)",
        message_id,
        reaction.user_id,
        *reaction.emoji,
    )


def remove(transaction: Transaction, message_id: int, reaction: Reaction) -> None:
    transaction.execute(
        "DELETE FROM reaction WHERE message_id = ? AND user_id = ? AND emoji_code = ? AND reaction_type = ?",
        message_id,
        reaction.user_id,
        *reaction.emoji[1:],
    )
