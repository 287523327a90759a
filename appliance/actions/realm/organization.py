"""The organization: how it begins, and what everybody is told when something of it changes."""

from typing import Any

from appliance.actions.bot import notification_bot
from appliance.model import realm_setting
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
    """Make the organization of a new file, and the server's own bot; nothing where they are."""
    with store.read() as reader:
        if users.system_bots(reader):
            return

    def write(transaction: Transaction) -> None:
        realms.create(transaction, FIRST_NAME)
        notification_bot.create(transaction)

    store.write(write)


def found(transaction: Transaction, owner: User) -> None:
    """With the first person: the channel in which everybody meets."""
    channels.add(
        transaction,
        name=FIRST_CHANNEL,
        description="Everyone is in this channel.",
        rendered_description="<p>Everyone is in this channel.</p>",
        creator_id=owner.id,
        is_default=True,
    )


def rename(transaction: Transaction, name: str) -> None:
    """`name`: checked. Nothing if it is the old one."""
    if name != realms.get(transaction).name:
        realms.rename(transaction, name)
        _tell(transaction, "name", name)


def describe(transaction: Transaction, description: str) -> None:
    """`description`: checked. Nothing if it is the old one."""
    if description != realms.get(transaction).description:
        realms.describe(transaction, description)
        _tell(transaction, "description", description)


def _tell(transaction: Transaction, name: str, value: str) -> None:
    event = {"type": "realm", "op": "update", "property": name, "value": value}
    transaction.notice(event, users.active_ids(transaction))


def set_property(transaction: Transaction, name: str, value: Any) -> None:
    """A setting, by its name in REALM_SETTINGS, to a checked value; told to everybody if it is another."""
    realm = realms.get(transaction)
    if realm.setting(name) == value:
        return
    realms.set_settings(transaction, {**realm.settings, name: value})
    transaction.notice(realm_setting.changed(name, value), users.active_ids(transaction))


def get(store: Store) -> Realm:
    with store.read() as reader:
        return realms.get(reader)


def has_owner(store: Store) -> bool:
    with store.read() as reader:
        return users.owner_exists(reader)
