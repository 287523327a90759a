"""Roles: who changes them, and all that depends on them."""

from typing import Any

from appliance.actions.bot import owner as bot_owner
from appliance.actions.channel import outlook as channel_outlook
from appliance.actions.group import access as group_access
from appliance.actions.realm import invitation
from appliance.actions.user import acquaintance, sight
from appliance.base.errors import ApiError
from appliance.model import permission
from appliance.model.group import groups_of_role
from appliance.model.sight import sees_address
from appliance.model.user import Role, User
from appliance.store import channel as channels
from appliance.store import credential as credentials
from appliance.store import user as users
from appliance.store.transaction import Transaction

ROLES = frozenset(map(int, Role))
KEY_IS_KNOWN = "A bot cannot be an owner: all administrators can have its key."
LEFT_ALONE = "The organization needs an owner: make somebody else one first."


def check(given: int) -> Role:
    if given not in ROLES:
        raise ApiError("Invalid role")
    return Role(given)


def change(transaction: Transaction, actor: User, user: User, role: Role) -> None:
    """Events come in the order in which a client can use them: the role, its groups, and then what there is
    to see. Raises ApiError."""
    permission.check_changes_role(actor, user, role)
    if user.role == role:
        return
    if user.is_bot and role == Role.OWNER:
        raise ApiError(KEY_IS_KNOWN)
    if user.role == Role.OWNER and not user.is_bot and not users.other_owner_exists(transaction, user.id):
        raise ApiError(LEFT_ALONE)
    with acquaintance.watched(transaction), channel_outlook.watched(transaction, user.id):
        users.set_role(transaction, user.id, role)
        changed = users.with_id(transaction, user.id)
        assert changed is not None
        sight.tell(transaction, user, {"role": int(role)})
        if user.is_active:
            tell_groups(transaction, user, "remove_members")
            tell_groups(transaction, changed, "add_members")
    invitation.revoke_beyond(transaction, changed)
    if role == Role.OWNER:  # an administrator may have made one, and kept it
        credentials.drop_links_of(transaction, user.id)
    if user.is_active:
        _tell_addresses(transaction, user, changed)
        _tell_bots(transaction, user, changed)
        if user.is_guest is not changed.is_guest:
            _tell_guest(transaction, changed)


def tell_groups(transaction: Transaction, user: User, op: str) -> None:
    """Roles are groups too, and clients compute permissions by them."""
    for each in groups_of_role(user):
        group_access.tell(transaction, op, group_id=each.id, user_ids=[user.id])


def _tell_addresses(transaction: Transaction, before: User, now: User) -> None:
    """Others' addresses that they see now, or no more."""
    known = sight.of(transaction, now)
    for each in users.everyone(transaction):
        sees = sees_address(now, each)
        if sees is not sees_address(before, each) and known.knows(each):
            person = {"user_id": each.id, "delivery_email": each.delivery_email if sees else None}
            transaction.notice({"type": "realm_user", "op": "update", "person": person}, [now.id])


def _tell_bots(transaction: Transaction, before: User, now: User) -> None:
    """Those that they manage now, or no more."""
    for each in users.everyone(transaction):
        if each.is_bot and each.bot_owner_id != now.id and before.is_admin is not now.is_admin:
            (bot_owner.tell_there_is if now.is_admin else bot_owner.tell_gone)(transaction, each, now)


def _tell_guest(transaction: Transaction, user: User) -> None:
    """Guests hear of no default channels. Their queues that hear public channels without being in them end:
    such a client begins anew."""
    known: list[Any] = [] if user.is_guest else [each.id for each in channels.defaults(transaction)]
    transaction.notice({"type": "default_streams", "default_streams": known}, [user.id])
    if user.is_guest:
        transaction.notice({"type": "cleanup_queue", "hearing_public_channels": True}, [user.id])
