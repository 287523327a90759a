"""Taking back what was pushed of messages that need nobody's attention any more."""

from appliance.model.flag import Flag
from appliance.store import message as messages
from appliance.store.transaction import Transaction

PUSHES = "missedmessage_mobile_notifications"


def take_back(transaction: Transaction, user_id: int, message_ids: list[int]) -> None:
    """Of messages that are read, muted, deleted or no longer for them; before their rows are gone."""
    flags = messages.flags(transaction, user_id, message_ids)
    pushed = sorted(each for each, own in flags.items() if own & Flag.ACTIVE_PUSH)
    if pushed:
        event = {"user_profile_id": user_id, "type": "remove", "message_ids": pushed}
        transaction.job(PUSHES, event)
