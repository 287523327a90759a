"""Inviting people: by mail, or by a link; taking that back. Accepting: joining.py."""

from collections.abc import Iterable
from typing import Any

from appliance.actions.channel import access as channel_actions
from appliance.actions.channel import standing
from appliance.actions.group import access as group_access
from appliance.base.errors import ApiError
from appliance.model import credential, permission
from appliance.model import invitation as model
from appliance.model.invitation import Invitation, InvitationFailed, Refusal, Status, Terms
from appliance.model.realm_domain import objection
from appliance.model.user import User, check_email
from appliance.notify import mail_job
from appliance.store import invitation as invitations
from appliance.store import realm as realms
from appliance.store import realm_domain as domains
from appliance.store import scheduled_mail
from appliance.store import user as users
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction

MAY_INVITE, MAY_LINK = "can_invite_users_group", "create_multiuse_invite_group"
LIMIT = f"Nobody was invited: {model.DAILY} invitations are the most in a day."


def invite(store: Store, user: User, addresses: list[str], terms: Terms, public_url: str) -> None:
    """By mail. Raises ApiError; InvitationFailed also when some were invited and others have an account."""

    def write(transaction: Transaction) -> list[Refusal]:
        _check_may(transaction, user, MAY_INVITE)
        _check_terms(transaction, user, terms)
        _check_daily(transaction, user, len(addresses))
        known = _refusals(transaction, addresses)
        refused = {address for address, _, _ in known}
        for each in addresses:
            if each not in refused:
                _invite(transaction, user, each, terms, public_url)
        tell(transaction, [user.id])
        return known

    known = store.write(write)
    if known:
        raise InvitationFailed(
            "Some of those addresses are already using Zulip, so we didn't send them an invitation."
            " We did send invitations to everyone else!",
            known,
            sent=True,
        )


def _check_may(handle: Handle, user: User, right: str) -> None:
    if user.is_bot:
        raise ApiError("This endpoint does not accept bot requests.")
    group_access.check_may(handle, user, right)


def _check_terms(handle: Handle, user: User, terms: Terms) -> None:
    permission.check_invites_as(user, terms.role)
    for each in terms.channel_ids:
        _check_channel(handle, user, each)
    for each in terms.group_ids:
        group_access.check_in_use(group_access.permitted(handle, user, each, ["add"]))


def _check_channel(handle: Handle, user: User, channel_id: int) -> None:
    try:
        channel = channel_actions.access(handle, user, channel_id)
    except ApiError:
        raise ApiError(f"Invalid channel ID {channel_id}. No invites were sent.") from None
    anywhere = group_access.may(handle, user, "can_add_subscribers_group")
    own = standing.of(handle, user, channel)
    if not permission.adds_to_channel(user, channel, own, anywhere=anywhere):
        raise ApiError("You do not have permission to subscribe other users to channels.")


def _check_daily(transaction: Transaction, user: User, more: int) -> None:
    sent = invitations.count_sent(transaction, user.id, transaction.now() - model.DAY)
    if sent + more > model.DAILY:
        raise InvitationFailed(LIMIT, [], daily_limit=True)


def _refusals(handle: Handle, addresses: list[str]) -> list[Refusal]:
    """Those of the addresses that have an account. Raises InvitationFailed if all have, or one is no good."""
    bad: list[Refusal] = [(each, why, False) for each in addresses if (why := unwelcome(handle, each))]
    if bad:
        raise InvitationFailed("Nobody was invited: there are addresses that cannot be.", bad)
    known = [_refusal(each, found) for each in addresses if (found := users.with_email(handle, each))]
    if len(known) == len(addresses):
        raise InvitationFailed("Nobody was invited.", known)
    return known


def _refusal(asked: str, user: User) -> Refusal:
    """`asked`: the address as it was typed; how its owner writes it is not told."""
    why = "Already has an account." if user.is_active else "Account has been deactivated."
    return asked, why, not user.is_active


def unwelcome(handle: Handle, address: str) -> str | None:
    """Why nobody may come with the address, though nobody here has it."""
    try:
        check_email(address)
    except ApiError:
        return "Invalid address."
    realm = realms.get(handle)
    allowed = domains.everything(handle) if realm.setting("emails_restricted_to_domains") else None
    disposable = not realm.setting("disallow_disposable_email_addresses")
    return objection(address, allowed, disposable=disposable)


# -- mails


def _invite(transaction: Transaction, user: User, email: str, terms: Terms, public_url: str) -> None:
    token = credential.new_token()
    added = invitations.add(transaction, token, terms, email=email, inviter_id=user.id)
    _mail(transaction, added, user, model.link(public_url, token))


def _mail(transaction: Transaction, invitation: Invitation, inviter: User, link: str) -> None:
    """Now, and once more before it is too late."""
    mail = _letter(transaction, inviter, "emails/invitation", link)
    transaction.job(mail_job.QUEUE, {**mail, "to_emails": [invitation.email]})
    if invitation.reminder is not None:
        reminder = _letter(transaction, inviter, "emails/invitation_reminder", link)
        kind = scheduled_mail.Kind.INVITATION_REMINDER
        scheduled_mail.add(transaction, kind, invitation.reminder, reminder, address=invitation.email)


