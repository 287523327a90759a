"""Which channels somebody is shown who asks for a list of them."""

from collections.abc import Callable, Collection
from functools import partial

from appliance.actions.channel.standing import Standings
from appliance.model import permission
from appliance.model.channel import Channel
from appliance.model.user import User
from appliance.store import channel as channels
from appliance.store import user as users
from appliance.store.connection import Handle

Rule = Callable[[Channel], bool]


def listed(handle: Handle, user: User, kinds: Collection[str], *, archived: bool) -> list[Channel]:
    """Those of any of `kinds` (public, web_public, subscribed, owner_subscribed, content, all), by id. Raises
    ApiError: all are for administrators."""
    if "all" in kinds:
        permission.check_admin(user)
    rules = _rules(handle, user)
    chosen = [rules[each] for each in kinds]
    found = channels.everything(handle) if archived else channels.all_live(handle)
    return [each for each in found if any(rule(each) for rule in chosen)]


def _rules(handle: Handle, user: User) -> dict[str, Rule]:
    own, owner = Standings(handle, user), _owner(handle, user)
    return {
        "public": lambda channel: not channel.invite_only and not user.is_guest,
        "web_public": lambda channel: channel.is_web_public,
        "subscribed": lambda channel: own.of(channel).subscribed,
        "owner_subscribed": partial(_is_in, None if owner is None else Standings(handle, owner)),
        "content": lambda channel: permission.joins_channel(user, channel, own.of(channel)),
        "all": lambda channel: True,
    }


def _owner(handle: Handle, user: User) -> User | None:
    return None if user.bot_owner_id is None else users.with_id(handle, user.bot_owner_id)


def _is_in(standings: Standings | None, channel: Channel) -> bool:
    return standings is not None and standings.of(channel).subscribed
