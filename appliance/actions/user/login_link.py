"""Links that sign somebody in once and set a password, and the one that makes the first owner."""

from appliance.actions.realm import organization as realm_actions
from appliance.actions.user import account, newcomer
from appliance.actions.user import creation as user_actions
from appliance.base.errors import ApiError
from appliance.model import credential, permission, realm
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
    return store.write(lambda transaction: _make(transaction, user))


def make_for(store: Store, actor: User, user_id: int) -> str:
    """For somebody else, by an administrator. Raises ApiError."""
    permission.check_admin(actor)

    def write(transaction: Transaction) -> str:
        user = account.administered(transaction, actor, user_id)
        permission.check_touches_owner(actor, user.role)
        if user.is_bot:
            raise ApiError("Bots do not sign in")
        if not user.is_active:
            raise ApiError("Account is deactivated")
        return _make(transaction, user)

    return store.write(write)


def _make(transaction: Transaction, user: User | None) -> str:
    token = credential.new_token()
    if user is None:
        credentials.drop_owner_links(transaction)
        credentials.add_link(transaction, token, None, OWNERS_LIFETIME)
    else:
        credentials.add_link(transaction, token, user.id, LIFETIME)
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
        owner = user_actions.add(
            transaction,
            email=email,
            full_name=full_name,
            role=Role.OWNER,
            password=hashed,
            welcomed=True,
        )
        newcomer.show_first_steps(transaction, owner)
        return owner

    return store.write(write)


def follow(store: Store, token: str, password: str) -> User:
    """Use a person's link, and set the password: what was signed in before, and other links, end.

    Raises ApiError, and the link stays good, for a bad password.
    """
    hashed = credential.hash_password(credential.check_password(password))

    def write(transaction: Transaction) -> User:
        user = _linked(transaction, credentials.use_link(transaction, token))
        account.set_password(transaction, user, hashed)
        return user

    return store.write(write)


Target = tuple[int | None] | None  # as credentials.link_target finds it


def _check_founding(handle: Handle, target: Target) -> None:
    if target != (None,) or users.owner_exists(handle):
        raise LinkSpent(
            "If the organization is yours already, sign in;"
            " if not, `appliance user link` makes a new one, on the server."
        )


def _linked(handle: Handle, target: Target) -> User:
    user = users.with_id(handle, target[0]) if target and target[0] is not None else None
    if user is None or not user.is_active:
        raise LinkSpent(
            "If you have a password, sign in. If not, ask an administrator for a new link,"
            " or for a mail with one where you sign in."
        )
    return user


class LinkSpent(ApiError):
    status = 410

    def __init__(self, way_on: str) -> None:
        super().__init__(f"This link was used already, or is too old. {way_on}")
