"""Moving messages: who may, which go, who can still read them, what topics are to people afterwards."""

from typing import Any

import pytest

from appliance.actions.message import access as history
from appliance.actions.message import edit as actions
from appliance.actions.message import flag as flag_actions
from appliance.actions.message import history as message_history
from appliance.actions.message.edit import Wish
from appliance.actions.message.move import ALL, LATER, ONE
from appliance.actions.message.rights import MoveLimitExceeded
from appliance.actions.personal import user_topic
from appliance.base.errors import ApiError
from appliance.model.edit import BUFFER
from appliance.model.flag import Flag
from appliance.model.group import ID
from appliance.model.message import Shape
from appliance.model.topic import Policy
from appliance.model.user import Role, User
from appliance.store import received, unread
from appliance.store import user_topic as user_topics
from tests.actions.conftest import PRIVATE, PROTECTED, PUBLIC, Team, Told, read_one
from tests.actions.message.test_edit import push_to, taken_back
from tests.conftest import MakeUser, MovableClock

RAW = Shape(apply_markdown=False, empty_topic_name=True)
WEEK = 604_800


def move(
    team: Team,
    user: User,
    message_id: int,
    topic: str | None = None,
    *,
    to: str | None = None,
    mode: str = ONE,
) -> None:
    channel_id = None if to is None else team.channel_id(to)
    wish = Wish(topic=topic, channel_id=channel_id, mode=mode)
    actions.edit(team.store, team.again(user), message_id, wish)


def shown(team: Team, user: User, message_id: int) -> dict[str, Any]:
    return history.shown(read_one(team.store, team.again(user), message_id), RAW)


def topics(team: Team, *message_ids: int) -> list[str]:
    with team.store.read() as reader:
        return [reader.value("SELECT topic FROM message WHERE id = ?", each) for each in message_ids]


def rows(team: Team, message_id: int) -> dict[int, int]:
    with team.store.read() as reader:
        return received.flags(reader, message_id)


# -- to another topic


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (ONE, ["lunch", "dinner", "lunch", "tea"]),
        (LATER, ["lunch", "dinner", "dinner", "tea"]),
        (ALL, ["dinner", "dinner", "dinner", "tea"]),
    ],
)
def test_which_go(team: Team, told: Told, mode: str, expected: list[str]) -> None:
    sent = [team.send(team.ann, PUBLIC, topic=topic) for topic in ("lunch", "LUNCH", "Lunch")]
    other = team.send(team.ann, PUBLIC, topic="tea")
    elsewhere = team.send(team.ann, PRIVATE)
    told.look()
    move(team, team.ann, sent[1], "dinner", mode=mode)
    found = topics(team, *sent, other)
    assert [each.lower() for each in found] == expected
    assert topics(team, elsewhere) == ["lunch"]
    event, users = told.one("update_message")
    assert sorted(users) == [team.ann.id, team.bob.id]
    assert event["message_ids"] == [
        each for each, topic in zip(sent, found, strict=False) if topic == "dinner"
    ]


def test_the_event_and_the_history(team: Team, told: Told, clock: MovableClock) -> None:
    message_id = team.send(team.bob, PUBLIC)
    told.look()
    move(team, team.ann, message_id, "dinner")
    event, _ = told.one("update_message")
    now = int(clock.now())
    assert event == {
        "type": "update_message",
        "user_id": team.ann.id,
        "rendering_only": False,
        "edit_timestamp": now,
        "message_id": message_id,
        "message_ids": [message_id],
        "stream_name": PUBLIC,
        "stream_id": team.channel_id(PUBLIC),
        "propagate_mode": ONE,
        "orig_subject": "lunch",
        "subject": "dinner",
        "topic_links": [],
    }
    found = shown(team, team.bob, message_id)
    assert (found["subject"], found["last_moved_timestamp"]) == ("dinner", now)
    assert "last_edit_timestamp" not in found
    assert found["edit_history"] == [
        {"user_id": team.ann.id, "timestamp": now, "prev_topic": "lunch", "topic": "dinner"}
    ]


def test_text_and_topic_in_one(team: Team, told: Told) -> None:
    first, second = team.send(team.ann, PUBLIC), team.send(team.ann, PUBLIC)
    told.look()
    actions.edit(team.store, team.ann, second, Wish("changed", "dinner", mode=ALL))
    event, _ = told.one("update_message")
    assert (event["content"], event["subject"], event["message_ids"]) == (
        "changed",
        "dinner",
        [first, second],
    )
    assert shown(team, team.bob, first)["edit_history"][0].keys() == {
        "user_id", "timestamp", "prev_topic", "topic",
    }  # fmt: skip
    assert shown(team, team.bob, second)["edit_history"][0].keys() > {"prev_topic", "prev_content"}


