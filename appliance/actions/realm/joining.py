"""How people come by themselves: with an invitation, by a link, or where anybody may."""

from dataclasses import dataclass, replace
from typing import Any

from appliance.actions.bot import notification_bot
from appliance.actions.channel.subscription import subscribe_newcomer
from appliance.actions.group import member as group_member
from appliance.actions.realm import closing, invitation
from appliance.actions.user import creation as user_actions
from appliance.base.errors import ApiError
from appliance.model import credential
from appliance.model import invitation as model
from appliance.model.invitation import Invitation, InvitationFailed, InvitationSpent, Status, Terms
from appliance.model.user import User, check_email, check_full_name
from appliance.notify import mail_job
from appliance.store import channel as channels
from appliance.store import invitation as invitations
from appliance.store import realm as realms
from appliance.store import scheduled_mail
from appliance.store import user as users
from appliance.store import user_group as groups
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What somebody says of themselves. `email`: only asked for by links."""

    full_name: str
    password: str
    email: str = ""


def invited(store: Store, token: str, now: float) -> Invitation:
    """Raises InvitationSpent, RealmDeactivated."""
    with store.read() as reader:
        return _usable(reader, token, now)


def _usable(handle: Handle, token: str, now: float) -> Invitation:
    closing.check_open(handle)
    found = invitations.with_token(handle, token)
    if found is None or not found.is_open(now):
        raise InvitationSpent
    return found


def must_confirm(handle: Handle, invitation: Invitation) -> bool:
    """Does whoever comes by this link have to show that the address is theirs?"""
    restricted = realms.get(handle).setting("emails_restricted_to_domains")
    return invitation.is_link and bool(restricted)


def join(store: Store, token: str, newcomer: Newcomer) -> User:
    """Make their account. Raises InvitationSpent; ApiError, and the invitation stays good, when something
    that they typed is not."""
    full_name = check_full_name(newcomer.full_name)
    hashed = credential.hash_password(credential.check_password(newcomer.password))

    def write(transaction: Transaction) -> User:
        found = _usable(transaction, token, transaction.now())
        if must_confirm(transaction, found):
            raise InvitationSpent
        email = check_email(newcomer.email) if found.email is None else found.email
        _check_welcome(transaction, email)
        user = user_actions.add(
            transaction,
            email=email,
            full_name=full_name,
            role=found.terms.role,
            password=hashed,
            joins_defaults=False,
            welcomed=True,
        )
        _place(transaction, user, found)
        _close(transaction, found, email)
        _tell_inviter(transaction, user, found)
        return user

    return store.write(write)


def _check_welcome(handle: Handle, email: str) -> None:
    why = invitation.unwelcome(handle, email)
    if why:
        raise ApiError(why)


def _place(transaction: Transaction, user: User, invitation: Invitation) -> None:
    """In channels and groups; those that are gone since are passed over."""
    wanted = {each.id: each for each in channels.defaults(transaction)} if invitation.terms.defaults else {}
    for channel_id in invitation.terms.channel_ids:
        channel = channels.with_id(transaction, channel_id)
        if channel is not None:
            wanted[channel_id] = channel
    subscribe_newcomer(transaction, user, list(wanted.values()))
    for group_id in invitation.terms.group_ids:
        group = groups.with_id(transaction, group_id)
        if group is not None and not group.deactivated:
            group_member.put_in(transaction, group, user)


def _close(transaction: Transaction, invitation: Invitation, email: str) -> None:
    """A link stays open."""
    if not invitation.is_link:
        invitations.set_status(transaction, invitation.id, Status.USED)
    invitations.revoke_of_address(transaction, email)
    invitations.drop_asked(transaction, email)
    scheduled_mail.clear_invitations(transaction, email)


def _tell_inviter(transaction: Transaction, user: User, found: Invitation) -> None:
    inviter = users.with_id(transaction, found.inviter_id) if found.inviter_id is not None else None
    invitation.tell(transaction, [] if inviter is None else [inviter.id])
    if found.terms.notify_referrer and inviter is not None and inviter.is_active:
        who = notification_bot.mention(user)
        notification_bot.tell(transaction, [inviter], f"{who} has come: your invitation was accepted.")


# -- with an address that is to be confirmed


def ask_by_link(store: Store, token: str, email: str, public_url: str) -> None:
    """Mail the holder of a link an invitation of their own. Raises InvitationSpent, ApiError."""
    email = check_email(email)

    def write(transaction: Transaction) -> None:
        link = _usable(transaction, token, transaction.now())
        if not link.is_link:
            raise InvitationSpent
        _check_welcome(transaction, email)
        terms = replace(link.terms, minutes=model.CONFIRM_MINUTES)
        _ask(transaction, email, terms, public_url, link_id=link.id, inviter_id=link.inviter_id)

    store.write(write)


def check_open_to_all(store: Store) -> None:
    """Raises InvitationRequired, RealmDeactivated."""
    with store.read() as reader:
        _check_open_to_all(reader)


def _check_open_to_all(handle: Handle) -> None:
    closing.check_open(handle)
    if realms.get(handle).setting("invite_required") or not users.owner_exists(handle):
        raise InvitationRequired


def ask(store: Store, email: str, public_url: str) -> None:
    """Where anybody may come: mail them an invitation. Raises ApiError."""
    email = check_email(email)

    def write(transaction: Transaction) -> None:
        _check_open_to_all(transaction)
        _check_welcome(transaction, email)
        _ask(transaction, email, Terms(minutes=model.CONFIRM_MINUTES, defaults=True), public_url, link_id=0)

    store.write(write)


def _ask(
    transaction: Transaction,
    email: str,
    terms: Terms,
    public_url: str,
    *,
    link_id: int,
    inviter_id: int | None = None,
) -> None:
    """Whoever asks is not told whether there is such an account: its owner gets no mail. A mail that is asked
    for again ends the link of the one before."""
    if users.with_email(transaction, email):
        return
    invitations.drop_asked(transaction, email)
    if invitations.count_asked(transaction, transaction.now()) >= model.MOST_ASKED:
        raise InvitationFailed("Too many people want to join just now. Try again tomorrow.", [])
    token = credential.new_token()
    invitations.add(transaction, token, terms, email=email, inviter_id=inviter_id, link_id=link_id)
    transaction.job(mail_job.QUEUE, _confirmation(transaction, email, model.link(public_url, token)))


def _confirmation(handle: Handle, email: str, link: str) -> dict[str, Any]:
    return {
        "to_emails": [email],
        "template_prefix": "emails/confirm_registration",
        "context": {"activate_url": link},
        "from_address": "TOKENIZED_NO_REPLY",
        "language": realms.get(handle).setting("default_language"),
    }


class InvitationRequired(ApiError):
    status = 403

    def __init__(self) -> None:
        super().__init__("Who wants to join needs an invitation.")
