"""Who is told that somebody is typing."""

import pytest

from appliance.actions.personal import typing_notice as actions
from appliance.actions.user import deactivation
from appliance.actions.user import setting as settings
from appliance.base.errors import ApiError
from appliance.model.user import User
from tests.actions.conftest import PRIVATE, PROTECTED, PUBLIC, Team, Told
from tests.conftest import MakeUser


def choose(team: Team, user: User, name: str) -> User:
    settings.change(team.store, user, {name: False})
    return team.again(user)


def test_people_are_told_the_sender_too(team: Team, told: Told) -> None:
    actions.tell_people(team.store, team.ann, "start", [team.bob.id])
    event, users = told.one()
    ann, bob = ({"user_id": each.id, "email": each.email} for each in (team.ann, team.bob))
    assert users == [team.ann.id, team.bob.id]
    assert event == {
        "type": "typing",
        "op": "start",
        "message_type": "direct",
        "sender": ann,
        "recipients": [ann, bob],
    }


def test_who_is_in_a_channel_is_told(team: Team, told: Told) -> None:
    channel_id = team.channel_id(PUBLIC)
    actions.tell_channel(team.store, team.ann, "stop", channel_id, "(no topic)")
    event, users = told.one()
    assert users == [team.ann.id, team.bob.id]
    assert (event["op"], event["message_type"]) == ("stop", "stream")
    assert (event["stream_id"], event["topic"]) == (channel_id, "")


def test_who_does_not_want_to_know_is_not_told(team: Team, told: Told) -> None:
    choose(team, team.bob, "receives_typing_notifications")
    told.look()
    actions.tell_people(team.store, team.ann, "start", [team.bob.id])
    actions.tell_channel(team.store, team.ann, "start", team.channel_id(PUBLIC), "lunch")
    assert [users for _, users in told.look()] == [[team.ann.id]] * 2


def test_who_is_not_active_is_not_told(team: Team, told: Told) -> None:
    deactivation.deactivate(team.store, team.bob)
    told.look()
    actions.tell_people(team.store, team.ann, "start", [team.bob.id, team.erin.id])
    assert told.one()[1] == [team.ann.id, team.erin.id]


@pytest.mark.parametrize(("others", "is_told"), [(98, True), (99, False)])
def test_in_a_large_channel_nobody_is(
    team: Team, told: Told, make_user: MakeUser, others: int, is_told: bool
) -> None:
    team.join(PUBLIC, *(make_user(f"Person {number}") for number in range(others)))
    told.look()
    actions.tell_channel(team.store, team.ann, "start", team.channel_id(PUBLIC), "lunch")
    assert bool(told.look()) == is_told


def test_who_does_not_tell_may_not(team: Team, told: Told) -> None:
    team.ann = choose(team, team.ann, "send_private_typing_notifications")
    with pytest.raises(ApiError, match="User has disabled typing notifications for direct messages"):
        actions.tell_people(team.store, team.ann, "start", [team.bob.id])
    team.ann = choose(team, team.ann, "send_stream_typing_notifications")
    with pytest.raises(ApiError, match="User has disabled typing notifications for channel messages"):
        actions.tell_channel(team.store, team.ann, "start", team.channel_id(PUBLIC), "lunch")


@pytest.mark.parametrize(
    ("who", "channel", "error"),
    [
        ("erin", PRIVATE, "does not exist"),
        ("gwen", PUBLIC, "does not exist"),
        ("olga", PRIVATE, "Not authorized to send to channel"),
    ],
)
def test_who_may_not_write_there_may_not_type(
    team: Team, told: Told, who: str, channel: str, error: str
) -> None:
    with pytest.raises(ApiError, match=error):
        actions.tell_channel(team.store, getattr(team, who), "start", team.channel_id(channel), "lunch")
    assert told.look() == []


def test_what_is_refused(team: Team, told: Told) -> None:
    for to, error in (([], "Empty 'to' list"), ([99_999], "Invalid user ID 99999"), ([1] * 501, "at most")):
        with pytest.raises(ApiError, match=error):
            actions.tell_people(team.store, team.ann, "start", to)
    with pytest.raises(ApiError, match="does not exist"):
        actions.tell_channel(team.store, team.ann, "start", 99_999, "lunch")
    assert told.look() == []


# -- editing


def test_readers_of_a_message_are_told_that_it_is_being_edited(team: Team, told: Told) -> None:
    message_id = team.send(team.ann, PUBLIC)
    told.look()
    actions.tell_of_edit(team.store, team.ann, "start", message_id)
    event, users = told.one()
    assert users == [team.ann.id, team.bob.id]
    assert event == {
        "type": "typing_edit_message",
        "op": "start",
        "sender_id": team.ann.id,
        "message_id": message_id,
        "recipient": {"type": "channel", "channel_id": team.channel_id(PUBLIC), "topic": "lunch"},
    }


def test_not_who_cannot_read_it(team: Team, told: Told) -> None:
    message_id = team.send(team.ann, PROTECTED)
    team.join(PROTECTED, team.erin)
    told.look()
    actions.tell_of_edit(team.store, team.ann, "start", message_id)
    assert told.one()[1] == [team.ann.id, team.bob.id]


def test_so_are_the_people_of_a_conversation(team: Team, told: Told) -> None:
    message_id = team.write_to(team.ann, team.bob)
    told.look()
    actions.tell_of_edit(team.store, team.ann, "stop", message_id)
    event, users = told.one()
    assert users == [team.ann.id, team.bob.id]
    assert event["recipient"] == {"type": "direct", "user_ids": [team.ann.id, team.bob.id]}


@pytest.mark.parametrize(
    ("who", "error"), [("bob", "You don't have permission to edit this message"), ("erin", "Invalid message")]
)
def test_only_of_what_one_may_edit(team: Team, who: str, error: str) -> None:
    message_id = team.send(team.ann, PRIVATE)
    with pytest.raises(ApiError, match=error):
        actions.tell_of_edit(team.store, getattr(team, who), "start", message_id)


def test_who_does_not_tell_of_typing_does_not_of_editing(team: Team) -> None:
    messages = [team.send(team.ann, PUBLIC), team.write_to(team.ann, team.bob)]
    for name in ("send_private_typing_notifications", "send_stream_typing_notifications"):
        team.ann = choose(team, team.ann, name)
    for message_id in messages:
        with pytest.raises(ApiError, match="User has disabled typing notifications"):
            actions.tell_of_edit(team.store, team.ann, "start", message_id)
