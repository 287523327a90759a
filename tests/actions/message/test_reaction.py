"""Reacting, taking it back, and who is told."""

from typing import Any

import pytest

from appliance.actions.message import access as history
from appliance.actions.message import reaction as actions
from appliance.base.errors import ApiError
from appliance.model import reaction
from appliance.model.flag import Flag
from appliance.model.message import Shape
from appliance.model.user import User
from appliance.store import reaction as reactions
from tests.actions.conftest import PRIVATE, PROTECTED, PUBLIC, Team, Told, read_one

SMILE, TADA = reaction.named("smile"), reaction.named("tada")
SHAPE = Shape(apply_markdown=False, empty_topic_name=True)


def shown(team: Team, message_id: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = history.fetch_one(team.store, team.ann, message_id, SHAPE)["message"][
        "reactions"
    ]
    return found


def refusal(team: Team, do: Any, user: User, message_id: int) -> tuple[str, str]:
    with pytest.raises(ApiError) as raised:
        do(team.store, user, message_id, SMILE)
    return raised.value.code, raised.value.msg


def test_a_reaction_is_shown_with_the_message_until_it_is_taken_back(team: Team) -> None:
    message_id = team.send(team.ann, PUBLIC)
    actions.add(team.store, team.bob, message_id, SMILE)
    actions.add(team.store, team.ann, message_id, TADA)
    assert [(each["user_id"], each["emoji_name"]) for each in shown(team, message_id)] == [
        (team.bob.id, "smile"),
        (team.ann.id, "tada"),
    ]
    actions.remove(team.store, team.bob, message_id, SMILE)
    assert [each["emoji_name"] for each in shown(team, message_id)] == ["tada"]


@pytest.mark.parametrize(("do", "op"), [(actions.add, "add"), (actions.remove, "remove")])
def test_what_is_told(team: Team, told: Told, do: Any, op: str) -> None:
    message_id = team.send(team.ann, PUBLIC)
    if op == "remove":
        actions.add(team.store, team.bob, message_id, SMILE)
    told.look()
    do(team.store, team.bob, message_id, SMILE)
    assert told.one() == (
        {
            "type": "reaction",
            "op": op,
            "message_id": message_id,
            "user_id": team.bob.id,
            "user": {"user_id": team.bob.id, "email": team.bob.email, "full_name": "Bob"},
            "emoji_name": "smile",
            "emoji_code": SMILE.code,
            "reaction_type": "unicode_emoji",
        },
        [team.ann.id, team.bob.id],
    )


@pytest.mark.parametrize(("channel", "later"), [(PUBLIC, True), (PRIVATE, True), (PROTECTED, False)])
def test_who_came_later_hears_where_they_can_read_it(
    team: Team, told: Told, channel: str, later: bool
) -> None:
    message_id = team.send(team.ann, channel)
    team.join(channel, team.erin)
    told.look()
    actions.add(team.store, team.ann, message_id, SMILE)
    assert (team.erin.id in told.one()[1]) is later


def test_who_has_left_a_private_channel_hears_nothing(team: Team, told: Told) -> None:
    message_id = team.send(team.ann, PRIVATE)
    team.leave(PRIVATE, team.bob)
    told.look()
    actions.add(team.store, team.ann, message_id, SMILE)
    assert told.one()[1] == [team.ann.id]


def test_in_a_conversation_those_in_it_are_told(team: Team, told: Told) -> None:
    message_id = team.write_to(team.ann, team.gwen)
    told.look()
    actions.add(team.store, team.gwen, message_id, SMILE)
    assert told.one()[1] == [team.ann.id, team.gwen.id]


def test_the_first_name_of_an_emoji_stays(team: Team) -> None:
    message_id = team.send(team.ann, PUBLIC)
    like, thumb = reaction.named("+1"), reaction.named("thumbs_up")
    actions.add(team.store, team.ann, message_id, like)
    actions.add(team.store, team.bob, message_id, thumb)
    assert {each["emoji_name"] for each in shown(team, message_id)} == {"+1"}
    actions.remove(team.store, team.ann, message_id, thumb)
    assert [each["user_id"] for each in shown(team, message_id)] == [team.bob.id]


def test_mistakes(team: Team, told: Told) -> None:
    message_id, hidden = team.send(team.ann, PUBLIC), team.send(team.ann, PRIVATE)
    actions.add(team.store, team.ann, message_id, SMILE)
    told.look()
    assert refusal(team, actions.add, team.ann, message_id) == (
        "REACTION_ALREADY_EXISTS",
        "Reaction already exists.",
    )
    assert refusal(team, actions.remove, team.bob, message_id) == (
        "REACTION_DOES_NOT_EXIST",
        "Reaction doesn't exist.",
    )
    for do in (actions.add, actions.remove):
        assert refusal(team, do, team.erin, hidden) == ("BAD_REQUEST", "Invalid message(s)")
    assert told.look() == []


def test_reacting_to_what_one_never_got_gives_one_a_row(team: Team) -> None:
    message_id = team.send(team.ann, PUBLIC)
    actions.add(team.store, team.erin, message_id, SMILE)
    assert read_one(team.store, team.erin, message_id).flags == Flag.READ | Flag.HISTORICAL


def test_who_has_reacted_in_a_topic(team: Team) -> None:
    message_id, other = team.send(team.ann, PUBLIC), team.send(team.ann, PUBLIC, topic="dinner")
    actions.add(team.store, team.bob, message_id, SMILE)
    actions.add(team.store, team.ann, other, SMILE)
    recipient_id = read_one(team.store, team.ann, message_id).message.recipient_id
    with team.store.read() as reader:
        assert reactions.reactors(reader, recipient_id, "LUNCH") == {team.bob.id}