def test_nobody_moves_or_hears_of_what_they_cannot_read(team: Team, told: Told, make_user: MakeUser) -> None:
    """Carl came to the channel between two messages, and is not shown those before."""
    before = team.send(team.ann, PROTECTED)
    carl = make_user("Carl")
    team.join(PROTECTED, carl)
    after = team.send(team.ann, PROTECTED)
    told.look()
    move(team, team.ann, before, "dinner", mode=ALL)
    told_of = {
        each["id"]: (
            each.get("message_id", event["message_id"]),
            each.get("message_ids", event["message_ids"]),
        )
        for event, users in told.raw("update_message")
        for each in users
    }
    assert told_of == {
        team.ann.id: (before, [before, after]),
        team.bob.id: (before, [before, after]),
        carl.id: (after, [after]),
    }
    move(team, carl, after, "tea", mode=ALL)
    assert topics(team, before, after) == ["dinner", "tea"]


def test_an_edit_with_a_move_does_not_tell_the_text_to_who_cannot_read_it(
    team: Team, told: Told, make_user: MakeUser
) -> None:
    secret = team.send(team.ann, PROTECTED, "one")
    carl = make_user("Carl")
    team.join(PROTECTED, carl)
    team.send(team.ann, PROTECTED)
    told.look()
    actions.edit(team.store, team.ann, secret, Wish("two", "dinner", mode=ALL))
    [carls] = [
        event for event, users in told.look() if event["type"] == "update_message" and carl.id in users
    ]
    assert not {"content", "orig_content", "rendered_content"} & carls.keys()


# -- who may

NOT_TOPIC = "You don't have permission to edit this message"
LATE_TOPIC = "The time limit for editing this message's topic has passed."
NOT_CHANNEL = "You don't have permission to move this message"
LATE_CHANNEL = "The time limit for editing this message's channel has passed"
NOT_RESOLVE = "You don't have permission to resolve topics."
BETWEEN_TOPICS, BETWEEN_CHANNELS = (
    "can_move_messages_between_topics_group",
    "can_move_messages_between_channels_group",
)
MODERATORS, NOBODY = ID["role:moderators"], ID["role:nobody"]


@pytest.mark.parametrize(
    ("role", "settings", "age", "wish", "error"),
    [
        (Role.MEMBER, {}, 0, Wish(topic="new"), None),
        (Role.GUEST, {}, 0, Wish(topic="new"), None),
        (Role.MEMBER, {BETWEEN_TOPICS: MODERATORS}, 0, Wish(topic="new"), NOT_TOPIC),
        (Role.MODERATOR, {BETWEEN_TOPICS: MODERATORS}, 0, Wish(topic="new"), None),
        (Role.OWNER, {BETWEEN_TOPICS: NOBODY}, 0, Wish(topic="new"), NOT_TOPIC),
        (Role.MEMBER, {}, WEEK + BUFFER, Wish(topic="new"), None),
        (Role.MEMBER, {}, WEEK + BUFFER + 1, Wish(topic="new"), LATE_TOPIC),
        (Role.MODERATOR, {}, 10 * WEEK, Wish(topic="new"), None),
        (
            Role.MEMBER,
            {"move_messages_within_stream_limit_seconds": None},
            10 * WEEK,
            Wish(topic="new"),
            None,
        ),
        (Role.MEMBER, {"allow_message_editing": False}, 0, Wish(topic="new"), None),
        (Role.MEMBER, {}, 10 * WEEK, Wish(topic="✔ lunch"), None),
        (Role.MEMBER, {BETWEEN_TOPICS: NOBODY}, 0, Wish(topic="✔ lunch"), None),
        (Role.MEMBER, {"can_resolve_topics_group": MODERATORS}, 0, Wish(topic="✔ lunch"), NOT_RESOLVE),
        (
            Role.MEMBER,
            {"mandatory_topics": True},
            0,
            Wish(topic=""),
            "Topics are required in this organization.",
        ),
        (Role.MEMBER, {}, 0, Wish(topic=""), None),
        (Role.MEMBER, {}, 0, Wish(channel_id=0), None),
        (Role.GUEST, {}, 0, Wish(channel_id=0), NOT_CHANNEL),
        (Role.MEMBER, {BETWEEN_CHANNELS: MODERATORS}, 0, Wish(channel_id=0), NOT_CHANNEL),
        (Role.MEMBER, {}, WEEK + BUFFER + 1, Wish(channel_id=0), LATE_CHANNEL),
        (Role.MODERATOR, {}, 10 * WEEK, Wish(channel_id=0), None),
        (Role.MEMBER, {BETWEEN_TOPICS: NOBODY}, 0, Wish(channel_id=0), None),
        (Role.MEMBER, {BETWEEN_TOPICS: NOBODY}, 0, Wish(topic="new", channel_id=0), NOT_TOPIC),
    ],
)
def test_who_may(
    team: Team,
    told: Told,
    clock: MovableClock,
    make_user: MakeUser,
    role: Role,
    settings: dict[str, Any],
    age: int,
    wish: Wish,
    error: str | None,
) -> None:
    """`channel_id` 0 stands for another channel that they are in."""
    mover = make_user("Mo", role=role)
    team.join(PUBLIC, mover)
    team.join(PRIVATE, mover)
    message_id = team.send(team.ann, PUBLIC)
    team.set_realm(**settings)
    clock.advance(age)
    told.look()
    target = None if wish.channel_id is None else team.channel_id(PRIVATE)
    real = Wish(topic=wish.topic, channel_id=target)
    if error is None:
        actions.edit(team.store, mover, message_id, real)
        return
    with pytest.raises(ApiError) as raised:
        actions.edit(team.store, mover, message_id, real)
    assert str(raised.value) == error
    assert told.look() == []


