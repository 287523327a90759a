"""People: how they come, sign in, get new keys, and go."""

from collections.abc import Iterable
from typing import Any

from appliance.actions import device, group_member
from appliance.actions import realm as realm_actions
from appliance.actions.subscription import subscribe_newcomer
from appliance.base.errors import ApiError, AuthenticationFailed, UserDeactivated
from appliance.model import credential, group, permission
from appliance.model.bot import GENERIC, Service, managed
from appliance.model.user import Role, User, check_email, check_full_name, public
from appliance.store import credential as credentials
from appliance.store import scheduled_mail
from appliance.store import user as users
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction

LINK_LIFETIME = 7 * 24 * 3600  # seconds
OWNER_LINK_LIFETIME = 30 * 24 * 3600
MAX_REALM_NAME = 40


def create(
    store: Store, *, email: str, full_name: str, role: Role, password: str | None, is_bot: bool = False
) -> User:
    """Raises ApiError: bad address or name, address in use."""
    email, full_name = check_email(email), check_full_name(full_name)
    hashed = credential.hash_password(credential.check_password(password)) if password is not None else None
    return store.write(lambda transaction: _add(transaction, email, full_name, role, hashed, is_bot))


def _add(
    transaction: Transaction,
    email: str,
    full_name: str,
    role: Role,
    password: str | None,
    is_bot: bool = False,
) -> User:
    if users.with_email(transaction, email):
        raise ApiError(f"Email is already in use: {email}", email=email)
    first = not users.everyone(transaction)
    user = users.add(
        transaction,
        email=email,
        full_name=full_name,
        role=role,
        api_key=credential.new_api_key(),
        bot_type=GENERIC if is_bot else None,
    )
    if password is not None:
        users.set_password(transaction, user.id, password)
    if first:
        realm_actions.found(transaction, user)
    tell_added(transaction, user)
    if not user.is_bot and not user.is_guest:
        subscribe_newcomer(transaction, user)
    return user


def tell_added(transaction: Transaction, user: User, services: Iterable[Service] = ()) -> None:
    """`services`: what a bot stands for."""
    _tell_all(transaction, {"type": "realm_user", "op": "add", "person": public(user)})
    _tell_groups(transaction, user, "add_members")
    tell_of_bot(transaction, user, "add", managed(user, services))


def _tell_groups(transaction: Transaction, user: User, op: str) -> None:
    """Roles are groups too, and clients compute permissions by them."""
    for each in group.SYSTEM_GROUPS:
        if each.role == user.role:
            event = {"type": "user_group", "op": op, "group_id": each.id, "user_ids": [user.id]}
            _tell_all(transaction, event)


def tell_of_bot(transaction: Transaction, user: User, op: str, bot: dict[str, Any]) -> None:
    """Those who manage it; nobody if `user` is a person."""
    if user.is_bot:
        people = [each for each in users.everyone(transaction) if each.is_active]
        managers = [each.id for each in people if permission.manages_bot(each, user)]
        transaction.notice({"type": "realm_bot", "op": op, "bot": bot}, managers)


def _tell_all(transaction: Transaction, event: dict[str, Any]) -> None:
    transaction.notice(event, users.active_ids(transaction))


def deactivate(store: Store, user: User) -> None:
    """They cannot sign in any more, nor can their bots; what they wrote stays. Raises ApiError for the last
    owner."""

    def write(transaction: Transaction) -> None:
        if user.role == Role.OWNER and not users.other_owner_exists(transaction, user.id):
            raise LastOwner
        for each in (user, *(bot for bot in users.bots_of(transaction, user.id) if bot.is_active)):
            _deactivate(transaction, each)

    store.write(write)


def _deactivate(transaction: Transaction, user: User) -> None:
    users.set_active(transaction, user.id, False)
    credentials.drop_sessions_of(transaction, user.id)
    scheduled_mail.clear_user(transaction, user.id)
    device.clear(transaction, user.id)
    person = {"user_id": user.id, "is_active": False}
    _tell_all(transaction, {"type": "realm_user", "op": "update", "person": person})
    _tell_groups(transaction, user, "remove_members")
    group_member.tell_of_departure(transaction, user)
    tell_of_bot(transaction, user, "update", {"user_id": user.id, "is_active": False})
    transaction.notice({"type": "cleanup_queue"}, [user.id])


