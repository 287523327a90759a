"""The organization's icon and logos. Only administrators change them."""

from functools import partial

from appliance.actions.file.public_picture import Make, made
from appliance.model import permission, picture, public_picture
from appliance.model import realm_picture as model
from appliance.model.realm_picture import ICON, Place
from appliance.model.user import User
from appliance.store import realm as realms
from appliance.store import user as users
from appliance.store.store import Store
from appliance.store.transaction import Transaction
from appliance.store.uploads import Received


def put(store: Store, user: User, place: Place, received: Received, public_url: str) -> str:
    """Its address. Raises ApiError, StorageError."""
    permission.check_admin(user)
    small = made(received, make(place))
    path = public_picture.new_path("realm/", small.ending)
    store.uploads.put_avatar(path, small.content)
    return _change(store, user, place, path, public_url)


def drop(store: Store, user: User, place: Place, public_url: str) -> str:
    """The address of what is shown then. Raises ApiError."""
    return _change(store, user, place, None, public_url)


def make(place: Place) -> Make:
    if place is ICON:
        return partial(picture.square, side=place.width)
    return partial(picture.shrunk, width=place.width, height=place.height)


def _change(store: Store, user: User, place: Place, path: str | None, public_url: str) -> str:
    permission.check_admin(user)

    def write(transaction: Transaction) -> tuple[str, str | None]:
        settings = dict(realms.get(transaction).settings)
        old = settings.pop(model.key(place), None)
        if path is not None:
            settings[model.key(place)] = path
        realms.set_settings(transaction, settings)
        told = model.fields(settings, place, public_url)
        event = {"type": "realm", "op": "update_dict", "property": place.name, "data": told}
        transaction.notice(event, users.active_ids(transaction))
        return told[f"{place.name}_url"], old

    url, old = store.write(write)
    if old is not None:
        store.uploads.drop_avatars([old])
    return url
