"""Sessions of browsers: somebody stays signed in to the pages for as long as they come back now and then."""

from contextlib import suppress

from appliance.actions.realm import closing
from appliance.base.errors import ApiError, StorageError
from appliance.model.credential import new_token
from appliance.model.session import NOTED_AFTER, Session
from appliance.model.user import User
from appliance.store import credential as credentials
from appliance.store import device as devices
from appliance.store import session as sessions
from appliance.store import user as users
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction


def begin(store: Store, user: User, browser: str = "", before: str = "") -> str:
    """The token for the browser to keep; `browser`: what its owner knows it by; `before`: the token that it
    had, whose session ends. Raises RealmDeactivated."""
    token = new_token()

    def write(transaction: Transaction) -> None:
        closing.check_open(transaction)
        _end_by(transaction, before)
        sessions.add(transaction, token, user.id, browser)

    store.write(write)
    return token


def user_of(store: Store, token: str, now: float, *, notes: bool = True) -> User | None:
    """Whose session it is; None if it has ended, or the person is locked out. `notes`: that it was used may
    be written down, which takes the disk."""
    with store.read() as reader:
        found = sessions.find(reader, token, now)
        user = users.with_id(reader, found.user_id) if found else None
    if found is None or user is None or not user.is_active:
        return None
    if notes and found.last_used <= now - NOTED_AFTER:
        _note(store, found)
    return user


def _note(store: Store, session: Session) -> None:
    """A full disk ends nobody's session today."""
    with suppress(StorageError):
        store.write(lambda transaction: sessions.use(transaction, session.id), flush=False)


def own(handle: Handle, user: User, now: float) -> list[Session]:
    """The last used first."""
    return sessions.of_user(handle, user.id, now)


def id_of(handle: Handle, token: str, now: float) -> int | None:
    """Of the session with this token, if there is one."""
    found = sessions.find(handle, token, now)
    return found.id if found else None


# -- the end


def end(store: Store, token: str) -> None:
    """This one alone; an unknown token is nothing to do."""
    store.write(lambda transaction: _end_by(transaction, token))


def end_own(store: Store, user: User, session_id: int) -> None:
    """Raises ApiError, for somebody else's as for none."""

    def write(transaction: Transaction) -> None:
        theirs = {each.id: each for each in own(transaction, user, transaction.now())}
        if session_id not in theirs:
            raise ApiError("No such session")
        _end(transaction, theirs[session_id])

    store.write(write)


def end_others(store: Store, user: User, token: str) -> None:
    """All of theirs but the one with this token."""

    def write(transaction: Transaction) -> None:
        sessions.drop_of(transaction, user.id, id_of(transaction, token, transaction.now()))
        _over(transaction, user.id)

    store.write(write)


def end_all(transaction: Transaction, user_id: int, but: str = "") -> None:
    """And the links that would begin new ones. `but`: the token of one that goes on."""
    sessions.drop_of(transaction, user_id, id_of(transaction, but, transaction.now()) if but else None)
    credentials.drop_links_of(transaction, user_id)
    _over(transaction, user_id)


def _end_by(transaction: Transaction, token: str) -> None:
    found = sessions.find(transaction, token, transaction.now())
    if found is not None:
        _end(transaction, found)


def _end(transaction: Transaction, session: Session) -> None:
    sessions.drop(transaction, session.id)
    _over(transaction, session.user_id)


def _over(transaction: Transaction, user_id: int) -> None:
    """Clients that wait ask anew: those of ended sessions are refused. Their browsers get no more pushes."""
    devices.drop_signed_out(transaction, user_id)
    transaction.notice({"type": "poll_anew"}, [user_id])