def _letter(handle: Handle, inviter: User, template: str, link: str) -> dict[str, Any]:
    realm = realms.get(handle)
    return {
        "template_prefix": template,
        "context": {"referrer_name": inviter.full_name, "activate_url": link},
        "from_name": f"{inviter.full_name} (via {realm.name})",
        "from_address": "TOKENIZED_NO_REPLY",
        "language": realm.setting("default_language"),
    }


def resend(store: Store, user: User, invitation_id: int, public_url: str) -> None:
    """By a new link: the one of the first mail ends. Raises ApiError."""
    token = credential.new_token()

    def write(transaction: Transaction) -> None:
        old = _managed(transaction, user, invitation_id, multiuse=False)
        _check_daily(transaction, user, 1)
        invitations.renew(transaction, old, token)
        renewed = invitations.with_id(transaction, invitation_id)
        inviter = users.with_id(transaction, old.inviter_id or 0)
        assert renewed is not None
        assert renewed.email is not None
        scheduled_mail.clear_invitations(transaction, renewed.email)
        _mail(transaction, renewed, inviter or user, model.link(public_url, token))
        tell(transaction, [inviter.id] if inviter else [])

    store.write(write)


# -- links


def make_link(store: Store, user: User, terms: Terms, public_url: str) -> str:
    """The URL. Raises ApiError."""
    token = credential.new_token()

    def write(transaction: Transaction) -> None:
        _check_may(transaction, user, MAY_LINK)
        _check_terms(transaction, user, terms)
        own = invitations.opened(transaction, transaction.now(), user.id)
        if sum(each.is_link for each in own) >= model.MOST_LINKS:
            raise ApiError(f"You have {model.MOST_LINKS} invitation links already: revoke some first.")
        invitations.add(transaction, token, terms, email=None, inviter_id=user.id)
        tell(transaction, [user.id])

    store.write(write)
    return model.link(public_url, token)


# -- keeping them


def listed(handle: Handle, user: User, now: float) -> list[Invitation]:
    """Those that may still be accepted, and that the user may take back: the link of one makes whoever has it
    what it says."""
    found = invitations.opened(handle, now, None if user.is_admin else user.id)
    return [each for each in found if _may_make(user, each)]


def _may_make(user: User, invitation: Invitation) -> bool:
    try:
        permission.check_invites_as(user, invitation.terms.role)
    except ApiError:
        return False
    return True


def revoke(store: Store, user: User, invitation_id: int, *, multiuse: bool) -> None:
    """Raises ApiError."""

    def write(transaction: Transaction) -> None:
        found = _managed(transaction, user, invitation_id, multiuse=multiuse)
        _revoke(transaction, found)
        tell(transaction, [] if found.inviter_id is None else [found.inviter_id])

    store.write(write)


def _revoke(transaction: Transaction, invitation: Invitation) -> None:
    invitations.set_status(transaction, invitation.id, Status.REVOKED)
    if invitation.email is not None:
        scheduled_mail.clear_invitations(transaction, invitation.email)


def _managed(transaction: Transaction, user: User, invitation_id: int, *, multiuse: bool) -> Invitation:
    """Others' are not there, but to those who could have made them. Raises ApiError."""
    found = invitations.with_id(transaction, invitation_id)
    if found is None or found.is_link is not multiuse or found.link_id is not None:
        raise ApiError(model.NO_SUCH)
    if found.inviter_id != user.id and not user.is_admin:
        raise ApiError(model.NO_SUCH)
    permission.check_invites_as(user, found.terms.role)
    if multiuse and found.status is Status.REVOKED:
        raise ApiError("Invitation has already been revoked")
    if not found.is_open(transaction.now()):
        raise ApiError(model.NO_SUCH)
    return found


def revoke_all_of(transaction: Transaction, inviter: User) -> None:
    """Of somebody who is deactivated."""
    revoked = invitations.revoke_of_inviter(transaction, inviter.id)
    for each in revoked:
        _revoke(transaction, each)
    if revoked:
        tell(transaction, [])


def revoke_beyond(transaction: Transaction, inviter: User) -> None:
    """Those of somebody whose role does not let them make such any more."""
    own = invitations.opened(transaction, transaction.now(), inviter.id)
    revoked = [each for each in own if not _may_make(inviter, each)]
    for each in revoked:
        _revoke(transaction, each)
    if revoked:
        tell(transaction, [inviter.id])


def tell(transaction: Transaction, user_ids: Iterable[int]) -> None:
    """Administrators, and these."""
    people = [each for each in users.everyone(transaction) if each.is_active and not each.is_bot]
    told = [each.id for each in people if each.is_admin or each.id in set(user_ids)]
    transaction.notice({"type": "invites_changed"}, told)
