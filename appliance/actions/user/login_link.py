"""Links that sign somebody in once and set a password, and the one that makes the first owner."""

from appliance.actions.realm import organization as realm_actions
from appliance.actions.user import creation as user_actions
from appliance.base.errors import ApiError
from appliance.model import credential, realm
from appliance.model.user import Role, User, check_email, check_full_name
from appliance.store import credential as credentials
from appliance.store import user as users
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction

LIFETIME = 7 * 24 * 3600  # seconds
OWNERS_LIFETIME = 30 * 24 * 3600


def make(store: Store, user: User | None) -> str:
    """The token of a link that signs `user` in once; None: that makes the first owner."""
    token = credential.new_token()

    def write(transaction: Transaction) -> None:
        if user is None:
            credentials.drop_owner_links(transaction)
        lifetime = OWNERS_LIFETIME if user is None else LIFETIME
        credentials.add_link(transaction, token, user.id if user else None, lifetime)

    store.write(write)
    return token


def check_owners(store: Store, token: str, now: float) -> None:
    """Raises LinkSpent."""
    with store.read() as reader:
        _check_founding(reader, credentials.link_target(reader, token, now))


def whose(store: Store, token: str, now: float) -> User:
    """Whom the link is for. Raises LinkSpent."""
    with store.read() as reader:
        return _linked(reader, credentials.link_target(reader, token, now))


def become_owner(
    store: Store, token: str, *, realm_name: str, email: str, full_name: str, password: str
) -> User:
    """Use the owner's link. Raises ApiError, and the link stays good, when a field is not."""
    realm_name = realm.check_name(realm_name)
    email, full_name = check_email(email), check_full_name(full_name)
    hashed = credential.hash_password(credential.check_password(password))

    def write(transaction: Transaction) -> User:
        _check_founding(transaction, credentials.use_link(transaction, token))
        credentials.drop_owner_links(transaction)
        realm_actions.rename(transaction, realm_name)
        return user_actions.add(
            transaction,
            email=email,
            full_name=full_name,
            role=Role.OWNER,
            password=hashed,
            welcomed=True,
        )

    return store.write(write)


def follow(store: Store, token: str, password: str) -> User:
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
