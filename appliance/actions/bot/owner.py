"""Whose a bot is: who may make one, who is told of it, and its way to another owner."""

from typing import Any

from appliance.actions.group import access as group_access
from appliance.actions.user import sight
from appliance.base.errors import ApiError
from appliance.model import bot as bot_model
from appliance.model import permission
from appliance.model.bot import INCOMING_WEBHOOK
from appliance.model.user import User
from appliance.store import bot_service
from appliance.store import user as users
from appliance.store.connection import Handle
from appliance.store.transaction import Transaction

ALL_KINDS, WEBHOOKS = "can_create_bots_group", "can_create_write_only_bots_group"


def check_makes(handle: Handle, user: User, bot_type: int | None) -> None:
    """Those that can do no more than write may be allowed to more people. Raises ApiError."""
    allowed = [ALL_KINDS, WEBHOOKS] if bot_type == INCOMING_WEBHOOK else [ALL_KINDS]
    if user.is_bot or user.is_guest or not any(group_access.may(handle, user, each) for each in allowed):
        raise ApiError("Insufficient permission")


def tell(transaction: Transaction, user: User, op: str, bot: dict[str, Any]) -> None:
    """Those who manage it; nobody if `user` is a person."""
    if user.is_bot:
        people = [each for each in users.everyone(transaction) if each.is_active]
        managers = [each.id for each in people if permission.manages_bot(each, user)]
        transaction.notice({"type": "realm_bot", "op": op, "bot": bot}, managers)


def give(transaction: Transaction, bot: User, new: User) -> None:
    """To another owner; who had it and is no admin does not see it any more."""
    before = users.with_id(transaction, bot.bot_owner_id or 0)
    users.set_bot_owner(transaction, bot.id, new.id)
    given = users.with_id(transaction, bot.id)
    assert given is not None
    if before is not None and before.is_active and not before.is_admin:
        tell_gone(transaction, given, before)
    if not new.is_admin:
        tell_there_is(transaction, given, new)
    admins = [each.id for each in users.everyone(transaction) if each.is_active and each.is_admin]
    told = {"user_id": bot.id, "owner_id": new.id}
    transaction.notice({"type": "realm_bot", "op": "update", "bot": told}, admins)
    sight.tell(transaction, bot, {"bot_owner_id": new.id})


def tell_there_is(transaction: Transaction, bot: User, manager: User) -> None:
    """To somebody who manages it from now on."""
    shown = bot_model.managed(bot, bot_service.of_bot(transaction, bot.id))
    transaction.notice({"type": "realm_bot", "op": "add", "bot": shown}, [manager.id])


def tell_gone(transaction: Transaction, bot: User, manager: User) -> None:
    """To somebody who manages it no more."""
    event = {"type": "realm_bot", "op": "delete", "bot": {"user_id": bot.id}}
    transaction.notice(event, [manager.id])
