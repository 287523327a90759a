"""Who is a full member. Somebody is new for as many days as the organization waits
(waiting_period_threshold); permissions may name the group of those who are not new any more.

It is kept with each person rather than computed, since everybody is told when it changes.
"""

from appliance.actions.channel import sight as channel_sight
from appliance.actions.group import access as group_access
from appliance.base.clock import Clock
from appliance.model.group import FULL_MEMBERS
from appliance.model.user import Role, User
from appliance.store import realm as realms
from appliance.store import user as users
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction

DAY = 86_400  # seconds


def waiting_days(handle: Handle) -> int:
    days: int = realms.get(handle).setting("waiting_period_threshold")
    return days


def keep(store: Store, clock: Clock) -> None:
    """From time to time (ticker). Writes only where somebody's days are over."""
    with store.read() as reader:
        due = _misplaced(reader, clock.now())
    if due:
        store.write(settle)


def settle(transaction: Transaction) -> None:
    """Bring it up to the clock, and to the setting."""
    misplaced = _misplaced(transaction, transaction.now())
    with channel_sight.kept_up(transaction):
        for full, op in ((True, "add_members"), (False, "remove_members")):
            _place(transaction, [each for each in misplaced if each.is_full_member is not full], full, op)


def _place(transaction: Transaction, changed: list[User], full: bool, op: str) -> None:
    users.set_full_member(transaction, [each.id for each in changed], full)
    told = [each.id for each in changed if each.is_active and each.role == Role.MEMBER]
    if told:
        group_access.tell(transaction, op, group_id=FULL_MEMBERS, user_ids=told)


def _misplaced(handle: Handle, now: float) -> list[User]:
    return users.misplaced_members(handle, int(now) - waiting_days(handle) * DAY)
