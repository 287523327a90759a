"""What the notice of a message says of Bob, by what he has set and what the message is to him."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from appliance.actions.channel import subscription_property
from appliance.actions.message import edit as edit_actions
from appliance.actions.message import notice_facts
from appliance.actions.message.edit import Wish
from appliance.actions.personal import device, user_topic
from appliance.actions.personal import muted_user as muted_user_actions
from appliance.actions.user import presence
from appliance.actions.user import setting as setting_actions
from appliance.model import flag
from appliance.model.topic import Policy
from appliance.model.user import User
from appliance.store.connection import Handle
from tests.actions.conftest import PUBLIC, Team, Told
from tests.conftest import MakeUser, MovableClock

CHANNEL_PUSH, CHANNEL_MAIL = "stream_push", "stream_email"
FOLLOWED = frozenset({"followed_topic_push", "followed_topic_email"})
ALL, TOPIC = "stream_wildcard_mention", "topic_wildcard_mention"
IN_FOLLOWED = "_in_followed_topic"
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Bob:
    """`own`: what he has set for the channel; `policy`: what the topic is to him."""

    settings: dict[str, Any] = field(default_factory=dict)
    own: dict[str, bool] = field(default_factory=dict)
    policy: Policy = Policy.INHERIT


def _general(name: str) -> Bob:
    return Bob({name: True})


MUTED_CHANNEL = {"is_muted": True}
LOUD = {"push_notifications": True, "email_notifications": True}
HEARS_ALL = frozenset({CHANNEL_PUSH, CHANNEL_MAIL})
NO_FOLLOWED = {
    "enable_followed_topic_push_notifications": False,
    "enable_followed_topic_email_notifications": False,
    "enable_followed_topic_wildcard_mentions_notify": False,
}

REASONS: list[tuple[str, Bob, str, frozenset[str]]] = [
    ("nothing set", Bob(), "hello", NOBODY),
    (
        "pushes of all channels",
        _general("enable_stream_push_notifications"),
        "hello",
        frozenset({CHANNEL_PUSH}),
    ),
    (
        "mails of all channels",
        _general("enable_stream_email_notifications"),
        "hello",
        frozenset({CHANNEL_MAIL}),
    ),
    ("pushes of this one", Bob(own={"push_notifications": True}), "hello", frozenset({CHANNEL_PUSH})),
    ("mails of this one", Bob(own={"email_notifications": True}), "hello", frozenset({CHANNEL_MAIL})),
    (
        "of all but this one",
        Bob({"enable_stream_push_notifications": True}, {"push_notifications": False}),
        "hello",
        NOBODY,
    ),
    ("a muted channel", Bob(own=LOUD | MUTED_CHANNEL), "hello", NOBODY),
    ("a muted topic", Bob(own=LOUD, policy=Policy.MUTED), "hello", NOBODY),
    ("unmuted in a muted channel", Bob(own=LOUD | MUTED_CHANNEL, policy=Policy.UNMUTED), "hello", HEARS_ALL),
    ("followed", Bob(policy=Policy.FOLLOWED), "hello", FOLLOWED),
    ("followed in a muted channel", Bob(own=LOUD | MUTED_CHANNEL, policy=Policy.FOLLOWED), "hello", FOLLOWED),
    ("followed in a loud channel", Bob(own=LOUD, policy=Policy.FOLLOWED), "hello", FOLLOWED | HEARS_ALL),
    ("followed, but not to be told", Bob(NO_FOLLOWED, policy=Policy.FOLLOWED), "hello", NOBODY),
    ("@all", Bob(), "@**all**", frozenset({ALL})),
    ("@all, not wanted", Bob({"wildcard_mentions_notify": False}), "@**all**", NOBODY),
    ("@all, not wanted here", Bob(own={"wildcard_mentions_notify": False}), "@**all**", NOBODY),
    (
        "@all, wanted here",
        Bob({"wildcard_mentions_notify": False}, {"wildcard_mentions_notify": True}),
        "@**all**",
        frozenset({ALL}),
    ),
    ("@all in a muted channel", Bob(own=MUTED_CHANNEL), "@**all**", NOBODY),
    ("@all in a muted topic", Bob(policy=Policy.MUTED), "@**all**", NOBODY),
    ("@all in an unmuted topic", Bob(own=MUTED_CHANNEL, policy=Policy.UNMUTED), "@**all**", frozenset({ALL})),
    (
        "@all in a followed topic of a muted channel",
        Bob(own=MUTED_CHANNEL, policy=Policy.FOLLOWED),
        "@**all**",
        FOLLOWED | {ALL + IN_FOLLOWED},
    ),
    (
        "@all in a followed topic",
        Bob(policy=Policy.FOLLOWED),
        "@**all**",
        FOLLOWED | {ALL, ALL + IN_FOLLOWED},
    ),
    (
        "@all in a followed topic, not wanted",
        Bob(NO_FOLLOWED, policy=Policy.FOLLOWED),
        "@**all**",
        frozenset({ALL}),
    ),
    ("@topic", Bob(), "@**topic**", frozenset({TOPIC})),
    (
        "@topic in a followed topic",
        Bob(policy=Policy.FOLLOWED),
        "@**topic**",
        FOLLOWED | {TOPIC, TOPIC + IN_FOLLOWED},
    ),
    ("@topic in a muted channel", Bob(own=MUTED_CHANNEL), "@**topic**", NOBODY),
]


def be(team: Team, bob: Bob) -> None:
    """Bob has written in the topic, and set what he has."""
    team.send(team.ann, PUBLIC)
    team.send(team.bob, PUBLIC)
    channel_id = team.channel_id(PUBLIC)
    setting_actions.change(team.store, team.bob, bob.settings)
    changes = [(channel_id, name, value) for name, value in bob.own.items()]
    subscription_property.change(team.store, team.bob, changes)
    user_topic.choose(team.store, team.bob, channel_id, "lunch", bob.policy)


@pytest.fixture(autouse=True)
def phone(team: Team) -> int:
    """Bob's, or nobody would think of pushing."""
    return device.register(team.store, team.bob, "fcm", "token", {})


