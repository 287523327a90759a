"""What a channel is to one person who is in it: colour, muted, pinned, how it alerts."""

from typing import Any

from appliance.actions.channel import sight as channel_sight
from appliance.base.errors import ApiError
from appliance.model import channel as channel_model
from appliance.model.user import User
from appliance.store import channel as channels
from appliance.store import subscription as subscriptions
from appliance.store.store import Store
from appliance.store.transaction import Transaction

Change = tuple[int, str, Any]  # channel id, property, value


def change(store: Store, user: User, changes: list[Change]) -> None:
    """Change what channels are to the user. Raises ApiError, and then none is changed."""

    def write(transaction: Transaction) -> None:
        for channel_id, name, value in changes:
            _change(transaction, user, channel_id, name, value)

    store.write(write)


def _change(transaction: Transaction, user: User, channel_id: int, name: str, value: Any) -> None:
    if name not in subscriptions.PROPERTIES:
        raise ApiError(f"Unknown subscription property: {name}")
    stored = channel_model.check_property(name, value)
    if not subscriptions.is_subscribed(transaction, channel_id, user.id):
        raise ApiError(f"Not subscribed to channel ID {channel_id}")
    subscriptions.set_property(transaction, channel_id, user.id, name, stored)
    channel = channels.even_archived(transaction, channel_id)
    assert channel is not None
    for told, shown in channel_model.told_properties(name, value):
        event = {
            "type": "subscription",
            "op": "update",
            "stream_id": channel_id,
            "property": told,
            "value": shown,
        }
        transaction.notice(event | channel_sight.clients_that_know(channel), [user.id])
