"""Muting, unmuting, following topics, by choice and by what one does."""

from typing import Any

import pytest

from appliance.actions.channel import subscription_property
from appliance.actions.message import reaction as reaction_actions
from appliance.actions.message.send import Draft, Sent, send_to_channel
from appliance.actions.personal import user_topic as actions
from appliance.actions.user import setting as setting_actions
from appliance.base.errors import ApiError
from appliance.model import reaction as emoji
from appliance.model.topic import NEVER, ON_PARTICIPATION, Policy
from appliance.model.user import User
from appliance.store import user_topic as user_topics
from tests.actions.conftest import PRIVATE, PROTECTED, PUBLIC, Team, Told
from tests.conftest import MakeUser

INHERIT, MUTED, UNMUTED, FOLLOWED = Policy


def choose(team: Team, policy: Policy, *, topic: str = "lunch", channel: str = PUBLIC) -> None:
    actions.choose(team.store, team.bob, team.channel_id(channel), topic, policy)


def policy(team: Team, user: User, topic: str = "lunch") -> Policy:
    with team.store.read() as reader:
        return user_topics.policy(reader, user.id, team.channel_id(PUBLIC), topic)


def send(
    team: Team, sender: User, content: str = "hello", channel: str = PUBLIC, topic: str = "lunch"
) -> Sent:
    return send_to_channel(team.store, Draft(team.again(sender), content, "test", False), channel, topic)


def mute_channel(team: Team, user: User) -> None:
    change = (team.channel_id(PUBLIC), "is_muted", True)
    subscription_property.change(team.store, user, [change])


# -- by choice


@pytest.mark.parametrize("chosen", [MUTED, UNMUTED, FOLLOWED])
def test_the_older_event_comes_first_and_only_where_mutes_change(
    team: Team, told: Told, chosen: Policy
) -> None:
    choose(team, chosen)
    now = int(team.store.write(lambda transaction: transaction.now()))
    topic = {
        "type": "user_topic",
        "stream_id": team.channel_id(PUBLIC),
        "topic_name": "lunch",
        "last_updated": now,
        "visibility_policy": int(chosen),
    }
    mutes = {"type": "muted_topics", "muted_topics": [(PUBLIC, "lunch", now)]}
    assert told.look() == [
        (event, [team.bob.id]) for event in ([mutes, topic] if chosen == MUTED else [topic])
    ]


def test_what_it_is_already_is_not_told(team: Team, told: Told) -> None:
    choose(team, FOLLOWED)
    told.look()
    choose(team, FOLLOWED, topic="LUNCH")
    choose(team, INHERIT, topic="supper")
    assert told.look() == []


def test_names_are_the_same_in_any_case(team: Team, told: Told) -> None:
    choose(team, MUTED)
    choose(team, FOLLOWED, topic="Lunch")
    assert policy(team, team.bob) == FOLLOWED
    assert [event.get("muted_topics") for event, _ in told.look()][2] == []
    choose(team, INHERIT)
    with team.store.read() as reader:
        assert user_topics.of_user(reader, team.bob.id) == []


def test_it_is_oneself_alone_whom_it_concerns(team: Team) -> None:
    choose(team, MUTED)
    assert policy(team, team.ann) == INHERIT


def test_a_channel_that_one_may_not_know_of_looks_like_none(team: Team) -> None:
    for channel_id in (team.channel_id(PRIVATE), 99_999):
        with pytest.raises(ApiError, match="Invalid channel ID"):
            actions.choose(team.store, team.erin, channel_id, "lunch", FOLLOWED)
        with pytest.raises(ApiError, match="Invalid channel ID"):
            actions.choose(team.store, team.erin, channel_id, "lunch", INHERIT)


def test_what_one_chose_may_be_cleared_after_one_left(team: Team) -> None:
    choose(team, FOLLOWED, channel=PRIVATE)
    team.leave(PRIVATE, team.bob)
    choose(team, INHERIT, channel=PRIVATE)
    with team.store.read() as reader:
        assert user_topics.of_user(reader, team.bob.id) == []


