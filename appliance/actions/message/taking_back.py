"""Taking back what was pushed of messages that need nobody's attention any more."""

from collections.abc import Container

from appliance.model.concern import PUSHES
from appliance.model.flag import Flag
from appliance.store import message as messages
from appliance.store import received
from appliance.store.transaction import Transaction


def take_back(transaction: Transaction, user_id: int, message_ids: list[int]) -> None:
    """Of messages that are read, muted, deleted or no longer for them; before their rows are gone."""
    flags = messages.flags(transaction, user_id, message_ids)
    pushed = sorted(each for each, own in flags.items() if own & Flag.ACTIVE_PUSH)
    if pushed:
        event = {"user_profile_id": user_id, "type": "remove", "message_ids": pushed}
        transaction.job(PUSHES, event)


def take_back_from_all(
    transaction: Transaction, message_ids: list[int], keepers: Container[int] = ()
) -> None:
    """From everybody but the `keepers`."""
    for user_id, pushed in received.pushed(transaction, message_ids).items():
        if user_id not in keepers:
            take_back(transaction, user_id, pushed)
