"""Who may do what in which kind of channel: every deed, tried by people of each role who are in the channel,
and by people who were in it once; against a table that is written out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import product

import pytest

from appliance.actions.channel import access as channel_actions
from appliance.actions.channel import change as channel_change
from appliance.actions.channel import subscription
from appliance.actions.channel.change import Wish
from appliance.actions.channel.creation import PLAIN, Wanted
from appliance.actions.message import delete, edit
from appliance.actions.message import send as message_actions
from appliance.actions.message.edit import Wish as Edit
from appliance.actions.message.send import Draft
from appliance.actions.realm import organization as realm_actions
from appliance.actions.user import creation as user_actions
from appliance.base.errors import ApiError
from appliance.model.channel import Channel
from appliance.model.privacy import (
    PRIVATE,
    PROTECTED,
    PUBLIC,
    PUBLIC_PROTECTED,
    WEB_PUBLIC,
    Privacy,
)
from appliance.model.user import Role, User
from appliance.store import channel as channels
from appliance.store.store import Store
from appliance.store.transaction import Transaction
from tests.actions.conftest import read_one
from tests.conftest import MovableClock

KINDS = {
    "web-public": WEB_PUBLIC,
    "public": PUBLIC,
    "half-public": PUBLIC_PROTECTED,  # public, protected history
    "private": PRIVATE,
    "protected": PROTECTED,
}
ROLES = (Role.OWNER, Role.ADMIN, Role.MODERATOR, Role.MEMBER, Role.GUEST)
TOPIC = "lunch"

# "both": whoever is in the channel, and whoever is not any more; "in": the first alone; "no": neither.
TABLE = """
deed        kind         owner  admin  moderator  member  guest
see         web-public   both   both   both       both    both
see         public       both   both   both       both    in
see         half-public  both   both   both       both    in
see         private      both   both   in         in      in
see         protected    both   both   in         in      in
members     web-public   both   both   both       both    in
members     public       both   both   both       both    in
members     half-public  both   both   both       both    in
members     private      both   both   in         in      in
members     protected    both   both   in         in      in
read        web-public   both   both   both       both    both
read        public       both   both   both       both    in
read        half-public  both   both   both       both    in
read        private      in     in     in         in      in
read        protected    in     in     in         in      in
read-older  web-public   both   both   both       both    both
read-older  public       both   both   both       both    in
read-older  half-public  no     no     no         no      no
read-older  private      in     in     in         in      in
read-older  protected    no     no     no         no      no
post        web-public   both   both   both       both    in
post        public       both   both   both       both    in
post        half-public  both   both   both       both    in
post        private      in     in     in         in      in
post        protected    in     in     in         in      in
join        web-public   both   both   both       both    both
join        public       both   both   both       both    in
join        half-public  both   both   both       both    in
join        private      in     in     in         in      in
join        protected    in     in     in         in      in
add         web-public   both   both   both       both    no
add         public       both   both   both       both    no
add         half-public  both   both   both       both    no
add         private      in     in     in         in      no
add         protected    in     in     in         in      no
remove      web-public   both   both   no         no      no
remove      public       both   both   no         no      no
remove      half-public  both   both   no         no      no
remove      private      both   both   no         no      no
remove      protected    both   both   no         no      no
edit        web-public   both   both   both       both    both
edit        public       both   both   both       both    in
edit        half-public  both   both   both       both    in
edit        private      in     in     in         in      in
edit        protected    in     in     in         in      in
move        web-public   both   both   both       both    both
move        public       both   both   both       both    in
move        half-public  both   both   both       both    in
move        private      in     in     in         in      in
move        protected    in     in     in         in      in
move-out    web-public   both   both   both       both    no
move-out    public       both   both   both       both    no
move-out    half-public  in     in     in         in      no
move-out    private      in     in     in         in      no
move-out    protected    in     in     in         in      no
delete      web-public   both   both   both       both    both
delete      public       both   both   both       both    in
delete      half-public  both   both   both       both    in
delete      private      in     in     in         in      in
delete      protected    in     in     in         in      in
delete-any  web-public   both   both   no         no      no
delete-any  public       both   both   no         no      no
delete-any  half-public  both   both   no         no      no
delete-any  private      in     in     no         no      no
delete-any  protected    in     in     no         no      no
manage      web-public   both   both   no         no      no
manage      public       both   both   no         no      no
manage      half-public  both   both   no         no      no
manage      private      both   both   no         no      no
manage      protected    both   both   no         no      no
open-up     private      in     in     no         no      no
open-up     protected    in     in     no         no      no
"""


@dataclass
class Place:
    """One person of a role, in or out of a channel of a kind; ids of a message that was there before they
    came, and of one of others and one of their own since."""

    actor: User
    channel: Channel
    older: int
    theirs: int
    own: int


@dataclass
class World:
    """Mara makes all channels and is in them; Vic is put in and taken out."""

    store: Store
    places: dict[tuple[Role, str, bool], Place] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.mara, self.vic = self.person("Mara", Role.OWNER), self.person("Vic", Role.MEMBER)
        self.elsewhere = self.channel("elsewhere", PUBLIC)
        for kind, privacy in KINDS.items():
            channel = self.channel(kind, privacy)
            for role, inside in product(ROLES, (True, False)):
                self.places[role, kind, inside] = self.place(role, channel, inside)

    def person(self, name: str, role: Role) -> User:
        email = f"{name.replace(' ', '.')}@example.org"
        return user_actions.create(self.store, email=email, full_name=name, role=role, password=None)

    def channel(self, name: str, privacy: Privacy) -> Channel:
        """Not all kinds can be chosen: it is made a public one at first."""
        self.put_in(name, self.mara)

        def become(transaction: Transaction) -> Channel:
            made = channels.named(transaction, name)
            assert made is not None
            channels.change(transaction, replace(made, **privacy._asdict()))
            return replace(made, **privacy._asdict())

        return self.store.write(become)

    def put_in(self, channel: str, *people: User) -> None:
        wanted = [Wanted(channel)]
        self.store.write(lambda t: subscription.enter(t, self.mara, wanted, list(people), PLAIN))

    def take_out(self, channel: Channel, *people: User) -> None:
        subscription.unsubscribe(self.store, self.mara, [channel.name], list(people))

    def place(self, role: Role, channel: Channel, inside: bool) -> Place:
        actor = self.person(f"{role.name} {channel.name} {inside}", role)
        older = self.say(self.mara, channel)
        self.put_in(channel.name, actor)
        found = Place(actor, channel, older, self.say(self.mara, channel), self.say(actor, channel))
        if not inside:
            self.take_out(channel, actor)
        return found

    def say(self, sender: User, channel: Channel) -> int:
        draft = Draft(sender, "hello", "test", read_by_sender=True)
        return message_actions.send_to_channel(self.store, draft, channel.id, TOPIC).id


def _see(world: World, at: Place) -> None:
    with world.store.read() as reader:
        channel_actions.access(reader, at.actor, at.channel.id)


def _members(world: World, at: Place) -> None:
    with world.store.read() as reader:
        subscription.members(reader, at.actor, at.channel.id)


def _read(world: World, at: Place) -> None:
    read_one(world.store, at.actor, at.theirs)


def _read_older(world: World, at: Place) -> None:
    read_one(world.store, at.actor, at.older)


def _post(world: World, at: Place) -> None:
    world.say(at.actor, at.channel)


def _join(world: World, at: Place) -> None:
    subscription.subscribe(world.store, at.actor, [Wanted(at.channel.name)], [at.actor])


def _add(world: World, at: Place) -> None:
    world.take_out(at.channel, world.vic)
    subscription.subscribe(world.store, at.actor, [Wanted(at.channel.name)], [world.vic])


def _remove(world: World, at: Place) -> None:
    world.put_in(at.channel.name, world.vic)
    subscription.unsubscribe(world.store, at.actor, [at.channel.name], [world.vic])


def _edit(world: World, at: Place) -> None:
    edit.edit(world.store, at.actor, at.own, Edit(content="changed"))


def _move(world: World, at: Place) -> None:
    edit.edit(world.store, at.actor, at.theirs, Edit(topic="dinner"))


def _move_out(world: World, at: Place) -> None:
    message_id = world.say(world.mara, at.channel)
    edit.edit(world.store, at.actor, message_id, Edit(channel_id=world.elsewhere.id))


def _delete(world: World, at: Place) -> None:
    delete.delete(world.store, at.actor, at.own)


def _delete_any(world: World, at: Place) -> None:
    delete.delete(world.store, at.actor, at.theirs)


def _manage(world: World, at: Place) -> None:
    wish = Wish(description=f"by {at.actor.id}")
    channel_change.change(world.store, at.actor, at.channel.id, wish)


def _open_up(world: World, at: Place) -> None:
    privacy = at.channel.privacy
    channel_change.change(world.store, at.actor, at.channel.id, Wish(invite_only=False))
    back = Wish(invite_only=True, history_public=privacy.history_public_to_subscribers)
    channel_change.change(world.store, world.mara, at.channel.id, back)


DEEDS: dict[str, Callable[[World, Place], None]] = {
    "see": _see,
    "members": _members,
    "read": _read,
    "read-older": _read_older,
    "edit": _edit,
    "move": _move,
    "move-out": _move_out,
    "manage": _manage,
    "open-up": _open_up,
    "post": _post,
    "add": _add,
    "remove": _remove,
    "delete": _delete,
    "delete-any": _delete_any,
    "join": _join,
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    store = Store(tmp_path_factory.mktemp("matrix"), MovableClock(), durable=False)
    realm_actions.prepare(store)
    yield World(store)
    store.close()


def _succeeds(world: World, deed: str, at: Place) -> bool:
    try:
        DEEDS[deed](world, at)
    except ApiError:
        return False
    return True


def _cell(world: World, deed: str, kind: str, role: Role) -> str:
    inside, outside = (_succeeds(world, deed, world.places[role, kind, each]) for each in (True, False))
    return {(True, True): "both", (True, False): "in", (False, False): "no"}[inside, outside]


ROWS = {(deed, kind): cells for deed, kind, *cells in map(str.split, TABLE.strip().splitlines()[1:])}
IN_ORDER = [(deed, kind) for deed in DEEDS for kind in KINDS if (deed, kind) in ROWS]


@pytest.mark.parametrize(("deed", "kind"), IN_ORDER)
def test_who_may(world: World, deed: str, kind: str) -> None:
    """In the order of DEEDS: one who joins is no stranger any more, and what is deleted is not read."""
    assert [_cell(world, deed, kind, role) for role in ROLES] == ROWS[deed, kind]


def test_every_deed_is_in_the_table() -> None:
    private = {"private", "protected"}
    assert ROWS.keys() == {
        (deed, kind) for deed, kind in product(DEEDS, KINDS) if deed != "open-up" or kind in private
    }