def test_a_message_without_a_topic_may_be_given_one(team: Team, clock: MovableClock) -> None:
    message_id = team.send(team.ann, PUBLIC, topic="")
    team.set_realm(can_move_messages_between_topics_group=NOBODY)
    clock.advance(10 * WEEK)
    move(team, team.bob, message_id, "lunch")
    assert topics(team, message_id) == ["lunch"]


def test_of_a_topic_that_is_too_old_the_newest_may_be_moved(team: Team, clock: MovableClock) -> None:
    sent = [team.send(team.ann, PUBLIC)]
    clock.advance(WEEK + BUFFER)
    sent += [team.send(team.ann, PUBLIC) for _ in range(2)]
    clock.advance(1)
    with pytest.raises(MoveLimitExceeded) as raised:
        move(team, team.bob, sent[2], "dinner", mode=ALL)
    assert raised.value.body() == {
        "result": "error",
        "code": "MOVE_MESSAGES_TIME_LIMIT_EXCEEDED",
        "msg": "You only have permission to move the 2/3 most recent messages in this topic.",
        "first_message_id_allowed_to_move": sent[1],
        "total_messages_in_topic": 3,
        "total_messages_allowed_to_move": 2,
    }
    move(team, team.bob, sent[1], "dinner", mode=LATER)
    assert topics(team, *sent) == ["lunch", "dinner", "dinner"]


@pytest.mark.parametrize(
    ("target", "error"),
    [
        (PUBLIC, None),
        (PRIVATE, "Invalid channel ID"),
        (PROTECTED, "Invalid channel ID"),
    ],
)
def test_only_to_where_one_may_write(team: Team, target: str, error: str | None) -> None:
    team.join("lobby", team.erin, team.ann, by=team.ann)
    message_id = team.send(team.ann, "lobby")
    if error is None:
        move(team, team.erin, message_id, to=target)
        return
    with pytest.raises(ApiError) as raised:
        move(team, team.erin, message_id, to=target)
    assert str(raised.value) == error


def test_an_admin_cannot_write_to_a_private_channel_either(team: Team) -> None:
    message_id = team.send(team.ann, PUBLIC)
    with pytest.raises(ApiError, match=r"^Not authorized to send to channel"):
        move(team, team.olga, message_id, to=PRIVATE)


# -- to another channel: who reads it then


@pytest.fixture
def crowd(team: Team, make_user: MakeUser) -> dict[str, User]:
    """`old` is in the public channel only, `new` in the other two, `both` in all, a guest in the first."""
    people = {name: make_user(name.capitalize() + " One") for name in ("old", "new", "both")}
    people["guest"] = make_user("Guest One", role=Role.GUEST)
    team.join(PUBLIC, people["old"], people["both"], people["guest"])
    for channel in (PRIVATE, PROTECTED):
        team.join(channel, people["new"], people["both"])
    return people