def test_who_has_no_device(team: Team, told: Told, phone: int) -> None:
    device.remove(team.store, team.bob, phone)
    told.look()
    team.send(team.ann, PUBLIC, "@**Bob** look")
    assert sets_of(told, team.bob) == MANNERS | {"without_device"}


def sets_of(told: Told, user: User) -> frozenset[str]:
    """The sets that the only message's notice has the user in."""
    event, _ = told.one("message")
    return frozenset(
        name.removesuffix("_user_ids")
        for name, ids in event.items()
        if name.endswith("_user_ids") and user.id in ids
    )


MANNERS = frozenset({"presence_idle", "online_push"})


@pytest.mark.parametrize(
    ("bob", "content", "sets"), [row[1:] for row in REASONS], ids=[row[0] for row in REASONS]
)
def test_reasons_to_be_told(team: Team, told: Told, bob: Bob, content: str, sets: frozenset[str]) -> None:
    be(team, bob)
    told.look()
    team.send(team.ann, PUBLIC, content)
    assert sets_of(told, team.bob) == (sets | MANNERS if sets else NOBODY)


@pytest.mark.parametrize("content", ["hello", "read this"])
def test_of_what_concerns_nobody_the_notice_says_nothing(team: Team, told: Told, content: str) -> None:
    team.send(team.ann, PUBLIC, content)
    event, _ = told.one("message")
    assert [name for name in event if name.endswith("_user_ids")] == []


def _mute_ann(team: Team, clock: MovableClock) -> None:
    muted_user_actions.mute(team.store, team.bob, team.ann.id)


def _be_active(team: Team, clock: MovableClock) -> None:
    presence.report(team.store, team.bob, "active", clock.now())
    clock.advance(199)


def _be_active_long_ago(team: Team, clock: MovableClock) -> None:
    presence.report(team.store, team.bob, "active", clock.now())
    clock.advance(201)


def _be_idle(team: Team, clock: MovableClock) -> None:
    presence.report(team.store, team.bob, "idle", clock.now())


def _set(**settings: bool) -> Callable[[Team, MovableClock], None]:
    return lambda team, clock: setting_actions.change(team.store, team.bob, settings)


def _no_presence(team: Team, clock: MovableClock) -> None:
    team.store.write(lambda t: t.execute("UPDATE realm SET settings = '{\"presence_disabled\": true}'"))


@pytest.mark.parametrize(
    ("before", "sets"),
    [
        (_mute_ann, MANNERS | {"muted_sender"}),
        (_be_active, {"online_push"}),
        (_be_active_long_ago, MANNERS),
        (_be_idle, MANNERS),
        (_no_presence, {"online_push"}),
        (_set(enable_online_push_notifications=False), {"presence_idle"}),
        (_set(enable_offline_push_notifications=False), MANNERS | {"dm_mention_push_disabled"}),
        (_set(enable_offline_email_notifications=False), MANNERS | {"dm_mention_email_disabled"}),
    ],
)
@pytest.mark.parametrize("direct", [True, False])
def test_manners(
    team: Team,
    told: Told,
    clock: MovableClock,
    before: Callable[[Team, MovableClock], None],
    sets: frozenset[str],
    direct: bool,
) -> None:
    before(team, clock)
    told.look()
    if direct:
        team.write_to(team.ann, team.bob)
    else:
        team.send(team.ann, PUBLIC, "@**Bob** look")
    assert sets_of(told, team.bob) == sets


def test_bots_are_bots(team: Team, told: Told, make_user: MakeUser) -> None:
    bot = make_user("Robo", is_bot=True)
    told.look()
    team.write_to(team.ann, bot)
    assert "all_bot" in sets_of(told, bot)


def test_who_has_left_the_channel_is_known_to_be_outside(team: Team, told: Told) -> None:
    """Who has a row of an old message is not told when an edit mentions them, whoever else is."""
    team.join(PUBLIC, team.erin)
    message_id = team.send(team.ann, PUBLIC)
    team.leave(PUBLIC, team.bob)
    told.look()
    edit_actions.edit(team.store, team.ann, message_id, Wish("@**Ann** @**Bob** @**Erin** look"))
    event, _ = told.one("update_message")
    assert event["outsider_user_ids"] == [team.bob.id]
    assert event["presence_idle_user_ids"] == [team.erin.id]


def test_of_outsiders_alone_the_notice_says_nothing(team: Team) -> None:
    team.leave(PUBLIC, team.bob)

    def facts(handle: Handle) -> dict[str, list[int]]:
        bits = {team.ann.id: flag.READ, team.bob.id: flag.MENTIONED}
        return notice_facts.of_channel(handle, team.channel_id(PUBLIC), "lunch", team.ann.id, bits, 0)

    with team.store.read() as reader:
        assert facts(reader) == {}
