"""People and bots who go, and come back."""

from typing import Any

from appliance.actions.bot import owner as bot_owner
from appliance.actions.channel.sight import tell_peers
from appliance.actions.channel.standing import subscriber_seers
from appliance.actions.group import member as group_member
from appliance.actions.personal import device
from appliance.actions.realm import invitation
from appliance.actions.user import account, role, session, sight
from appliance.actions.user.people import NO_SUCH_USER
from appliance.base.errors import ApiError
from appliance.model import permission
from appliance.model.user import Role, User
from appliance.notify import mail_job
from appliance.store import channel as channels
from appliance.store import presence as presences
from appliance.store import scheduled_mail
from appliance.store import subscription as subscriptions
from appliance.store import user as users
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction


def deactivate(store: Store, user: User) -> None:
    """They cannot sign in any more, nor can their bots; what they wrote stays. Raises ApiError for the last
    owner."""
    store.write(lambda transaction: _deactivate_all(transaction, user))


def deactivate_self(store: Store, user: User) -> None:
    """Raises ApiError for the last owner, and for the last person of all."""

    def write(transaction: Transaction) -> None:
        if users.number_of_active(transaction) == 1:
            raise LastUser
        _deactivate_all(transaction, user)

    store.write(write)


def deactivate_other(store: Store, actor: User, user_id: int, farewell: str | None) -> None:
    """By an administrator. `farewell`: what is said to the person by mail, perhaps nothing; None: no mail.
    Raises ApiError."""
    permission.check_admin(actor)

    def write(transaction: Transaction) -> None:
        user = account.administered(transaction, actor, user_id)
        if user.is_bot:
            raise ApiError(NO_SUCH_USER)
        permission.check_touches_owner(actor, user.role)
        if user.is_active:
            _deactivate_all(transaction, user)
        if farewell is not None:
            transaction.job(mail_job.QUEUE, _farewell(user, actor, farewell))

    store.write(write)


def _farewell(user: User, actor: User, comment: str) -> dict[str, Any]:
    """The mail to somebody who was deactivated. (They are not active any more, so it goes by address.)"""
    said = {"comment": comment} if comment.strip() else {}
    return {
        "to_emails": [user.delivery_email],
        "template_prefix": "emails/deactivate_with_comment" if said else "emails/deactivate",
        "context": {"administrator": actor.full_name, **said},
        "language": user.setting("default_language"),
    }


def _deactivate_all(transaction: Transaction, user: User) -> None:
    """With their bots."""
    if user.role == Role.OWNER and not user.is_bot and not users.other_owner_exists(transaction, user.id):
        raise LastOwner
    for each in (user, *(bot for bot in users.bots_of(transaction, user.id) if bot.is_active)):
        _deactivate(transaction, each)


def _deactivate(transaction: Transaction, user: User) -> None:
    users.set_active(transaction, user.id, False)
    session.end_all(transaction, user.id)
    invitation.revoke_all_of(transaction, user)
    scheduled_mail.clear_user(transaction, user.id)
    device.clear(transaction, user.id)
    presences.drop(transaction, user.id)
    sight.tell(transaction, user, {"is_active": False})
    role.tell_groups(transaction, user, "remove_members")
    group_member.tell_of_departure(transaction, user)
    bot_owner.tell(transaction, user, "update", {"user_id": user.id, "is_active": False})
    transaction.notice({"type": "cleanup_queue"}, [user.id])


def reactivate(store: Store, actor: User, user_id: int) -> None:
    """With all that they had: channels, groups, settings. Their bots stay as they are. Raises ApiError."""
    permission.check_admin(actor)

    def write(transaction: Transaction) -> None:
        user = account.administered(transaction, actor, user_id)
        permission.check_touches_owner(actor, user.role)
        if user.is_active:
            return
        if user.is_bot:
            bot_owner.check_makes(transaction, actor, user.bot_type)
        _reactivate(transaction, user)
        if user.is_bot and not _has_active_owner(transaction, user):
            bot_owner.give(transaction, user, actor)

    store.write(write)


def _reactivate(transaction: Transaction, user: User) -> None:
    users.set_active(transaction, user.id, True)
    sight.tell(transaction, user, {"is_active": True})
    role.tell_groups(transaction, user, "add_members")
    group_member.tell_of_return(transaction, user)
    bot_owner.tell(transaction, user, "update", {"user_id": user.id, "is_active": True})
    for each in subscriptions.of_user(transaction, user.id):
        channel = channels.even_archived(transaction, each.channel_id) if each.active else None
        if channel is not None:
            told = set(subscriber_seers(transaction, channel)) - {user.id}
            tell_peers(transaction, "peer_add", channel, [user.id], told)


def _has_active_owner(handle: Handle, bot: User) -> bool:
    owner = users.with_id(handle, bot.bot_owner_id or 0)
    return owner is not None and owner.is_active


class LastUser(ApiError):
    code = "CANNOT_DEACTIVATE_LAST_USER"

    def __init__(self, entity: str = "user", is_last_owner: bool = False) -> None:
        super().__init__(f"Cannot deactivate the only {entity}", is_last_owner=is_last_owner, entity=entity)


class LastOwner(LastUser):
    def __init__(self) -> None:
        super().__init__("organization owner", True)