class LastOwner(ApiError):
    code = "CANNOT_DEACTIVATE_LAST_USER"

    def __init__(self) -> None:
        super().__init__(
            "Cannot deactivate the only organization owner", is_last_owner=True, entity="organization owner"
        )


def reset_api_key(store: Store, user: User) -> str:
    """The new key; the old one and all sessions end at once."""
    api_key = credential.new_api_key()

    def write(transaction: Transaction) -> None:
        users.set_api_key(transaction, user.id, api_key)
        credentials.drop_sessions_of(transaction, user.id)
        device.clear(transaction, user.id)
        tell_of_bot(transaction, user, "update", {"user_id": user.id, "api_key": api_key})
        transaction.notice({"type": "cleanup_queue"}, [user.id])

    store.write(write)
    return api_key


def zuliprc(user: User, site: str) -> str:
    """The file that Zulip's clients and bots read; `site` as they reach the server."""
    return f"[api]\nemail={user.delivery_email}\nkey={user.api_key}\nsite={site}\n"


# -- signing in


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


def make_link(store: Store, user: User | None) -> str:
    """The token of a link that signs `user` in once; None: that makes the first owner."""
    token = credential.new_token()

    def write(transaction: Transaction) -> None:
        if user is None:
            credentials.drop_owner_links(transaction)
        lifetime = OWNER_LINK_LIFETIME if user is None else LINK_LIFETIME
        credentials.add_link(transaction, token, user.id if user else None, lifetime)

    store.write(write)
    return token


def check_owner_link(store: Store, token: str, now: float) -> None:
    """Raises LinkSpent."""
    with store.read() as reader:
        _check_founding(reader, credentials.link_target(reader, token, now))


def linked_user(store: Store, token: str, now: float) -> User:
    """Whom the link is for. Raises LinkSpent."""
    with store.read() as reader:
        return _linked(reader, credentials.link_target(reader, token, now))


def become_owner(
    store: Store, token: str, *, realm_name: str, email: str, full_name: str, password: str
) -> User:
    """Use the owner's link. Raises ApiError, and the link stays good, when a field is not."""
    realm_name = realm_name.strip()
    if not 1 <= len(realm_name) <= MAX_REALM_NAME:
        raise ApiError(f"The organization's name must have 1 to {MAX_REALM_NAME} characters.")
    email, full_name = check_email(email), check_full_name(full_name)
    hashed = credential.hash_password(credential.check_password(password))

    def write(transaction: Transaction) -> User:
        _check_founding(transaction, credentials.use_link(transaction, token))
        credentials.drop_owner_links(transaction)
        realm_actions.rename(transaction, realm_name)
        return _add(transaction, email, full_name, Role.OWNER, hashed)

    return store.write(write)


def follow_link(store: Store, token: str, password: str) -> User:
    """Use a person's link, and set the password: what was signed in before, and other links, end.

    Raises ApiError, and the link stays good, for a bad password.
    """
    hashed = credential.hash_password(credential.check_password(password))

    def write(transaction: Transaction) -> User:
        user = _linked(transaction, credentials.use_link(transaction, token))
        users.set_password(transaction, user.id, hashed)
        credentials.drop_sessions_of(transaction, user.id)
        return user

    return store.write(write)


Target = tuple[int | None] | None  # as credentials.link_target finds it


def _check_founding(handle: Handle, target: Target) -> None:
    if target != (None,) or users.owner_exists(handle):
        raise LinkSpent


def _linked(handle: Handle, target: Target) -> User:
    user = users.with_id(handle, target[0]) if target and target[0] is not None else None
    if user is None or not user.is_active:
        raise LinkSpent
    return user


class LinkSpent(ApiError):
    status = 404

    def __init__(self) -> None:
        super().__init__(
            "This link was used already, or is too old. On the server, `appliance user link` makes a new one."
        )
