"""What people are to channels: who is in one, and in the groups that it names."""

from collections.abc import Callable, Iterator
from functools import cache, cached_property, partial

from appliance.actions.group import access as group_access
from appliance.model import group_setting, permission
from appliance.model.channel import Channel
from appliance.model.group import ID
from appliance.model.group_setting import Membership, Value
from appliance.model.permission import Standing
from appliance.model.user import User
from appliance.store import subscription as subscriptions
from appliance.store import user as users
from appliance.store import user_group as groups
from appliance.store.connection import Handle


class Standings:
    """Of one person in several channels: their groups are asked for once, where a channel names some."""

    def __init__(self, handle: Handle, user: User) -> None:
        self._handle, self._user = handle, user

    def of(self, channel: Channel, subscribed: bool | None = None) -> Standing:
        """`subscribed` None: that is asked for."""
        if subscribed is None:
            subscribed = subscriptions.is_subscribed(self._handle, channel.id, self._user.id)
        return Standing(subscribed, lambda name: self._is_in(channel.permission(name)))

    def _is_in(self, value: Value) -> bool:
        if value == ID["role:nobody"]:
            return False
        return value == ID["role:everyone"] or self._membership.is_in(value)

    @cached_property
    def _membership(self) -> Membership:
        return group_access.membership(self._handle, self._user)


def of(handle: Handle, user: User, channel: Channel) -> Standing:
    return Standings(handle, user).of(channel)


def of_everyone(handle: Handle, channel: Channel) -> Iterator[tuple[User, Standing]]:
    """All active people and bots. Each group is asked for once, if anybody's rights depend on it."""

    @cache
    def holders(name: str) -> set[int]:
        return people_in(handle, channel.permission(name))

    inside = set(subscriptions.subscriber_ids(handle, channel.id))
    for user in users.everyone(handle):
        if user.is_active:
            yield user, Standing(user.id in inside, partial(_is_among, holders, user.id))


def _is_among(holders: Callable[[str], set[int]], user_id: int, name: str) -> bool:
    return user_id in holders(name)


def people_in(handle: Handle, value: Value) -> set[int]:
    """Ids of those whom a permission names, directly or not."""
    nested = (groups.members(handle, each) for each in group_setting.groups_of(value))
    return set(group_setting.members_of(value)).union(*nested)


def sees(handle: Handle, user: User, channel: Channel) -> bool:
    return permission.sees_channel(user, channel, of(handle, user, channel))


def seers(handle: Handle, channel: Channel) -> list[int]:
    """Ids of the active people who may know of the channel."""
    everyone = of_everyone(handle, channel)
    return [user.id for user, standing in everyone if permission.sees_channel(user, channel, standing)]


def insiders(handle: Handle, channel: Channel) -> set[int]:
    """Ids of the active people who may read there, or may join."""
    everyone = of_everyone(handle, channel)
    return {user.id for user, standing in everyone if permission.joins_channel(user, channel, standing)}


def subscriber_seers(handle: Handle, channel: Channel) -> list[int]:
    """Ids of the active people who may know who is in it."""
    everyone = of_everyone(handle, channel)
    return [user.id for user, standing in everyone if permission.sees_subscribers(user, channel, standing)]
