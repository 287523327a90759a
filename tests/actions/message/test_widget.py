"""Polls and lists of things to do: made by messages, filled by whoever can read them."""

import json
from typing import Any

import pytest

from appliance.actions.message import access as history
from appliance.actions.message import delete, edit
from appliance.actions.message import widget as actions
from appliance.actions.message.edit import Wish
from appliance.actions.user import setting as settings
from appliance.base.errors import ApiError
from appliance.model.message import Shape
from appliance.model.submessage import Submessage
from appliance.model.user import User
from appliance.model.widget_entry import MAX_WIDGET
from appliance.store import archive
from appliance.store import submessage as submessages
from tests.actions.conftest import PRIVATE, PROTECTED, PUBLIC, Team, Told

SHAPE = Shape(apply_markdown=True, empty_topic_name=True)
VOTE = json.dumps({"type": "vote", "key": "canned,0", "vote": 1})


def shown(team: Team, message_id: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = history.fetch_one(team.store, team.ann, message_id, SHAPE)["message"][
        "submessages"
    ]
    return found


def refusal(team: Team, user: User, message_id: int, content: str = VOTE, msg_type: str = "widget") -> str:
    with pytest.raises(ApiError) as raised:
        actions.add(team.store, user, message_id, msg_type, content)
    return raised.value.msg


def test_a_message_that_asks_for_a_poll_has_one_from_the_beginning(team: Team, told: Told) -> None:
    message_id = team.send(team.ann, PUBLIC, "/poll Lunch?\n- Pizza")
    event, _ = told.one("message")
    [first] = event["message"]["submessages"]
    assert (first["message_id"], first["sender_id"], first["msg_type"]) == (message_id, team.ann.id, "widget")
    assert json.loads(first["content"]) == {
        "widget_type": "poll",
        "extra_data": {"question": "Lunch?", "options": ["Pizza"]},
    }
    assert shown(team, message_id) == [first]


def test_a_vote_is_told_to_all_who_read_it(team: Team, told: Told) -> None:
    message_id = team.send(team.ann, PUBLIC, "/poll Lunch?")
    told.look()
    actions.add(team.store, team.bob, message_id, "widget", VOTE)
    [(event, users)] = told.look()
    assert users == [team.ann.id, team.bob.id]
    assert event == {
        "type": "submessage",
        "submessage_id": shown(team, message_id)[1]["id"],
        "message_id": message_id,
        "sender_id": team.bob.id,
        "msg_type": "widget",
        "content": VOTE,
    }


def test_they_stand_in_the_order_in_which_they_came(team: Team) -> None:
    message_id = team.send(team.ann, PUBLIC, "/poll Lunch?")
    for voter in (team.bob, team.ann, team.bob):
        actions.add(team.store, voter, message_id, "widget", VOTE)
    assert [each["sender_id"] for each in shown(team, message_id)][1:] == [
        team.bob.id,
        team.ann.id,
        team.bob.id,
    ]


@pytest.mark.parametrize("channel", [PRIVATE, PROTECTED])
def test_who_cannot_read_it_cannot_vote(team: Team, channel: str) -> None:
    message_id = team.send(team.ann, channel, "/poll Lunch?")
    assert refusal(team, team.erin, message_id) == "Invalid message(s)"
    assert refusal(team, team.erin, 10**6) == "Invalid message(s)"
    assert len(shown(team, message_id)) == 1


def test_in_a_conversation_only_its_people_vote(team: Team, told: Told) -> None:
    message_id = team.write_to(team.ann, team.bob, content="/todo\nWater")
    told.look()
    strike = json.dumps({"type": "strike", "key": "0,canned"})
    actions.add(team.store, team.bob, message_id, "widget", strike)
    assert told.one()[1] == [team.ann.id, team.bob.id]
    assert refusal(team, team.erin, message_id, strike) == "Invalid message(s)"


def test_others_make_no_widget_of_a_message(team: Team) -> None:
    message_id = team.send(team.ann, PUBLIC, "hello")
    assert refusal(team, team.bob, message_id) == "This message is no widget, and you cannot make it one."


def test_its_sender_may(team: Team) -> None:
    message_id = team.send(team.ann, PUBLIC, "hello")
    assert refusal(team, team.ann, message_id) == "Invalid json for submessage"
    actions.add(team.store, team.ann, message_id, "widget", '{"widget_type": "poll", "extra_data": {}}')
    actions.add(team.store, team.bob, message_id, "widget", VOTE)
    assert len(shown(team, message_id)) == 2


def test_entries_are_checked(team: Team) -> None:
    message_id = team.send(team.ann, PUBLIC, "/poll Lunch?")
    question = json.dumps({"type": "question", "question": "Dinner?"})
    actions.add(team.store, team.ann, message_id, "widget", question)
    assert "Only its author changes" in refusal(team, team.bob, message_id, question)
    assert refusal(team, team.bob, message_id, "{") == "Invalid json for submessage"
    assert refusal(team, team.bob, message_id, msg_type="other") == "Invalid msg_type"


def test_a_widget_can_be_full(team: Team) -> None:
    message_id = team.send(team.ann, PUBLIC, "/poll Lunch?")
    team.store.write(
        lambda transaction: submessages.add(transaction, message_id, team.ann.id, "x" * MAX_WIDGET)
    )
    assert refusal(team, team.bob, message_id) == "This widget is full."


def test_a_bot_sends_a_form_along(team: Team) -> None:
    message_id = team.send(team.ann, PUBLIC, "Which?", widget='{"widget_type": "zform"}')
    assert shown(team, message_id)[0]["content"] == '{"widget_type": "zform"}'


def test_widgets_cannot_be_edited(team: Team) -> None:
    message_id = team.send(team.ann, PUBLIC, "/poll Lunch?")
    with pytest.raises(ApiError, match=r"Widgets cannot be edited\."):
        edit.edit(team.store, team.ann, message_id, Wish(content="no poll"))


def test_but_moved(team: Team) -> None:
    message_id = team.send(team.ann, PUBLIC, "/poll Lunch?")
    edit.edit(team.store, team.ann, message_id, Wish(topic="dinner"))
    assert len(shown(team, message_id)) == 1


def test_voting_is_taking_part_in_a_topic(team: Team, told: Told) -> None:
    settings.change(team.store, team.bob, {"automatically_follow_topics_policy": 1})
    message_id = team.send(team.ann, PUBLIC, "/poll Lunch?")
    told.look()
    actions.add(team.store, team.again(team.bob), message_id, "widget", VOTE)
    assert ("user_topic", [team.bob.id]) in told.kinds()


def test_of_a_deleted_message_they_are_forgotten_with_it(team: Team) -> None:
    message_id = team.send(team.ann, PUBLIC, "/poll Lunch?")

    def kept() -> dict[int, list[Submessage]]:
        with team.store.read() as reader:
            return submessages.of_messages(reader, [message_id])

    delete.delete(team.store, team.olga, message_id)
    assert kept()
    team.store.write(lambda transaction: archive.prune(transaction, 2**40, 10))
    assert not kept()
