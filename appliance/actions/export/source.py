"""What is exported, as it was at one moment, and the numbers that Zulip gives to what has none here."""

from dataclasses import dataclass
from functools import cached_property

from appliance.model import export as export_model
from appliance.model.channel import Channel
from appliance.model.export import Kind
from appliance.model.realm import Realm
from appliance.model.user import User
from appliance.model.user_group import UserGroup
from appliance.store import channel as channels
from appliance.store import export as everything
from appliance.store import realm as realms
from appliance.store import user as users
from appliance.store import user_group as groups
from appliance.store.connection import Reader
from appliance.store.export import Selection

REALM = 1  # the id of the only one


@dataclass(frozen=True)
class Source:
    """`reader` has begun. All is read when it is first asked for. `time`: epoch seconds of now."""

    reader: Reader
    kind: Kind
    time: float

    @cached_property
    def realm(self) -> Realm:
        return realms.get(self.reader)

    @cached_property
    def people(self) -> list[User]:
        return users.everyone(self.reader)

    @cached_property
    def system_bots(self) -> list[User]:
        """The server's own."""
        return users.system_bots(self.reader)

    @cached_property
    def channels(self) -> list[Channel]:
        return channels.everything(self.reader)

    @cached_property
    def groups(self) -> list[UserGroup]:
        return groups.everything(self.reader)

    # -- whose private data, and what follows from that

    @cached_property
    def consenting(self) -> frozenset[int]:
        """Ids of those whose data is exported whole. A bot does as its owner does."""
        if self.kind == Kind.PUBLIC:
            return frozenset()
        if self.kind == Kind.FULL:
            return frozenset(each.id for each in self.people)
        willing = {each.id for each in self.people if export_model.consents(each)}
        bots = {each.id for each in self.people if each.is_bot and each.bot_owner_id in willing}
        return frozenset(willing | bots)

    @cached_property
    def selection(self) -> Selection | None:
        """Which messages; None: all."""
        if self.kind == Kind.FULL:
            return None
        public = {each.recipient_id for each in self.channels if not each.invite_only}
        protected = {each.recipient_id for each in self.channels if not each.history_public_to_subscribers}
        readable = everything.open_to(self.reader, self.consenting)
        return Selection(frozenset(public | readable), frozenset(protected), self.consenting)

    def has_all_of(self, recipient_id: int) -> bool:
        """Are all messages to that recipient exported?"""
        return self.selection is None or recipient_id in self.selection.open

    def is_dummy(self, user: User) -> bool:
        """Somebody of whom too little is exported to go on with the account."""
        if user.id in self.consenting:
            return False
        return export_model.hides_address(user) if self.kind == Kind.PUBLIC else user.is_active

    # -- numbers

    @cached_property
    def _first_personal(self) -> int:
        return everything.newest_recipient(self.reader)

    def personal_recipient(self, user_id: int) -> int:
        """Zulip's recipient for what is written to one person. The others have our ids."""
        return self._first_personal + user_id

    @cached_property
    def clients(self) -> dict[str, int]:
        """The ids of programs, by name."""
        return {name: number for number, name in enumerate(everything.clients(self.reader), 1)}