def test_older_clients_unmute_what_is_muted(team: Team, told: Told) -> None:
    choose(team, MUTED)
    told.look()
    actions.unmute(team.store, team.bob, team.channel_id(PUBLIC), "lunch")
    assert [kind for kind, _ in told.kinds()] == ["muted_topics", "user_topic"]
    with pytest.raises(ApiError, match="Topic is not muted"):
        actions.unmute(team.store, team.bob, team.channel_id(PUBLIC), "lunch")


# -- by what one does


def test_whoever_begins_a_topic_follows_it(team: Team, told: Told) -> None:
    assert send(team, team.ann).policy == FOLLOWED
    assert [kind for kind, _ in told.kinds() if kind != "stream/update"] == ["user_topic", "message"]
    assert send(team, team.ann, topic="LUNCH").policy is None
    assert send(team, team.bob).policy is None
    assert (policy(team, team.ann), policy(team, team.bob)) == (FOLLOWED, INHERIT)


def test_a_topic_begins_with_the_first_message_that_one_may_see(team: Team) -> None:
    send(team, team.ann, channel=PROTECTED)
    team.join(PROTECTED, team.erin, invite_only=True, history_public=False)
    assert send(team, team.erin, channel=PROTECTED).policy == FOLLOWED
    assert send(team, team.bob, channel=PROTECTED).policy is None


def test_writing_in_a_muted_channel_unmutes_the_topic(team: Team) -> None:
    send(team, team.ann)
    mute_channel(team, team.bob)
    assert send(team, team.bob).policy == UNMUTED
    assert send(team, team.bob).policy is None


@pytest.mark.parametrize("what", [{}, {"automatically_follow_topics_policy": 2}])
def test_bots_follow_nothing(team: Team, make_user: MakeUser, what: dict[str, Any]) -> None:
    bot = make_user("Robo", is_bot=True, **what)
    team.join(PUBLIC, bot)
    assert send(team, bot).policy is None


def react(team: Team, user: User, message_id: int) -> None:
    reaction_actions.add(team.store, team.again(user), message_id, emoji.named("tada"))


def test_reacting_is_taking_part_but_not_writing(team: Team, told: Told) -> None:
    in_channel, direct = send(team, team.ann).id, team.write_to(team.ann, team.bob)
    told.look()
    react(team, team.bob, in_channel)
    assert (policy(team, team.bob), [kind for kind, _ in told.kinds()]) == (INHERIT, ["reaction/add"])
    setting_actions.change(team.store, team.erin, {"automatically_follow_topics_policy": ON_PARTICIPATION})
    setting_actions.change(team.store, team.bob, {"automatically_follow_topics_policy": ON_PARTICIPATION})
    react(team, team.bob, direct)
    react(team, team.erin, in_channel)  # who is not in the channel, but reads it
    assert (policy(team, team.bob), policy(team, team.erin)) == (INHERIT, FOLLOWED)


def test_reacting_in_a_muted_channel_unmutes_the_topic_for_who_wants_that(team: Team) -> None:
    wish = {"automatically_unmute_topics_in_muted_streams_policy": ON_PARTICIPATION}
    setting_actions.change(team.store, team.bob, wish)
    mute_channel(team, team.bob)
    react(team, team.bob, send(team, team.ann).id)
    assert policy(team, team.bob) == UNMUTED


def test_whoever_is_mentioned_follows_the_topic(team: Team, told: Told) -> None:
    setting_actions.change(team.store, team.ann, {"automatically_follow_topics_policy": NEVER})
    told.look()
    send(team, team.ann, "@**Bob** @**Erin** look")
    event, users = next(each for each in told.look() if each[0]["type"] == "user_topic")
    assert (event["visibility_policy"], users) == (FOLLOWED, [team.bob.id])  # Erin is not in the channel


@pytest.mark.parametrize(
    ("before", "settings"),
    [
        (MUTED, {}),
        (FOLLOWED, {}),
        (INHERIT, {"automatically_follow_topics_where_mentioned": False}),
        (UNMUTED, {"automatically_follow_topics_where_mentioned": False}),
    ],
)
def test_a_mention_leaves_what_is_muted_or_not_wanted(
    team: Team, before: Policy, settings: dict[str, Any]
) -> None:
    setting_actions.change(team.store, team.bob, settings)
    choose(team, before)
    send(team, team.ann, "@**Bob** look")
    assert policy(team, team.bob) == before