@pytest.mark.parametrize("target", [PRIVATE, PROTECTED])
def test_to_a_private_channel(team: Team, told: Told, crowd: dict[str, User], target: str) -> None:
    message_id = team.send(team.ann, PUBLIC, "@**all**")
    push_to(team, crowd["old"], message_id)
    told.look()
    move(team, team.ann, message_id, to=target)
    found = told.look()
    gone = {"type": "delete_message", "message_ids": [message_id], "message_type": "stream"}
    lost = [users for event, users in found if event.items() >= gone.items()]
    assert lost == [[crowd["old"].id, crowd["guest"].id]]
    [readers] = [users for event, users in found if event["type"] == "update_message"]
    assert set(readers) == {team.ann.id, team.bob.id, crowd["both"].id, crowd["new"].id}
    assert not {crowd["old"].id, crowd["guest"].id} & rows(team, message_id).keys()
    assert (crowd["new"].id in rows(team, message_id)) == (target == PROTECTED)
    for name in ("old", "guest"):
        with pytest.raises(ApiError, match=r"^Invalid message\(s\)$"):
            shown(team, crowd[name], message_id)
    for name in ("new", "both"):
        assert shown(team, crowd[name], message_id)["display_recipient"] == target
    assert [each["user_profile_id"] for each in taken_back(team)] == [crowd["old"].id]


def test_the_gone_message_counts_as_unread_for_nobody(team: Team, crowd: dict[str, User]) -> None:
    ids = [team.send(team.ann, PUBLIC) for _ in range(unread.LAG + 5)]  # some are in the index
    move(team, team.ann, ids[0], "x")
    move(team, team.ann, ids[3], "x", to=PRIVATE, mode=LATER)
    with team.store.read() as reader:
        assert unread.of_user(reader, crowd["old"].id, 1000) == ids[:3]
        assert unread.of_user(reader, crowd["both"].id, 1000) == ids
        assert reader.value("SELECT count(*) FROM unread WHERE user_id = ?", crowd["old"].id) <= 3


def test_to_a_public_channel(team: Team, told: Told, crowd: dict[str, User]) -> None:
    """Who is not in it may read it, but has nothing unread in it; nothing changes for stars."""
    message_id = team.send(team.ann, PUBLIC)
    flag_actions.update(team.store, crowd["old"], [message_id], "add", "starred")
    team.join("lobby", crowd["both"], by=team.ann)
    team.join("lobby", team.ann)
    told.look()
    move(team, team.ann, message_id, to="lobby")
    found = told.look()
    gone = [users for event, users in found if event["type"] == "delete_message"]
    read = [users for event, users in found if event["type"] == "update_message_flags"]
    assert gone == [[crowd["guest"].id]]
    assert [crowd["old"].id] in read
    assert [crowd["both"].id] not in read
    own = rows(team, message_id)
    assert own[crowd["old"].id] == Flag.READ | Flag.STARRED
    assert own[crowd["both"].id] == 0
    assert shown(team, crowd["old"], message_id)["display_recipient"] == "lobby"


def test_the_event_of_a_move_to_another_channel(team: Team, told: Told) -> None:
    message_id = team.send(team.ann, PUBLIC)
    told.look()
    move(team, team.ann, message_id, to=PRIVATE)
    event, _ = told.one("update_message")
    assert event["stream_id"] == team.channel_id(PUBLIC)
    assert event["new_stream_id"] == team.channel_id(PRIVATE)
    assert (event["orig_subject"], "subject" in event) == ("lunch", False)
    [edit] = shown(team, team.ann, message_id)["edit_history"]
    assert (edit["prev_stream"], edit["stream"]) == (event["stream_id"], event["new_stream_id"])


def test_who_does_not_know_where_it_was_is_not_told(team: Team, told: Told) -> None:
    """They hear of a message that is where it is."""
    message_id = team.send(team.ann, PRIVATE, topic="secret")
    team.join(PUBLIC, team.erin)
    told.look()
    move(team, team.ann, message_id, "open", to=PUBLIC)
    moved = [(event, users) for event, users in told.look() if event["type"] == "update_message"]
    [knowing] = [event for event, users in moved if team.bob.id in users]
    [unknowing] = [event for event, users in moved if team.erin.id in users]
    assert (knowing["stream_name"], knowing["orig_subject"]) == (PRIVATE, "secret")
    public = team.channel_id(PUBLIC)
    assert (unknowing["stream_name"], unknowing["stream_id"]) == (PUBLIC, public)
    assert (unknowing["orig_subject"], unknowing["message_ids"]) == ("open", [message_id])
    assert not {"new_stream_id", "subject"} & unknowing.keys()


def test_nor_does_its_history_tell_them(team: Team) -> None:
    message_id = team.send(team.ann, PRIVATE, "hidden", topic="secret")
    actions.edit(team.store, team.ann, message_id, Wish("shown"))
    move(team, team.ann, message_id, "open", to=PUBLIC)
    actions.edit(team.store, team.ann, message_id, Wish("clear"))

    def history_of(user: User) -> list[dict[str, Any]]:
        return message_history.changes(team.store, user, message_id, empty_topic_name=True)

    assert [each["content"] for each in history_of(team.bob)] == ["hidden", "shown", "shown", "clear"]
    assert [each["content"] for each in history_of(team.erin)] == ["shown", "clear"]
    for user in (team.erin, team.olga):
        assert "secret" not in str(history_of(user))
        message = history.fetch_one(team.store, user, message_id, RAW)["message"]
        assert "secret" not in str(message)
        assert len(message["edit_history"]) == 1


