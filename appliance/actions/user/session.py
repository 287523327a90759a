"""Sessions of browsers: how long somebody stays signed in to the pages."""

from appliance.actions.realm import closing
from appliance.model.credential import new_token
from appliance.model.user import User
from appliance.store import credential as credentials
from appliance.store import user as users
from appliance.store.store import Store
from appliance.store.transaction import Transaction

LIFETIME = 14 * 24 * 3600  # seconds


def begin(store: Store, user: User) -> str:
    """The token for the browser to keep. Raises RealmDeactivated."""
    token = new_token()

    def write(transaction: Transaction) -> None:
        closing.check_open(transaction)
        credentials.add_session(transaction, token, user.id, LIFETIME)

    store.write(write)
    return token


def end(store: Store, token: str) -> None:
    """This one alone; an unknown token is nothing to do."""
    store.write(lambda transaction: credentials.drop_session(transaction, token))


def user_of(store: Store, token: str, now: float) -> User | None:
    """Whose session it is; None if it has ended, or the person is locked out."""
    with store.read() as reader:
        user_id = credentials.session_user(reader, token, now)
        user = users.with_id(reader, user_id) if user_id is not None else None
    return user if user and user.is_active else None
