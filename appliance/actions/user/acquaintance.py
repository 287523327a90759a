"""Whom guests know, where the organization restricts them: what they are told when that changes."""

from collections.abc import Iterator
from contextlib import contextmanager

from appliance.actions.user import presence, sight
from appliance.actions.user import status as user_status
from appliance.model.sight import UNKNOWN_NAME
from appliance.model.user import User
from appliance.store import user as users
from appliance.store.connection import Handle
from appliance.store.transaction import Transaction

View = dict[int, frozenset[int]]  # by guest those whom they know; who is not in it knows everybody


@contextmanager
def watched(transaction: Transaction) -> Iterator[None]:
    """Around what may change it: who is in channels, new conversations, roles, the restriction itself."""
    before = _view(transaction)
    yield
    now = _view(transaction)
    if before == now:
        return
    everybody = {each.id: each for each in users.everyone(transaction) if not each.is_bot}
    for guest in sorted(before.keys() | now.keys()):
        knew, knows = before.get(guest, everybody.keys()), now.get(guest, everybody.keys())
        for each in sorted(everybody.keys() & (knows - knew)):
            _introduce(transaction, everybody[each], guest)
        for each in sorted(everybody.keys() & (knew - knows)):
            _forget(transaction, each, guest)


def _view(handle: Handle) -> View:
    return {each.id: sight.known_to(handle, each) for each in sight.guests(handle)}


def _introduce(transaction: Transaction, person: User, guest_id: int) -> None:
    sight.tell_there_is(transaction, person, [guest_id])
    user_status.introduce(transaction, person, [guest_id])
    presence.introduce(transaction, person, [guest_id])


def _forget(transaction: Transaction, user_id: int, guest_id: int) -> None:
    person = {"user_id": user_id, "full_name": UNKNOWN_NAME}
    transaction.notice({"type": "realm_user", "op": "remove", "person": person}, [guest_id])
