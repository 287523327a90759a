"""Addresses: who has which, who sees it, and the way to another one."""

from typing import Any

from appliance.actions.user import account, sight
from appliance.base.errors import ApiError
from appliance.model import credential, permission
from appliance.model.sight import public_address, sees_address
from appliance.model.user import User, check_email
from appliance.notify import mail_job
from appliance.store import credential as credentials
from appliance.store import user as users
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction

CHANGE_LIFETIME = 24 * 3600  # seconds in which a new address must be confirmed


def check_is_free(handle: Handle, email: str) -> None:
    """Raises ApiError."""
    if users.with_email(handle, email):
        raise AddressInUse(email)


def _check_free(handle: Handle, email: str, user: User) -> None:
    """It may be their own already, in other letters."""
    found = users.with_email(handle, email)
    if found is not None and found.id != user.id:
        raise AddressInUse(email)


class AddressInUse(ApiError):
    def __init__(self, email: str) -> None:
        super().__init__(f"Email is already in use: {email}", email=email)


def move(transaction: Transaction, user: User, email: str) -> None:
    """To another address; signing in goes by it from now on, and the old one's links end. Raises ApiError."""
    _check_free(transaction, email, user)
    users.set_email(transaction, user.id, email)
    credentials.drop_links_of(transaction, user.id)
    moved = users.with_id(transaction, user.id)
    assert moved is not None
    viewers = users.with_ids(transaction, sight.audience(transaction, user))
    told = [each.id for each in viewers if sees_address(each, moved)]
    person = {"user_id": user.id, "delivery_email": email}
    transaction.notice({"type": "realm_user", "op": "update", "person": person}, told)
    if moved.email != user.email:
        sight.tell(transaction, user, {"new_email": moved.email})


def ask_to_move(transaction: Transaction, user: User, email: str, public_url: str) -> None:
    """Mail a link to the new address, which is checked; whoever follows it has shown that it is theirs.
    Raises ApiError."""
    if email == user.delivery_email:
        return
    refusal = "Email address changes are disabled"
    account.check_changeable(transaction, user, "email_changes_disabled", refusal)
    _check_free(transaction, email, user)
    token = credential.new_token()
    credentials.add_email_change(transaction, token, user.id, email, CHANGE_LIFETIME)
    transaction.job(mail_job.QUEUE, _confirmation(user, email, f"{public_url}/confirm-email/{token}"))


def _confirmation(user: User, email: str, link: str) -> dict[str, Any]:
    return {
        "to_emails": [email],
        "template_prefix": "emails/confirm_new_email",
        "context": {"old_email": user.delivery_email, "new_email": email, "activate_url": link},
        "language": user.setting("default_language"),
    }


def pending_move(handle: Handle, token: str, now: float) -> tuple[User, str]:
    """Whose link it is, and their new address. Raises NoSuchChange."""
    found = credentials.email_change(handle, token, now)
    user = users.with_id(handle, found[0]) if found else None
    if found is None or user is None or not user.is_active:
        raise NoSuchChange
    return user, found[1]


def confirm_move(store: Store, token: str) -> User:
    """Follow the link of `ask_to_move`, once. Raises NoSuchChange, ApiError."""

    def write(transaction: Transaction) -> User:
        user, email = pending_move(transaction, token, transaction.now())
        credentials.drop_email_changes_of(transaction, user.id)
        move(transaction, user, email)
        transaction.job(mail_job.QUEUE, _warning(user, email))
        return user

    return store.write(write)


def _warning(user: User, email: str) -> dict[str, Any]:
    """To the old address, whose owner may know nothing of it."""
    return {
        "to_emails": [user.delivery_email],
        "template_prefix": "emails/notify_change_in_email",
        "context": {"new_email": email},
        "language": user.setting("default_language"),
    }


class NoSuchChange(ApiError):
    status = 410

    def __init__(self) -> None:
        super().__init__("This link was used already, or is too old. Ask for the change of address again.")


def hide_or_show(transaction: Transaction, before: User, now: User) -> None:
    """Of a person's address: the setting has changed."""
    public = public_address(now)
    users.set_public_email(transaction, now.id, public)
    people = users.with_ids(transaction, sight.audience(transaction, now))
    for shows in (True, False):
        moved = [
            each.id
            for each in people
            if sees_address(each, now) is shows and sees_address(each, before) is not shows
        ]
        if moved:
            person = {"user_id": now.id, "delivery_email": now.delivery_email if shows else None}
            transaction.notice({"type": "realm_user", "op": "update", "person": person}, moved)
    new_email = public or now.delivery_email
    if new_email != before.email:
        sight.tell(transaction, now, {"new_email": new_email})


# -- by administrators


def checked_gift(actor: User, email: str) -> str:
    """An address opens the account: only owners give another one. Raises ApiError."""
    permission.check_owner(actor)
    return check_email(email)
