"""Whose snapshot, of what moment. What several sections need is read once."""

from dataclasses import dataclass
from functools import cached_property

from appliance.actions.channel.standing import Standings
from appliance.events.descriptor import ClientDescriptor
from appliance.model.channel import Channel, Subscription
from appliance.model.permission import Standing, sees_channel
from appliance.model.realm import Realm
from appliance.model.realm_section import ServerFacts
from appliance.model.user import User
from appliance.store import channel as channels
from appliance.store import realm as realms
from appliance.store import subscription as subscriptions
from appliance.store import user as users
from appliance.store.connection import Reader


@dataclass(frozen=True, slots=True)
class Wishes:
    """Parameters of POST /register that shape the snapshot only. `types` None: every section."""

    types: frozenset[str] | None
    include_subscribers: bool = False
    presence_history_days: int | None = None


@dataclass(frozen=True)
class Moment:
    """`reader` sees one state of the file; `user` is whom it is for, as they are in it."""

    reader: Reader
    user: User
    client: ClientDescriptor
    wishes: Wishes
    public_url: str
    server: ServerFacts
    now: float

    @cached_property
    def realm(self) -> Realm:
        return realms.get(self.reader)

    @cached_property
    def people(self) -> list[User]:
        return users.everyone(self.reader)

    @cached_property
    def _subscriptions(self) -> list[Subscription]:
        return subscriptions.of_user(self.reader, self.user.id)

    @cached_property
    def channels(self) -> list[tuple[Channel, Subscription | None]]:
        """Those that the user may know of, with what each is, or was, to them."""
        own = {each.channel_id: each for each in self._subscriptions}
        known = (channels.everything if self.client.archived_channels else channels.all_live)(self.reader)
        return [
            (channel, own.get(channel.id))
            for channel in known
            if sees_channel(self.user, channel, self.standing(channel))
        ]

    def standing(self, channel: Channel) -> Standing:
        """What the user is to it."""
        return self._standings.of(channel, channel.id in self._inside)

    @cached_property
    def _standings(self) -> Standings:
        return Standings(self.reader, self.user)

    @cached_property
    def _inside(self) -> set[int]:
        return {each.channel_id for each in self._subscriptions if each.active}
