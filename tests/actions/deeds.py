"""A small team in which anything may happen: each of DEEDS is done by numbers, or refused as it would be."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from appliance.actions import flag as flag_actions
from appliance.actions import message as message_actions
from appliance.actions import presence as presence_actions
from appliance.actions import realm as realm_actions
from appliance.actions import setting as setting_actions
from appliance.actions import subscription as subscription_actions
from appliance.actions import user as user_actions
from appliance.actions.message import Draft
from appliance.actions.subscription import Wanted
from appliance.base.errors import ApiError
from appliance.model.user import Role, User
from appliance.store import channel as channels
from appliance.store import user as users
from appliance.store.store import Store
from tests.conftest import MovableClock

ROLES = (Role.MEMBER, Role.GUEST, Role.ADMIN, Role.MODERATOR, Role.OWNER)
CHANNELS = ("general", "open", "closed", "vault", "lounge")
TOPICS = ("lunch", "Lunch", "", "plans")
CONTENTS = ("hello", "@**all** look", "@**topic**", "@_**Person 2** said", "@**Person 1** @**Person 3**")
SETTINGS: tuple[tuple[str, Any], ...] = (
    ("twenty_four_hour_time", True),
    ("timezone", "Asia/Tokyo"),
    ("timezone", "UTC"),
    ("enable_stream_push_notifications", True),
    ("presence_enabled", False),
    ("presence_enabled", True),
    ("default_language", "de"),
    ("web_font_size_px", 20),
)
PROPERTIES: tuple[tuple[str, Any], ...] = (
    ("is_muted", True),
    ("is_muted", False),
    ("in_home_view", False),
    ("pin_to_top", True),
    ("color", "#A0b"),
    ("push_notifications", True),
    ("wildcard_mentions_notify", False),
)
FLAGS = (("add", "read"), ("remove", "read"), ("add", "starred"), ("remove", "starred"), ("add", "collapsed"))
PAUSES = (1, 60, 150, 3600)  # seconds


class Team:
    """`people` and `channel` take any number: it goes round."""

    def __init__(self, store: Store, clock: MovableClock) -> None:
        self.store, self.clock = store, clock
        self.made = 0
        self.add(Role.OWNER)
        for role in (Role.MEMBER, Role.MEMBER, Role.GUEST, Role.ADMIN):
            self.add(role)

    def do(self, deed: str, *numbers: int) -> None:
        """What is not allowed is not done."""
        with suppress(ApiError):
            DEEDS[deed](self, *numbers)

    def add(self, role: Role, is_bot: bool = False) -> None:
        number, self.made = self.made, self.made + 1
        user_actions.create(
            self.store,
            email=f"p{number}@example.org",
            full_name=f"Person {number}",
            role=role,
            password=None,
            is_bot=is_bot,
        )

    def active(self) -> list[User]:
        with self.store.read() as reader:
            return [each for each in users.everyone(reader) if each.is_active]

    def person(self, number: int) -> User:
        active = self.active()
        return active[number % len(active)]

    def people(self, number: int) -> list[User]:
        """Some, by the bits of `number`; one at least."""
        active = self.active()
        return [each for bit, each in enumerate(active) if number >> bit & 1] or active[:1]

    def channel_id(self, number: int) -> int:
        with self.store.read() as reader:
            found = channels.all_live(reader)
        return found[number % len(found)].id

    def message_ids(self, number: int) -> list[int]:
        """Some of the newest, by the bits of `number`."""
        with self.store.read() as reader:
            newest = reader.value("SELECT max(id) FROM message") or 0
        return [newest - bit for bit in range(8) if number >> bit & 1 and newest > bit]


def _come(team: Team, role: int, is_bot: int, _: int) -> None:
    if team.made < 12:
        team.add(ROLES[role % len(ROLES)], is_bot % 4 == 3)


def _go(team: Team, who: int, *_: int) -> None:
    user_actions.deactivate(team.store, team.person(who))


def _new_key(team: Team, who: int, *_: int) -> None:
    user_actions.reset_api_key(team.store, team.person(who))


def _set(team: Team, who: int, what: int, _: int) -> None:
    setting_actions.change(team.store, team.person(who), dict([SETTINGS[what % len(SETTINGS)]]))


def _rename(team: Team, number: int, *_: int) -> None:
    team.store.write(lambda transaction: realm_actions.rename(transaction, f"Team {number}"))


def _draft(team: Team, who: int, content: int) -> Draft:
    return Draft(team.person(who), CONTENTS[content % len(CONTENTS)], "test", read_by_sender=content % 2 == 0)


def _post(team: Team, who: int, where: int, what: int) -> None:
    draft, topic = _draft(team, who, what), TOPICS[what // 5 % len(TOPICS)]
    message_actions.send_to_channel(team.store, draft, team.channel_id(where), topic)


def _write(team: Team, who: int, whom: int, what: int) -> None:
    to = [each.id for each in team.people(whom)]
    message_actions.send_direct(team.store, _draft(team, who, what), to)


def _flag(team: Team, who: int, which: int, how: int) -> None:
    op, name = FLAGS[how % len(FLAGS)]
    flag_actions.update(team.store, team.person(who), team.message_ids(which), op, name)


def _flag_one(team: Team, who: int, which: int, how: int) -> None:
    _flag(team, who, 1 << which % 8, how)


def _subscribe(team: Team, who: int, whom: int, where: int) -> None:
    """A new channel is private by its number, with or without the history before one came."""
    subscription_actions.subscribe(
        team.store,
        team.person(who),
        [Wanted(CHANNELS[where % len(CHANNELS)])],
        team.people(whom),
        invite_only=where % 5 in (2, 3),
        history_public=where % 5 != 3,
        fatal=True,
    )


def _join(team: Team, who: int, where: int, _: int) -> None:
    person = team.person(who)
    channel = [Wanted(CHANNELS[where % len(CHANNELS)])]
    subscription_actions.subscribe(
        team.store, person, channel, [person], invite_only=False, history_public=None, fatal=False
    )


def _unsubscribe(team: Team, who: int, whom: int, where: int) -> None:
    names = [CHANNELS[where % len(CHANNELS)]]
    subscription_actions.unsubscribe(team.store, team.person(who), names, team.people(whom))


def _leave(team: Team, who: int, where: int, _: int) -> None:
    person = team.person(who)
    subscription_actions.unsubscribe(team.store, person, [CHANNELS[where % len(CHANNELS)]], [person])


def _set_property(team: Team, who: int, where: int, what: int) -> None:
    change = (team.channel_id(where), *PROPERTIES[what % len(PROPERTIES)])
    subscription_actions.set_properties(team.store, team.person(who), [change])


def _be_here(team: Team, who: int, idle: int, _: int) -> None:
    status = "idle" if idle % 3 == 0 else "active"
    presence_actions.report(team.store, team.person(who), status, team.clock.now())


def _wait(team: Team, how_long: int, *_: int) -> None:
    team.clock.advance(PAUSES[how_long % len(PAUSES)])


Deed = Callable[[Team, int, int, int], None]

DEEDS: dict[str, Deed] = {
    "come": _come,
    "go": _go,
    "get a new key": _new_key,
    "set": _set,
    "rename": _rename,
    "post": _post,
    "write": _write,
    "flag": _flag,
    "flag one": _flag_one,
    "subscribe": _subscribe,
    "join": _join,
    "unsubscribe": _unsubscribe,
    "leave": _leave,
    "set a property": _set_property,
    "be here": _be_here,
    "wait": _wait,
}
