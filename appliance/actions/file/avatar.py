"""People's own pictures. Who has none, or takes it away, is shown by initials (http/avatar.py)."""

from dataclasses import replace
from functools import partial

from appliance.actions.bot import owner as bot_owner
from appliance.actions.file.public_picture import made
from appliance.actions.user import sight
from appliance.base.errors import ApiError
from appliance.model import picture, public_picture
from appliance.model.user import User, picture_fields, picture_url
from appliance.store import realm as realms
from appliance.store import user as users
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction
from appliance.store.uploads import Received

MAX_MIB = 5
SIDE, MEDIUM_SIDE = 100, 500  # pixels


def put(store: Store, user: User, received: Received) -> User:
    """As they are then. Raises ApiError, StorageError."""
    with store.read() as reader:
        _check_may(reader, user)
    small, large = (made(received, partial(picture.square, side=side)) for side in (SIDE, MEDIUM_SIDE))
    path = public_picture.new_path("", small.ending)
    store.uploads.put_avatar(path, small.content)
    store.uploads.put_avatar(public_picture.medium(path), large.content)
    return _change(store, user, path)


def drop(store: Store, user: User) -> User:
    """As they are then. Raises ApiError."""
    return _change(store, user, None)


def _check_may(handle: Handle, user: User) -> None:
    if realms.get(handle).setting("avatar_changes_disabled") and not user.is_admin:
        raise ApiError("Only administrators change pictures of people here.")


def _change(store: Store, user: User, path: str | None) -> User:
    def write(transaction: Transaction) -> tuple[User, str | None]:
        _check_may(transaction, user)
        before = users.with_id(transaction, user.id) or user
        changed = replace(before, avatar_file=path, avatar_version=before.avatar_version + 1)
        users.set_avatar(transaction, changed)
        sight.tell(transaction, changed, picture_fields(changed))
        bot = {"user_id": user.id, "avatar_url": picture_url(changed)}
        bot_owner.tell(transaction, changed, "update", bot)
        return changed, before.avatar_file

    changed, old = store.write(write)
    if old is not None:
        store.uploads.drop_avatars([old, public_picture.medium(old)])
    return changed
