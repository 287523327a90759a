"""The organisation: how it begins."""

from appliance.model.realm import Realm
from appliance.model.user import User
from appliance.store import channel as channels
from appliance.store import realm as realms
from appliance.store import user as users
from appliance.store.store import Store
from appliance.store.transaction import Transaction

FIRST_NAME = "My team"  # until the owner gives it another
FIRST_CHANNEL = "general"


def prepare(store: Store) -> None:
    """Make the organisation of a new file; nothing in one that has it."""
    with store.read() as reader:
        if reader.value("SELECT 1 FROM realm"):
            return
    store.write(lambda transaction: realms.create(transaction, FIRST_NAME))


def found(transaction: Transaction, owner: User) -> None:
    """With the first person: the channel in which everybody meets."""
    channels.add(
        transaction,
        name=FIRST_CHANNEL,
        description="Everyone is in this channel.",
        rendered_description="<p>Everyone is in this channel.</p>",
        invite_only=False,
        history_public=True,
        creator_id=owner.id,
        is_default=True,
    )


def rename(transaction: Transaction, name: str) -> None:
    realms.rename(transaction, name)
    event = {"type": "realm", "op": "update", "property": "name", "value": name}
    transaction.notice(event, users.active_ids(transaction))


def get(store: Store) -> Realm:
    with store.read() as reader:
        return realms.get(reader)


def has_owner(store: Store) -> bool:
    with store.read() as reader:
        return users.owner_exists(reader)
