"""The channels that newcomers are put into."""

from dataclasses import replace

from appliance.actions.channel import access as channel_actions
from appliance.base.errors import ApiError
from appliance.model import permission
from appliance.model.channel import Channel
from appliance.model.privacy import Privacy
from appliance.model.user import User
from appliance.store import channel as channels
from appliance.store import user as users
from appliance.store.store import Store
from appliance.store.transaction import Transaction


def choose(store: Store, user: User, channel_id: int, is_default: bool) -> None:
    """Raises ApiError with Zulip's texts."""
    permission.check_admin(user)

    def write(transaction: Transaction) -> None:
        channel = channel_actions.access(transaction, user, channel_id)
        check(channel.privacy, is_default)
        put(transaction, channel, is_default)

    store.write(write)


def check(privacy: Privacy, is_default: bool) -> None:
    """Newcomers are put into no private channel. Raises ApiError."""
    if is_default and privacy.invite_only:
        raise ApiError("Private channels cannot be made default.")


def put(transaction: Transaction, channel: Channel, is_default: bool) -> Channel:
    """The channel, as it is then. What it is already is not told."""
    if channel.is_default == is_default:
        return channel
    changed = replace(channel, is_default=is_default)
    channels.change(transaction, changed)
    tell(transaction)
    return changed


def tell(transaction: Transaction) -> None:
    """Everybody but guests, who would see in it which public channels there are."""
    listed = [each.id for each in channels.defaults(transaction)]
    members = [each.id for each in users.everyone(transaction) if each.is_active and not each.is_guest]
    transaction.notice({"type": "default_streams", "default_streams": listed}, members)
