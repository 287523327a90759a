"""How much is written in channels, and whether anything was lately: looked at once a day."""

from appliance.actions.channel import access as channel_actions
from appliance.base.clock import Clock
from appliance.model import channel as channel_model
from appliance.model.channel import Channel
from appliance.store import channel as channels
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction

Activity = tuple[bool, int | None]  # lately active; messages a week


def refresh(store: Store, clock: Clock) -> None:
    """The ticker's thread. Clients hear of channels that fall asleep; of the traffic they learn when they
    register. Nothing is written where nothing is different."""
    now = clock.now()
    with store.read() as reader:
        first_id = channels.first_message_since(reader, now - channel_model.TRAFFIC_DAYS * channel_model.DAY)
        found = [(each, _activity(reader, each, first_id, now)) for each in channels.all_live(reader)]
    changed = [
        (each.id, activity)
        for each, activity in found
        if activity != (each.is_recently_active, each.weekly_traffic)
    ]
    if changed:
        store.write(lambda transaction: _set(transaction, changed))


def _activity(handle: Handle, channel: Channel, first_id: int, now: float) -> Activity:
    """`first_id`: of the messages that count as traffic."""
    newest = channels.newest_message(handle, channel.recipient_id)
    number = channels.messages_from(handle, channel.recipient_id, first_id)
    return (
        channel_model.is_active(channel.date_created, newest, now),
        channel_model.weekly_traffic(number, channel.date_created, now),
    )


def _set(transaction: Transaction, changed: list[tuple[int, Activity]]) -> None:
    for channel_id, (active, traffic) in changed:
        channel = channels.with_id(transaction, channel_id)
        if channel is not None:
            channels.set_activity(transaction, channel_id, active, traffic)
            if active != channel.is_recently_active:
                channel_actions.tell_updated(transaction, channel, "is_recently_active", active)