def test_the_first_message_of_both_channels(team: Team, told: Told) -> None:
    first, second = team.send(team.ann, PUBLIC), team.send(team.ann, PUBLIC)
    team.send(team.ann, PRIVATE)
    told.look()
    move(team, team.ann, first, to=PRIVATE)
    changes = {
        event["stream_id"]: event["value"]
        for event, _ in told.look()
        if event.get("property") == "first_message_id"
    }
    assert changes == {team.channel_id(PUBLIC): second, team.channel_id(PRIVATE): first}


def test_to_where_one_is_already(team: Team) -> None:
    message_id = team.send(team.ann, PUBLIC)
    with pytest.raises(ApiError, match=r"^Nothing to change"):
        move(team, team.ann, message_id, "lunch", to=PUBLIC)


# -- what topics are to people

M, U, F = Policy.MUTED, Policy.UNMUTED, Policy.FOLLOWED
I = Policy.INHERIT  # noqa: E741


@pytest.mark.parametrize(
    ("continues", "old", "new", "expected"),
    [
        (False, F, I, F),
        (False, M, I, M),
        (False, I, F, F),
        (True, F, F, F),
        (True, M, M, M),
        (True, U, M, U),
        (True, F, U, U),
        (True, M, F, I),
        (True, M, I, I),
        (True, I, I, I),
    ],
)
def test_what_the_new_topic_is_when_all_have_moved(
    team: Team, told: Told, continues: bool, old: Policy, new: Policy, expected: Policy
) -> None:
    """`continues`: there were messages in it."""
    message_id = team.send(team.ann, PUBLIC)
    if continues:
        team.send(team.ann, PUBLIC, topic="dinner")
    channel_id = team.channel_id(PUBLIC)
    for topic, policy in (("lunch", old), ("dinner", new)):
        user_topic.choose(team.store, team.bob, channel_id, topic, policy)
    move(team, team.ann, message_id, "dinner", mode=ALL)
    assert policies(team, "lunch", "dinner") == [I, expected]


def policies(team: Team, *names: str) -> list[Policy]:
    with team.store.read() as reader:
        return [user_topics.policy(reader, team.bob.id, team.channel_id(PUBLIC), each) for each in names]


def test_a_topic_that_goes_on_stays_what_it_was(team: Team) -> None:
    message_id = team.send(team.ann, PUBLIC)
    team.send(team.ann, PUBLIC)
    user_topic.choose(team.store, team.bob, team.channel_id(PUBLIC), "lunch", F)
    move(team, team.ann, message_id, "dinner")
    assert policies(team, "lunch", "dinner") == [F, I]


def test_settling_a_matter_keeps_it_followed_and_back(team: Team) -> None:
    message_id = team.send(team.ann, PUBLIC)
    user_topic.choose(team.store, team.bob, team.channel_id(PUBLIC), "lunch", F)
    move(team, team.ann, message_id, "✔ lunch", mode=ALL)
    assert policies(team, "lunch", "✔ lunch") == [I, F]
    move(team, team.ann, message_id, "lunch", mode=ALL)
    assert policies(team, "lunch", "✔ lunch") == [F, I]
    assert "last_moved_timestamp" not in shown(team, team.bob, message_id)


def test_another_spelling_is_the_same_topic(team: Team, told: Told) -> None:
    message_id = team.send(team.ann, PUBLIC)
    user_topic.choose(team.store, team.bob, team.channel_id(PUBLIC), "lunch", F)
    told.look()
    move(team, team.ann, message_id, "Lunch", mode=ALL)
    assert topics(team, message_id) == ["Lunch"]
    assert [kind for kind, _ in told.kinds()] == ["update_message"]
    assert policies(team, "lunch") == [F]


def test_nothing_is_kept_of_a_topic_that_one_cannot_read_any_more(team: Team, crowd: dict[str, User]) -> None:
    message_id = team.send(team.ann, PUBLIC)
    user_topic.choose(team.store, crowd["old"], team.channel_id(PUBLIC), "lunch", F)
    move(team, team.ann, message_id, to=PRIVATE)
    with team.store.read() as reader:
        left = user_topics.of_user(reader, crowd["old"].id)
    assert left == []
