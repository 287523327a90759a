"""What becomes of somebody's sight of channels when their role changes."""

from collections.abc import Iterator
from contextlib import contextmanager

from appliance.actions.channel.sight import tell_come, tell_gone
from appliance.actions.channel.standing import Standings
from appliance.model import permission
from appliance.store import channel as channels
from appliance.store import subscription as subscriptions
from appliance.store import user as users
from appliance.store.connection import Handle
from appliance.store.transaction import Transaction

Outlook = dict[int, bool]  # channels that somebody knows of: whether they also know who is in one


@contextmanager
def watched(transaction: Transaction, user_id: int) -> Iterator[None]:
    """Around the change: the person is told which channels there are to them now, and which no more. One of
    whose subscribers they know no more goes, and comes back without them."""
    before = _outlook(transaction, user_id)
    yield
    now = _outlook(transaction, user_id)
    for channel in channels.everything(transaction):
        was, remains = before.get(channel.id), now.get(channel.id)
        if was is not None and (remains is None or was > remains):
            tell_gone(transaction, channel, [user_id])
        if remains is not None and was is not remains:
            tell_come(transaction, channel, [user_id])


def _outlook(handle: Handle, user_id: int) -> Outlook:
    """Nothing of who is not active."""
    user = users.with_id(handle, user_id)
    if user is None or not user.is_active:
        return {}
    standings = Standings(handle, user)
    inside = {each.channel_id for each in subscriptions.of_user(handle, user.id) if each.active}
    outlook: Outlook = {}
    for channel in channels.everything(handle):
        standing = standings.of(channel, channel.id in inside)
        if permission.sees_channel(user, channel, standing):
            outlook[channel.id] = permission.sees_subscribers(user, channel, standing)
    return outlook
