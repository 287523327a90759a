"""A small team with a channel of each kind, and what its members are told."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from appliance.actions import message as message_actions
from appliance.actions import subscription as subscription_actions
from appliance.actions.message import Draft
from appliance.actions.subscription import Wanted
from appliance.model.user import Role, User
from appliance.store import channel as channels
from appliance.store import realm as realms
from appliance.store.store import Store
from appliance.store.transaction import Notice
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
        how: dict[str, Any] = {"invite_only": False, "history_public": None, "fatal": True, **options}
        actor = by or self.ann
        subscription_actions.subscribe(self.store, actor, [Wanted(channel)], list(people), **how)

    def leave(self, channel: str, *people: User) -> None:
        subscription_actions.unsubscribe(self.store, self.olga, [channel], list(people))

    def channel_id(self, name: str) -> int:
        with self.store.read() as reader:
            found = channels.named(reader, name)
        assert found is not None
        return found.id

    def set_realm(self, **settings: Any) -> None:
        self.store.write(lambda transaction: realms.set_settings(transaction, settings))

    def again(self, user: User) -> User:
        return stored(self.store, user)


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
