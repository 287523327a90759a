"""Editing the text of messages: who may, what changes, who hears of it."""

from typing import Any

import orjson
import pytest

from appliance.actions.group import user_group as group_actions
from appliance.actions.group.user_group import Wanted
from appliance.actions.message import access as history
from appliance.actions.message import edit as actions
from appliance.actions.message import reaction as reaction_actions
from appliance.actions.message.edit import Wish
from appliance.base.errors import ApiError
from appliance.model import reaction as emoji
from appliance.model.concern import PUSHES
from appliance.model.edit import BUFFER
from appliance.model.flag import Flag
from appliance.model.group import ID
from appliance.model.message import Shape
from appliance.model.user import User
from appliance.store import received
from tests.actions.conftest import PRIVATE, PROTECTED, PUBLIC, Team, Told, read_one
from tests.conftest import MakeUser, MovableClock

RAW = Shape(apply_markdown=False, empty_topic_name=True)
LIMIT = 600


def edit(team: Team, user: User, message_id: int, content: str | None = "changed", **more: Any) -> None:
    actions.edit(team.store, team.again(user), message_id, Wish(content, **more))


def shown(team: Team, user: User, message_id: int) -> dict[str, Any]:
    return history.shown(read_one(team.store, team.again(user), message_id), RAW)


def flags(team: Team, message_id: int) -> dict[int, int]:
    with team.store.read() as reader:
        return received.flags(reader, message_id)


def push_to(team: Team, user: User, message_id: int) -> None:
    """As if a push for it were on somebody's phone."""
    team.store.write(
        lambda t: received.set_flags(
            t, message_id, {user.id: flags(team, message_id)[user.id] | Flag.ACTIVE_PUSH}
        )
    )


def taken_back(team: Team) -> list[dict[str, Any]]:
    with team.store.read() as reader:
        rows = reader.rows("SELECT body FROM job WHERE queue = ? ORDER BY id", PUSHES)
    return [orjson.loads(body) for (body,) in rows]


# -- what changes


def test_the_text_and_its_history(team: Team, clock: MovableClock) -> None:
    message_id = team.send(team.ann, PUBLIC, "one")
    clock.advance(5)
    edit(team, team.ann, message_id, "**two**")
    clock.advance(5)
    edit(team, team.ann, message_id, "three  \n")
    found = shown(team, team.bob, message_id)
    now = int(clock.now())
    assert (found["content"], found["last_edit_timestamp"]) == ("three", now)
    assert "last_moved_timestamp" not in found
    assert found["edit_history"] == [
        {
            "user_id": team.ann.id,
            "timestamp": now,
            "prev_content": "**two**",
            "prev_rendered_content": "<p><strong>two</strong></p>",
        },
        {
            "user_id": team.ann.id,
            "timestamp": now - 5,
            "prev_content": "one",
            "prev_rendered_content": "<p>one</p>",
        },
    ]


def test_of_nothing_it_says_that_it_is_gone(team: Team) -> None:
    message_id = team.send(team.ann, PUBLIC)
    edit(team, team.ann, message_id, " \n ")
    assert shown(team, team.bob, message_id)["content"] == "(deleted)"


def test_the_event(team: Team, told: Told, clock: MovableClock) -> None:
    message_id = team.send(team.ann, PUBLIC, "one")
    told.look()
    edit(team, team.ann, message_id, "/me *two*")
    event, users = told.one()
    assert sorted(users) == [team.ann.id, team.bob.id]
    assert {name: value for name, value in event.items() if not name.endswith("_user_ids")} == {
        "type": "update_message",
        "user_id": team.ann.id,
        "rendering_only": False,
        "edit_timestamp": int(clock.now()),
        "message_id": message_id,
        "message_ids": [message_id],
        "stream_name": PUBLIC,
        "stream_id": team.channel_id(PUBLIC),
        "orig_content": "one",
        "orig_rendered_content": "<p>one</p>",
        "content": "/me *two*",
        "rendered_content": "<p>/me <em>two</em></p>",
        "is_me_message": True,
    }


def test_the_event_of_a_direct_message(team: Team, told: Told) -> None:
    message_id = team.write_to(team.ann, team.bob)
    told.look()
    edit(team, team.ann, message_id)
    event, users = told.one()
    assert sorted(users) == [team.ann.id, team.bob.id]
    assert not {"stream_id", "stream_name", "prior_mention_user_ids"} & event.keys()


# -- who hears of it


