"""Words of which people want to be alerted: their lists, and whom a message alerts."""

from appliance.base.errors import ApiError
from appliance.model import alert_word as model
from appliance.model import flag
from appliance.model.user import User
from appliance.store import alert_word as alert_words
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction


def add(store: Store, user: User, words: list[str]) -> list[str]:
    """All words that there are then. Raises ApiError."""
    checked = model.check(words)

    def write(transaction: Transaction) -> list[str]:
        alert_words.add(transaction, user.id, checked)
        there = _tell(transaction, user)
        if len(there) > model.MOST:
            raise ApiError(f"You can have {model.MOST} alert words at most.")
        return there

    return store.write(write)


def remove(store: Store, user: User, words: list[str]) -> list[str]:
    """All that are left. Raises ApiError."""
    checked = model.check(words)

    def write(transaction: Transaction) -> list[str]:
        alert_words.drop(transaction, user.id, checked)
        return _tell(transaction, user)

    return store.write(write)


def _tell(transaction: Transaction, user: User) -> list[str]:
    there = alert_words.of_user(transaction, user.id)
    transaction.notice({"type": "alert_words", "alert_words": there}, [user.id])
    return there


def mark(handle: Handle, content: str, flags: dict[int, int]) -> None:
    """Set the bit in `flags` (by recipient) of everybody of whose words one stands in the content."""
    lowered = content.lower()
    for user_id, word in alert_words.among(handle, flags, lowered):
        if model.stands_in(word, lowered):
            flags[user_id] |= flag.HAS_ALERT_WORD
