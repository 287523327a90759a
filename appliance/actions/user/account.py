"""What makes an account, besides its address (address.py): the name, and the password."""

from appliance.actions.bot import owner as bot_owner
from appliance.actions.user import session, sight
from appliance.actions.user.people import NO_SUCH_USER
from appliance.base.errors import ApiError, AuthenticationFailed, UserDeactivated
from appliance.model import credential
from appliance.model.user import User, check_full_name
from appliance.store import realm as realms
from appliance.store import user as users
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction


def administered(handle: Handle, actor: User, user_id: int) -> User:
    """Somebody, or a bot, whom `actor` may change; deactivated ones too. Raises ApiError, the same for every
    id to those who may not."""
    user = users.with_id(handle, user_id)
    owns = user is not None and user.bot_owner_id == actor.id
    if not actor.is_admin and not owns:
        raise ApiError("Insufficient permission")
    if user is None or user.is_system:
        raise ApiError(NO_SUCH_USER)
    return user


# -- names


def check_name_is_free(handle: Handle, full_name: str, user_id: int | None = None) -> None:
    """`user_id`: whose it may be. Raises ApiError where the organization wants a name for one alone."""
    if realms.get(handle).setting("require_unique_names") and users.is_named(handle, full_name, user_id):
        raise ApiError("Somebody has this name already.")


def rename(transaction: Transaction, user: User, full_name: str) -> None:
    """Nothing if it is as it was. Raises ApiError."""
    full_name = check_full_name(full_name)
    if full_name == user.full_name:
        return
    check_name_is_free(transaction, full_name, user.id)
    users.set_full_name(transaction, user.id, full_name)
    sight.tell(transaction, user, {"full_name": full_name})
    bot_owner.tell(transaction, user, "update", {"user_id": user.id, "full_name": full_name})


def rename_self(transaction: Transaction, user: User, full_name: str) -> None:
    """Raises ApiError where only administrators give names."""
    if full_name.strip() != user.full_name:
        check_changeable(transaction, user, "name_changes_disabled", "Name changes are disabled")
    rename(transaction, user, full_name)


def check_changeable(handle: Handle, user: User, setting: str, refusal: str) -> None:
    """Raises ApiError where `setting` of the organization leaves something to administrators."""
    if not user.is_admin and realms.get(handle).setting(setting):
        raise ApiError(f"{refusal} in this organization.")


# -- passwords


def log_in(store: Store, email: str, password: str) -> User:
    """Raises AuthenticationFailed, as late for a wrong name as for a wrong password; UserDeactivated."""
    with store.read() as reader:
        user = users.with_email(reader, email.strip())
    kept = user.password if user and not user.is_bot else None
    if not credential.verify_password(password, kept) or user is None:
        raise AuthenticationFailed
    if not user.is_active:
        raise UserDeactivated
    return user


def checked_password(user: User, old: str, new: str) -> str:
    """The hash of a new one. Raises ApiError."""
    if user.is_bot or not credential.verify_password(old, user.password):
        raise ApiError("Wrong password!")
    return credential.hash_password(credential.check_password(new))


def set_password(transaction: Transaction, user: User, hashed: str, token: str = "") -> None:
    """Sessions (but the one with this `token`) and links end; keys stay."""
    users.set_password(transaction, user.id, hashed)
    session.end_all(transaction, user.id, token)
