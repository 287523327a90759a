"""Event queues without a snapshot."""

from appliance.events.descriptor import ClientDescriptor
from appliance.events.registry import QueueRegistry
from appliance.model.user import User
from appliance.store.store import Store


def create(store: Store, registry: QueueRegistry, user: User, client: ClientDescriptor) -> str:
    """A queue that begins now; its id."""
    with store.read() as reader:
        return registry.allocate(user.id, client, reader).id
