"""A small team with a channel of each kind, and what its members are told."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from appliance.actions.channel import change as channel_change
from appliance.actions.channel import subscription as subscription_actions
from appliance.actions.channel.change import Wish
from appliance.actions.channel.creation import Terms, Wanted
from appliance.actions.message import access as history
from appliance.actions.message import send as message_actions
from appliance.actions.message.send import Draft
from appliance.model.privacy import PUBLIC as PUBLIC_KIND
from appliance.model.privacy import chosen
from appliance.model.user import Role, User
from appliance.store import channel as channels
from appliance.store import realm as realms
from appliance.store.message import Received
from appliance.store.store import Store
from appliance.store.transaction import Notice, Transaction
from tests.conftest import MakeUser, stored
from tests.delivered import watching_notices

PUBLIC, PRIVATE, PROTECTED = "public", "private", "protected"  # names of channels, and their kinds


class Told:
    """The notices committed since the last look: (event, ids of whom it is for)."""

    def __init__(self, store: Store) -> None:
        self._notices: list[Notice] = []
        store.notices_committed = self._notices.extend

    def look(self) -> list[tuple[dict[str, Any], list[int]]]:
        found = [(each.event, [_id(user) for user in each.users]) for each in self._notices]
        self._notices.clear()
        return found

    def raw(self, kind: str) -> list[tuple[dict[str, Any], list[Any]]]:
        """Those of type `kind`, with each person as the notice lists them."""
        found = [(each.event, each.users) for each in self._notices if each.event["type"] == kind]
        self._notices.clear()
        return found

    def kinds(self) -> list[tuple[str, list[int]]]:
        """As `look`, with "type/op" instead of the event."""
        return [
            ("/".join(filter(None, [event["type"], event.get("op")])), users) for event, users in self.look()
        ]

    def one(self, kind: str | None = None) -> tuple[dict[str, Any], list[int]]:
        """The only one, or the only one of type `kind`."""
        [only] = [told for told in self.look() if kind in (None, told[0]["type"])]
        return only


def _id(user: Any) -> int:
    found: int = user if isinstance(user, int) else user["id"]
    return found


def of_channels(told: Told) -> list[tuple[str, list[int]]]:
    """As `Told.kinds`, only of what channels there are, and who is in them."""
    return [
        ("/".join([event["type"], event["op"]]), users)
        for event, users in told.look()
        if event["type"] in ("stream", "subscription") and event.get("property") != "first_message_id"
    ]


@dataclass
class Team:
    """Olga owns it; Ann and Bob are members in every channel, Erin is one in none, Gwen a guest in none."""

    store: Store
    olga: User
    ann: User
    bob: User
    erin: User
    gwen: User

    def send(
        self, sender: User, channel: str | int, content: str = "hello", topic: str = "lunch", **more: Any
    ) -> int:
        draft = Draft(sender, content, "test", more.pop("read_by_sender", False), **more)
        return message_actions.send_to_channel(self.store, draft, channel, topic).id

    def write_to(self, sender: User, *others: User, content: str = "hello", **more: Any) -> int:
        draft = Draft(sender, content, "test", False, **more)
        return message_actions.send_direct(self.store, draft, [each.id for each in others])

    def join(self, channel: str, *people: User, by: User | None = None, **options: bool) -> None:
        """Without a word of the server's bot. `options`: invite_only, history_public, web_public of a new
        channel."""
        actor, terms = by or self.ann, Terms(chosen(PUBLIC_KIND, **options))

        def enter(transaction: Transaction) -> None:
            outcome = subscription_actions.enter(
                transaction, actor, [Wanted(channel)], list(people), terms
            )
            assert outcome.unauthorized == []

        self.store.write(enter)

    def leave(self, channel: str, *people: User) -> None:
        subscription_actions.unsubscribe(self.store, self.olga, [channel], list(people))

    def change(self, channel: str, by: User | None = None, **wish: Any) -> None:
        """`wish`: fields of channel_change.Wish."""
        channel_change.change(self.store, by or self.olga, self.channel_id(channel), Wish(**wish))

    def permit(self, channel: str, by: User | None = None, **permissions: Any) -> None:
        """Of the channel, by their names; its maker changes them, unless somebody else does."""
        changes = {name: {"new": value} for name, value in permissions.items()}
        self.change(channel, by or self.ann, permissions=changes)

    def last_direct(self, to: User) -> tuple[str, str] | None:
        """Who wrote it, and what."""
        with self.store.read() as reader:
            return reader.row(
                "SELECT full_name, content FROM message JOIN user ON user.id = sender_id"
                " JOIN conversation_member USING (recipient_id) WHERE user_id = ?"
                " ORDER BY message.id DESC LIMIT 1",
                to.id,
            )

    def last_in(self, channel: str) -> tuple[str, str] | None:
        """The topic of the newest message, and what it says."""
        with self.store.read() as reader:
            return reader.row(
                "SELECT topic, content FROM message JOIN channel USING (recipient_id) WHERE name = ?"
                " ORDER BY message.id DESC LIMIT 1",
                channel,
            )

    def channel_id(self, name: str) -> int:
        with self.store.read() as reader:
            found = channels.named(reader, name)
        assert found is not None
        return found.id

    def set_realm(self, **settings: Any) -> None:
        self.store.write(lambda transaction: realms.set_settings(transaction, settings))

    def again(self, user: User) -> User:
        return stored(self.store, user)


def read_one(store: Store, user: User, message_id: int) -> Received:
    """Raises ApiError for one that they may not read."""
    with store.read() as reader:
        return history.access(reader, user, message_id)


@pytest.fixture(autouse=True)
def _every_notice_becomes_what_is_described() -> Iterator[None]:
    with watching_notices():
        yield


@pytest.fixture
def team(store: Store, make_user: MakeUser) -> Team:
    olga = make_user("Olga", role=Role.OWNER)
    ann, bob, erin = make_user("Ann"), make_user("Bob"), make_user("Erin")
    team = Team(store, olga, ann, bob, erin, make_user("Gwen", role=Role.GUEST))
    team.leave("general", olga, ann, bob, erin)
    team.join(PUBLIC, ann, bob)
    team.join(PRIVATE, ann, bob, invite_only=True, history_public=True)
    team.join(PROTECTED, ann, bob, invite_only=True, history_public=False)
    return team


@pytest.fixture
def told(team: Team, store: Store) -> Told:
    return Told(store)
