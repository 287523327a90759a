"""Playgrounds of the organization: administrators add and remove them."""

from appliance.base.errors import ApiError
from appliance.model import permission
from appliance.model import playground as model
from appliance.model.playground import Playground
from appliance.model.user import User
from appliance.store import playground as playgrounds
from appliance.store import user as users
from appliance.store.store import Store
from appliance.store.transaction import Transaction


def add(store: Store, user: User, playground: Playground) -> int:
    """Its id. `playground`: checked. Raises ApiError."""
    permission.check_admin(user)

    def write(transaction: Transaction) -> int:
        known = playgrounds.everything(transaction)
        if len(known) >= model.MOST:
            raise ApiError(f"An organization can have {model.MOST} playgrounds at most.")
        if any(_same(each, playground) for each in known):
            raise ApiError("A playground of this name is there for this language already.")
        playground_id = playgrounds.add(transaction, playground)
        _tell(transaction)
        return playground_id

    return store.write(write)


def _same(one: Playground, other: Playground) -> bool:
    return (one.name, one.pygments_language) == (other.name, other.pygments_language)


def remove(store: Store, user: User, playground_id: int) -> None:
    """Raises ApiError."""
    permission.check_admin(user)

    def write(transaction: Transaction) -> None:
        if all(each.id != playground_id for each in playgrounds.everything(transaction)):
            raise ApiError("Invalid playground")
        playgrounds.remove(transaction, playground_id)
        _tell(transaction)

    store.write(write)


def _tell(transaction: Transaction) -> None:
    listed = [model.public(each) for each in playgrounds.everything(transaction)]
    event = {"type": "realm_playgrounds", "realm_playgrounds": listed}
    transaction.notice(event, users.active_ids(transaction))