@pytest.mark.parametrize(
    ("channel", "hears"),
    [(PUBLIC, {"bob", "carl", "dave"}), (PRIVATE, {"bob", "carl"}), (PROTECTED, {"bob"})],
)
def test_who_hears_of_it(team: Team, told: Told, make_user: MakeUser, channel: str, hears: set[str]) -> None:
    """Carl joined later, Dave has left. Nobody hears of what they may not read."""
    people = {"bob": team.bob, "carl": make_user("Carl"), "dave": make_user("Dave")}
    team.join(channel, people["dave"])
    message_id = team.send(team.ann, channel)
    team.join(channel, people["carl"])
    team.leave(channel, people["dave"])
    told.look()
    edit(team, team.ann, message_id)
    _, users = told.one("update_message")
    assert set(users) == {team.ann.id, *(people[each].id for each in hears)}


def test_who_is_deactivated_hears_nothing(team: Team, told: Told) -> None:
    message_id = team.send(team.ann, PUBLIC)
    team.store.write(lambda t: t.execute("UPDATE user SET is_active = 0 WHERE id = ?", team.bob.id))
    told.look()
    edit(team, team.ann, message_id)
    assert told.one()[1] == [team.ann.id]


# -- mentions


@pytest.mark.parametrize(
    ("before", "after", "flag"),
    [
        ("hi", "@**Bob**", Flag.MENTIONED),
        ("@**Bob**", "hi", 0),
        ("@**Bob**", "@_**Bob**", 0),
        ("hi", "@**all**", Flag.STREAM_WILDCARD_MENTIONED),
        ("@**all**", "@**Bob**", Flag.MENTIONED),
        ("@**Bob** @**all**", "@**all**", Flag.STREAM_WILDCARD_MENTIONED),
        ("hi", "`@**Bob**`", 0),
    ],
)
def test_the_new_text_mentions(team: Team, told: Told, before: str, after: str, flag: Flag | int) -> None:
    message_id = team.send(team.ann, PUBLIC, before)
    told.look()
    edit(team, team.ann, message_id, after)
    assert flags(team, message_id)[team.bob.id] == flag


def test_flags_that_are_no_mentions_stay(team: Team) -> None:
    message_id = team.send(team.ann, PUBLIC, "@**Bob**")
    others = Flag.STARRED | Flag.COLLAPSED
    team.store.write(lambda t: received.set_flags(t, message_id, {team.bob.id: others | Flag.MENTIONED}))
    edit(team, team.ann, message_id, "@**all**")
    assert flags(team, message_id)[team.bob.id] == others | Flag.STREAM_WILDCARD_MENTIONED


def test_whoever_is_in_the_topic_is_mentioned_by_it(team: Team) -> None:
    team.send(team.bob, PUBLIC)
    message_id = team.send(team.ann, PUBLIC)
    edit(team, team.ann, message_id, "@**topic**")
    assert flags(team, message_id)[team.bob.id] == Flag.TOPIC_WILDCARD_MENTIONED


def test_the_event_says_who_was_mentioned_before(team: Team, told: Told) -> None:
    message_id = team.send(team.ann, PUBLIC, "@**Bob**")
    told.look()
    edit(team, team.ann, message_id, "@**all**")
    assert told.one()[0]["prior_mention_user_ids"] == [team.bob.id]


def test_who_has_reacted_is_in_the_topic(team: Team) -> None:
    reaction_actions.add(team.store, team.bob, team.send(team.ann, PUBLIC), emoji.named("tada"))
    message_id = team.send(team.ann, PUBLIC)
    edit(team, team.ann, message_id, "@**topic**")
    assert flags(team, message_id)[team.bob.id] == Flag.TOPIC_WILDCARD_MENTIONED


@pytest.mark.parametrize(("wildcard", "place"), [("all", "channel"), ("topic", "topic")])
def test_too_many_to_mention(team: Team, make_user: MakeUser, wildcard: str, place: str) -> None:
    crowd = [make_user(f"Person {number}") for number in range(16)]
    team.join(PUBLIC, *crowd)
    for each in crowd:
        team.send(each, PUBLIC)
    message_id = team.send(team.ann, PUBLIC)
    with pytest.raises(ApiError, match=f"{place} wildcard mentions in this {place}"):
        edit(team, team.ann, message_id, f"@**{wildcard}**")
    assert shown(team, team.bob, message_id)["content"] == "hello"


def test_a_group_that_one_may_not_mention(team: Team) -> None:
    wanted = Wanted("devs", "", [team.bob.id], settings={"can_mention_group": ID["role:nobody"]})
    group_actions.create(team.store, team.ann, wanted)
    message_id = team.send(team.ann, PUBLIC)
    with pytest.raises(ApiError, match="You are not allowed to mention user group 'devs'"):
        edit(team, team.ann, message_id, "@*devs*")
    edit(team, team.ann, message_id, "@_*devs*")
    assert flags(team, message_id)[team.bob.id] == 0


@pytest.mark.parametrize(
    ("after", "pushes", "takes_back"),
    [
        ("hi", None, True),
        ("hi", True, False),
        ("@**Bob** hi", None, False),
        ("@**all**", None, False),
    ],
)
def test_a_push_is_taken_back_from_who_is_no_longer_mentioned(
    team: Team, after: str, pushes: bool | None, takes_back: bool
) -> None:
    """`pushes`: whether the channel pushes all messages."""
    team.store.write(
        lambda t: t.execute(
            "UPDATE subscription SET push_notifications = ? WHERE user_id = ?", pushes, team.bob.id
        )
    )
    message_id = team.send(team.ann, PUBLIC, "@**Bob**")
    push_to(team, team.bob, message_id)
    edit(team, team.ann, message_id, after)
    expected = {"user_profile_id": team.bob.id, "type": "remove", "message_ids": [message_id]}
    assert taken_back(team) == ([expected] if takes_back else [])


def test_no_push_is_taken_back_for_a_direct_message(team: Team) -> None:
    message_id = team.write_to(team.ann, team.bob, content="@**Bob**")
    push_to(team, team.bob, message_id)
    edit(team, team.ann, message_id, "hi")
    assert taken_back(team) == []


# -- who may

OTHERS = "You don't have permission to edit this message"
LATE = "The time limit for editing this message has passed"
OFF = "Your organization has turned off message editing"


@pytest.mark.parametrize(
    ("who", "settings", "age", "error"),
    [
        ("ann", {}, 0, None),
        ("ann", {}, LIMIT + BUFFER, None),
        ("ann", {}, LIMIT + BUFFER + 1, LATE),
        ("ann", {"message_content_edit_limit_seconds": None}, 10**9, None),
        ("ann", {"message_content_edit_limit_seconds": 60}, 81, LATE),
        ("ann", {"allow_message_editing": False}, 0, OFF),
        ("bob", {"allow_message_editing": False}, 0, OFF),
        ("bob", {}, 0, OTHERS),
        ("olga", {}, 0, OTHERS),
        ("erin", {}, 10**9, OTHERS),
        ("gwen", {}, 0, "Invalid message(s)"),
    ],
)
def test_who_may(
    team: Team,
    told: Told,
    clock: MovableClock,
    who: str,
    settings: dict[str, Any],
    age: int,
    error: str | None,
) -> None:
    message_id = team.send(team.ann, PUBLIC)
    team.set_realm(**settings)
    clock.advance(age)
    told.look()
    if error is None:
        edit(team, getattr(team, who), message_id)
        return
    with pytest.raises(ApiError) as raised:
        edit(team, getattr(team, who), message_id)
    assert str(raised.value) == error
    assert told.look() == []
    assert shown(team, team.ann, message_id)["content"] == "hello"


@pytest.mark.parametrize("channel", [PRIVATE, PROTECTED])
def test_one_s_own_message_in_a_channel_that_one_has_left(team: Team, channel: str) -> None:
    message_id = team.send(team.bob, channel)
    team.leave(channel, team.bob)
    with pytest.raises(ApiError, match=r"^Invalid message\(s\)$"):
        edit(team, team.bob, message_id)


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        (Wish(), "Nothing to change"),
        (Wish(topic="lunch"), "Nothing to change"),
        (Wish(topic="lunch", mode="change_all"), "Nothing to change"),
        (Wish("changed", mode="change_all"), "Invalid propagate_mode without topic edit"),
        (Wish("a\0b"), "Message must not contain null bytes"),
        (Wish(topic="a\nb"), "Invalid character in topic, at position 2!"),
        (Wish(channel_id=999), "Invalid channel ID"),
    ],
)
def test_what_is_refused(team: Team, told: Told, wish: Wish, error: str) -> None:
    message_id = team.send(team.ann, PUBLIC)
    told.look()
    with pytest.raises(ApiError) as raised:
        actions.edit(team.store, team.ann, message_id, wish)
    assert str(raised.value) == error
    assert told.look() == []


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        (Wish(topic="lunch"), "Direct messages cannot have topics."),
        (Wish(channel_id=1), "Direct messages cannot be moved to channels."),
        (Wish(topic=""), "Nothing to change"),
    ],
)
def test_what_is_refused_of_direct_messages(team: Team, wish: Wish, error: str) -> None:
    message_id = team.write_to(team.ann, team.bob)
    with pytest.raises(ApiError) as raised:
        actions.edit(team.store, team.ann, message_id, wish)
    assert str(raised.value) == error


def test_the_text_cannot_change_with_the_channel(team: Team) -> None:
    message_id = team.send(team.ann, PUBLIC)
    with pytest.raises(ApiError, match=r"^Cannot change message content while changing channel$"):
        edit(team, team.ann, message_id, "x", channel_id=team.channel_id(PRIVATE))
